"""Every record of a fund as one row of text-like values: what a workbook shows, and what its rows are compared with."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db.models import OuterRef, Q, Subquery

from funds.models import Deal, DealStep, Fund, FundEvent, Holding, HoldingEvent, HoldingEventKind, Moved
from funds.models.deals import Stage
from funds.queries.known import facts
from funds.queries.positions import ledger, valuations


class Record(NamedTuple):
    """`values` by the names that sheets have for them; `stands` unless it is taken back, or takes back or moves."""

    id: str
    stands: bool
    values: dict[str, Any]


class When(NamedTuple):
    """Before `as_of`, as known at `known_at`."""

    as_of: date
    known_at: datetime

    @property
    def rows(self) -> Q:
        return facts(as_of=self.as_of, known_at=self.known_at)


def ledger_records(of: Fund, when: When | None = None) -> list[Record]:
    """Of the ledger, by day and entry; all that is recorded unless a moment is given. Three queries."""
    events = ledger(of).defer(None).order_by("effective_date", "pk")
    rows = list(events.filter(when.rows) if when else events)
    taken_back = {row.reverses_id for row in rows if row.reverses_id}
    return [_of_ledger(row, is_reversed=row.pk in taken_back) for row in rows]


def _of_ledger(row: FundEvent, *, is_reversed: bool) -> Record:
    stands = not (row.reverses_id or row.moved or is_reversed)
    counts = -1 if row.reverses_id else 1
    values = {
        "kind": row.kind, "investor": row.investor.name if row.investor else None, "amount": row.amount,
        "effective_date": row.effective_date, "nature": row.nature, "recallable": row.recallable,
        "outside_commitment": row.outside_commitment, "note": row.note,
        "net_amount": row.amount * (-counts if row.moved == Moved.OUT else counts),
        "state": _state(row, is_reversed=is_reversed) or row.moved or None,
        "refers_to": row.reverses.public_id if row.reverses else row.corrects and row.corrects.public_id,
        **_recorded(row),
    }  # fmt: skip
    return Record(row.public_id, stands, values)


def holding_event_records(of: Fund, kinds: Iterable[str], when: When | None = None) -> list[Record]:
    """Of what it holds, by day and entry. One query."""
    events = HoldingEvent.objects.filter(holding__fund=of).order_by("effective_date", "pk")
    events = events.select_related("holding__firm", "holding__sub_fund", "recorded_by", "reverses")
    rows = list(events.filter(when.rows) if when else events)
    taken_back = {row.reverses_id for row in rows if row.reverses_id}
    wanted = set(kinds)
    return [_of_holding(row, is_reversed=row.pk in taken_back) for row in rows if row.kind in wanted]


def _of_holding(row: HoldingEvent, *, is_reversed: bool) -> Record:
    paid = row.kind == HoldingEventKind.INVESTMENT
    values = {
        "kind": row.kind, **investee(row.holding), "amount": row.cash, "cash": row.cash, "cost": row.cost,
        "effective_date": row.effective_date, "note": row.note,
        "net_cash": -row.cash if paid != bool(row.reverses_id) else row.cash,
        "state": _state(row, is_reversed=is_reversed),
        "refers_to": row.reverses and row.reverses.public_id,
        **_recorded(row),
    }  # fmt: skip
    return Record(row.public_id, not (row.reverses_id or is_reversed), values)


def valuation_records(of: Fund, when: When | None = None) -> list[Record]:
    """Every value ever reported, of one day the one in force last. One query."""
    found = valuations().filter(holding__fund=of).select_related("holding__firm", "holding__sub_fund")
    rows = found.order_by("effective_date", "recorded_at", "pk")
    return [
        Record(
            row.public_id,
            True,
            {
                **investee(row.holding), "fair_value": row.fair_value, "method": row.method,
                "effective_date": row.effective_date, **_recorded(row),
            },
        )
        for row in (rows.filter(when.rows) if when else rows)
    ]  # fmt: skip


def deal_records(of: Fund, when: When | None = None) -> list[Record]:
    """Deals with the day of the first meeting and the last stage, each header as it was then. Two queries."""
    steps = DealStep.objects.filter(when.rows if when else Q(), deal=OuterRef("pk"))
    first, last = steps.filter(place=1).order_by("-pk"), steps.order_by("-place", "-pk")
    met = Deal.objects.annotate(
        met_on=Subquery(first.values("effective_date")[:1]),
        stage=Subquery(last.values("stage")[:1]),
        step_date=Subquery(last.values("effective_date")[:1]),
    ).filter(fund=of, met_on__isnull=False)
    rows = met.order_by("met_on", "pk").select_related("firm", "recorded_by").prefetch_related("changes")
    return [_of_deal(row, when) for row in rows]


def _of_deal(row: Any, when: When | None) -> Record:
    values = {
        "uscc": row.firm and row.firm.uscc, "firm_name": row.firm_name, "title": row.title,
        "source": row.source, "referred_by": row.referred_by, "instrument": row.instrument,
        "planned_amount": row.planned_amount, "lead": row.lead, "note": row.note,
    }  # fmt: skip
    if when:
        for change in sorted(row.changes.all(), key=lambda change: -change.version):
            if change.recorded_at > when.known_at:
                values |= {name: _before(name, said["old"], values) for name, said in change.changes.items()}
    values |= {
        "effective_date": row.met_on, "stage": Stage(row.stage).value, "step_date": row.step_date,
        **_recorded(row),
    }  # fmt: skip
    return Record(row.public_id, True, values)


def _before(name: str, old: str | None, values: dict[str, Any]) -> Any:
    """What an edit has kept as text, as the column holds it."""
    return type(values[name])(old) if name == "planned_amount" else old


def investee(of: Holding) -> dict[str, str | None]:
    """A sub-fund of another manager has no code here: its row is not the reader's."""
    return {
        "uscc": of.firm.uscc if of.firm else None,
        "firm_name": of.firm.name if of.firm else None,
        "sub_fund": of.sub_fund.code if of.sub_fund else None,
    }


def _state(row: FundEvent | HoldingEvent, *, is_reversed: bool) -> str | None:
    if row.reverses_id:
        return "reversal"
    if is_reversed:
        return "reversed"
    return "correction" if getattr(row, "corrects_id", None) else None


def _recorded(row: Any) -> dict[str, Any]:
    return {"recorded_at": row.recorded_at, "recorded_by": row.recorded_by.full_name}
