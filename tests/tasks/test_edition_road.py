"""An edition on its road to the issue: edited by two, reviewed with its reasons, published, corrected."""

from __future__ import annotations

import errno
import hashlib
from typing import Any

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction

from finance_hub.kernel import jobs, months
from finance_hub.kernel.models import AuditEntry, Job, Organisation
from finance_hub.kernel.problems import SelfApproval
from tasks import invariants, publication
from tasks.briefing import editions
from tasks.briefing.layout import Table
from tasks.briefing.origin import plain
from tasks.models import Briefing
from tests.cast import NOW, Cast
from tests.tasks import issuing
from tests.tasks.conftest import KNOWN, make_snapshot
from tests.tasks.editing import draft, edit, refused, said
from tests.tasks.issuing import OCTOBER

__all__ = ["draft"]  # fixture


class TestTwoEditors:
    def test_the_slower_one_is_told_who_changed_what(
        self, draft: Briefing, everything: Cast, api: Any
    ) -> None:
        edit(draft, everything, key_points=said(), note="内部资料")
        answer = api("approver").post(f"/briefings/{draft.public_id}/edits", {"note": "内部"})
        problem = answer.json()
        assert (answer.status_code, problem["code"]) == (412, "stale-briefing")
        assert "maker 某已修改：本期要点、版头标注" in problem["detail"]
        assert [one["context"]["by"] for one in problem["errors"]] == ["maker 某", "maker 某"]
        for act in ("take", "review", "approve"):
            assert api("approver").post(f"/briefings/{draft.public_id}/{act}").status_code == 412

    def test_one_job_an_edit_and_another_waits(self, draft: Briefing, everything: Cast) -> None:
        first = publication.request_edit(draft.public_id, note="内部", by=everything["maker"], now=NOW)
        again = publication.request_edit(draft.public_id, note="内部", by=everything["maker"], now=NOW)
        assert again == first
        with pytest.raises(publication.EditUnderWay):
            publication.request_edit(draft.public_id, note="内部资料", by=everything["approver"], now=NOW)

    def test_what_is_being_edited_is_not_reviewed_and_what_was_reviewed_not_edited(
        self, draft: Briefing, everything: Cast
    ) -> None:
        job = publication.request_edit(draft.public_id, note="内部", by=everything["maker"], now=NOW)
        with pytest.raises(publication.EditUnderWay):
            issuing.reviewed(draft, everything)
        Job.objects.filter(pk=job.pk).update(state="cancelled")
        issuing.reviewed(draft, everything)
        Job.objects.filter(pk=job.pk).update(state="queued")
        assert jobs.run(str(job.pk)) == "failed"
        error = Job.objects.get(pk=job.pk).error
        assert error
        assert error["code"] == "briefing-not-a-draft"
        assert publication.find(draft.public_id).state == "reviewed"
        with pytest.raises(publication.NotADraft):
            publication.request_edit(draft.public_id, note="内部资料", by=everything["maker"], now=NOW)

    def test_a_full_disk_leaves_the_draft_as_it_was(
        self, draft: Briefing, everything: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        job = publication.request_edit(draft.public_id, note="内部", by=everything["maker"], now=NOW)
        before = sorted(path for path in settings.FILES_DIR.rglob("*") if path.is_file())

        def full(_file: int) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        with monkeypatch.context() as patch:
            patch.setattr("os.fsync", full)
            assert jobs.run(str(job.pk)) == "queued"
        error = Job.objects.get(pk=job.pk).error
        assert error
        assert error["code"] == "storage-full"
        assert publication.find(draft.public_id).state == "draft"
        assert Briefing.objects.count() == 1
        assert sorted(path for path in settings.FILES_DIR.rglob("*") if path.is_file()) == before


class TestTheRoad:
    def test_each_obstacle_wants_its_reason(self, draft: Briefing, everything: Cast, api: Any) -> None:
        maker, approver = api("maker"), api("approver")
        named = maker.get(f"/briefings/{draft.public_id}/obstacles").json()
        assert [one["name"] for one in named] == [
            "month-open", *(f"not-reported|{one}" for one in ("bank-b", "guarantor-a", "guarantor-b", "insurer-a"))
        ]  # fmt: skip
        assert "未报送担保业务" in str(named[2])
        owing = Organisation.objects.filter(kind__in=["guarantor", "insurer"])
        owing.update(reports_since=None)
        answer = approver.post(f"/briefings/{draft.public_id}/review")
        assert (answer.status_code, answer.json()["code"]) == (409, "reasons-missing")
        assert "2026年10月尚未关账；乙银行未报送月末存量" in answer.json()["detail"]
        reasons = [{"against": "not-reported|bank-b", "text": "系统升级，11月20日前补报"}]
        job = maker.post(f"/briefings/{draft.public_id}/edits", {"reasons": reasons})
        assert job.status_code == 202, job.content
        edited = issuing.worked(Job.objects.get(pk=job.json()["id"]))
        months.propose_close(OCTOBER, by=everything["maker"], now=NOW)
        assert approver.post(f"/briefings/{edited.public_id}/review").json()["errors"][0]["pointer"] == (
            "#/reasons/month-open"
        )
        months.close(OCTOBER, by=everything["approver"], now=NOW)
        assert approver.post(f"/briefings/{edited.public_id}/review").json()["state"] == "reviewed"
        printed = [
            plain(cell)
            for section in editions.issue_of(edited).sections
            for block in section.blocks
            if isinstance(block, Table)
            for row in block.rows
            for cell in row
        ]
        assert "系统升级，11月20日前补报" in printed
        assert "乙银行未报送月末存量" in printed
        assert approver.post(f"/briefings/{edited.public_id}/approve").status_code == 202
        entry = AuditEntry.objects.filter(action="briefing.approve").latest("seq")
        assert list(entry.detail["reasons"]) == ["not-reported|bank-b"]

    @pytest.mark.parametrize(
        ("change", "faults"),
        [
            (
                {"reasons": [{"against": "month-open", "text": "x"}, {"against": "nope", "text": "x"}]},
                [("#/reasons/1/against", "reason-for-nothing")],
            ),
            (
                {"reasons": [{"against": "month-open", "text": "x"}, {"against": "month-open", "text": "y"}]},
                [("#/reasons/1/against", "reason-given-twice")],
            ),
            (
                {"reasons": [{"against": "month-open", "text": "x"}, {"against": "month-open", "text": "x"}]},
                [("#/reasons/1/against", "reason-given-twice")],
            ),
            (
                {"reasons": [{"against": "month-open", "text": "x" * 301}]},
                [("#/reasons/0/text", "max_length")],
            ),
            (
                {"key_points": {"zh": ["一条。", "共77家。"], "en": ["One.", "There are 88."]}},
                [
                    ("#/key_points/zh/1", "number-of-no-figure"),
                    ("#/key_points/en/1", "number-of-no-figure"),
                ],
            ),
        ],
    )
    def test_what_is_wrong_is_named_where_it_stands_in_the_body(
        self, draft: Briefing, api: Any, change: dict[str, Any], faults: list[tuple[str, str]]
    ) -> None:
        answer = api("maker").post(f"/briefings/{draft.public_id}/edits", change)
        assert answer.status_code == 422, answer.content
        assert [(one["pointer"], one["code"]) for one in answer.json()["errors"]] == faults
        assert not Job.objects.filter(kind="edition").exists()

    def test_a_reason_for_nothing_is_refused(self, draft: Briefing, everything: Cast) -> None:
        assert refused(draft, everything, reasons=[("not-reported|nobody", "x")]) == [
            ("reason-for-nothing", "没有这一情形")
        ]

    def test_sent_back_it_is_a_draft_with_the_reason(
        self, draft: Briefing, everything: Cast, api: Any
    ) -> None:
        issuing.reviewed(draft, everything)
        for reason in ({"reason": " "}, {}, {"reason": "x" * 501}):
            assert api("approver").post(f"/briefings/{draft.public_id}/send-back", reason).status_code == 422
        back = (
            api("approver").post(f"/briefings/{draft.public_id}/send-back", {"reason": "第二条须改"}).json()
        )
        assert (back["state"], back["return_reason"], back["reviewed_by"]) == ("draft", "第二条须改", None)
        with pytest.raises(publication.NotReviewed):
            publication.approve(draft.public_id, by=everything["approver"], now=NOW)
        with pytest.raises(SelfApproval):
            publication.send_back(draft.public_id, reason="x", by=everything["maker"], now=NOW)
        assert issuing.reviewed(draft, everything).return_reason == ""

    def test_nobody_reviews_what_he_answers_for(self, draft: Briefing, everything: Cast, api: Any) -> None:
        issuing.answered(draft)
        assert api("maker").post(f"/briefings/{draft.public_id}/review").json()["code"] == "self-approval"
        assert api("auditor").post(f"/briefings/{draft.public_id}/review").status_code == 403
        with pytest.raises(IntegrityError, match="another_person_reviews"), transaction.atomic():
            Briefing.objects.filter(pk=draft.pk).update(reviewed_by=everything["maker"], reviewed_at=NOW)

    def test_whoever_edits_answers_and_approves_no_more(self, draft: Briefing, everything: Cast) -> None:
        edited = issuing.answered(issuing.edited(draft, by=everything["approver"], note="内部"))
        with pytest.raises(SelfApproval):
            publication.review(edited.public_id, by=everything["approver"], now=NOW)
        publication.review(edited.public_id, by=everything["maker"], now=NOW)
        with pytest.raises(SelfApproval):
            publication.approve(edited.public_id, by=everything["approver"], now=NOW)

    def test_a_newer_snapshot_takes_the_review_back(self, draft: Briefing, everything: Cast) -> None:
        issuing.reviewed(draft, everything)
        newer = editions.draft(
            make_snapshot(OCTOBER.first, balance="65000000.00"), requested_by=None, now=KNOWN
        )
        assert newer is not None
        assert (newer.state, newer.reviewed_by) == ("draft", None)
        assert publication.find(draft.public_id).state == "superseded"


class TestCorrections:
    @pytest.fixture
    def issue(self, draft: Briefing, everything: Cast) -> Briefing:
        months.propose_close(OCTOBER, by=everything["maker"], now=NOW)
        months.close(OCTOBER, by=everything["approver"], now=NOW)
        return issuing.published(draft, everything)

    def correct(self, issue: Briefing, cast: Cast, *, balance: str) -> Briefing:
        newer = make_snapshot(OCTOBER.first, balance=balance)
        with transaction.atomic():
            return editions.correct(
                issue.public_id, newer, occasion="乙银行更正了放款金额", by=cast["maker"], now=NOW
            )

    def test_keep_the_number_and_say_what_changed(self, issue: Briefing, everything: Cast) -> None:
        first = (issue.file, issue.sha256, (settings.FILES_DIR / issue.file).read_bytes())
        made = self.correct(issue, everything, balance="65000000.00")
        tree_ = editions.issue_of(made)
        assert tree_.title.endswith("（更正版）")
        chapter = tree_.sections[0]
        assert (chapter.heading, chapter.anchor) == ("更正说明", "correction")
        assert plain(chapter.blocks[0].text) == "更正原因：乙银行更正了放款金额"  # type: ignore[union-attr]
        figures, texts = (block for block in chapter.blocks if isinstance(block, Table))
        rows = {plain(row[0]): tuple(map(plain, row[1:])) for row in figures.rows}
        assert rows["专项贷款余额"] == ("6,400.00", "6,500.00", "100.00")
        assert any("6,400.00万元" in plain(old) and "6,500.00万元" in plain(new) for old, new in texts.rows)
        tables = [block.number for s in tree_.sections for block in s.blocks if isinstance(block, Table)]
        assert tables == list(range(1, len(tables) + 1))
        corrected = issuing.published(made, everything)
        assert (corrected.issue_no, corrected.total_no, corrected.correction) == (
            issue.issue_no,
            issue.total_no,
            1,
        )
        assert "（更正版）" in publication.file_name(corrected)
        former = publication.find(issue.public_id)
        assert (former.state, former.file, former.sha256) == ("published", *first[:2])
        assert (settings.FILES_DIR / former.file).read_bytes() == first[2]
        assert (
            hashlib.sha256((settings.FILES_DIR / corrected.file).read_bytes()).hexdigest() == corrected.sha256
        )
        with pytest.raises(publication.AlreadyCorrected):
            publication.request_correction(issue.public_id, occasion="x", by=everything["maker"], now=NOW)
        second = issuing.published(self.correct(corrected, everything, balance="66000000.00"), everything)
        assert (second.issue_no, second.correction) == (issue.issue_no, 2)
        assert "第2次更正版" in editions.issue_of(second).title
        named = [one for one in invariants.check() if "issue" in one.name or "published file" in one.name]
        assert len(named) >= 3
        assert [one.name for one in named if not one.holds] == []

    def test_want_an_occasion_and_an_issue(self, issue: Briefing, everything: Cast, api: Any) -> None:
        path = f"/briefings/{issue.public_id}/corrections"
        for wrong in ({}, {"occasion": ""}, {"occasion": "  "}, {"occasion": "x" * 501}):
            assert api("maker").post(path, wrong).status_code == 422
        made = self.correct(issue, everything, balance="65000000.00")
        answer = api("maker").post(f"/briefings/{made.public_id}/corrections", {"occasion": "x"})
        assert (answer.status_code, answer.json()["code"]) == (409, "briefing-not-published")
        assert api("auditor").post(path, {"occasion": "x"}).status_code == 403
        assert api("maker").post(path, {"occasion": "核对口径"}).status_code == 202
        with pytest.raises(IntegrityError, match="a_correction_names_what_it_corrects"), transaction.atomic():
            Briefing.objects.filter(pk=made.pk).update(occasion="")
