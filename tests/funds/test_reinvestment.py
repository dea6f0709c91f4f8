"""返投: the same yuan once, the higher case wins, a better one adds the difference; worked by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from finance_hub.kernel import scoping
from finance_hub.kernel.access import EVERYTHING
from funds import fund_policy, queries
from funds.models import Fund
from funds.operations import reinvestment as operations
from tests.cast import Cast
from tests.funds.conftest import FIRM, OTHER_FIRM, Desk, found_fund, made, refused
from tests.funds.reinvesting import Centre, Speak, centre
from tests.funds.terms import agree

__all__ = ["centre"]  # fixture


def test_a_fund_worked_by_hand(centre: Centre, funded: Desk) -> None:
    """Million yuan: 8 of own input; a firm invested in that puts in 20; one that is introduced with 10, of which
    30 % count, and later invested in, so that the other 70 % are added; taxes of 5 never count.

    8 + 20 + 10 = 38: 0.76 of 50 paid in, 0.38 of 100 committed; due 1.5 × 50 = 75, so 37 are left.
    """
    made(agree(funded, reinvestment_multiple="1.5", reinvestment_base="paid_in"))
    made(centre.recognise("own_input", "8000000.00", reference="A", on="2023-01-31"))
    made(funded.invest("9000000.00", "2022-09-15"))
    made(centre.recognise("invested", "20000000.00", reference="B"))
    introduced = {"uscc": OTHER_FIRM, "firm_name": "另一家企业", "reference": "C"}
    assert made(centre.recognise("introduced", "10000000.00", **introduced))["recognised"] == "3000000.00"
    assert centre.counted() == "31000000.00"
    made(funded.invest("6000000.00", "2024-05-01", uscc=OTHER_FIRM, firm_name="另一家企业"))
    made(centre.recognise("invested", "10000000.00", on="2024-12-31", **introduced))
    assert made(centre.recognise("taxes_and_fees", "5000000.00", reference="D"))["recognised"] == "0.00"

    shown = centre.stands(as_of="2025-12-31")
    assert (shown["recognised"], shown["due"], shown["left"]) == ("38000000.00", "75000000.00", "37000000.00")
    assert shown["by_route"] == {"own_input": "8000000.00", "invested": "30000000.00"}
    assert shown["to_fiscal_paid_in"] == {"value": "0.7600", "reason": None}
    assert shown["to_fiscal_committed"] == {"value": "0.3800", "reason": None}
    assert (shown["base"], shown["base_amount"]) == ("paid_in", "50000000.00")
    assert [(one["reference"], one["recognised"]) for one in shown["inputs"]] == [
        ("B", "20000000.00"), ("C", "10000000.00"), ("A", "8000000.00"), ("D", "0.00"),
    ]  # fmt: skip
    assert centre.counted("2024-12-30") == "31000000.00"
    assert centre.counted("2023-01-30") == "0.00"


def test_a_firm_that_moves_counts_one_and_a_half_times_what_the_fund_paid(
    centre: Centre, funded: Desk
) -> None:
    """9 paid: 13.5. What the firm had put in, 12, is the same money: 1.5 are added. More than 9 never moves."""
    made(funded.invest("9000000.00", "2022-09-15"))
    made(centre.recognise("invested", "12000000.00"))
    made(centre.recognise("relocated", "9000000.00", on="2024-06-30"))
    assert (centre.counted("2024-06-29"), centre.counted()) == ("12000000.00", "13500000.00")
    problem = refused(centre.recognise("relocated", "0.01", reference="X"), 422, "base-above-payment")
    assert problem["errors"][0]["context"] == {"room": "0.00"}
    assert centre.counted() == "13500000.00"


def test_a_lower_case_that_comes_later_changes_nothing(centre: Centre, funded: Desk) -> None:
    made(centre.recognise("own_input", "100.00"))
    made(centre.recognise("own_input", "60.00", on="2024-06-30"))
    assert centre.counted() == "100.00"


def test_what_is_taken_back_counts_until_that_day_and_the_next_best_case_after_it(centre: Centre) -> None:
    lower = made(centre.recognise("own_input", "60.00"))
    higher = made(centre.recognise("own_input", "100.00", on="2024-06-30"))
    made(centre.reverse(higher["id"], "2025-01-01"))
    assert [centre.counted(day) for day in ("2024-06-29", "2024-12-31", "2025-01-01")] == [
        "60.00", "100.00", "60.00",
    ]  # fmt: skip
    refused(centre.reverse(higher["id"], "2025-01-02"), 409, "already-reversed")
    refused(centre.reverse(lower["id"], "2024-03-30"), 422, "reversal-before-its-event")
    listed = centre.api.get("/funds/angel/recognitions").json()["data"]
    assert listed[0]["reverses"] == higher["id"]
    refused(centre.reverse(listed[0]["id"], "2025-01-02"), 409, "reversal-of-a-reversal")


def test_a_correction_takes_its_place_from_the_first_day_on(centre: Centre) -> None:
    wrong = made(centre.recognise("own_input", "100.00"))
    right = made(centre.correct(wrong["id"], "introduced", "100.00"))
    assert (right["corrects"], right["recognised"], right["reference"]) == (
        wrong["id"], "30.00", wrong["reference"],
    )  # fmt: skip
    assert centre.counted("2024-03-31") == "30.00"
    refused(centre.correct(wrong["id"], "own_input", "1.00"), 409, "already-reversed")
    then = wrong["recorded_at"].replace("+", "%2B")
    assert centre.stands(as_of="2026-01-01", known_at=then)["recognised"] == "0.00"  # within that second


def test_the_rules_of_the_day_decide_and_are_kept_with_the_case(centre: Centre) -> None:
    made(centre.rule(valid_from="2025-01-01", introduced="0.5", relocated=None))
    first = made(centre.recognise("introduced", "100.00", reference="A", on="2024-12-31"))
    later = made(centre.recognise("introduced", "100.00", reference="B", on="2025-01-01"))
    assert (first["factor"], later["factor"]) == ("0.3000", "0.5000")
    refused(
        centre.recognise("relocated", "1.00", reference="C", on="2025-01-01"), 422, "route-not-recognised"
    )
    assert centre.counted() == "80.00"


def test_half_a_fen_is_rounded_up(centre: Centre) -> None:
    assert made(centre.recognise("introduced", "0.05"))["recognised"] == "0.02"  # 0.015


def test_the_same_money_counts_for_one_fund(centre: Centre, api: Speak) -> None:
    found_fund(api, code="other", manager="industry-manager")
    other = Centre(api("maker"), "other")
    made(other.rule())
    first = made(centre.recognise("own_input", "100.00"))
    refused(other.recognise("own_input", "100.00"), 409, "input-counts-elsewhere")
    made(other.recognise("own_input", "70.00", reference="another"))
    assert (centre.counted(), other.counted()) == ("100.00", "70.00")
    made(centre.reverse(first["id"], "2024-03-31"))  # entered for the wrong fund
    made(other.recognise("own_input", "100.00"))
    assert (centre.counted(), other.counted()) == ("0.00", "170.00")
    refused(centre.recognise("own_input", "100.00"), 409, "input-counts-elsewhere")


def test_a_firm_below_a_sub_fund_is_invested_in(centre: Centre, api: Speak) -> None:
    sub = found_fund(api, code="sub", tier="sub", manager="industry-manager")
    made(sub.api.post("/funds/sub/investors", {"name": "母基金", "capital": "state", "holder": "angel"}))
    for kind in ("commitment", "call", "contribution"):
        made(sub.event(kind, "10000000.00", "2022-07-01", investor="母基金"))
    refused(centre.recognise("invested", "1.00"), 422, "firm-is-no-investee")
    made(sub.invest("4000000.00", "2022-08-01"))
    assert made(centre.recognise("relocated", "4000000.00"))["recognised"] == "6000000.00"
    refused(centre.recognise("introduced", "1.00", reference="B"), 422, "firm-is-an-investee")


class TestWhatIsAskedFor:
    @pytest.mark.parametrize(
        ("base", "amount"),
        [
            ("commitment", "100000000.00"),
            ("paid_in", "50000000.00"),
            ("invested", "9000000.00"),
            ("net_assets", "53000000.00"),
        ],
    )
    def test_is_a_multiple_of_its_base(self, centre: Centre, funded: Desk, base: str, amount: str) -> None:
        """9 invested, now worth 12: net assets 41 + 12 million."""
        made(agree(funded, reinvestment_multiple="2", reinvestment_base=base))
        holding = made(funded.invest("9000000.00", "2022-09-15"))["holding"]
        made(funded.value(holding, at="12000000.00", on="2023-01-01"))
        shown = centre.stands()
        assert (shown["base_amount"], Decimal(shown["due"])) == (amount, 2 * Decimal(amount))

    def test_is_nothing_without_a_clause_and_no_ratio_without_fiscal_money(
        self, angel: Desk, api: Speak
    ) -> None:
        shown = Centre(api("maker")).stands()
        nothing = ("multiple", "base", "due", "left", "score_asked", "score_reached")
        assert [shown[name] for name in nothing] == [None] * len(nothing)
        assert shown["to_fiscal_paid_in"] == {"value": None, "reason": "no-denominator"}
        made(agree(angel))
        assert Centre(api("maker")).stands()["score_asked"]["points"] == 3  # nothing is asked for

    @pytest.mark.parametrize(
        ("ratio", "points"),
        [(None, 3), ("0.4999", 3), ("0.5", 2), ("0.9999", 2), ("1", 1), ("1.4999", 1), ("1.5", 0), ("9", 0)],
    )
    def test_scores_lower_the_higher_it_is(self, ratio: str | None, points: int) -> None:
        score = fund_policy.reinvestment_score(ratio and Decimal(ratio), day=date(2026, 1, 12))  # type: ignore[arg-type]
        assert score
        assert score.points == points

    def test_has_no_score_before_the_scoring_was_published(self) -> None:
        assert fund_policy.reinvestment_score(None, day=date(2026, 1, 11)) is None


ROUTES = ("own_input", "introduced")
CASES = st.lists(
    st.tuples(st.sampled_from("ABC"), st.sampled_from(ROUTES), st.integers(1, 10**9)), min_size=1, max_size=6
)


@pytest.mark.usefixtures("centre")
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cases=CASES)
def test_no_case_takes_anything_away_and_no_yuan_counts_twice(cast: Cast, cases: list[Any]) -> None:
    """Whatever is recognised in whatever order: each case adds what it has above the best one of its money."""
    with scoping.within(EVERYTHING), transaction.atomic():
        fund, best = Fund.objects.get(code="angel"), {name: Decimal(0) for name in "ABC"}
        before, now = Decimal(0), timezone.now()
        for reference, route, cents in cases:
            case = operations.recognise(
                fund="angel", uscc=FIRM, firm_name="桐乡示例科技有限公司", reference=reference, route=route,
                base=Decimal(cents) / 100, effective_date=date(2024, 3, 31), evidence="审计报告",
                by=cast["maker"], now=now,
            )  # fmt: skip
            after = queries.reinvestment(fund, as_of=date(2025, 1, 1), known_at=now).recognised
            assert after - before == max(Decimal(0), case.recognised - best[reference])
            best[reference] = max(best[reference], case.recognised)
            before = after
        assert before == sum(best.values())
        assert before <= sum(Decimal(cents) for _, _, cents in cases) / 100
        transaction.set_rollback(True)


def test_the_frames_say_what_the_fund_itself_says(centre: Centre, funded: Desk, api: Speak) -> None:
    """Whatever the base, over all funds at once as of one alone."""
    found_fund(api, code="other", manager="industry-manager")
    made(agree(Desk(api("manager_industry"), "other")))
    made(centre.recognise("own_input", "100.00"))
    holding = made(funded.invest("9000000.00", "2022-09-15"))["holding"]
    made(funded.value(holding, at="12000000.00", on="2023-01-01"))
    for base in ("commitment", "paid_in", "invested", "net_assets"):
        made(agree(funded, reinvestment_multiple="2", reinvestment_base=base))
        with scoping.within(EVERYTHING):
            when: dict[str, Any] = {"as_of": date(2026, 1, 1), "known_at": timezone.now()}
            fund, other = Fund.objects.get(code="angel"), Fund.objects.get(code="other")
            alone = queries.reinvestment(fund, **when)
            rows = {row.fund_id: row for row in queries.due_frame(**when)}
            (counted,) = queries.recognised_frame(**when)
        assert alone.base_amount is not None
        assert (rows[fund.pk].base, rows[fund.pk].base_fen) == (base, alone.base_amount * 100)
        assert rows[other.pk].multiple is None
        assert (counted.fund_id, counted.recognised_fen) == (fund.pk, alone.recognised * 100)
