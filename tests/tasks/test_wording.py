"""Figures in words: units by size, half-up rounding, real minus signs, and reasons instead of zeros."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tasks import wording
from tasks.catalogue import Unit
from tasks.models import Figure


@pytest.mark.parametrize(
    ("value", "language", "said"),
    [
        ("320000000", "zh-hans", ("3.20", "亿元")),
        ("100000000", "zh-hans", ("1.00", "亿元")),
        ("99999999.99", "zh-hans", ("10,000.00", "万元")),
        ("1234567.89", "zh-hans", ("123.46", "万元")),
        ("-250000000", "zh-hans", ("\u22122.50", "亿元")),
        ("320000000", "en", ("320.00", "CNY million")),
        ("20000000000", "en", ("20.00", "CNY billion")),
    ],
)
def test_headlines_change_unit_at_one_yi(value: str, language: str, said: tuple[str, str]) -> None:
    assert wording.headline(Decimal(value), language=language) == said


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [
        ("0.005", 2, "0.01"),
        ("0.0049", 2, "0.00"),
        ("-0.004", 2, "0.00"),
        ("-0.005", 2, "\u22120.01"),
        ("1234567.5", 0, "1,234,568"),
    ],
)
def test_rounding_is_half_up_and_never_minus_zero(value: str, places: int, text: str) -> None:
    assert wording.number(Decimal(value), places=places) == text


@pytest.mark.parametrize(
    ("now", "before", "unit", "text"),
    [
        ("110", "100", Unit.YUAN, "+10.0%"),
        ("90", "100", Unit.YUAN, "\u221210.0%"),
        ("100", "100", Unit.YUAN, "0.0%"),
        ("5", "0", Unit.YUAN, "—"),
        ("0.021", "0.020", Unit.RATIO, "+0.10"),
        ("0.020", "0.021", Unit.RATIO, "\u22120.10"),
        ("12", "10", Unit.COUNT, "+2"),
        (None, "100", Unit.YUAN, "—"),
        ("100", None, Unit.YUAN, "—"),
    ],
)
def test_changes_are_signed_and_need_both_sides(
    now: str | None, before: str | None, unit: Unit, text: str
) -> None:
    assert (
        wording.change(Decimal(now) if now else None, Decimal(before) if before else None, unit=unit) == text
    )


def test_a_missing_figure_says_why_and_is_never_zero() -> None:
    silent = Figure(code="loans.balance", value=None, reason="not-reported")
    assert wording.shown(silent, language="zh-hans") == "—（未报送）"
    assert "0" not in wording.shown(silent, language="en")
    assert wording.shown(None, language="en") == "—"


def test_no_two_sheets_have_one_name_and_none_has_one_that_no_sheet_may_have() -> None:
    taken: set[str] = set()
    names = [
        wording.sheet_name(f"Loss that is exceeded: Funds of {year}", taken) for year in (2024, 2025, 2026)
    ]
    assert names == [
        "Loss that is exceeded  Funds of",
        "Loss that is exceeded  Fund (2)",
        "Loss that is exceeded  Fund (3)",
    ]
    assert wording.sheet_name("[:*?/]'", taken) == "-"
    assert wording.sheet_name("LOSS THAT IS EXCEEDED  FUNDS OF", taken) == "LOSS THAT IS EXCEEDED  FUND (4)"
    assert max(map(len, taken)) <= 31
