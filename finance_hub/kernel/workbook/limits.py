"""The bounds at which the process that reads a workbook ends, and so does its file."""

from __future__ import annotations

MiB = 1024 * 1024

#: What its parts unpack to, all together.
MOST_BYTES = 512 * MiB
#: One row: nothing honest is longer.
MOST_ROW_BYTES = MiB
MOST_ROWS = 100_000
SECONDS = 60
MEMORY = 1536 * MiB
MOST_PARTS = 1_000
MOST_COLUMNS = 16_384
#: Of the rectangle around its values: that is what a sheet costs in memory.
MOST_CELLS = 8_000_000
