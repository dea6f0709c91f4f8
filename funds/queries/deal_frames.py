"""What the figures read of holdings and deals. The conventions are those of `funds.queries.frames`."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import F, Max, Q

from funds.models import Fund, Holding, HoldingEvent, HoldingEventKind, Valuation
from funds.models.holdings import DEALS
from funds.queries import known
from funds.queries.holdings import REALISED, worth


class HoldingRow(NamedTuple):
    """remaining = invested - exited - written off. `fair_value_fen` is None until one is reported.

    `last_deal_on` is the day of the last deal: a value of an earlier day does not know of it. `worth_fen` is the fair
    value, or the remaining cost where there is none or where a deal came after it.
    """

    holding_id: int
    fund_id: int
    firm_id: int | None
    sub_fund_id: int | None
    invested_fen: int
    cost_exited_fen: int
    cost_written_off_fen: int
    proceeds_fen: int
    income_fen: int
    remaining_cost_fen: int
    fair_value_fen: int | None
    valued_on: date | None
    last_deal_on: date
    worth_fen: int

    @property
    def is_at_cost(self) -> bool:
        """Whether no value is known that knows of the last deal."""
        return self.fair_value_fen is None or self.valued_on is None or self.valued_on < self.last_deal_on


class HeldStake(NamedTuple):
    """A holding in a firm with its public id and its fund."""

    row: HoldingRow
    public_id: str
    fund: Fund


class DealRow(NamedTuple):
    """One entry; a reversal has negative amounts. `cash` paid (investment) or got (exit)."""

    holding_id: int
    fund_id: int
    firm_id: int | None
    sub_fund_id: int | None
    cost_fen: int
    cash_fen: int
    effective_date: date


def holdings_frame(*, as_of: date, known_at: datetime, of: Fund | None = None) -> list[HoldingRow]:
    """Every holding with at least one deal, by id; of one fund where it is given. Two queries."""
    return _rows(Q(holding__fund=of) if of else Q(), as_of=as_of, known_at=known_at)


def holdings_of(
    of: Collection[Fund] | Collection[int], *, as_of: date, known_at: datetime
) -> list[HoldingRow]:
    """Those of some funds, by id; the funds or their ids."""
    return _rows(Q(holding__fund__in=of), as_of=as_of, known_at=known_at)


def holdings_in(firms: Sequence[int], *, as_of: date, known_at: datetime) -> list[HeldStake]:
    """Those of every fund in some firms (their ids), by id. Three queries."""
    held = {one.pk: one for one in Holding.objects.select_related("fund").filter(firm__in=firms)}
    rows = _rows(Q(holding__in=list(held)), as_of=as_of, known_at=known_at) if held else []
    return [HeldStake(row, held[row.holding_id].public_id, held[row.holding_id].fund) for row in rows]


def _rows(only: Q, *, as_of: date, known_at: datetime) -> list[HoldingRow]:
    """What `queries.holdings.measured` tells, as columns in fen: a hundred thousand holdings are no objects."""
    when = known.facts(as_of=as_of, known_at=known_at)
    newest = Valuation.objects.filter(when, only).order_by(
        "holding_id", "-effective_date", "-recorded_at", "-pk"
    )
    columns = newest.distinct("holding_id").values_list(
        "holding_id", known.fen(F("fair_value")), "effective_date"
    )
    # Without cursors on the server: the planner takes it that a tenth of a cursor is read, and looks for a few holdings
    # among all.
    values = {holding: (fair_value, day) for holding, fair_value, day in columns}
    deals = HoldingEvent.objects.filter(when, only).values_list(
        "holding_id", "holding__fund_id", "holding__firm_id", "holding__sub_fund_id"
    )
    summed = deals.annotate(
        invested=known.fen(known.net_yuan("cost", kind=HoldingEventKind.INVESTMENT)),
        exited=known.fen(known.net_yuan("cost", kind=HoldingEventKind.EXIT)),
        written_off=known.fen(known.net_yuan("cost", kind=HoldingEventKind.WRITE_OFF)),
        proceeds=known.fen(known.net_yuan("cash", kind__in=REALISED)),
        income=known.fen(known.net_yuan("cash", kind=HoldingEventKind.INCOME)),
        last_deal_on=Max("effective_date", filter=Q(kind__in=DEALS)),
    )
    held = summed.filter(last_deal_on__isnull=False).order_by("holding_id")
    found = []
    for row in held:
        holding, fund, firm, sub_fund, invested, exited, written_off, proceeds, income, dealt_on = row
        left = invested - exited - written_off
        fair_value, valued_on = values.get(holding, (None, None))
        value = worth(left, fair_value, valued_on=valued_on, last_deal_on=dealt_on)
        found.append(HoldingRow(
            holding, fund, firm, sub_fund, invested, exited, written_off, proceeds, income, left, fair_value, valued_on,
            dealt_on, value,
        ))  # fmt: skip
    return found


def investments_frame(*, start: date, end: date, known_at: datetime) -> list[DealRow]:
    """Investments dated in `[start, end)`, by day and entry."""
    return _deals(HoldingEventKind.INVESTMENT, start=start, end=end, known_at=known_at)


def exits_frame(*, start: date, end: date, known_at: datetime) -> list[DealRow]:
    """Exits dated in `[start, end)`, by day and entry."""
    return _deals(HoldingEventKind.EXIT, start=start, end=end, known_at=known_at)


def write_offs_frame(*, start: date, end: date, known_at: datetime) -> list[DealRow]:
    """Write-offs dated in `[start, end)`, by day and entry."""
    return _deals(HoldingEventKind.WRITE_OFF, start=start, end=end, known_at=known_at)


def _deals(kind: str, *, start: date, end: date, known_at: datetime) -> list[DealRow]:
    events = HoldingEvent.objects.filter(
        known.facts(as_of=end, known_at=known_at), effective_date__gte=start, kind=kind
    )
    rows = events.order_by("effective_date", "pk").values_list(
        "holding_id", "holding__fund_id", "holding__firm_id", "holding__sub_fund_id",
        known.fen(known.net("cost")), known.fen(known.net("cash")), "effective_date",
    )  # fmt: skip
    return [DealRow(*row) for row in rows]
