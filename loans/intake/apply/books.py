"""The books of positions: one a bank and month, opened for its first snapshot and bound when it is in.

While a book is open it is a table of its own, without indexes, that only this transaction sees.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from finance_hub.kernel.periods import Month
from loans.models import LoanPosition


def exists(*, bank: int, month: Month) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [_name(bank, month)])
        return bool(cursor.fetchone()[0])


@contextmanager
def writing(*, bank: int, month: Month) -> Iterator[str]:
    """The name of the table to insert into. Wants a transaction, and one writer a bank at a time."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT open_position_book(%s, %s)", [bank, month.first])
        opened = cursor.fetchone()[0]
        yield opened or LoanPosition._meta.db_table
        if opened:
            cursor.execute("SELECT bind_position_book(%s, %s)", [bank, month.first])


def _name(bank: int, month: Month) -> str:
    return f"{LoanPosition._meta.db_table}_{bank}_{month.first:%Y%m}"
