"""Plans from dates alone: a last period cut short, extensions, and terms nobody would agree on."""

from __future__ import annotations

import subprocess
import sys
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.engine.amortisation import Instalment, Terms, TooManyInstalments, plan, schedule

JANUARY = date(2026, 1, 31)


def planned(
    principal: str = "1200.00", *, most: int = 600, **changes: Any
) -> list[tuple[str, str, str, str]]:
    """(due, principal, interest, balance) of ¥1,200 at 3.6 %: a ten-thousandth a day."""
    terms: dict[str, Any] = {
        "annual_rate_pct": "3.6000", "start": JANUARY, "maturity": date(2026, 4, 30), "method": "equal-principal",
        "frequency": "monthly",
    }  # fmt: skip
    terms |= changes
    terms["annual_rate_pct"] = Decimal(terms["annual_rate_pct"])
    rows = plan(Terms(Decimal(principal), **terms), most=most)
    return [(f"{r.due:%m-%d}", str(r.principal), str(r.interest), str(r.balance)) for r in rows]


def test_whole_months_by_hand() -> None:
    """28 days on 1200, 31 on 800, 30 on 400."""
    assert planned() == [
        ("02-28", "400.00", "3.36", "800.00"),
        ("03-31", "400.00", "2.48", "400.00"),
        ("04-30", "400.00", "1.20", "0.00"),
    ]


def test_the_last_period_ends_with_the_loan() -> None:
    """20 days on 400."""
    assert planned(maturity=date(2026, 4, 20))[-1] == ("04-20", "400.00", "0.80", "0.00")
    assert len(planned(maturity=date(2026, 5, 1))) == 4


def test_a_day_more_than_a_period_is_a_period_more() -> None:
    bullet = planned(method="bullet", maturity=date(2026, 3, 1))
    assert bullet == [("02-28", "0.00", "3.36", "1200.00"), ("03-01", "1200.00", "0.12", "0.00")]


def test_quarters_are_longer_periods() -> None:
    """89 days of 1200, to the last of April."""
    assert planned(frequency="quarterly") == [("04-30", "1200.00", "10.68", "0.00")]


class TestExtensions:
    def test_a_bullet_moves_to_the_new_maturity(self) -> None:
        """31, 28 and 31 days of 1000."""
        rows = planned(
            "1000.00", method="bullet", start=date(2026, 1, 10), maturity=date(2026, 3, 10),
            extensions=[(date(2026, 3, 5), date(2026, 4, 10))],
        )  # fmt: skip
        assert rows == [
            ("02-10", "0.00", "3.10", "1000.00"),
            ("03-10", "0.00", "2.80", "1000.00"),
            ("04-10", "1000.00", "3.10", "0.00"),
        ]

    def test_what_was_due_stays_and_the_rest_is_spread_anew(self) -> None:
        """400 was due in February; 800 is left for four months."""
        rows = planned(extensions=[(date(2026, 3, 1), date(2026, 6, 28))])
        assert [row[:2] for row in rows] == [
            ("02-28", "400.00"), ("03-28", "200.00"), ("04-28", "200.00"), ("05-28", "200.00"), ("06-28", "200.00"),
        ]  # fmt: skip

    def test_one_agreed_on_after_the_end_moves_the_last_instalment(self) -> None:
        rows = planned(extensions=[(date(2026, 5, 20), date(2026, 7, 31))])
        assert [row[:2] for row in rows][1:] == [
            ("03-31", "400.00"), ("04-30", "100.00"), ("05-31", "100.00"), ("06-30", "100.00"), ("07-31", "100.00"),
        ]  # fmt: skip

    def test_one_that_moves_nothing_is_none(self) -> None:
        assert planned(extensions=[(date(2026, 3, 1), date(2026, 4, 30))]) == planned()

    def test_a_second_one_goes_on_from_the_first(self) -> None:
        rows = planned(
            extensions=[(date(2026, 4, 1), date(2026, 6, 30)), (date(2026, 6, 1), date(2026, 12, 31))]
        )
        assert rows[-1][0] == "12-31"
        assert sum(Decimal(row[1]) for row in rows) == 1200


class TestRefusals:
    @pytest.mark.parametrize("maturity", [JANUARY, date(2025, 1, 1)])
    def test_a_loan_that_ends_before_it_starts(self, maturity: date) -> None:
        with pytest.raises(ValueError, match="matures after"):
            planned(maturity=maturity)

    def test_more_instalments_than_anybody_plans(self) -> None:
        assert len(planned(maturity=date(2076, 1, 31))) == 600
        with pytest.raises(TooManyInstalments):
            planned(maturity=date(2076, 2, 1))
        with pytest.raises(TooManyInstalments):
            planned(maturity=date(9998, 12, 31))

    @pytest.mark.parametrize(("name", "value"), [("frequency", "weekly"), ("method", "never")])
    def test_what_nobody_knows(self, name: str, value: str) -> None:
        with pytest.raises(ValueError, match=f"unknown {name}"):
            planned(**{name: value})

    @pytest.mark.parametrize("maturity", [date(2026, 3, 31), date(2026, 5, 1)])
    def test_a_maturity_outside_the_last_period(self, maturity: date) -> None:
        with pytest.raises(ValueError, match="within its last period"):
            schedule(
                1,
                annual_rate_pct=1,
                periods=3,
                start=JANUARY,
                method="bullet",
                day_count="ACT/360",
                maturity=maturity,
            )

    def test_months_of_thirty_days_do_not_measure_a_broken_one(self) -> None:
        with pytest.raises(ValueError, match="cut short"):
            schedule(
                1, annual_rate_pct=1, periods=3, start=JANUARY, method="bullet", day_count="30/360",
                maturity=date(2026, 4, 20),
            )  # fmt: skip


@given(
    fen=st.integers(1, 10**18 - 1),
    rate=st.integers(0, 999_999),
    start=st.dates(date(2000, 1, 1), date(2030, 12, 31)),
    days=st.integers(1, 3_000),
    method=st.sampled_from(["equal-instalment", "equal-principal", "bullet"]),
    frequency=st.sampled_from(["monthly", "quarterly", "half-yearly", "yearly"]),
    extensions=st.lists(st.tuples(st.integers(0, 3_500), st.integers(0, 1_500)), max_size=3),
)
def test_whatever_the_terms_the_principal_is_repaid_to_the_cent_by_the_maturity_in_force(
    fen: int,
    rate: int,
    start: date,
    days: int,
    method: str,
    frequency: str,
    extensions: list[tuple[int, int]],
) -> None:
    matures = start + timedelta(days=days)
    moved = sorted(
        (start + timedelta(days=agreed), matures + timedelta(days=later)) for agreed, later in extensions
    )
    terms = Terms(Decimal(fen) / 100, Decimal(rate) / 10_000, start, matures, method, frequency, moved)
    rows: list[Instalment] = plan(terms, most=600)
    assert sum(row.principal for row in rows) == terms.principal
    assert [row.due for row in rows] == sorted({row.due for row in rows})
    assert rows[-1].balance == 0
    assert min(min(row.principal, row.interest, row.balance) for row in rows) >= 0
    assert rows[-1].due in {matures, *(later for _, later in moved)}


def test_a_plan_loads_no_numpy() -> None:
    script = "import sys, tasks.engine.amortisation; sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
