"""How much a bank may send and when: the numbers that `GET /limits` shows and the road obeys."""

from __future__ import annotations

from datetime import timedelta

from finance_hub.kernel.workbook import limits as workbook

MiB = 1024 * 1024

#: A file as it travels when it is compressed, and any file once it is unpacked.
MOST_COMPRESSED_BYTES = 64 * MiB
MOST_BYTES = 512 * MiB
MOST_ROWS = 1_000_000
#: One row: nothing honest is longer, and an unclosed quote must not swallow a file.
MOST_ROW_BYTES = MiB
MOST_PLEDGES = 20

#: A workbook travels compressed and holds fewer rows; `kernel.workbook.limits` has the bounds of its reader.
MOST_WORKBOOK_ROWS = workbook.MOST_ROWS
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
