"""What people say in an edition: key points whose numbers stay tied, the note, reasons, matters, and corrections."""

from __future__ import annotations

import errno
import hashlib
from datetime import date
from typing import Any

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction

from finance_hub.kernel import jobs, months
from finance_hub.kernel.models import AuditEntry, Job, Organisation
from finance_hub.kernel.periods import Month
from finance_hub.kernel.problems import InvalidFields, SelfApproval
from tasks import invariants, matters, publication
from tasks.briefing import editions, points, tree
from tasks.briefing.layout import Table
from tasks.briefing.origin import Printed, plain
from tasks.models import Briefing, Snapshot
from tests.cast import NOW, Cast
from tests.tasks import issuing
from tests.tasks.conftest import KNOWN, make_snapshot

OCTOBER = Month(2026, 10)
ZH = "截至2026年10月末，专项贷款余额6,400.00万元，当月发放500.00万元（目标4家）。"
EN = "Specialty loans stand at CNY 64.00 million; CNY 5.00 million was disbursed (target 4)."


@pytest.fixture
def draft(october: Snapshot, everything: Cast) -> Briefing:
    made = editions.draft(october, requested_by=everything["maker"], now=KNOWN)
    assert made is not None
    return made


def said(zh: str = ZH, en: str = EN) -> dict[str, list[str]]:
    return {"zh-hans": [zh], "en": [en]}


def refused(draft: Briefing, cast: Cast, **changes: Any) -> list[tuple[str, str]]:
    with pytest.raises(InvalidFields) as error:
        publication.request_edit(draft.public_id, **changes, by=cast["maker"], now=NOW)
    return [(one.code, one.message.zh) for one in error.value.errors]


def edit(draft: Briefing, cast: Cast, **changes: Any) -> Briefing:
    return issuing.edited(draft, by=cast["maker"], **changes)


def numbers(briefing: Briefing, language: str = "zh-hans") -> list[tuple[str, str]]:
    (point,) = publication.points_of(briefing, language)  # type: ignore[arg-type]
    return [(str(part), part.of[0].code) for part in point if isinstance(part, Printed)]


class TestKeyPoints:
    def test_are_a_new_edition_whose_numbers_lead_to_their_figures(
        self, draft: Briefing, everything: Cast
    ) -> None:
        edited = edit(draft, everything, key_points=said())
        assert publication.find(draft.public_id).state == "superseded"
        assert (edited.state, edited.drafted_by) == ("draft", everything["maker"])
        assert edited.file != draft.file
        assert (settings.FILES_DIR / draft.file).is_file()
        assert [plain(point) for point in publication.points_of(edited, "zh-hans")] == [ZH]
        assert numbers(edited) == [("6,400.00万元", "loans.balance"), ("500.00万元", "loans.disbursed")]
        assert numbers(edited, "en") == [
            ("CNY 64.00 million", "loans.balance"), ("CNY 5.00 million", "loans.disbursed"),
        ]  # fmt: skip

    @pytest.mark.parametrize(
        ("zh", "number"),
        [
            ("余额6,400.01万元。", "6,400.01"),
            ("余额6,400.00亿元。", "6,400.00"),
            ("余额64,000,000元。", "64,000,000"),
            ("增长12.5%。", "12.5%"),
            ("共77家。", "77"),
            ("余额六千四百万元。", "六千四百万元"),
            ("增长百分之五。", "百分之五"),
            ("目标9999家。", "9999"),
            ("余额16,400.00万元。", "16,400.00"),
        ],
    )
    def test_with_a_number_of_no_figure_are_refused_naming_it(
        self, draft: Briefing, everything: Cast, zh: str, number: str
    ) -> None:
        (code, message), *more = refused(draft, everything, key_points=said(zh))
        assert (code, more) == ("number-of-no-figure", [])
        assert f"“{number}”" in message
        assert not Job.objects.filter(kind="edition").exists()

    def test_are_read_with_full_width_digits_and_as_one_line(self, draft: Briefing, everything: Cast) -> None:
        edited = edit(draft, everything, key_points=said("余额\n６,４００．００万元。"))
        assert [plain(point) for point in publication.points_of(edited, "zh-hans")] == ["余额 6,400.00万元。"]

    def test_want_both_languages_and_a_number_of_points(self, draft: Briefing, everything: Cast) -> None:
        assert (
            refused(draft, everything, key_points={"zh-hans": [ZH, ZH], "en": [EN]})[0][0] == "points-differ"
        )
        assert refused(draft, everything, key_points={"zh-hans": [], "en": []})[0][0] == "number-of-points"
        many = {"zh-hans": [ZH] * 13, "en": [EN] * 13}
        assert refused(draft, everything, key_points=many)[0][0] == "number-of-points"
        unchanged = {"note": draft.note}
        assert refused(draft, everything, **unchanged)[0][0] == "nothing-to-change"

    def test_keep_their_words_with_the_numbers_of_a_newer_snapshot(
        self, draft: Briefing, everything: Cast
    ) -> None:
        edit(draft, everything, key_points=said())
        newer = editions.draft(
            make_snapshot(OCTOBER.first, balance="65000000.00"), requested_by=None, now=KNOWN
        )
        assert newer is not None
        assert numbers(newer)[0] == ("6,500.00万元", "loans.balance")
        assert newer.drafted_by == everything["maker"]
        said_now = [plain(point) for point in publication.points_of(newer, "en")]
        assert said_now == [EN.replace("64.00", "65.00")]

    def test_say_where_their_figure_is_missing_now(self, draft: Briefing, everything: Cast, api: Any) -> None:
        edit(draft, everything, key_points=said())
        snapshot = make_snapshot(OCTOBER.first, balance=None)
        newer = editions.draft(snapshot, requested_by=None, now=KNOWN)
        assert newer is not None
        answer = api("maker").get(f"/briefings/{newer.public_id}/key-points").json()
        assert (answer["edited"], answer["missing"]) == (True, [1])
        assert "—（未报送）" in answer["zh"][0]
        back = editions.draft(
            make_snapshot(OCTOBER.first, balance="166000000.00"), requested_by=None, now=KNOWN
        )
        assert back is not None
        assert numbers(back)[0] == ("1.66亿元", "loans.balance")

    def test_are_taken_back_to_the_rules(self, draft: Briefing, everything: Cast) -> None:
        edited = edit(draft, everything, key_points=said())
        again = edit(edited, everything, by_rule=True)
        assert again.key_points is None
        assert again.sha256 == draft.sha256


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


class TestTheNote:
    @pytest.mark.parametrize("note", ["秘密", "机密★1年", "绝 密", "内部资料　機密", "Top SECRET"])
    def test_of_secrecy_is_refused(self, draft: Briefing, everything: Cast, api: Any, note: str) -> None:
        answer = api("maker").post(f"/briefings/{draft.public_id}/edits", {"note": note})
        assert (answer.status_code, answer.json()["code"]) == (422, "state-secret")
        assert "涉密" in answer.json()["detail"]

    def test_the_database_refuses_it_too(self, draft: Briefing) -> None:
        with pytest.raises(IntegrityError, match="a_briefing_is_no_state_secret"), transaction.atomic():
            Briefing.objects.filter(pk=draft.pk).update(note="机密")

    def test_stands_at_the_head(self, draft: Briefing, everything: Cast) -> None:
        edited = edit(draft, everything, note="内部资料　不得外传")
        assert editions.issue_of(edited).classification_note == "内部资料　不得外传"
        assert editions.issue_of(edited, language="en").classification_note == "Internal"


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

    def test_a_reason_for_nothing_is_refused(self, draft: Briefing, everything: Cast) -> None:
        assert refused(draft, everything, reasons={"not-reported|nobody": "x"}) == [
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


class TestMatters:
    def post(self, api: Any, path: str = "/matters", **changes: Any) -> Any:
        return api("maker").post(
            path,
            {"period": "2026-10", "text": "督促补报", "text_en": "See that it is reported", "owner": "市金融发展服务中心",
             "owner_en": "The finance centre", "due": "2026-11-20", **changes},
        )  # fmt: skip

    def test_stand_in_the_issue_and_in_the_next_with_their_outcome(
        self, draft: Briefing, everything: Cast, api: Any
    ) -> None:
        matter = self.post(api).json()
        drawn = issuing.worked(Job.objects.get(kind="edition"))
        assert ("督促补报", "市金融发展服务中心", "2026年11月20日") in _rows(drawn, 0)
        outcome = {"period": "2026-11", "standing": "open", "text": "已约定", "text_en": "Agreed"}
        assert api("maker").post(f"/matters/{matter['id']}/outcomes", outcome).status_code == 201
        issuing.published(drawn, everything)
        november = editions.draft(
            make_snapshot(date(2026, 11, 1), balance="1.00"), requested_by=everything["maker"], now=NOW
        )
        assert november is not None
        rows = _rows(november, 1)
        assert ("督促补报", "市金融发展服务中心", "2026年11月20日", "逾期未办结", "已约定") in rows
        assert any(row[0] == "未报送月末存量" and row[3] == "逾期未办结" for row in rows)
        assert any(row[2] == "2026年12月20日" and row[3] == "办理中" for row in rows)
        done = {**outcome, "standing": "done", "text": "已补报", "text_en": "Reported"}
        answer = api("maker").post(f"/matters/{matter['id']}/outcomes", done)
        assert [one["standing"] for one in answer.json()["outcomes"]] == ["open", "done"]
        assert _rows(issuing.worked(Job.objects.filter(kind="edition").latest("created_at")), 1)[-1][3:] == (
            "已办结", "已补报",
        )  # fmt: skip
        later = {**outcome, "period": "2026-12"}
        assert (
            api("maker").post(f"/matters/{matter['id']}/outcomes", later).json()["code"]
            == "matter-is-settled"
        )

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"due": "2026-10-31"}, "due-in-the-month"),
            ({"period": "2027-01", "due": "2027-03-01"}, "month-ahead"),
            ({"text": " "}, "blank"),
            ({"owner_en": ""}, "blank"),
        ],
    )
    def test_that_are_not_whole_are_refused(
        self, everything: Cast, api: Any, changes: dict[str, str], code: str
    ) -> None:
        answer = self.post(api, **changes)
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, code)

    def test_of_an_approved_issue_stand(self, draft: Briefing, everything: Cast, api: Any) -> None:
        matter = matters.raise_matter(
            OCTOBER, text="x", text_en="x", owner="x", owner_en="x", due=date(2026, 12, 1), by=everything["maker"],
            now=NOW,
        )  # fmt: skip
        drawn = issuing.worked(Job.objects.get(kind="edition"))
        issuing.approved(drawn, everything)
        assert self.post(api).json()["code"] == "issue-is-approved"
        early = {"period": "2026-09", "standing": "done", "text": "x", "text_en": "x"}
        assert api("maker").post(f"/matters/{matter.public_id}/outcomes", early).status_code == 422
        assert api("auditor").post("/matters", {}).status_code == 403


def _rows(briefing: Briefing, place: int) -> list[tuple[str, ...]]:
    """Of the tables on matters: 0 those of the issue, 1 those of the last one."""
    (section,) = (one for one in editions.issue_of(briefing).sections if one.anchor == "attention")
    table = [block for block in section.blocks if isinstance(block, Table)][place]
    return [tuple(map(plain, row)) for row in table.rows]


def test_kept_points_are_the_same_after_a_round_trip(draft: Briefing) -> None:
    issue = editions.issue_of(draft)
    kept = tree.kept(issue.key_points)
    assert tree.revived(kept) == issue.key_points
    assert points.renewed(issue.key_points, issue) == issue.key_points
