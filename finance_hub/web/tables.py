"""A table of a page as a workbook: numbers as numbers, and a sheet that says what they are."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal, TypeAlias

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: A page's table, not an export of a database.
MOST_ROWS = 5_000
Kind = Literal["text", "yuan", "number", "percent", "whole", "date"]
Value: TypeAlias = str | Decimal | int | date | None
_FORMATS: dict[str, str] = {
    "text": "@", "yuan": "#,##0.00", "number": "0.0000", "percent": "0.00%", "whole": "0", "date": "yyyy-mm-dd",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Column:
    """`kind` says how its cells are written; None is left empty."""

    heading: str
    kind: Kind = "text"
    width: int = 16


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table. Raises ValueError for more rows than a page's table has."""

    name: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Value]]

    def __post_init__(self) -> None:
        if len(self.rows) > MOST_ROWS:
            raise ValueError(f"{len(self.rows)} rows are no table of a page")


def workbook(
    sheets: Sequence[Sheet], *, title: str, basis: Sequence[tuple[str, str]], made: datetime
) -> bytes:
    """The sheets and, last, 口径: what is said of the figures, a line each. The same input gives the same bytes."""
    import xlsxwriter  # wanted by few requests

    file = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        book.set_properties({"title": title, "created": made.replace(tzinfo=None)})
        bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        styles = {
            kind: book.add_format({"num_format": said, "valign": "top"}) for kind, said in _FORMATS.items()
        }
        said = Sheet(
            pgettext("workbook", "Basis"),
            (Column(_("Item"), width=24), Column(_("Meaning"), width=90)),
            basis,
        )
        for sheet in (*sheets, said):
            page = book.add_worksheet(sheet.name[:31])
            page.freeze_panes(1, 0)
            for at, column in enumerate(sheet.columns):
                page.set_column(at, at, column.width)
                page.write_string(0, at, column.heading, bold)
            for line, row in enumerate(sheet.rows, 1):
                for at, (column, value) in enumerate(zip(sheet.columns, row, strict=True)):
                    _write(page, line, at, value, styles[column.kind])
    return file.getvalue()


def _write(page: Any, line: int, at: int, value: Value, style: Any) -> None:
    """Text is written as text, whatever it looks like: no spreadsheet runs it."""
    if value is None:
        page.write_blank(line, at, None, style)
    elif isinstance(value, str):
        page.write_string(line, at, value, style)
    elif isinstance(value, date):
        page.write_datetime(line, at, value, style)
    else:
        page.write_number(line, at, float(value), style)
