"""Hands for the pages of the listings: what a workbook holds."""

from __future__ import annotations

import io
from typing import Any


def sheets_of(content: bytes) -> dict[str, list[list[Any]]]:
    """{sheet: its rows}."""
    import python_calamine

    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}
