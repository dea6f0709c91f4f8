"""How one fund has done: by hand, and the same as the figures of the month say."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date
from decimal import Decimal

from funds.queries import FlowRow
from tasks.catalogue.performance import performance


def flow(day: date, *, paid: int = 0, got: int = 0) -> FlowRow:
    return FlowRow(1, day, paid, got)


def test_a_hundred_that_became_a_hundred_and_ten_in_a_year() -> None:
    """100.00 paid in, 44.00 back after a year, 66.00 left: DPI 0.44, RVPI 0.66, TVPI 1.10, IRR 10 %."""
    flows = [flow(date(2025, 1, 1), paid=10_000), flow(date(2026, 1, 1), got=4_400)]
    seen = performance(flows, nav_fen=6_600, on=date(2026, 1, 1))

    assert [seen.dpi.value, seen.rvpi.value, seen.tvpi.value] == [
        Decimal("0.44"), Decimal("0.66"), Decimal("1.10"),
    ]  # fmt: skip
    assert seen.irr.value == Decimal("0.10000000")


def test_a_history_of_less_than_a_year_has_no_annual_rate() -> None:
    seen = performance([flow(date(2025, 1, 1), paid=100)], nav_fen=110, on=date(2025, 12, 31))
    assert (seen.irr.value, seen.irr.reason) == (None, "under-one-year")
    assert seen.tvpi.value == Decimal("1.1")


def test_without_anything_paid_in_there_is_no_multiple() -> None:
    seen = performance([], nav_fen=0, on=date(2026, 1, 1))
    assert {point.reason for point in seen[:3]} == {"no-denominator"}
    assert (seen.irr.value, seen.irr.reason) == (None, "too-few-flows")


def test_the_engine_is_loaded_only_when_it_is_asked() -> None:
    program = "import sys, django; django.setup(); import tasks.catalogue.performance; print('numpy' in sys.modules)"
    said = subprocess.run(
        [sys.executable, "-c", program], env=dict(os.environ), capture_output=True, text=True, check=True
    )
    assert said.stdout.strip() == "False"
