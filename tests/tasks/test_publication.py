"""A briefing's road: drafted from a snapshot, answered for by one person, approved by another, published."""

from __future__ import annotations

import errno
import hashlib
from datetime import date
from typing import Any

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction

from finance_hub.kernel.models import AuditEntry
from finance_hub.kernel.periods import Month
from finance_hub.kernel.problems import NotFound, SelfApproval
from finance_hub.kernel.storage import StorageFull
from tasks import publication
from tasks.briefing import editions
from tasks.models import Briefing, Snapshot
from tests.cast import NOW, Cast
from tests.tasks import issuing
from tests.tasks.conftest import KNOWN, make_snapshot


@pytest.fixture
def draft(october: Snapshot, everything: Cast) -> Briefing:
    made = editions.draft(october, requested_by=everything["maker"], now=KNOWN)
    assert made is not None
    return made


class TestTheRoad:
    def test_a_draft_is_a_file_whose_hash_is_on_record(self, draft: Briefing) -> None:
        content = (settings.FILES_DIR / draft.file).read_bytes()
        assert hashlib.sha256(content).hexdigest() == draft.sha256
        assert content.startswith(b"%PDF-")
        assert draft.pages >= 4
        assert draft.issue_no is None

    def test_another_person_approves_and_the_issue_gets_the_next_number(
        self, draft: Briefing, everything: Cast
    ) -> None:
        approved = issuing.approved(draft, everything)
        assert (approved.state, approved.issue_no, approved.total_no) == ("approved", 1, 1)
        published = issuing.done(approved)
        assert published.state == "published"
        assert published.sha256 != draft.sha256
        content = (settings.FILES_DIR / published.file).read_bytes()
        assert hashlib.sha256(content).hexdigest() == published.sha256

    def test_every_step_is_in_the_audit_trail(self, draft: Briefing, everything: Cast) -> None:
        issuing.published(draft, everything)
        subject = f"briefing:{draft.public_id}"
        acts = AuditEntry.objects.filter(subject=subject).order_by("seq").values_list("action", flat=True)
        assert list(acts) == ["briefing.draft", "briefing.review", "briefing.approve", "briefing.publish"]

    def test_publishing_twice_changes_nothing(self, draft: Briefing, everything: Cast) -> None:
        first = issuing.published(draft, everything)
        again = editions.publish(draft.public_id, now=NOW)
        assert (again.sha256, again.published_at) == (first.sha256, first.published_at)

    def test_setting_the_same_snapshot_twice_gives_the_same_bytes(self, draft: Briefing) -> None:
        issue = editions.issue_of(draft)
        twice = [editions.write(issue, month=Month(2026, 10), name=name).sha256 for name in ("one", "two")]
        assert twice == [draft.sha256, draft.sha256]

    def test_a_newer_snapshot_supersedes_the_draft_and_keeps_who_answers_for_it(
        self, draft: Briefing, everything: Cast
    ) -> None:
        newer = make_snapshot(date(2026, 10, 1), balance="65000000.00")
        second = editions.draft(newer, requested_by=None, now=KNOWN)
        assert second is not None
        assert second.drafted_by == everything["maker"]
        assert publication.find(draft.public_id).state == "superseded"

    def test_the_same_snapshot_makes_no_second_draft(self, draft: Briefing) -> None:
        again = editions.draft(draft.snapshot, requested_by=None, now=KNOWN)
        assert again == draft

    def test_numbers_go_on_within_the_year_and_over_all(self, everything: Cast) -> None:
        numbers = []
        for month in (date(2025, 12, 1), date(2026, 1, 1), date(2026, 2, 1)):
            snapshot = make_snapshot(month, balance="1.00")
            made = editions.draft(snapshot, requested_by=everything["maker"], now=KNOWN)
            assert made is not None
            approved = issuing.approved(made, everything)
            numbers.append((approved.year, approved.issue_no, approved.total_no))
        assert numbers == [(2025, 1, 1), (2026, 1, 2), (2026, 2, 3)]


class TestRefusals:
    def test_the_drafter_cannot_approve(self, october: Snapshot, everything: Cast) -> None:
        made = editions.draft(october, requested_by=everything["approver"], now=KNOWN)
        assert made is not None
        with pytest.raises(SelfApproval):
            publication.approve(made.public_id, by=everything["approver"], now=NOW)

    def test_a_draft_nobody_answers_for_cannot_be_approved(self, october: Snapshot, everything: Cast) -> None:
        made = editions.draft(october, requested_by=None, now=KNOWN)
        assert made is not None
        with pytest.raises(publication.NobodyAnswers):
            publication.review(made.public_id, by=everything["approver"], now=NOW)
        with pytest.raises(publication.NobodyAnswers):
            publication.approve(made.public_id, by=everything["approver"], now=NOW)
        publication.take(made.public_id, by=everything["maker"], now=NOW)
        assert issuing.approved(made, everything).state == "approved"

    def test_a_briefing_is_approved_once(self, draft: Briefing, everything: Cast) -> None:
        issuing.approved(draft, everything)
        with pytest.raises(publication.NotADraft):
            publication.approve(draft.public_id, by=everything["second_approver"], now=NOW)

    def test_an_approved_briefing_cannot_be_taken(self, draft: Briefing, everything: Cast) -> None:
        issuing.approved(draft, everything)
        with pytest.raises(publication.NotADraft):
            publication.take(draft.public_id, by=everything["maker"], now=NOW)

    def test_a_new_snapshot_does_not_touch_an_approved_month(self, draft: Briefing, everything: Cast) -> None:
        issuing.approved(draft, everything)
        newer = make_snapshot(date(2026, 10, 1), balance="65000000.00")
        assert editions.draft(newer, requested_by=None, now=KNOWN) is None

    def test_a_running_month_has_no_briefing(self, everything: Cast) -> None:
        with pytest.raises(publication.MonthStillRuns):
            publication.request_draft(Month(2026, 11), by=everything["maker"], now=NOW)

    def test_an_unknown_briefing_is_not_found(self, everything: Cast) -> None:
        with pytest.raises(NotFound):
            publication.approve("br_none", by=everything["approver"], now=NOW)

    def test_a_full_disk_fails_with_its_code_and_leaves_nothing(
        self, october: Snapshot, everything: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def full(_file: int) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr("os.fsync", full)
        with pytest.raises(StorageFull):
            editions.draft(october, requested_by=None, now=KNOWN)
        assert not Briefing.objects.exists()
        assert [path for path in settings.FILES_DIR.rglob("*") if path.is_file()] == []

    def test_the_database_refuses_the_drafter_as_approver(self, draft: Briefing) -> None:
        with (
            pytest.raises(IntegrityError, match="another_person_approves_the_briefing"),
            transaction.atomic(),
        ):
            Briefing.objects.filter(pk=draft.pk).update(
                state="approved", approved_by=draft.drafted_by, issue_no=1, total_no=1
            )


class TestOverHttp:
    def test_the_approver_approves_and_downloads(self, draft: Briefing, api: Any) -> None:
        issuing.answered(draft)
        refused = api("approver").post(f"/briefings/{draft.public_id}/approve")
        assert (refused.status_code, refused.json()["code"]) == (409, "briefing-not-reviewed")
        assert (
            api("second_approver").post(f"/briefings/{draft.public_id}/review").json()["state"] == "reviewed"
        )
        answer = api("approver").post(f"/briefings/{draft.public_id}/approve")
        assert answer.status_code == 202, answer.content
        assert answer.json()["issue_no"] == 1
        issuing.done(draft)
        file = api("approver").get(f"/briefings/{draft.public_id}/file", Accept="application/pdf")
        shown = api("auditor").get(f"/briefings/{draft.public_id}").json()
        assert file["Content-Type"] == "application/pdf"
        assert hashlib.sha256(file.content).hexdigest() == shown["sha256"]
        assert file["ETag"].strip('"') == shown["sha256"]

    def test_the_maker_may_not_approve(self, draft: Briefing, api: Any) -> None:
        answer = api("maker").post(f"/briefings/{draft.public_id}/approve")
        assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")

    def test_a_bank_sees_no_briefing(self, draft: Briefing, api: Any) -> None:
        assert api("bank_a").get(f"/briefings/{draft.public_id}").status_code == 403
        assert api("bank_a").get(f"/briefings/{draft.public_id}/file").status_code == 403

    def test_the_list_is_newest_first(self, draft: Briefing, api: Any) -> None:
        rows = api("auditor").get("/briefings").json()["data"]
        assert [(row["id"], row["state"], row["drafted_by"]) for row in rows] == [
            (draft.public_id, "draft", "maker")
        ]
