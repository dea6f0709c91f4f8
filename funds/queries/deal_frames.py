"""What the figures read of holdings and deals. The conventions are those of `funds.queries.frames`."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db.models import QuerySet

from finance_hub.kernel.money import fen
from funds.models import Fund, Holding, HoldingEvent, HoldingEventKind
from funds.queries import known
from funds.queries.holdings import measured, worth


class HoldingRow(NamedTuple):
    """remaining = invested - exited - written off. `fair_value_fen` is None until one is reported.

    `last_deal_on` is the day of the last deal: a value of an earlier day does not know of it.
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

    @property
    def is_at_cost(self) -> bool:
        """Whether no value is known that knows of the last deal."""
        return self.fair_value_fen is None or self.valued_on is None or self.valued_on < self.last_deal_on

    @property
    def worth_fen(self) -> int:
        """Fair value, or remaining cost where there is none or where a deal came after it."""
        return worth(
            self.remaining_cost_fen,
            self.fair_value_fen,
            valued_on=self.valued_on,
            last_deal_on=self.last_deal_on,
        )


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
    """Every holding with at least one deal, by id; of one fund where it is given."""
    held = measured(as_of=as_of, known_at=known_at)
    return _rows(held.filter(fund=of) if of else held)


def holdings_of(
    of: Collection[Fund] | Collection[int], *, as_of: date, known_at: datetime
) -> list[HoldingRow]:
    """Those of some funds, by id; the funds or their ids."""
    return _rows(measured(as_of=as_of, known_at=known_at).filter(fund__in=of))


def holdings_in(firms: Sequence[int], *, as_of: date, known_at: datetime) -> list[HeldStake]:
    """Those of every fund in some firms (their ids), by id. One query."""
    held = measured(as_of=as_of, known_at=known_at).filter(firm__in=firms).select_related("fund")
    return [HeldStake(_row(one), one.public_id, one.fund) for one in held.order_by("pk")]


def _rows(held: QuerySet[Holding, Any]) -> list[HoldingRow]:
    return [_row(one) for one in held.order_by("pk")]


def _row(row: Any) -> HoldingRow:
    return HoldingRow(
        holding_id=row.pk,
        fund_id=row.fund_id,
        firm_id=row.firm_id,
        sub_fund_id=row.sub_fund_id,
        invested_fen=fen(row.invested),
        cost_exited_fen=fen(row.cost_exited),
        cost_written_off_fen=fen(row.cost_written_off),
        proceeds_fen=fen(row.proceeds),
        income_fen=fen(row.income),
        remaining_cost_fen=fen(row.remaining_cost),
        fair_value_fen=None if row.fair_value is None else fen(row.fair_value),
        valued_on=row.valued_on,
        last_deal_on=row.last_deal_on,
    )


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
