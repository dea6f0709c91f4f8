"""Files to fill in: the header of a report and, in a workbook, what every column means and may hold."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from finance_hub.kernel.text import Text
from finance_hub.rest.cells import BOM
from loans import formats, limits
from loans.codes import LISTS, Code
from loans.intake import sheet
from loans.intake.template import columns
from loans.intake.template.columns import Column

#: The version of the row formats; it stands in the properties of the workbook.
VERSION = "2026-11"
_SINCE = datetime(2026, 11, 1, tzinfo=UTC)
_NOTES = (
    "列 Column",
    "含义",
    "Meaning",
    "是否必填",
    "Required",
    "格式",
    "Format",
    "允许的取值 Allowed values",
)
_NOTES_WIDTHS = (26, 44, 52, 34, 44, 40, 44, 60)
_CODES = ("列 Column", "代码 Code", "名称", "Name")
_CODES_WIDTHS = (20, 22, 24, 36)
#: What columns name as their choices → the code list.
_LISTS = {
    "record_type": "record-types",
    "currency": "currencies",
    "product": "products",
    "repayment_method": "repayment-methods",
    "five_tier": "five-tier",
    "pledge_type": "pledge-types",
    "reason_code": "reason-codes",
}
_NOT_LISTED = Text("请从下拉列表中选取", "Choose one of the list")


def as_csv(dataset: str) -> bytes:
    """The header, in UTF-8 that Excel takes for what it is."""
    text = io.StringIO()
    csv.writer(text).writerow(formats.csv_columns(dataset))
    return (BOM + text.getvalue()).encode()


def as_xlsx(dataset: str) -> bytes:
    """A sheet to fill in, one of notes, one of codes. The same products give the same bytes."""
    import xlsxwriter  # wanted by few requests

    described = columns.of(dataset)
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        book.set_properties({"title": f"loan report: {dataset}", "created": _SINCE})
        book.set_custom_property("format_version", VERSION)
        book.set_custom_property("dataset", dataset)
        styles = {
            "text": book.add_format(sheet.TEXT),
            "required": book.add_format({**sheet.HEADER, "bg_color": "#FCE4D6"}),
            "optional": book.add_format(sheet.HEADER),
            "heading": book.add_format({**sheet.HEADER, "text_wrap": True}),
            "note": book.add_format({"num_format": 49, "text_wrap": True, "valign": "top"}),
        }
        form = book.add_worksheet(dataset)
        used = codes_of(described)
        notes = [_note(column, used) for column in described]
        _table(book.add_worksheet("说明 Notes"), _NOTES, _NOTES_WIDTHS, notes, styles)
        coded = [(name, code.code, *code.text) for name, found in used.items() for code in found]
        _table(book.add_worksheet("代码 Codes"), _CODES, _CODES_WIDTHS, coded, styles)
        _form(form, described, used, styles)
    return file.getvalue()


def codes_of(described: Iterable[Column]) -> dict[str, list[Code]]:
    """{what columns name as their choices: its codes in their order}."""
    wanted = {column.choices for column in described}
    return {name: LISTS[held]() for name, held in _LISTS.items() if name in wanted}


def _note(column: Column, used: dict[str, list[Code]]) -> tuple[str, ...]:
    allowed = "\n".join(
        f"{code.code}  {code.text.zh}  {code.text.en}" for code in used.get(column.choices, ())
    )
    return (column.name, *column.meaning, *column.needed, *column.format, allowed)


def _table(
    page: Any,
    header: Sequence[str],
    widths: Sequence[int],
    rows: Iterable[Sequence[str]],
    styles: dict[str, Any],
) -> None:
    page.freeze_panes(1, 1)
    for column, (title, width) in enumerate(zip(header, widths, strict=True)):
        page.set_column(column, column, width)
        page.write_string(0, column, title, styles["heading"])
    for at, row in enumerate(rows, 1):
        for column, text in enumerate(row):
            page.write_string(at, column, text, styles["note"])


def _form(page: Any, described: list[Column], used: dict[str, list[Code]], styles: dict[str, Any]) -> None:
    page.freeze_panes(1, 0)
    page.activate()
    ranges = _ranges(used)
    for at, column in enumerate(described):
        kind = "required" if column.needed == columns.ALWAYS else "optional"
        page.set_column(at, at, max(14, len(column.name) + 2), styles["text"])
        page.write_string(0, at, column.name, styles[kind])
        page.write_comment(0, at, _comment(column), {"x_scale": 2.4, "y_scale": 1.4})
        if column.choices:
            page.data_validation(1, at, limits.MOST_WORKBOOK_ROWS, at, _choice(column, ranges))
    page.ignore_errors({"number_stored_as_text": f"A1:{_LAST_CELL}"})


#: The corner of any report: more columns than the widest, as many rows as are taken.
_LAST_CELL = f"CZ{limits.MOST_WORKBOOK_ROWS + 1}"


def _comment(column: Column) -> str:
    zh = f"{column.meaning.zh}\n{column.needed.zh}；{column.format.zh}"
    en = f"{column.meaning.en}\n{column.needed.en}. {column.format.en}"
    return f"{zh}\n\n{en}"


def _ranges(used: dict[str, list[Code]]) -> dict[str, str]:
    """{code list: where its codes stand on the sheet of codes}, below each other in their order."""
    ranges, row = {}, 2
    for name, listed in used.items():
        ranges[name] = f"='代码 Codes'!$B${row}:$B${row + len(listed) - 1}"
        row += len(listed)
    return ranges


def _choice(column: Column, ranges: dict[str, str]) -> dict[str, Any]:
    """A drop-down. A reason that is not listed is taken with a warning, so it is no error here either."""
    return {
        "validate": "list",
        "source": ranges[column.choices],
        "error_type": "warning" if column.name == "reason_code" else "stop",
        "error_title": column.name,
        "error_message": f"{_NOT_LISTED.zh}\n{_NOT_LISTED.en}",
    }
