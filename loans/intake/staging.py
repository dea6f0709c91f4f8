"""Rows on their way: temporary tables of one transaction, filled by COPY, block by block.

`staged` has the good rows in their types, `staged_listed` the rows that cannot be applied as they
were sent, `staged_fault` what is wrong with whom. Every check that follows takes rows out of the
view `pending` by adding a fault; how such a row was sent is read from the file once more and stands
in `staged_original`.
"""

from __future__ import annotations

from collections.abc import Sequence

import orjson
import polars as pl
from django.db import connection

from loans.faults import WARNINGS
from loans.intake.parse import Fault
from loans.intake.rules import Checked
from loans.models import Dataset

_FLOW = """
  row_number int, line_number int, client_row_id text, contract_no text, drawdown_no text,
  external_event_id text, revision int, record_type text, uscc text, firm_name text, value_date date,
  amount numeric(18,2), product text, annual_rate_pct numeric(9,4), maturity_date date, repayment_method text,
  lpr_spread_bp int, interest_subsidy_pct numeric(9,4), purpose_industry text, branch_code text,
  talent_programme text, warrant_ref text, guarantee_ref text, pledges jsonb, reverses text,
  reason_code text, content_sha256 bytea"""
_STOCK = """
  row_number int, line_number int, client_row_id text, contract_no text, drawdown_no text,
  revision int, uscc text, balance numeric(18,2), overdue_days int, overdue_principal numeric(18,2),
  overdue_interest numeric(18,2), five_tier text"""
_OTHERS = {
    "staged_original": "row_number int, original text",
    "staged_listed": "row_number int, line_number int, client_row_id text, contract_no text, original text",
    "staged_fault": "row_number int, code text, pointer text, context jsonb, warning bool",
    "staged_unchanged": "row_number int PRIMARY KEY",
}
_PENDING = """
CREATE TEMP VIEW pending AS SELECT s.* FROM staged s
 WHERE NOT EXISTS (SELECT FROM staged_fault f WHERE f.row_number = s.row_number AND NOT f.warning)
   AND NOT EXISTS (SELECT FROM staged_unchanged u WHERE u.row_number = s.row_number)"""


class Staging:
    """The tables of one batch; `add` fills them, `finish` readies them for the checks."""

    def __init__(self, *, dataset: str) -> None:
        tables = {"staged": _FLOW if dataset == Dataset.FLOW else _STOCK, **_OTHERS}
        # A transaction may hold more than one batch: the tables of the one before go first.
        made = ["DROP TABLE IF EXISTS " + ", ".join(f"pg_temp.{name}" for name in tables) + " CASCADE"]
        made += [f"CREATE TEMP TABLE {name} ({columns}) ON COMMIT DROP" for name, columns in tables.items()]
        if dataset == Dataset.FLOW:
            made.append(_PENDING)
        with connection.cursor() as cursor:
            cursor.execute(";".join(made))
            cursor.execute(
                "SELECT attname FROM pg_attribute WHERE attrelid = 'staged'::regclass AND attnum > 0"
            )
            self._columns = [name for (name,) in cursor.fetchall()]

    def add(self, checked: Checked) -> None:
        good = checked.good
        copy("staged", good.select(self._columns))
        copy("staged_listed", checked.bad)
        copy_faults(checked.faults)

    def finish(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("CREATE INDEX ON staged_fault (row_number)")
            # How many rows, and how far apart the names are that joins go by.
            names = sorted({"contract_no", "drawdown_no", "external_event_id"} & set(self._columns))
            cursor.execute(f"ANALYZE staged ({', '.join(names)}), staged_fault (row_number)")


def rejected_late() -> pl.Series:
    """The row numbers of staged rows that a check has refused, in order."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT row_number FROM staged_fault f WHERE NOT warning"
            " AND NOT EXISTS (SELECT FROM staged_listed l WHERE l.row_number = f.row_number) ORDER BY 1"
        )
        return pl.Series("row_number", [number for (number,) in cursor.fetchall()], dtype=pl.Int32)


def copy(table: str, rows: pl.DataFrame) -> None:
    """COPY rows into a temporary table, by the names of their columns."""
    if rows.is_empty():
        return
    statement = f"COPY {table} ({', '.join(rows.columns)}) FROM STDIN (FORMAT csv)"
    with connection.cursor() as cursor, cursor.copy(statement) as pipe:
        pipe.write(rows.write_csv(include_header=False).encode())


def copy_faults(faults: Sequence[Fault]) -> None:
    columns = {
        "row_number": [fault.row_number for fault in faults],
        "code": [fault.code for fault in faults],
        "pointer": [fault.pointer for fault in faults],
        "context": [_json(fault.context) for fault in faults],
        "warning": [fault.code in WARNINGS for fault in faults],
    }
    copy("staged_fault", pl.DataFrame(columns))


def _json(context: dict[str, object]) -> str:
    texts = {name: str(value).replace("\x00", "\\x00") for name, value in context.items()}
    return orjson.dumps(texts).decode()
