"""How many files of a bank may come in at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection

from finance_hub.kernel.problems import Problem
from finance_hub.kernel.text import Text

#: With the number of the slot and the bank's id, the key of a lock.
_LOCK = 0x75700000


class TooManyUploads(Problem):
    code = "too-many-uploads"
    status = 429
    title = Text("同时上传的文件过多", "Too many uploads at once")
    detail = Text("同时最多上传 {most} 个文件", "At most {most} files at the same time")
    retry_after = 5


@contextmanager
def slot(bank_id: int) -> Iterator[None]:
    """One of the bank's slots, for the block. Raises TooManyUploads.

    The lock is the connection's and not a transaction's: none is open while a file streams in, and
    a process that dies gives its slot back.
    """
    most: int = settings.CONCURRENT_UPLOADS
    taken = next((number for number in range(most) if _ask("try_advisory_lock", number, bank_id)), None)
    if taken is None:
        raise TooManyUploads(most=most)
    try:
        yield
    finally:
        _ask("advisory_unlock", taken, bank_id)


def _ask(function: str, number: int, bank_id: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_{function}(%s, %s)", [_LOCK + number, bank_id])
        return bool(cursor.fetchone()[0])
