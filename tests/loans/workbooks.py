"""Workbooks as banks make them, honest and hostile ones."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import xlsxwriter

from loans import formats
from tests.loans.bank import Row, flat

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
SHEET = "xl/worksheets/sheet1.xml"
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def of_rows(rows: Iterable[Row], *, dataset: str = "flow") -> bytes:
    """Rows under the format's own header, in cells of the types their values have."""
    columns = formats.csv_columns(dataset)
    return of_cells([columns, *([flat(row).get(name) for name in columns] for row in rows)])


def of_cells(
    cells: Sequence[Sequence[Any]], *, before: Mapping[str, Sequence[Sequence[Any]]] | None = None
) -> bytes:
    """One sheet of cells behind those of `before`: text, numbers, logical values and dates by their types."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file)
    shapes = {
        date: book.add_format({"num_format": "yyyy-mm-dd"}),
        datetime: book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
    }
    for name, table in {**(before or {}), "data": cells}.items():
        sheet = book.add_worksheet(name)
        for at, row in enumerate(table):
            for column, value in enumerate(row):
                if isinstance(value, str):
                    sheet.write_string(at, column, value)
                elif isinstance(value, (date, datetime)):
                    sheet.write_datetime(at, column, value, shapes[type(value)])
                elif value is not None:
                    sheet.write(at, column, value)
    book.close()
    return file.getvalue()


def parts(sheet: str = "<sheetData/>", **more: str) -> dict[str, str]:
    """The smallest workbook, part by part; `more` replaces or adds parts (`/` written `__`)."""
    head = '<?xml version="1.0" encoding="UTF-8"?>'
    found = {
        "[Content_Types].xml": f'{head}<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{TYPE}.sheet.main+xml"/></Types>',
        "_rels/.rels": f'{head}<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{RELATED}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{head}<workbook xmlns="{MAIN}" xmlns:r="{RELATED}"><sheets>'
        '<sheet name="data" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'{head}<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{RELATED}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        SHEET: f'{head}<worksheet xmlns="{MAIN}">{sheet}</worksheet>',
    }
    return found | {name.replace("__", "/"): content for name, content in more.items()}


def pack(parts: Mapping[str, str | bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


def cell(value: str, *, column: str = "A", row: int = 1) -> str:
    return f'<c r="{column}{row}" t="inlineStr"><is><t>{value}</t></is></c>'


def row_of(values: Iterable[str], *, row: int = 1) -> str:
    """A row of text cells, or of cells written out where a value begins with `<`."""
    from finance_hub.kernel.workbook.places import letters

    cells = (
        value.replace("REF", f"{letters(at)}{row}")
        if value.startswith("<")
        else cell(value, column=letters(at), row=row)
        for at, value in enumerate(values)
        if value
    )
    return f'<row r="{row}">{"".join(cells)}</row>'


def sheet_of(*rows: Row, dataset: str = "flow", **written: str) -> str:
    """`sheetData` of rows as text; the cells of `written` columns stand as given, e.g. `<c r="REF" t="e">…`."""
    columns = formats.csv_columns(dataset)
    lines = [row_of(columns)]
    for at, row in enumerate(rows, 2):
        texts = {name: str(value) for name, value in flat(row).items() if value is not None} | written
        lines.append(row_of([texts.get(name, "") for name in columns], row=at))
    return f"<sheetData>{''.join(lines)}</sheetData>"
