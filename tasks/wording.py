"""Figures in words: units, rounding and signs, the same on pages and in the briefing.

Yuan are kept, 万元 and 亿元 (CNY million and billion in English) are shown; rounding is half up and
happens here only. A missing value is a dash with its reason, never 0.
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal

from finance_hub.kernel.text import Text
from tasks.catalogue import Unit, entry_of
from tasks.models import Figure

#: No name of a sheet is longer, or holds one of these.
_LONGEST_SHEET, _NOT_OF_SHEETS = 31, re.compile(r"[\[\]:*?/\\']")
DASH = "—"
MINUS = "\u2212"
REASONS: dict[str, Text] = {
    "not-reported": Text("未报送", "not reported"),
    "no-denominator": Text("分母为零", "no denominator"),
    "under-one-year": Text("不足一年", "under one year"),
    "one-sign": Text("现金流单向", "flows of one sign"),
    "too-few-flows": Text("现金流不足", "too few flows"),
    "no-root": Text("无解", "no rate fits"),
    "out-of-range": Text("超出范围", "out of range"),
    "undefined": Text("无定义", "undefined"),
    "not-listed": Text("未列示", "not listed"),
    "not-agreed": Text("未约定", "not agreed"),
    "not-in-force": Text("尚未施行", "not in force yet"),
    "not-reached": Text("尚未达到", "not reached yet"),
    "terms-not-recorded": Text("未登记条款", "no terms are recorded"),
    "not-recorded": Text("台账未登记", "not kept in the ledger"),
    "not-the-managers": Text("台账未标明管理人的认缴", "no commitment is marked as the manager's"),
    "no-benchmark": Text("未选定业绩比较基准", "no benchmark chosen"),
    "no-assumptions": Text("未登记假设", "no assumptions entered"),
    "no-write-offs": Text("尚无核销", "nothing written off yet"),
    "no-baseline": Text("缺基期值", "no baseline value"),
    "undecided": Text("口径待定", "meaning still open"),
    "not-computed": Text("尚未计算", "not computed yet"),
    "not-scored": Text("不评定", "not scored"),
    "life-is-over": Text("假设的存续期已满", "the assumed life is over"),
}
TABLE_UNIT = Text("万元", "CNY million")
_TABLE = {"zh": (Decimal(10_000), 2), "en": (Decimal(1_000_000), 2)}
_HEADLINE = {
    "zh": ((Decimal(100_000_000), "亿元"), (Decimal(10_000), "万元")),
    "en": ((Decimal(1_000_000_000), "CNY billion"), (Decimal(1_000_000), "CNY million")),
}


def _tongue(language: str) -> str:
    return "en" if language.lower().startswith("en") else "zh"


def number(value: Decimal, *, places: int) -> str:
    """Thousands separated, half up, with a real minus sign; -0 is 0."""
    rounded = value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    return f"{abs(rounded):,.{places}f}" if rounded >= 0 else f"{MINUS}{-rounded:,.{places}f}"


def reason(code: str, *, language: str) -> str:
    return REASONS.get(code, Text(code, code)).say(language)


def headline(value: Decimal, *, language: str) -> tuple[str, str]:
    """(number, unit): 亿元 from one 亿 on, else 万元; CNY billion and million in English."""
    (large, large_unit), (small, small_unit) = _HEADLINE[_tongue(language)]
    if abs(value) >= large:
        return number(value / large, places=2), large_unit
    return number(value / small, places=2), small_unit


def in_table(value: Decimal, *, language: str) -> str:
    """Money in the unit of tables, 万元 or CNY million, two places."""
    unit, places = _TABLE[_tongue(language)]
    return number(value / unit, places=places)


def percent(value: Decimal, *, places: int = 2) -> str:
    return f"{number(value * 100, places=places)}%"


def shown(figure: Figure | None, *, language: str) -> str:
    """A figure as a table cell; missing ones as a dash with the reason."""
    if figure is None:
        return DASH
    if figure.value is None:
        return f"{DASH}（{reason(figure.reason, language=language)}）"
    return value_in(unit_of(figure), figure.value, language=language)


def value_in(unit: Unit, value: Decimal, *, language: str) -> str:
    if unit is Unit.YUAN:
        return in_table(value, language=language)
    if unit is Unit.RATIO:
        return percent(value)
    if unit is Unit.COUNT:
        return number(value, places=0)
    return number(value, places=4 if unit is Unit.INDEX else 2)


def unit_of(figure: Figure) -> Unit:
    return entry_of(figure.code, figure.scope).unit


def changed(now: Decimal | None, before: Decimal | None, *, unit: Unit) -> Decimal | None:
    """Growth as a plain number; the difference for ratios and counts; None where there is nothing to compare with."""
    if now is None or before is None:
        return None
    if unit in {Unit.RATIO, Unit.COUNT}:
        return now - before
    return None if before == 0 else (now - before) / before


def change(now: Decimal | None, before: Decimal | None, *, unit: Unit) -> str:
    """Growth in percent; for ratios the difference in percentage points, for counts in units; signed."""
    value = changed(now, before, unit=unit)
    if value is None:
        return DASH
    if unit is Unit.COUNT:
        return _signed(value, places=0)
    return _signed(value * 100, places=2) if unit is Unit.RATIO else f"{_signed(value * 100, places=1)}%"


def _signed(value: Decimal, *, places: int) -> str:
    text = number(value, places=places)
    return f"+{text}" if value > 0 and text.strip("0.") else text


def label(figure: Figure, *, language: str) -> str:
    """The label of a figure in the reader's language."""
    return figure.label_en if _tongue(language) == "en" else figure.label


def sheet_name(name: str, taken: set[str]) -> str:
    """What a sheet of a workbook may be called that no other is; puts it among those that are `taken`."""
    plain = _NOT_OF_SHEETS.sub(" ", name).strip() or "-"
    cut, at = plain[:_LONGEST_SHEET].strip(), 2
    while cut.casefold() in taken:
        cut = f"{plain[: _LONGEST_SHEET - 4].strip()} ({at})"
        at += 1
    taken.add(cut.casefold())
    return cut
