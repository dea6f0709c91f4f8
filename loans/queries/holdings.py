"""Everything that the centre holds of a bank, read in one statement: one state of the database.

Each kind of record fills its own columns of one wide row and leaves the others empty. The rows come
through a cursor on the server, so that memory does not grow with their number.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import connection

from finance_hub.kernel import scoping
from finance_hub.kernel.models import Organisation
from finance_hub.kernel.periods import Month

_CHUNK = 2_000


def _moment(column: str) -> str:
    """SQL of a moment as RFC 3339 with the offset of Asia/Shanghai, to the microsecond."""
    return f"""to_char({column} AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD"T"HH24:MI:SS.US"+08:00"')"""


_NUMBERS = {"contract_no": "c.contract_no", "drawdown_no": "d.drawdown_no"}
_TERMS = (
    "lpr_spread_bp", "interest_subsidy_pct", "purpose_industry", "branch_code", "talent_programme", "warrant_ref",
    "guarantee_ref",
)  # fmt: skip
_ROW = {"batch": "b.public_id", "row_number": "x.row_number", "client_row_id": "x.client_row_id"}

#: Kind of record → what its columns are, by the name they have in the file.
_COLUMNS: dict[str, dict[str, str]] = {
    "contract": {
        "contract_no": "c.contract_no", "uscc": "f.uscc", "firm_name": "f.name",
        "recorded_at": _moment("c.recorded_at"),
    },
    "drawdown": {
        **_NUMBERS, "product": "d.product_id", "value_date": "d.disbursed_on",
        "annual_rate_pct": "d.annual_rate_pct", "maturity_date": "d.maturity_date",
        "repayment_method": "d.repayment_method", **{name: f"d.{name}" for name in _TERMS},
        "recorded_at": _moment("d.recorded_at"),
    },
    "pledge": {
        **_NUMBERS, "pledge_type": "p.type", "certificate_no": "p.certificate_no",
        "registration_no": "p.registration_no", "appraised_value": "p.appraised_value", "share_pct": "p.share_pct",
    },
    "event": {
        **_NUMBERS, "external_event_id": "x.external_event_id", "revision": "x.revision",
        "record_type": "x.record_type", "value_date": "x.value_date", "amount": "x.amount", "effect": "x.effect",
        "maturity_date": "x.maturity_date", "reverses": "x.reverses", "reason_code": "x.reason_code",
        **_ROW, "recorded_at": _moment("x.recorded_at"),
    },
    "position": {
        **_NUMBERS, "period": "to_char(x.month, 'YYYY-MM')", "revision": "x.revision", "balance": "x.balance",
        "overdue_days": "x.overdue_days", "overdue_principal": "x.overdue_principal",
        "overdue_interest": "x.overdue_interest", "five_tier": "x.five_tier", **_ROW,
        "recorded_at": _moment("x.recorded_at"),
    },
}  # fmt: skip
KINDS = tuple(_COLUMNS)
#: The columns of the file: the kind of record, and every column of any kind once.
COLUMNS = ("record", *dict.fromkeys(name for columns in _COLUMNS.values() for name in columns))

_OF_DRAWDOWN = (
    "JOIN loans_drawdown d ON d.id = x.drawdown_id AND d.bank_id = %(bank)s"
    " JOIN loans_contract c ON c.id = d.contract_id AND c.bank_id = %(bank)s"
)
_OF_BATCH = "JOIN loans_loanreportbatch b ON b.id = x.batch_id AND b.bank_id = %(bank)s"
_HELD = "d.bank_id = %(bank)s AND d.disbursed_on < %(end)s AND d.recorded_at <= %(known_at)s"
_FROM = {
    "contract": f"""loans_contract c JOIN kernel_firm f ON f.id = c.firm_id
        WHERE c.bank_id = %(bank)s AND c.recorded_at <= %(known_at)s
          AND EXISTS (SELECT FROM loans_drawdown d WHERE d.contract_id = c.id AND {_HELD})
        ORDER BY c.id""",
    "drawdown": f"""loans_drawdown d JOIN loans_contract c ON c.id = d.contract_id
        WHERE {_HELD} ORDER BY d.id""",
    "pledge": f"""loans_pledge p
        JOIN loans_drawdown d ON d.id = p.drawdown_id JOIN loans_contract c ON c.id = d.contract_id
        WHERE {_HELD} ORDER BY p.id""",
    "event": f"""loans_loanevent x {_OF_DRAWDOWN} {_OF_BATCH}
        WHERE x.bank_id = %(bank)s AND x.value_date < %(end)s AND x.recorded_at <= %(known_at)s
        ORDER BY x.id""",
    "position": f"""loans_loanposition x {_OF_DRAWDOWN} {_OF_BATCH}
        WHERE x.bank_id = %(bank)s AND x.month <= %(month)s AND x.recorded_at <= %(known_at)s
        ORDER BY x.month, x.drawdown_id, x.revision""",
}


def _statement() -> str:
    return " UNION ALL ".join(_part(kind) for kind in KINDS)


def _part(kind: str) -> str:
    own = _COLUMNS[kind]
    cells = ", ".join(f"({own[name]})::text" if name in own else "NULL" for name in COLUMNS[1:])
    return f"(SELECT '{kind}', {cells} FROM {_FROM[kind]})"  # noqa: S608 - constants of ours


def records(bank: Organisation, month: Month, *, known_at: datetime) -> Iterator[list[tuple[Any, ...]]]:
    """Chunks of rows under COLUMNS, texts or None: contracts, drawdowns with their terms in force,
    pledges, events in every revision, positions.

    As of the end of `month`, as known at `known_at`; kinds one after the other, each in the order it was
    recorded in. Raises NoScope outside a scope; wants a transaction, which `scoping.within` opens.
    """
    scoping.current()
    facts: dict[str, Any] = {"bank": bank.pk, "month": month.first, "end": month.end, "known_at": known_at}
    with connection.cursor() as cursor:
        # All of a bank is read. Where the statistics do not know yet how much that is, nested loops would read
        # it anew for every row.
        cursor.execute("SET LOCAL enable_nestloop = off")
    with connection.chunked_cursor() as cursor:
        cursor.execute(_statement(), facts)
        while chunk := cursor.fetchmany(_CHUNK):
            yield chunk


def columns_of(kind: str) -> list[tuple[str, int]]:
    """The columns that records of a kind fill, each with its place in the row."""
    own = {"record", *_COLUMNS[kind]}
    return [(name, at) for at, name in enumerate(COLUMNS) if name in own]
