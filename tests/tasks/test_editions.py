"""What people say in an edition: key points whose numbers stay tied, the note, and matters."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction

from finance_hub.kernel.models import Job
from tasks import matters, publication
from tasks.briefing import editions, points, tree
from tasks.briefing.layout import Table
from tasks.briefing.origin import Printed, plain
from tasks.models import Briefing
from tests.cast import NOW, Cast
from tests.tasks import issuing
from tests.tasks.conftest import KNOWN, make_snapshot
from tests.tasks.editing import EN, ZH, draft, edit, refused, said
from tests.tasks.issuing import OCTOBER

__all__ = ["draft"]  # fixture


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
