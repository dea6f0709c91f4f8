"""A table said once, as values: shown on a page, drawn beside a chart, and written into a workbook."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal, NamedTuple, TypeAlias

from django.utils.translation import gettext as _

from finance_hub.web import words
from finance_hub.web.contexts import charts
from finance_hub.web.contexts.chrome import Status
from finance_hub.web.contexts.grids import Cell, Grid, Heading, Line
from finance_hub.web.contexts.reports import Link
from tasks import wording, workbook
from tasks.catalogue.entry import Point

Kind = Literal["text", "word", "code", "yuan", "ratio", "index", "count", "day"]
_WORDS = ("text", "word", "code")


class Missing(NamedTuple):
    """Not there, for a reason of `tasks.wording`."""

    reason: str


class Measured(NamedTuple):
    """A number said with its unit, where those of a column are not all of one `kind`."""

    number: Decimal
    kind: Kind
    places: int = 2


Value: TypeAlias = str | Decimal | int | date | Missing | Measured | None


class Column(NamedTuple):
    """`kind` says what its values are: a Decimal of yuan, a plain ratio or index, a whole number, a day, text, or
    a short word that never breaks."""

    label: str
    kind: Kind = "text"


class Row(NamedTuple):
    """Its first value heads it; `url` leads from there, `note` stands beside it."""

    values: Sequence[Value]
    url: str | None = None
    note: str = ""
    is_total: bool = False
    statuses: tuple[Status, ...] = ()
    links: tuple[Link, ...] = ()
    #: Whether a chart of the table has it.
    is_drawn: bool = True


@dataclass(frozen=True)
class Table:
    """`meaning` is said below the table and on the sheet of definitions; without rows `empty` says what is missing."""

    key: str
    title: str
    columns: Sequence[Column]
    rows: Sequence[Row]
    empty: str
    meaning: Sequence[str] = ()

    @property
    def has_money(self) -> bool:
        return any(column.kind == "yuan" for column in self.columns)


def grid(table: Table, *, actions: tuple[Link, ...] = (), says_meaning: bool = True) -> Grid:
    """With `says_meaning` off the page says what it means elsewhere."""
    return Grid(
        key=table.key,
        title=table.title,
        headings=tuple(Heading(column.label, column.kind not in _WORDS) for column in table.columns),
        lines=tuple(_line(table, row) for row in table.rows),
        empty=table.empty,
        unit=words.table_unit() if table.has_money else "",
        notes=tuple(table.meaning) if says_meaning else (),
        actions=actions,
    )


def twin(table: Table) -> charts.Table:
    """Beside a chart: the same cells."""
    rows = tuple(
        tuple(_text(value, column.kind) for value, column in zip(row.values, table.columns, strict=True))
        for row in table.rows
    )
    return charts.Table(tuple(column.label for column in table.columns), rows)


def book(
    tables: Sequence[Table], *, title: str, facts: Sequence[tuple[str, str]], created: datetime
) -> bytes:
    """A sheet for each table, amounts in yuan, and one of definitions. The same tables and moment give the same bytes."""
    sheets = [_sheet(table) for table in tables]
    said = [*facts, *((table.title, text) for table in tables for text in table.meaning)]
    unit = [(_("Unit"), _("Amounts in yuan; shares as fractions shown in per cent."))]
    notes = workbook.Sheet(
        _("Definitions"),
        [[_("What"), _("Meaning")]],
        [workbook.Row([name, text]) for name, text in (*said, *unit)],
        (34, 90),
    )
    return workbook.write([*sheets, notes], title=title, created=created)


def _line(table: Table, row: Row) -> Line:
    cells = [_cell(value, column.kind) for value, column in zip(row.values, table.columns, strict=True)]
    first = cells[0]
    cells[0] = Cell(
        first.text, first.is_number, first.exact, row.note, row.url, row.statuses, row.links,
        first.is_tight, first.is_code,
    )  # fmt: skip
    return Line(tuple(cells), is_total=row.is_total)


def _cell(value: Value, kind: Kind) -> Cell:
    if isinstance(value, Missing):
        return Cell(_text(value, kind), is_number=kind not in _WORDS)
    exact = words.yuan(value) if kind == "yuan" and isinstance(value, Decimal) else ""
    text = _text(value, kind)
    return Cell(
        text,
        is_number=kind not in _WORDS,
        exact=exact,
        is_code=kind == "code" and text != words.DASH,
        is_tight=kind in ("day", "word"),
    )


def _text(value: Value, kind: Kind) -> str:
    if value is None or value == "":
        return words.DASH
    if isinstance(value, Missing):
        return f"{words.DASH}（{words.reason(value.reason)}）"
    if isinstance(value, Measured):
        return said(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        if kind == "yuan":
            return wording.in_table(value, language=words.language())
        return wording.percent(value, places=1) if kind == "ratio" else wording.number(value, places=4)
    return words.count(value) if isinstance(value, int) else value


def said(value: Measured) -> str:
    if value.kind == "yuan":
        return words.table_money(value.number)
    if value.kind == "ratio":
        return wording.percent(value.number, places=value.places)
    return wording.number(value.number, places=value.places)


def _sheet(table: Table) -> workbook.Sheet:
    rows = [
        workbook.Row(
            [_written(value, column.kind) for value, column in zip(row.values, table.columns, strict=True)],
            is_total=row.is_total,
        )
        for row in table.rows
    ]
    widths = [
        30 if column.kind in ("text", "word") else 22 if column.kind == "code" else 18
        for column in table.columns
    ]
    return workbook.Sheet(table.title, [[column.label for column in table.columns]], rows, widths, 1)


def _written(value: Value, kind: Kind) -> workbook.Value:
    if isinstance(value, Missing):
        return workbook.Missing(value.reason)
    if isinstance(value, Measured):
        return _written(value.number, value.kind)
    if isinstance(value, Decimal) and kind == "ratio":
        return workbook.Rate(Point(value))
    return workbook.Index(value) if isinstance(value, Decimal) and kind == "index" else value
