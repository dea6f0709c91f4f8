"""Fiscal leverage and local investment as figures, by hand: a mother fund, its sub-fund, and money from outside."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from finance_hub.kernel.periods import Month
from funds.queries import DueRow, RecognisedRow, SourceRow
from tests.tasks.city import ANGEL, CITY, MILLION, MOTHER, SUB, values, yuan


def source(fund: int, capital: str, committed: int, paid_in: int, *, holder: int | None = None) -> SourceRow:
    return SourceRow(fund, holder, capital, committed * MILLION, paid_in * MILLION)


#: The mother fund: 500 fiscal, 300 state, 200 social, of which half is paid. Its sub-fund: 160 of the mother
#: fund's, 80 of the province, 160 private, all paid but for 40 of the private money. The angel fund is private.
MONEY = replace(
    CITY,
    sources=[
        source(ANGEL, "social", 10, 10),
        source(MOTHER, "fiscal", 500, 250),
        source(MOTHER, "social", 200, 100),
        source(MOTHER, "state", 300, 150),
        source(SUB, "fiscal", 80, 80),
        source(SUB, "social", 160, 120),
        source(SUB, "state", 160, 160, holder=MOTHER),
    ],
    recognised=[RecognisedRow(MOTHER, 300 * MILLION), RecognisedRow(ANGEL, 7)],
    reinvestment_due=[
        DueRow(MOTHER, "1.5000", "paid_in", 250 * MILLION),
        DueRow(SUB, "0.4999", "paid_in", 80 * MILLION),
        DueRow(ANGEL, None, "", 0),
    ],
)  # fmt: skip


def test_total_size_to_fiscal_money() -> None:
    """1,000 / 500 and 400 / 80. In the city the 160 that the mother fund passes on are counted once: 10 + 1,000
    + 240 from outside, of which 580 are fiscal."""
    assert values(MONEY, "fund.leverage_total", "fund") == {
        "angel": "no-denominator", "mother": 2, "sub": 5,
    }  # fmt: skip
    assert values(MONEY, "fund.leverage_total") == {"": Decimal("2.15517241")}  # 1,250 / 580


def test_social_capital_drawn_to_fiscal_money() -> None:
    """Paid in: 100 / 250 and 120 / 80; in the city 10 + 100 + 120 to 330."""
    assert values(MONEY, "fund.leverage_social", "fund") == {
        "angel": "no-denominator", "mother": Decimal("0.4"), "sub": Decimal("1.5"),
    }  # fmt: skip
    assert values(MONEY, "fund.leverage_social") == {"": Decimal("0.69696970")}


def test_what_the_mother_fund_passes_on_changes_nothing_for_the_city() -> None:
    more = [*MONEY.sources[:-1], source(SUB, "state", 999, 999, holder=MOTHER)]
    for code in ("fund.leverage_total", "fund.leverage_social"):
        assert values(replace(MONEY, sources=more), code) == values(MONEY, code)
    assert values(replace(MONEY, sources=more), "fund.leverage_total", "fund")["sub"] > 5


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("fund.reinvestment", {"angel": Decimal("0.07"), "mother": yuan("300"), "sub": 0}),
        ("fund.reinvestment_to_paid_in", {"angel": "no-denominator", "mother": Decimal("1.2"), "sub": 0}),
        ("fund.reinvestment_to_committed", {"angel": "no-denominator", "mother": Decimal("0.6"), "sub": 0}),
        ("fund.reinvestment_due", {"angel": "not-agreed", "mother": yuan("375"), "sub": yuan("39.992")}),
        ("fund.reinvestment_left", {"angel": "not-agreed", "mother": yuan("75"), "sub": yuan("39.992")}),
        # None is asked of the angel fund, 150 % of the mother fund, just less than half of the sub-fund.
        ("fund.reinvestment_points", {"angel": 3, "mother": 0, "sub": 3}),
    ],
)
def test_local_investment(code: str, expected: dict[str, object]) -> None:
    assert values(MONEY, code, "fund") == expected


def test_more_than_is_due_leaves_nothing() -> None:
    rich = replace(MONEY, recognised=[RecognisedRow(MOTHER, 400 * MILLION)])
    assert values(rich, "fund.reinvestment_left", "fund")["mother"] == 0


def test_a_fund_whose_terms_are_not_entered_has_a_reason() -> None:
    silent = replace(MONEY, reinvestment_due=[])
    for code in ("fund.reinvestment_due", "fund.reinvestment_left", "fund.reinvestment_points"):
        assert set(values(silent, code, "fund").values()) == {"not-reported"}


def test_before_the_scoring_was_published_there_are_no_points() -> None:
    early = replace(MONEY, month=Month(2025, 12))
    assert set(values(early, "fund.reinvestment_points", "fund").values()) == {"not-in-force"}
