"""A bank's month as the centre holds it: opening + what happened = closing, by product, beside the stock.

opening + disbursed - repaid + adjusted - written off - refinanced = closing. The flows are added up
from the reported amounts, the balances from the effects that intake stored: two sums of the same
facts that must agree. A reversal counts against the kind of event it takes back, in its own month. A
recovery is income after a write-off and moves no balance. As of the month's end, as known at a moment.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

import orjson

from finance_hub.kernel.models import Organisation
from finance_hub.kernel.periods import Month
from loans.models import BatchState, Confirmation, Dataset, LoanReportBatch, RecordType
from loans.queries.batches import reported
from loans.queries.in_force import EVENTS, POSITIONS, rows

#: Name of a flow → the kind of event that makes it up.
FLOWS = {
    "disbursed": RecordType.DISBURSEMENT,
    "repaid": RecordType.REPAYMENT,
    "adjusted": RecordType.ADJUSTMENT,
    "written_off": RecordType.WRITE_OFF,
    "refinanced": RecordType.REFINANCING,
    "recovered": RecordType.RECOVERY,
}
AMOUNTS = ("opening", *FLOWS, "closing")


def _of_target(column: str) -> str:
    """SQL of a column of the event that the reversal `e` takes back, in the revision known."""
    return f"""(SELECT t.{column} FROM loans_loanevent t
       WHERE t.bank_id = e.bank_id AND t.external_event_id = e.reverses AND t.recorded_at <= %(known_at)s
       ORDER BY t.revision DESC LIMIT 1)"""  # noqa: S608 - columns of ours


_FLOW_SUMS = ", ".join(
    f"coalesce(sum(amount) FILTER (WHERE kind = '{kind.value}'), 0) AS {name}" for name, kind in FLOWS.items()
)
_EVENT_COUNTS = ", ".join(
    f"count(*) FILTER (WHERE record_type = '{kind}') AS n_{kind}" for kind in RecordType.values
)
_LINES = f"""
WITH balance AS (
  SELECT e.drawdown_id, coalesce(sum(e.effect) FILTER (WHERE e.value_date < %(start)s), 0) AS opening,
         sum(e.effect) AS closing
    FROM loans_loanevent e
   WHERE e.bank_id = %(bank)s AND e.value_date < %(end)s AND {EVENTS} GROUP BY 1),
stood AS (
  SELECT p.drawdown_id, p.balance FROM loans_loanposition p
   WHERE p.bank_id = %(bank)s AND p.month = %(start)s AND {POSITIONS}),
standing AS (
  SELECT d.product_id, coalesce(sum(b.opening), 0) AS opening, coalesce(sum(b.closing), 0) AS closing,
         count(*) FILTER (WHERE b.closing <> 0) AS live, coalesce(sum(s.balance), 0) AS stock,
         count(s.drawdown_id) AS positions,
         count(*) FILTER (WHERE coalesce(b.closing, 0) <> coalesce(s.balance, 0)) AS differing
    FROM balance b FULL JOIN stood s USING (drawdown_id) JOIN loans_drawdown d ON d.id = drawdown_id
   GROUP BY 1),
event AS MATERIALIZED (  -- else its look-ups are done again for every sum
  SELECT d.product_id, e.record_type,
         CASE e.record_type WHEN 'reversal' THEN {_of_target("record_type")} ELSE e.record_type END AS kind,
         CASE e.record_type WHEN 'reversal' THEN -{_of_target("amount")} ELSE e.amount END AS amount
    FROM loans_loanevent e JOIN loans_drawdown d ON d.id = e.drawdown_id
   WHERE e.bank_id = %(bank)s AND e.value_date >= %(start)s AND e.value_date < %(end)s AND {EVENTS}),
flow AS (SELECT product_id, {_FLOW_SUMS}, {_EVENT_COUNTS} FROM event GROUP BY 1)
SELECT s.product_id, s.opening, {", ".join(f"coalesce(f.{name}, 0)" for name in FLOWS)}, s.closing,
       {", ".join(f"coalesce(f.n_{kind}, 0)" for kind in RecordType.values)},
       s.live, s.stock, s.positions, s.differing
  FROM standing s LEFT JOIN flow f USING (product_id) ORDER BY 1
"""  # noqa: S608 - constants of ours


@dataclass(frozen=True)
class Line:
    """Yuan of one product, or of all where `product` is None. `events` counts the month's events by
    record type. The three last are None where the month's stock has not been reported."""

    product: str | None
    opening: Decimal
    disbursed: Decimal
    repaid: Decimal
    adjusted: Decimal
    written_off: Decimal
    refinanced: Decimal
    recovered: Decimal
    closing: Decimal
    events: dict[str, int]
    live_drawdowns: int
    stock_balance: Decimal | None
    stock_drawdowns: int | None
    differing_drawdowns: int | None

    @property
    def expected(self) -> Decimal:
        """What the closing balance is by the flows."""
        gone = self.repaid + self.written_off + self.refinanced
        return self.opening + self.disbursed + self.adjusted - gone

    @property
    def holds(self) -> bool:
        return self.expected == self.closing

    def plain(self) -> dict[str, Any]:
        """As it is hashed: amounts as strings."""
        facts = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: f"{v:.2f}" if isinstance(v, Decimal) else v for name, v in facts.items()}


@dataclass(frozen=True)
class Reconciliation:
    bank: Organisation
    month: Month
    by_product: Sequence[Line]
    #: The data sets of the month that have been applied.
    datasets: frozenset[str]
    last_batch: str | None
    last_confirmation: Confirmation | None

    @cached_property
    def total(self) -> Line:
        return _total(self.by_product, stock=Dataset.STOCK in self.datasets)

    @cached_property
    def sha256(self) -> str:
        """Of everything shown, in canonical JSON: other facts, another digest."""
        lines = [line.plain() for line in (self.total, *self.by_product)]
        content = {"bank": self.bank.code, "period": str(self.month), "lines": lines}
        return hashlib.sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).hexdigest()

    @property
    def content_digest(self) -> str:
        """As in a Content-Digest header (RFC 9530)."""
        return digest_of(self.sha256)

    @property
    def status(self) -> str:
        """`unconfirmed`; `outdated` where the totals are others than those the bank last spoke of; else
        `confirmed` or `differs`."""
        said = self.last_confirmation
        if said is None:
            return "unconfirmed"
        if said.content_sha256 != self.sha256:
            return "outdated"
        return "confirmed" if said.matched else "differs"


def digest_of(sha256: str) -> str:
    return f"sha-256=:{base64.b64encode(bytes.fromhex(sha256)).decode()}:"


def reconcile(bank: Organisation, month: Month, *, known_at: datetime) -> Reconciliation:
    """The bank's month from its facts recorded by `known_at` (inclusive)."""
    datasets = frozenset(name for owner, name in reported(month, known_at=known_at) if owner == bank.pk)
    facts = {"bank": bank.pk, "start": month.first, "end": month.end, "known_at": known_at}
    stock = Dataset.STOCK in datasets
    applied = LoanReportBatch.objects.filter(
        bank=bank, period=month.first, state=BatchState.APPLIED, finished_at__lte=known_at
    )
    return Reconciliation(
        bank=bank,
        month=month,
        by_product=[_line(row, stock=stock) for row in rows(_LINES, **facts)],
        datasets=datasets,
        last_batch=applied.order_by("-finished_at", "-pk").values_list("public_id", flat=True).first(),
        last_confirmation=last_confirmation(bank, month),
    )


def last_confirmation(bank: Organisation, month: Month) -> Confirmation | None:
    held = Confirmation.objects.select_related("confirmed_by").filter(bank=bank, period=month.first)
    return held.order_by("-number").first()


def _line(row: tuple[Any, ...], *, stock: bool) -> Line:
    product, rest = row[0], row[1:]
    amounts, rest = dict(zip(AMOUNTS, rest, strict=False)), rest[len(AMOUNTS) :]
    kinds = RecordType.values
    live, *stood = rest[len(kinds) :]
    return Line(product, **amounts, events=dict(zip(kinds, rest, strict=False)), live_drawdowns=live,
                **_stock(stood if stock else (None, None, None)))  # fmt: skip


def _stock(stood: Sequence[Any]) -> dict[str, Any]:
    return dict(zip(("stock_balance", "stock_drawdowns", "differing_drawdowns"), stood, strict=True))


def _total(lines: Sequence[Line], *, stock: bool) -> Line:
    def added(name: str, nothing: Any = Decimal("0.00")) -> Any:
        return sum((getattr(line, name) for line in lines), nothing)

    return Line(
        None,
        **{name: added(name) for name in AMOUNTS},
        events={kind: sum(line.events[kind] for line in lines) for kind in RecordType.values},
        live_drawdowns=added("live_drawdowns", 0),
        stock_balance=added("stock_balance") if stock else None,
        stock_drawdowns=added("stock_drawdowns", 0) if stock else None,
        differing_drawdowns=added("differing_drawdowns", 0) if stock else None,
    )
