"""How much is taken at once."""

from __future__ import annotations

#: The largest document that stands behind a step of a deal.
MOST_DOCUMENT_BYTES = 50 * 1024 * 1024
#: The largest workbook or CSV of rows to enter, and how many rows at once.
MOST_WORKBOOK_BYTES = 5 * 1024 * 1024
MOST_ROWS = 2_000
