"""Sheets of a workbook, as values: texts stay texts whatever they look like, numbers are numbers, dates dates.

Every word of ours stands in both languages. A value that is missing is its reason in words, never a zero.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple, TypeAlias

from finance_hub.kernel.text import Text
from tasks.catalogue.entry import Point
from tasks.wording import REASONS, sheet_name

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_BETWEEN = " · "


class Rate(NamedTuple):
    """A share or a rate a year, shown in per cent."""

    of: Point


class Times(NamedTuple):
    """A multiple, shown with three places."""

    of: Point


class Index(NamedTuple):
    """A plain number such as an HHI, shown with four places."""

    of: Decimal


class Missing(NamedTuple):
    """A code of `tasks.wording.REASONS`."""

    reason: str


#: A Decimal is yuan, a Text is said in both languages.
Value: TypeAlias = str | Text | int | Decimal | date | Rate | Times | Index | Missing | None


class Row(NamedTuple):
    cells: Sequence[Value]
    is_total: bool = False


class Sheet(NamedTuple):
    """`headings` are one row or several; what stands above and left of the first number stays in sight.

    `widths` are of the first columns in characters, the last one of all that follow.
    """

    name: str
    headings: Sequence[Sequence[Text | str]]
    rows: Sequence[Row]
    widths: Sequence[int]
    frozen_columns: int = 0


def both(text: Text) -> str:
    return _BETWEEN.join(text)


def money(amount: Decimal | None, reason: str = "not-reported") -> Value:
    return Missing(reason) if amount is None else amount


def write(sheets: Sequence[Sheet], *, title: str, created: datetime) -> bytes:
    """The same sheets and moment give the same bytes."""
    import xlsxwriter  # wanted by few requests

    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False}) as book:
        book.set_properties({"title": title, "created": created.replace(tzinfo=None)})
        styles = _Styles(book)
        taken: set[str] = set()
        for sheet in sheets:
            _write(book.add_worksheet(sheet_name(sheet.name, taken)), sheet, styles)
    return file.getvalue()


class _Styles:
    """One format for each kind of value, plain and of a total."""

    _KINDS: Mapping[str, dict[str, Any]] = {
        "text": {"num_format": 49, "text_wrap": True, "valign": "top"},
        "missing": {"num_format": 49, "font_color": "#7F7F7F", "align": "right", "valign": "top"},
        "yuan": {"num_format": "#,##0.00", "valign": "top"},
        "whole": {"num_format": "0", "valign": "top"},
        "rate": {"num_format": "0.00%", "valign": "top"},
        "times": {"num_format": '0.000"x"', "valign": "top"},
        "index": {"num_format": "0.0000", "valign": "top"},
        "date": {"num_format": "yyyy-mm-dd", "align": "right", "valign": "top"},
    }

    def __init__(self, book: Any) -> None:
        self.heading = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        self._plain = {kind: book.add_format(said) for kind, said in self._KINDS.items()}
        total = {"bold": True, "top": 1}
        self._total = {kind: book.add_format({**said, **total}) for kind, said in self._KINDS.items()}

    def of(self, kind: str, *, is_total: bool) -> Any:
        return (self._total if is_total else self._plain)[kind]


def _write(page: Any, sheet: Sheet, styles: _Styles) -> None:
    page.freeze_panes(len(sheet.headings), sheet.frozen_columns)
    for column in range(max(map(len, sheet.headings))):
        page.set_column(column, column, sheet.widths[min(column, len(sheet.widths) - 1)])
    for at, heading in enumerate(sheet.headings):
        for column, title in enumerate(heading):
            page.write_string(at, column, both(title) if isinstance(title, Text) else title, styles.heading)
    for at, row in enumerate(sheet.rows, len(sheet.headings)):
        for column, value in enumerate(row.cells):
            _cell(page, at, column, value, styles, is_total=row.is_total)


def _cell(page: Any, row: int, column: int, value: Value, styles: _Styles, *, is_total: bool) -> None:
    kind, shown = _shown(value)
    style = styles.of(kind, is_total=is_total)
    if shown is None:
        page.write_blank(row, column, None, style)
    elif isinstance(shown, str):
        page.write_string(row, column, shown, style)
    elif isinstance(shown, date):
        page.write_datetime(row, column, shown, style)
    else:
        page.write_number(row, column, shown, style)


def _shown(value: Value) -> tuple[str, str | float | int | date | None]:
    """(the style, what is written). A workbook keeps numbers as floats: exact to the fen below 10^13 yuan."""
    match value:
        case Rate(point) | Times(point) if point.value is None:
            return "missing", _why(point.reason)
        case Rate(point):
            return "rate", float(point.value or 0)
        case Times(point):
            return "times", float(point.value or 0)
        case Index(number):
            return "index", float(number)
        case Missing(reason):
            return "missing", _why(reason)
        case Text():
            return "text", both(value)
        case Decimal():
            return "yuan", float(value)
        case date():
            return "date", value
        case int():
            return "whole", value
    return "text", value


def _why(reason: str) -> str:
    return both(REASONS.get(reason, Text(reason, reason)))
