"""CSV whose cells no spreadsheet runs: one place for everything that goes out."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from typing import Any

#: Excel takes a CSV for UTF-8 only when it begins so.
BOM = "\ufeff"
#: A spreadsheet runs a cell that begins so; a negative number stays a number.
_FORMULA = re.compile(r"\s*[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]")
_NUMBER = re.compile(r"-[0-9]+(\.[0-9]+)?", re.ASCII)


def lines(rows: Iterable[Iterable[Any]]) -> str:
    """Rows as lines of CSV, every cell harmless."""
    text = io.StringIO()
    csv.writer(text).writerows([cell and harmless(cell) for cell in row] for row in rows)
    return text.getvalue()


def harmless(cell: Any) -> str:
    """The cell as text that no spreadsheet runs (OWASP CSV injection)."""
    shown = "" if cell is None else str(cell)
    if shown.isascii() and shown[:1].isalnum():  # nearly every cell, and nothing to look for
        return shown
    # Half a surrogate pair can stand in JSON as an escape, but not in a file.
    shown = shown.encode(errors="backslashreplace").decode()
    return f"'{shown}" if _FORMULA.match(shown) and not _NUMBER.fullmatch(shown) else shown
