"""A table of texts as a workbook: every cell a text, whatever it looks like, so that nothing in it runs."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import IO

from django.conf import settings

from finance_hub.kernel.workbook.places import letters

#: What a spreadsheet holds: rows below a header, and characters of a cell.
MOST_ROWS, MOST_CHARACTERS = 1_048_575, 32_767
#: Typed over, a cell stays text: codes keep their zeros and amounts their digits. 49 is Excel's own `@`.
TEXT = {"num_format": 49, "quote_prefix": True}
HEADER = {"bold": True, "bottom": 1, "num_format": 49}


def write(
    header: Sequence[str],
    chunks: Iterable[Iterable[Sequence[str]]],
    *,
    name: str,
    widths: Mapping[str, int],
    created: datetime,
) -> IO[bytes]:
    """An open file without a name that holds the workbook; rows go to the disk as they come.

    `widths` are in characters, by column. Closing the file is all that is left to do.
    """
    import xlsxwriter  # wanted by few requests

    folder = Path(settings.FILES_DIR)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as own:
        path = Path(own) / "table.xlsx"
        with xlsxwriter.Workbook(str(path), {"constant_memory": True, "tmpdir": own}) as book:
            book.use_zip64()
            book.set_properties({"created": created})
            text, heading = book.add_format(TEXT), book.add_format(HEADER)
            sheet = book.add_worksheet(name)
            sheet.freeze_panes(1, 0)
            sheet.ignore_errors({"number_stored_as_text": f"A1:{letters(len(header))}{MOST_ROWS + 1}"})
            for column, title in enumerate(header):
                sheet.set_column(column, column, widths.get(title, len(title) + 2), text)
                sheet.write_string(0, column, title, heading)
            for at, cells in enumerate(chain.from_iterable(chunks), 1):
                for column, cell in enumerate(cells):
                    if cell:
                        sheet.write_string(at, column, _fitting(cell), text)
        return path.open("rb")


def _fitting(cell: str) -> str:
    return cell if len(cell) <= MOST_CHARACTERS else cell[: MOST_CHARACTERS - 1] + "…"
