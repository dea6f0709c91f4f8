"""Workbooks that go out: the template to fill in, and the export of all that is recorded of a fund.

Texts are written as texts and never as formulas, so that nothing in them runs; amounts and dates are real ones.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from finance_hub.kernel.models import Person
from finance_hub.kernel.periods import SHANGHAI
from finance_hub.kernel.text import Text
from funds import limits
from funds.models import Fund
from funds.queries.records import When
from funds.workbook import notes
from funds.workbook.columns import Column, Kind
from funds.workbook.overview import HOLDINGS, holdings
from funds.workbook.sheets import SHEETS, Sheet

_VERSION = datetime(2026, 11, 1, tzinfo=UTC)
_WIDTHS = {Kind.MONEY: 20, Kind.DATE: 12, Kind.USCC: 22, Kind.MOMENT: 18, Kind.CODE: 16, Kind.WORDS: 20}
#: Of columns whose texts are longer than those of their kind: numbers of entries, names of firms and funds.
_WIDER = {"id": 34, "refers_to": 34, "firm_name": 34, "sub_fund_name": 28, "title": 28, "note": 28}
#: 49 is Excel's own text format, 4 its own for amounts.
_FORMATS: dict[Kind, dict[str, Any]] = {
    Kind.MONEY: {"num_format": 4},
    Kind.DATE: {"num_format": "yyyy-mm-dd"},
    Kind.MOMENT: {"num_format": "yyyy-mm-dd hh:mm"},
    **{kind: {"num_format": 49, "quote_prefix": True} for kind in (Kind.WORDS, Kind.USCC, Kind.CODE)},
}
#: Excel takes no longer text in a list that is written out.
_LONGEST_LIST = 255
Rows = Iterable[Mapping[str, Any]]


def template(*, language: str) -> bytes:
    """An empty sheet of every kind, with headings and drop-downs in one language, and what every column means.

    The same language gives the same bytes.
    """
    with _Book(language, created=_VERSION) as book:
        for sheet in SHEETS.values():
            book.form(sheet)
        book.notes(notes.of_template(SHEETS.values()))
    return book.content


def export(of: Fund, *, as_of: date, known_at: datetime, by: Person, now: datetime, language: str) -> bytes:
    """All that is recorded of the fund before `as_of` as known at `known_at`; every sheet can be edited and handed
    in again, but that of the holdings, which is reckoned. Ten queries.
    """
    when = When(as_of, known_at)
    with _Book(language, created=now) as book:
        book.table(Text("持有项目", "Holdings"), HOLDINGS, holdings(of, when))
        for sheet in reversed(SHEETS.values()):
            rows = ({"id": record.id, **record.values} for record in sheet.held(of, when))
            book.table(sheet.title, sheet.columns, rows)
        book.notes(notes.of_export(of, day=as_of - timedelta(days=1), known_at=known_at, by=by, now=now))
    return book.content


class _Book:
    """A workbook in one language; `content` are its bytes once the block has ended."""

    def __init__(self, language: str, *, created: datetime) -> None:
        import xlsxwriter  # wanted by few requests

        self._language, self._file = language, io.BytesIO()
        options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        self._book = xlsxwriter.Workbook(self._file, options)
        self._book.set_properties({"created": created.astimezone(UTC).replace(tzinfo=None)})
        self._formats = {kind: self._book.add_format(shape) for kind, shape in _FORMATS.items()}
        self._heading = self._book.add_format(
            {"bold": True, "bottom": 1, "num_format": 49, "text_wrap": True}
        )
        self._required = self._book.add_format(
            {"bold": True, "bottom": 1, "num_format": 49, "text_wrap": True, "bg_color": "#FFF2CC"}
        )
        self._wrapped = self._book.add_format({"text_wrap": True, "valign": "top", "num_format": 49})

    def __enter__(self) -> _Book:
        return self

    def __exit__(self, *_: object) -> None:
        self._book.close()
        self.content = self._file.getvalue()

    def form(self, sheet: Sheet) -> None:
        """An empty sheet whose cells take what their columns hold."""
        page = self._page(sheet.title, sheet.taken)
        for at, column in enumerate(sheet.taken):
            if column.hint.zh:
                page.write_comment(0, at, column.hint.say(self._language), {"x_scale": 2})
            listed = [choice.text.say(self._language) for choice in column.choices]
            if listed and len(",".join(listed)) <= _LONGEST_LIST:
                page.data_validation(1, at, limits.MOST_ROWS, at, {"validate": "list", "source": listed})

    def table(self, title: Text, columns: Sequence[Column], rows: Rows) -> None:
        page = self._page(title, columns)
        last = 0
        for last, row in enumerate(rows, 1):
            for at, column in enumerate(columns):
                self._write(page, last, at, column, row[column.code])
        page.autofilter(0, 0, last, len(columns) - 1)

    def notes(self, said: Iterable[tuple[Text, Text]]) -> None:
        page = self._book.add_worksheet(Text("口径", "Notes").say(self._language))
        self._printed(page)
        page.set_column(0, 0, 34)
        page.set_column(1, 1, 90)
        for at, (name, text) in enumerate(said):
            page.write_string(at, 0, name.say(self._language), self._heading)
            page.write_string(at, 1, text.say(self._language), self._wrapped)

    def _page(self, title: Text, columns: Sequence[Column]) -> Any:
        page = self._book.add_worksheet(title.say(self._language))
        page.freeze_panes(1, 1)
        self._printed(page)
        page.repeat_rows(0)
        for at, column in enumerate(columns):
            width = _WIDER.get(column.code, _WIDTHS[column.kind])
            page.set_column(at, at, width, self._formats[column.kind])
            heading = self._required if column.required else self._heading
            page.write_string(0, at, column.heading.say(self._language), heading)
        return page

    @staticmethod
    def _printed(page: Any) -> None:
        """A4 on its side, all columns on one page."""
        page.set_paper(9)
        page.set_landscape()
        page.fit_to_pages(1, 0)

    def _write(self, page: Any, row: int, at: int, column: Column, value: Any) -> None:
        shape = self._formats[column.kind]
        if value is None or value == "":
            return
        if isinstance(value, Decimal):
            page.write_number(row, at, float(value), shape)  # a cell holds no other; 15 digits are exact
        elif isinstance(value, datetime):
            page.write_datetime(row, at, value.astimezone(SHANGHAI).replace(tzinfo=None), shape)
        elif isinstance(value, date):
            page.write_datetime(row, at, datetime(value.year, value.month, value.day), shape)  # noqa: DTZ001
        else:
            page.write_string(row, at, column.say(value).say(self._language), shape)
