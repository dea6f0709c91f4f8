"""What is decided, counted and owed of the targets, and the figures that are kept of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from django.db.utils import IntegrityError

from finance_hub.kernel import uscc
from finance_hub.kernel.models import Firm, FirmClass
from finance_hub.kernel.periods import Month
from tasks import snapshots, standing, target_facts, targets
from tasks.models import OpenQuestion, QuestionAnswer, TargetReport
from tests.cast import NOW, Cast
from tests.tasks.targets.conftest import ANSWER, INSTITUTES, answer

Tell = Callable[..., TargetReport]
OCTOBER, KNOWN = Month(2026, 10), datetime(2026, 11, 8, 1, tzinfo=UTC)


def figures() -> dict[tuple[str, str], tuple[Decimal | None, str]]:
    snapshot, _new = snapshots.take(OCTOBER, known_at=KNOWN, taken_at=KNOWN)
    rows = snapshot.figures.filter(code__startswith="target.")
    return {(row.code, row.key): (row.value, row.reason) for row in rows}


def test_the_plan_is_whole(everything: Cast, api: Any) -> None:
    listed = api("maker").get("/targets", Accept_Language="en").json()
    assert (len(listed), len({one["duplicate_of"] or one["code"] for one in listed})) == (54, 48)
    assert all(one["text"].isascii() or "–" in one["text"] for one in listed)
    assert all(not one["note"] or one["note"].isascii() for one in listed)
    boards = next(one for one in listed if one["code"] == "S3-8-04")
    assert (boards["value"], boards["lead_unit"], boards["open_questions"]) == (
        "4", "金融发展服务中心", ["counting-from", "deadline-inferred", "which-boards"],
    )  # fmt: skip


def test_figures_by_hand(tell: Tell, bureau: Cast) -> None:
    """35 institutions from 20 at the baseline by the end of 2027: by 31 October 2026 1,765 of 2,191 days are gone, so
    20 + 15 × 1765 ÷ 2191 = 32.0835 are expected; 33 are 0.9165 ahead."""
    answer("deadline-inferred", bureau, deadline=date(2027, 12, 31))
    tell(INSTITUTES, "20", as_of="2021-12-31")
    tell(INSTITUTES, "33")
    found = figures()
    assert found["target.value", INSTITUTES] == (33, "")
    assert found["target.expected", INSTITUTES] == (Decimal("32.0835"), "")
    assert found["target.ahead", INSTITUTES] == (Decimal("0.9165"), "")
    assert found["target.by_status", "on-track"] == (1, "")
    # 47 metrics are scored: 48 without the one that is a given. Listings and fund sizes are known, and 0.
    assert found["target.not_reported", ""] == (42, "")
    assert sum(value or 0 for (code, _key), (value, _r) in found.items() if code == "target.by_status") == 47


def test_without_a_baseline_or_while_the_meaning_is_open_there_is_no_line(tell: Tell) -> None:
    tell(INSTITUTES, "33")
    tell("S3-5-04", "1")
    found = figures()
    assert found["target.expected", INSTITUTES] == (None, "no-baseline")
    assert found["target.ahead", "S3-5-04"] == (None, "undecided")
    assert found["target.expected", "S3-3-01"] == (None, "not-scored")
    assert found["target.expected", "S2-02"] == (None, "no-baseline")


def test_a_yearly_target_counts_this_year_alone(bureau: Cast, tell: Tell) -> None:
    tell("S3-4-03", "180000000", as_of="2025-12-31")
    assert figures()["target.value", "S3-4-03"] == (None, "not-reported")
    tell("S3-4-03", "120000000", as_of="2026-09-30")
    found = figures()
    assert found["target.value", "S3-4-03"] == (120_000_000, "")
    # 304 of 365 days: 150 million × 304 ÷ 365.
    assert found["target.expected", "S3-4-03"] == (Decimal("124931506.8493"), "")


@pytest.fixture
def certified(everything: Cast) -> None:
    """Three firms: certified before the plan and again, in it, and after the month."""
    for number, days in enumerate((("2021-06-01", "2024-06-01"), ("2025-03-01",), ("2026-11-02",))):
        firm = Firm.objects.create(
            uscc=uscc.complete(f"91330483MA2B{number:05d}"), name="企业", source="centre"
        )
        for day in days:
            FirmClass.objects.create(firm=firm, code="high_tech", valid_from=day, recorded_at=NOW)


class TestWhatIsCounted:
    def test_is_a_lower_bound_until_the_register_is_complete(
        self, certified: None, bureau: Cast, tell: Tell, api: Any
    ) -> None:
        tell("S2-03", "212")
        found = figures()
        assert found["target.counted", "S2-03"] == found["target.counted", "S3-4-04"] == (1, "")
        assert found["target.value", "S2-03"] == (212, "")
        answer("registry-high-tech", bureau, complete=True)
        assert figures()["target.value", "S3-4-04"] == (1, "")
        body = {"as_of": "2026-09-30", "value": "1", "evidence": "x"}
        refused = api("department").post("/targets/S2-03/reports", body)
        assert refused.json()["code"] == "target-is-computed"


class TestAnAnswer:
    def test_decides_from_when_it_is_known(self, bureau: Cast) -> None:
        answer("deadline-inferred", bureau, deadline=date(2027, 12, 31))
        before = target_facts.read(date(2026, 11, 1), datetime(2026, 11, 1, tzinfo=UTC))
        after = target_facts.read(date(2026, 11, 1), NOW)
        deadlines = [next(f.deadline for f in facts if f.code == INSTITUTES) for facts in (before, after)]
        assert deadlines == [date(2023, 12, 31), date(2027, 12, 31)]

    def test_recorded_last_holds_and_the_first_stays(self, bureau: Cast, api: Any) -> None:
        for day in ("2026-12-31", "2027-12-31"):
            said = api("maker").post(
                "/target-questions/deadline-inferred/answers", {**ANSWER, "deadline": day}
            )
            assert said.status_code == 201, said.content
        assert api("maker").get(f"/targets/{INSTITUTES}").json()["deadline"] == "2027-12-31"
        asked = api("auditor").get("/target-questions").json()
        answers = next(one["answers"] for one in asked if one["code"] == "deadline-inferred")
        assert [one["deadline"] for one in answers] == ["2027-12-31", "2026-12-31"]

    @pytest.mark.parametrize(
        ("code", "change", "pointer"),
        [
            ("deadline-inferred", {}, "#/deadline"),
            ("deadline-inferred", {"deadline": "2021-12-31"}, "#/deadline"),
            ("deadline-inferred", {"deadline": "2027-12-31", "yearly": True}, "#/yearly"),
            ("which-boards", {"complete": True}, "#/complete"),
            ("lead-s2-06", {"lead_unit": "无此局"}, "#/lead_unit"),
            ("spending-period", {"yearly": "no"}, "#/yearly"),
            ("which-boards", {"effective_date": "2099-01-01"}, "#/effective_date"),
            ("which-boards", {"document": ""}, "#/document"),
        ],
    )
    def test_that_does_not_answer_names_the_field(
        self, everything: Cast, api: Any, code: str, change: dict[str, Any], pointer: str
    ) -> None:
        refused = api("maker").post(f"/target-questions/{code}/answers", {**ANSWER, **change})
        assert [error["pointer"] for error in refused.json()["errors"]] == [pointer], refused.content
        assert not QuestionAnswer.objects.exists()

    @pytest.mark.parametrize("name", ["approver", "department", "auditor", "bank_a"])
    def test_is_the_makers(self, everything: Cast, api: Any, name: str) -> None:
        assert api(name).post("/target-questions/which-boards/answers", ANSWER).status_code == 403

    def test_of_no_question_is_not_found(self, everything: Cast, api: Any) -> None:
        assert api("maker").post("/target-questions/none/answers", ANSWER).status_code == 404

    @pytest.mark.parametrize(
        ("code", "change", "rule"),
        [
            ("which-boards", {"yearly": True}, "answer_decides_what_was_asked"),
            ("deadline-inferred", {}, "answer_decides_what_was_asked"),
            ("which-boards", {"words": " "}, "answer_is_given_in_words"),
            ("which-boards", {"document": ""}, "answer_names_its_document"),
            ("which-boards", {"effective_date": date(2026, 11, 6)}, "answer_is_not_dated_in_the_future"),
        ],
    )
    def test_the_database_refuses(
        self, everything: Cast, code: str, change: dict[str, Any], rule: str
    ) -> None:
        facts: dict[str, Any] = {
            **ANSWER, "question": OpenQuestion.objects.get(code=code), "recorded_by": everything["maker"],
            "recorded_at": NOW,
        } | change  # fmt: skip
        with pytest.raises(IntegrityError, match=rule), transaction.atomic():
            QuestionAnswer.objects.create(**facts)


class TestAReportInForceThatNoFigureHolds:
    """OCTOBER is computed as known on 8 November."""

    def of(self, api: Any, code: str = INSTITUTES) -> dict[str, Any]:
        answer: dict[str, Any] = api("department").get(f"/targets/{code}").json()
        return answer

    def test_is_none_before_it_is_approved(self, tell: Tell, api: Any) -> None:
        figures()
        tell(INSTITUTES, "33", waits=True, now=KNOWN + timedelta(days=1))
        assert (self.of(api)["status"], self.of(api)["newer_report"]) == ("not-reported", None)

    def test_is_none_where_the_figures_hold_it(self, tell: Tell, api: Any) -> None:
        tell(INSTITUTES, "33")
        figures()
        told = self.of(api)
        assert (told["present"], told["newer_report"]) == ("33", None)
        assert told["figures_known_at"] == "2026-11-08T09:00:00+08:00"

    def test_is_none_of_what_is_computed_here(self, tell: Tell, bureau: Cast, api: Any) -> None:
        tell("S2-03", "212")
        answer("registry-high-tech", bureau, complete=True)
        assert self.of(api, "S2-03")["newer_report"] is None

    def test_is_said_beside_the_figures_of_both_targets_of_the_metric(self, tell: Tell, api: Any) -> None:
        tell("S2-03", "200", as_of="2026-06-30")
        figures()
        tell("S2-03", "212", now=KNOWN + timedelta(days=1))
        for code in ("S2-03", "S3-4-04"):
            told = self.of(api, code)
            assert (told["present"], told["newer_report"]) == (
                "200", {"as_of": "2026-09-30", "value": "212"},
            )  # fmt: skip

    def test_is_said_where_a_correction_took_its_place(self, tell: Tell, api: Any) -> None:
        old = tell(INSTITUTES, "33").public_id
        figures()
        tell(INSTITUTES, "31", corrects=old, now=KNOWN + timedelta(days=1))
        told = self.of(api)
        assert (told["present"], told["newer_report"]) == ("33", {"as_of": "2026-09-30", "value": "31"})

    def test_is_said_before_any_month_is_computed(self, tell: Tell, api: Any) -> None:
        tell(INSTITUTES, "33")
        told = self.of(api)
        assert (told["status"], told["figures_known_at"]) == (None, None)
        assert told["newer_report"] == {"as_of": "2026-09-30", "value": "33"}


def test_a_question_is_asked_of_targets_that_are_there(everything: Cast, api: Any) -> None:
    body = {"targets": ["S3-6-09"], "about": "deadline", "text": "何时？", "text_en": "When?"}
    code = api("maker").post("/target-questions", body).json()["code"]
    assert code in api("maker").get("/targets/S3-6-09").json()["open_questions"]
    refused = api("maker").post("/target-questions", {**body, "targets": ["S9-99"]})
    assert refused.json()["errors"][0]["pointer"] == "#/targets"


class TestChasing:
    def test_a_report_is_owed_until_one_is_delivered(self, tell: Tell, bureau: Cast, api: Any) -> None:
        """NOW is 5 November: the third quarter's report was due on 20 October, 16 days before."""
        answer("deadline-inferred", bureau, deadline=date(2027, 12, 31))
        tell(INSTITUTES, "30", as_of="2026-06-30")

        def owed() -> tuple[date | None, int]:
            one = standing.board(bureau["maker"], now=NOW).one(INSTITUTES)
            assert one is not None
            return one.due, one.days_overdue

        assert owed() == (date(2026, 10, 20), 16)
        late = tell(INSTITUTES, "33", waits=True)
        assert owed() == (None, 0)
        targets.reject(late.public_id, reason="x", by=bureau["approver"], now=NOW)
        assert owed() == (date(2026, 10, 20), 16)

    def test_lists_what_is_overdue_by_unit(self, tell: Tell, bureau: Cast, api: Any) -> None:
        tell(INSTITUTES, "33")
        late = {one["code"] for one in api("maker").get("/targets?status=overdue").json()}
        assert {"S2-03", "S3-6-09"} <= late
        assert not {INSTITUTES, "S3-4-04", "S3-3-01", "S3-8-04"} & late
        of_unit = api("maker").get("/targets?report=overdue&unit=人力社保局").json()
        assert {one["lead_unit"] for one in of_unit} == {"组织部人才办"}
        assert figures()["target.reports_overdue", "科技局"] == (len(
            [one for one in api("maker").get("/targets?report=overdue").json() if one["lead_unit"] == "科技局"]
        ), "")  # fmt: skip

    @pytest.mark.parametrize("query", ["status=late", "report=none", "tracking=x"])
    def test_an_unknown_filter_is_refused(self, everything: Cast, api: Any, query: str) -> None:
        assert api("maker").get(f"/targets?{query}").status_code == 422


def test_every_target_has_a_unit_that_can_be_said(everything: Cast) -> None:
    from tasks.briefing.content.targets import UNIT_WORDS
    from tasks.models import Target

    units = set(Target.objects.values_list("unit", flat=True))
    assert {u for u in units if not u.startswith("CNY")} <= set(UNIT_WORDS)
