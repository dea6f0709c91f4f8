"""The forecast with its band, worked out by hand, and the assumptions that it rests on."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError
from hypothesis import given
from hypothesis import strategies as st

from finance_hub.kernel import ids
from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.scoping import within
from funds.models import Fund
from tasks.assumptions import Assumed, assume
from tasks.catalogue.outlook import anniversary, foresee, whole_years
from tasks.models import Outlook, PacingAssumptions, PacingScenario
from tests.cast import NOW, Cast
from tests.funds.conftest import CITY, Desk, found_fund, made, refused
from tests.tasks.measuring import ASSUMED, PACE, Speak, insert

THEN = "2024-06-01"


@pytest.fixture
def fund(api: Speak) -> Desk:
    """Two years old on 2024-06-01: 750 of 1,000 paid in and invested, worth 600."""
    angel = found_fund(api)
    made(angel.event("commitment", "1000.00", "2022-06-01", investor=CITY))
    for kind in ("call", "contribution"):
        made(angel.event(kind, "750.00", "2022-06-01", investor=CITY))
    holding = made(angel.invest("750.00", "2022-06-01"))["holding"]
    made(angel.value(holding, at="600.00", on=THEN))
    return angel


def suppose(api: Speak, **changes: Any) -> dict[str, Any]:
    return made(api("maker").post("/funds/angel/pacing-assumptions", {**ASSUMED, **changes}))


def ask(desk: Desk, on: str = THEN, **query: str) -> dict[str, Any]:
    asked = "".join(f"&{name}={value}" for name, value in query.items())
    answer = desk.api.get(f"/funds/{desk.fund}/forecast?as_of={on}{asked}")
    assert answer.status_code == 200, answer.content
    shown: dict[str, Any] = answer.json()
    return shown


def year(contributions: str, distributions: str, nav: str, unfunded: str) -> dict[str, str]:
    return {
        "contributions": contributions, "distributions": distributions, "nav": nav, "unfunded": unfunded,
    }  # fmt: skip


def test_two_years_are_left_by_hand(api: Speak, fund: Desk) -> None:
    """Called: 40 % of 250, then of 150. Paid back in year 3: (3/4)² = 56.25 % of what 600 have grown to; then all."""
    suppose(api)
    shown = ask(fund)
    assert {name: shown[name] for name in ("as_of", "age", "committed", "paid_in", "unfunded", "nav")} == {
        "as_of": THEN, "age": 2, "committed": "1000.00", "paid_in": "750.00", "unfunded": "250.00", "nav": "600.00",
    }  # fmt: skip
    assert (shown["reason"], shown["reasons"]) == (None, {"low": None, "base": None, "high": None})
    assert shown["assumptions"]["document"] == "现金流测算"
    assert shown["assumptions"]["base"] == {
        "contribution_rates_pct": ["50.0000", "40.0000"], "life": 4, "bow": "2", "growth_pct": "20", "yield_pct": "30.0000",
    }  # fmt: skip
    assert shown["years"] == [
        {
            "year": 3, "ends_on": "2025-06-01",
            "low": year("100.00", "337.50", "362.50", "150.00"),  # 600 x 56.25 %
            "base": year("100.00", "405.00", "415.00", "150.00"),  # 720 x 56.25 %
            "high": year("100.00", "675.00", "625.00", "150.00"),  # 1,200 x 56.25 %
        },
        {
            "year": 4, "ends_on": "2026-06-01",
            "low": year("60.00", "362.50", "60.00", "90.00"),
            "base": year("60.00", "498.00", "60.00", "90.00"),
            "high": year("60.00", "1250.00", "60.00", "90.00"),
        },
    ]  # fmt: skip


def test_scenarios_end_when_their_life_does(api: Speak, fund: Desk) -> None:
    suppose(api, low={**PACE, "life": 2}, high={**PACE, "life": 3, "growth_pct": "0"})
    shown = ask(fund)
    assert shown["reasons"] == {"low": "life-is-over", "base": None, "high": None}
    assert [each["low"] for each in shown["years"]] == [None, None]
    assert [each["high"] for each in shown["years"]] == [year("100.00", "600.00", "100.00", "150.00"), None]
    assert ask(fund, "2026-06-01")["reasons"] == dict.fromkeys(("low", "base", "high"), "life-is-over")
    assert ask(fund, "2026-06-01")["years"] == []


def test_without_assumptions_or_facts_a_reason(api: Speak, fund: Desk) -> None:
    nothing = dict.fromkeys(("low", "base", "high"), "no-assumptions")
    shown = ask(fund)
    assert (shown["assumptions"], shown["reason"], shown["reasons"], shown["years"]) == (
        None, "no-assumptions", nothing, [],
    )  # fmt: skip
    suppose(api, valid_from="2024-06-02")
    assert ask(fund)["reason"] == "no-assumptions"
    assert ask(fund, "2024-06-02")["reason"] is None
    found_fund(api, code="empty")
    empty = fund.api.get("/funds/empty/forecast").json()
    assert (empty["reason"], empty["years"]) == ("not-reported", [])
    assert ask(fund, "2020-01-01")["reason"] == "not-reported"


def test_a_fund_that_owes_has_no_forecast(api: Speak, fund: Desk) -> None:
    """The holding is worth 0.00 and the cash is gone: NAV 0 goes on, below it nothing does."""
    suppose(api)
    made(fund.value(fund.api.get("/funds/angel/holdings").json()["data"][0]["id"], at="0.00", on=THEN))
    assert ask(fund)["reasons"]["base"] is None
    with within(EVERYTHING):
        assumed = PacingAssumptions.objects.prefetch_related("scenarios").get()
        seen = foresee(
            assumed, unfunded=Decimal(1), nav=Decimal("-0.01"), is_known=True, established_on=date(2022, 6, 1),
            on=date(2024, 6, 1),
        )  # fmt: skip
    assert {course.reason for course in seen.courses.values()} == {"undefined"}


def test_an_amount_beyond_all_money_is_out_of_range(api: Speak, fund: Desk) -> None:
    suppose(api, high={**PACE, "life": 50, "growth_pct": "1000"})
    assert ask(fund)["reasons"] == {"low": None, "base": None, "high": "out-of-range"}


def test_what_was_assumed_last_counts_and_what_was_assumed_then_stays(
    api: Speak, fund: Desk, cast: Cast
) -> None:
    """Entered in 2025 and again in 2026: as known between, the first."""
    at = {"2025": datetime(2025, 1, 1, tzinfo=UTC), "2026": datetime(2026, 1, 1, tzinfo=UTC)}
    pace = Assumed([Decimal(50)], 4, Decimal(2), Decimal(20), Decimal(30))
    for document, now in at.items():
        with within(EVERYTHING):
            assume(
                fund="angel", valid_from=date(2023, 1, 1), document=document, by=cast["maker"], now=now,
                scenarios=dict.fromkeys(Outlook, pace),
            )  # fmt: skip
    listed = fund.api.get("/funds/angel/pacing-assumptions").json()["data"]
    assert [row["document"] for row in listed] == ["2026", "2025"]
    assert ask(fund)["assumptions"]["document"] == "2026"
    known = ask(fund, known_at="2025-06-01T00:00:00Z")
    assert known["assumptions"]["document"] == "2025"
    assert known["reason"] == "not-reported"  # the fund's own entries are of today


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"document": ""}, "#/document", "blank"),
        ({"valid_from": "2022-05-31"}, "#/valid_from", "date-before-establishment"),
        ({"low": None}, "#/low", "null"),
        ({"middle": PACE}, "#/middle", "unknown-field"),
        ({"base": {**PACE, "contribution_rates_pct": []}}, "#/base/contribution_rates_pct", "empty"),
        ({"base": {**PACE, "contribution_rates_pct": ["100.0001"]}}, "#/base/contribution_rates_pct/0", "max_value"),
        ({"base": {**PACE, "contribution_rates_pct": ["-1"]}}, "#/base/contribution_rates_pct/0", "invalid"),
        ({"base": {**PACE, "contribution_rates_pct": ["1"] * 51}}, "#/base/contribution_rates_pct", "max_length"),
        ({"base": {**PACE, "life": 0}}, "#/base/life", "min_value"),
        ({"base": {**PACE, "life": 51}}, "#/base/life", "max_value"),
        ({"base": {**PACE, "bow": "-0.1"}}, "#/base/bow", "min_value"),
        ({"base": {**PACE, "bow": "21"}}, "#/base/bow", "max_value"),
        ({"base": {**PACE, "growth_pct": "-100"}}, "#/base/growth_pct", "min_value"),
        ({"base": {**PACE, "growth_pct": "NaN"}}, "#/base/growth_pct", "invalid"),
        ({"base": {**PACE, "growth_pct": 13}}, "#/base/growth_pct", "not-a-string"),
        ({"base": {**PACE, "yield_pct": "101"}}, "#/base/yield_pct", "max_value"),
    ],
)  # fmt: skip
def test_assumptions_that_are_none_are_refused_by_name(
    api: Speak, fund: Desk, change: dict[str, Any], pointer: str, code: str
) -> None:
    said = refused(api("maker").post("/funds/angel/pacing-assumptions", {**ASSUMED, **change}), 422, code)
    assert (said["errors"][0]["pointer"], said["errors"][0]["code"]) == (pointer, code)
    with within(EVERYTHING):
        assert not PacingAssumptions.objects.exists()


def test_only_the_centres_maker_assumes(api: Speak, fund: Desk) -> None:
    for name in ("manager_angel", "approver", "auditor", "bank_a"):
        refused(api(name).post("/funds/angel/pacing-assumptions", ASSUMED), 403, "forbidden")
    refused(api("maker").post("/funds/none/pacing-assumptions", ASSUMED), 404, "not-found")


@pytest.mark.parametrize(
    ("since", "on", "years"),
    [
        (date(2022, 6, 1), date(2023, 5, 31), 0),
        (date(2022, 6, 1), date(2023, 6, 1), 1),
        (date(2024, 2, 29), date(2025, 2, 28), 0),
        (date(2024, 2, 29), date(2025, 3, 1), 1),
        (date(2024, 2, 29), date(2028, 2, 29), 4),
        (date(2022, 6, 1), date(2022, 5, 31), -1),
    ],
)
def test_years_are_whole_ones(since: date, on: date, years: int) -> None:
    assert whole_years(since, on) == years


def test_a_year_without_a_29th_ends_on_the_28th() -> None:
    assert [anniversary(date(2024, 2, 29), years) for years in (1, 4)] == [
        date(2025, 2, 28),
        date(2028, 2, 29),
    ]


CENTS = st.integers(0, 10**13).map(lambda cents: Decimal(cents) / 100)
RATES = st.integers(0, 10_000).map(lambda hundredths: Decimal(hundredths) / 100)


@given(
    unfunded=CENTS, nav=CENTS, rates=st.lists(RATES, min_size=1, max_size=5), life=st.integers(1, 20),
    growth=st.integers(-90, 60), bow=st.integers(0, 5), age=st.integers(0, 19),
)  # fmt: skip
def test_the_years_add_up_to_the_cent(
    unfunded: Decimal, nav: Decimal, rates: list[Decimal], life: int, growth: int, bow: int, age: int
) -> None:
    class Entered:
        """Assumptions that were entered, without a database."""

        class scenarios:  # noqa: N801 - stands for a relation
            @staticmethod
            def all() -> list[PacingScenario]:
                return [
                    PacingScenario(
                        outlook=outlook, contribution_rates_pct=rates, life=life, bow=Decimal(bow),
                        growth_pct=Decimal(growth), yield_pct=Decimal(0),
                    )
                    for outlook in Outlook
                ]  # fmt: skip

    seen = foresee(
        Entered(), unfunded=unfunded, nav=nav, is_known=True, established_on=date(2000, 1, 1),  # type: ignore[arg-type]
        on=date(2000 + age, 1, 1),
    )  # fmt: skip
    for course in seen.courses.values():
        assert bool(course.years) is not bool(course.reason)
        assert len(course.years) == (max(life - age, 0) if not course.reason else 0)
        left = unfunded
        for each in course.years:
            assert each.unfunded == left - each.contributions
            assert min(each) >= 0
            assert all(amount == round(amount, 2) for amount in each)
            left = each.unfunded


class TestTheDatabaseRefuses:
    @pytest.fixture
    def scenario(self, api: Speak, cast: Cast) -> dict[str, Any]:
        """A row that would be taken beside two others."""
        found_fund(api)
        with within(EVERYTHING):
            set_ = PacingAssumptions.objects.create(
                public_id=ids.new("pa"), fund=Fund.objects.get(), valid_from=date(2023, 1, 1), document="x",
                recorded_at=NOW, recorded_by=cast["maker"],
            )  # fmt: skip
        return {
            "assumptions_id": set_.pk, "outlook": "low", "contribution_rates_pct": [25], "life": 10, "bow": 2,
            "growth_pct": 10, "yield_pct": 0,
        }  # fmt: skip

    @pytest.mark.parametrize(
        ("change", "name"),
        [
            ({}, "the_three_scenarios_come_together"),
            ({"outlook": "mid"}, "outlook_is_known"),
            ({"contribution_rates_pct": []}, "contribution_rates_are_percentages"),
            ({"contribution_rates_pct": [25, None]}, "contribution_rates_are_percentages"),
            ({"contribution_rates_pct": [25, -1]}, "contribution_rates_are_percentages"),
            ({"contribution_rates_pct": [Decimal("NaN")]}, "contribution_rates_are_percentages"),
            ({"contribution_rates_pct": [1] * 51}, "contribution_rates_are_percentages"),
            ({"life": 0}, "assumed_life_is_in_years"),
            ({"life": 51}, "assumed_life_is_in_years"),
            ({"bow": -1}, "bow_is_not_negative"),
            ({"bow": Decimal("NaN")}, "bow_is_not_negative"),
            ({"growth_pct": -100}, "growth_is_above_a_total_loss"),
            ({"growth_pct": Decimal("NaN")}, "growth_is_above_a_total_loss"),
            ({"yield_pct": 101}, "yield_is_a_percentage"),
        ],
    )
    def test_a_scenario_that_is_none(
        self, scenario: dict[str, Any], change: dict[str, Any], name: str
    ) -> None:
        with pytest.raises(DatabaseError, match=name):
            insert("tasks_pacingscenario", **{**scenario, **change})

    def test_assumptions_without_a_document(self, scenario: dict[str, Any], cast: Cast) -> None:
        with within(EVERYTHING):
            fund = Fund.objects.get().pk
        with pytest.raises(DatabaseError, match="assumptions_name_their_document"):
            insert(
                "tasks_pacingassumptions", public_id="pa_x", fund_id=fund, valid_from="2023-01-01", document="",
                recorded_at=NOW, recorded_by_id=cast["maker"].pk,
            )  # fmt: skip

    def test_assumptions_without_scenarios_are_not_yet_any(
        self, api: Speak, scenario: dict[str, Any]
    ) -> None:
        assert api("maker").get("/funds/angel/pacing-assumptions").json()["data"] == []
