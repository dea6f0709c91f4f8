"""How much a bank may send and when: the numbers that `GET /limits` shows and the road obeys."""

from __future__ import annotations

from datetime import timedelta

MiB = 1024 * 1024

#: A file as it travels when it is compressed, and any file once it is unpacked.
MOST_COMPRESSED_BYTES = 64 * MiB
MOST_BYTES = 512 * MiB
MOST_ROWS = 1_000_000
#: One row: nothing honest is longer, and an unclosed quote must not swallow a file.
MOST_ROW_BYTES = MiB
MOST_PLEDGES = 20

#: A workbook travels compressed and holds fewer rows. It is read by a process of its own, which
#: ends at these bounds: seconds, bytes of memory, parts of the archive, columns of a sheet, and
#: cells of the rectangle around its values (that is what a sheet costs in memory).
MOST_WORKBOOK_ROWS = 100_000
WORKBOOK_SECONDS = 60
WORKBOOK_MEMORY = 1536 * MiB
MOST_WORKBOOK_PARTS = 1_000
MOST_WORKBOOK_COLUMNS = 16_384
MOST_WORKBOOK_CELLS = 8_000_000
#: Rows that one request of `POST /loan-events` takes, and how long it waits for their outcome.
MOST_INLINE_ROWS = 1_000
INLINE_WAIT_SECONDS = 10
#: With the bank and its number, the key of the lock under which the parts of a report are declared and moved.
REPORT_LOCK = 0x72657074

#: A declared batch waits this long for its content and its submission.
BATCH_LIFE = timedelta(hours=48)
#: A closed month takes restatements for this many months; older ones need the centre's approval.
REOPEN_MONTHS = 12
#: Reports of a month are due on this day of the next one, at this hour of Asia/Shanghai.
DUE_DAY, DUE_HOUR = 10, 18
