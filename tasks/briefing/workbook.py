"""The workbook beside an issue: every table and chart of its tree on a sheet of its own, numbers as numbers.

A number stands in the unit in which it is printed, with a format that shows what is printed; all its places are
behind it. Texts stay texts whatever they look like. The same tree gives the same bytes.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from finance_hub.kernel.text import Text
from tasks import wording
from tasks.briefing.layout import Chart, Issue, Table, Tile, Words
from tasks.briefing.origin import Form, Printed, Rule, plain

DEFINITIONS = "definitions"
_PLACES = {"count": 0, "index": 4}


class Number(NamedTuple):
    """A number and the format that shows it."""

    value: float
    format: str


class Sheet(NamedTuple):
    name: str
    title: str
    unit: str
    heads: tuple[str, ...]
    rows: Sequence[tuple[str | Number, ...]]
    notes: tuple[str, ...] = ()


def made(issue: Issue, *, facts: Sequence[tuple[str, str]], created: datetime) -> bytes:
    """The workbook of an issue. `facts` stand above the definitions: its number, its data, the hash of its file."""
    import xlsxwriter  # wanted by jobs alone

    file = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        properties = {"title": f"{issue.series} {issue.month_label}", "author": issue.unit_name}
        book.set_properties({**properties, "created": created.replace(tzinfo=None)})
        styles = _Styles(book)
        taken: set[str] = set()
        for sheet in (_definitions(issue, facts), *_sheets(issue)):
            _write(book.add_worksheet(wording.sheet_name(sheet.name, taken)), sheet, styles)
    return file.getvalue()


def number(printed: Printed, *, language: str) -> Number | None:
    """A printed number as a cell; None where it is missing and the text says why."""
    value = printed.value
    if value is None:
        return None
    if printed.rule is Rule.CHANGE:
        return _change(value, printed)
    if printed.form is Form.OWN:
        return _own(value, printed, language)
    if printed.unit == "yuan":
        return _money(value, printed, language)
    if printed.unit == "ratio":
        places = 2 if printed.places is None else printed.places
        return Number(float(value), f"{_decimals(places)}%")
    return Number(float(value), f"#,##{_decimals(_PLACES.get(printed.unit, 2))}")


def _change(value: Decimal, printed: Printed) -> Number:
    """As `wording.change`: signed; points for ratios, units for counts, else growth in per cent."""
    if printed.unit == "count":
        return Number(float(value), "+#,##0;-#,##0;0")
    if printed.unit == "ratio":
        return Number(float(value * 100), "+0.00;-0.00;0.00")
    return Number(float(value), "+#,##0.0%;-#,##0.0%;0.0%")


def _money(value: Decimal, printed: Printed, language: str) -> Number:
    if printed.form is Form.TABLE:
        scale = Decimal(1_000_000 if language == "en" else 10_000)
        return Number(float(value / scale), "#,##0.00")
    digits, unit = wording.headline(value, language=language)
    scale = _SCALES[unit]
    before, after = _around(printed, digits)
    return Number(float(value / scale), f"{before}#,##0.00{after}")


_SCALES = {
    "万元": Decimal(10**4), "亿元": Decimal(10**8), "CNY million": Decimal(10**6), "CNY billion": Decimal(10**9),
}  # fmt: skip


def _own(value: Decimal, printed: Printed, language: str) -> Number:
    """A target's own unit: money in 万元 or 亿元, or a plain number with the unit behind it."""
    digits, unit = wording.headline(value, language=language)
    if f"{digits}{unit}" in printed or unit.replace("CNY", f"CNY {digits}") in printed:
        before, after = _around(printed, digits)
        return Number(float(value / _SCALES[unit]), f"{before}#,##0.00{after}")
    shown = f"{value.normalize():,f}"
    before, after = _around(printed, shown)
    places = len(shown.partition(".")[2])
    return Number(float(value), f"{before}#,##{_decimals(places)}{after}")


def _around(printed: str, digits: str) -> tuple[str, str]:
    """What is printed before and behind the digits, as a format says it."""
    before, found, after = printed.partition(digits)
    quoted = tuple(f'"{text}"' if text else "" for text in (before, after.replace('"', "")))
    return (quoted[0], quoted[1]) if found else ("", "")


def _decimals(places: int) -> str:
    return f"0.{'0' * places}" if places else "0"


def _sheets(issue: Issue) -> Iterator[Sheet]:
    say = _speaker(issue)
    yield Sheet(
        say("主要指标", "Headline figures"), issue.month_label, "",
        (say("指标", "Figure"), say("数值", "Value"), say("单位", "Unit"), say("变动与说明", "Change and notes")),
        [_tile(tile, issue.language) for tile in issue.tiles],
    )  # fmt: skip
    glossary = _glossary(issue)
    for block in (block for section in issue.sections for block in section.blocks):
        if isinstance(block, Table) and block is not glossary:
            yield _table(block, issue)
        elif isinstance(block, Chart):
            yield _chart(block, issue)


def _glossary(issue: Issue) -> Table | None:
    """The table that tells what the figures mean: the first of its section."""
    found = (block for section in issue.sections if section.anchor == DEFINITIONS for block in section.blocks)
    return next((block for block in found if isinstance(block, Table)), None)


def _tile(tile: Tile, language: str) -> tuple[str | Number, ...]:
    said = [plain(words) for words in tile.change_labels] + ([tile.note] if tile.note else [])
    return (
        tile.label,
        _cell(tile.value, language),
        tile.unit,
        "；".join(said) if language != "en" else "; ".join(said),
    )


def _table(table: Table, issue: Issue) -> Sheet:
    say = _speaker(issue)
    rows = [tuple(_cell(cell, issue.language) for cell in row) for row in table.rows]
    return Sheet(
        say(f"表{table.number} {table.caption}", f"Table {table.number} {table.caption}"), table.caption, table.unit,
        tuple(column.heading for column in table.columns), rows or [(table.empty_text,)],
        tuple(note for note in (table.note, table.source) if note),
    )  # fmt: skip


def _chart(chart: Chart, issue: Issue) -> Sheet:
    """A category a row, a series a column; what nobody reported is blank. Limits stand below."""
    say = _speaker(issue)
    rows: list[tuple[str | Number, ...]] = [
        (
            name,
            *(
                "" if (value := series.values[at]) is None else Number(value, "General")
                for series in chart.series
            ),
        )
        for at, name in enumerate(chart.categories)
    ]
    rows += [(limit.label, Number(limit.value, "General")) for limit in chart.limits]
    unit = " · ".join(part for part in (chart.unit, chart.line_unit) if part)
    return Sheet(
        say(f"图{chart.number} 数据", f"Chart {chart.number} data"), plain(chart.finding), unit,
        (say("项目", "Item"), *(series.name for series in chart.series)), rows or [(chart.empty_text,)],
        tuple(note for note in (chart.as_of, chart.note, chart.source) if note),
    )  # fmt: skip


def _definitions(issue: Issue, facts: Sequence[tuple[str, str]]) -> Sheet:
    say = _speaker(issue)
    colophon = issue.colophon
    said = [
        (say("数据时点", "Data as of"), colophon.as_of_label),
        (say("取数时间", "As known at"), colophon.generated_label),
        (say("数据快照", "Snapshot"), colophon.snapshot_no),
        (say("数据指纹", "Fingerprint of the data"), colophon.fingerprint),
        *facts,
    ]
    glossary = _glossary(issue)
    defined = [tuple(map(plain, row)) for row in glossary.rows] if glossary else []
    return Sheet(
        say("口径", "Definitions"), f"{issue.series} {issue.month_label}", "",
        (say("名称", "What"), say("内容", "Meaning")), [*said, *defined],
    )  # fmt: skip


def _cell(words: Words, language: str) -> str | Number:
    if isinstance(words, tuple) and len(words) == 1:
        words = words[0]
    found = number(words, language=language) if isinstance(words, Printed) else None
    return plain(words) if found is None else found


def _speaker(issue: Issue) -> Any:
    return lambda zh, en: Text(zh, en).say(issue.language)


class _Styles:
    """One format for each way of showing numbers."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self.title = book.add_format({"bold": True, "num_format": 49})
        self.head = book.add_format(
            {"bold": True, "bottom": 1, "num_format": 49, "text_wrap": True, "valign": "top"}
        )
        self.text = book.add_format({"num_format": 49, "text_wrap": True, "valign": "top"})
        self.note = book.add_format({"num_format": 49, "font_color": "#595959"})
        self._numbers: dict[str, Any] = {}

    def of(self, shown: str) -> Any:
        if shown not in self._numbers:
            self._numbers[shown] = self._book.add_format({"num_format": shown, "valign": "top"})
        return self._numbers[shown]


def _write(page: Any, sheet: Sheet, styles: _Styles) -> None:
    """Title and unit, the head, the rows, the notes: in this order, for what is written is let go."""
    for column, width in enumerate(_widths(sheet)):
        page.set_column(column, column, width)
    page.freeze_panes(3, 1)
    page.write_string(0, 0, sheet.title, styles.title)
    page.write_string(1, 0, sheet.unit, styles.note)
    for column, head in enumerate(sheet.heads):
        page.write_string(2, column, head, styles.head)
    at = 2
    for at, row in enumerate(sheet.rows, 3):
        for column, cell in enumerate(row):
            if isinstance(cell, Number):
                page.write_number(at, column, cell.value, styles.of(cell.format))
            else:
                page.write_string(at, column, cell, styles.text)
    for below, note in enumerate(sheet.notes, at + 2):
        page.write_string(below, 0, note, styles.note)


def _widths(sheet: Sheet) -> Iterator[float]:
    """By the longest text of a column, within reason; wide characters count twice."""
    for column, head in enumerate(sheet.heads):
        texts = [head, *(row[column] for row in sheet.rows if column < len(row))]
        longest = max(_wide(text) if isinstance(text, str) else 14 for text in texts)
        yield min(max(longest + 2, 10), 70)


def _wide(text: str) -> int:
    return sum(2 if letter > "\u2e80" else 1 for letter in text)
