"""Rows of a fund, as people keep them in a spreadsheet: in with a preview, out as a workbook.

`sheets` says as data what each kind of row holds and which operation takes it; `importing` judges and
enters rows, `files` reads them from XLSX and CSV, and `books` writes the template and the export.
"""

from funds.workbook.importing import (
    Import,
    ImportDiffers,
    Judged,
    Outcome,
    Row,
    RowsRefused,
    enter,
    preview,
)
from funds.workbook.sheets import SHEETS, Sheet

__all__ = [
    "SHEETS", "Import", "ImportDiffers", "Judged", "Outcome", "Row", "RowsRefused", "Sheet", "enter", "preview",
]  # fmt: skip
