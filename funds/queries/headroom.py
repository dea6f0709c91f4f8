"""What each cap of a fund's terms leaves, in money and in days."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Min

from finance_hub.kernel.money import CENT, yuan
from finance_hub.kernel.text import Text
from funds.models import Fund, FundTerms, Holding, HoldingEvent, HoldingEventKind
from funds.models.terms import Base
from funds.queries.accounts import Account, accounts
from funds.queries.deal_frames import HoldingRow, holdings_frame
from funds.queries.known import facts
from funds.queries.positions import Position, nav_of, position
from funds.queries.sources import SourceRow, sources_frame
from funds.queries.terms import in_force


class Headroom(NamedTuple):
    """One cap and what it leaves, in yuan. `limit` and `room` are None where the base is not known or zero.

    `cap` is which one: firm (remaining cost of one firm), sub_fund (the fund's share of a sub-fund's
    commitments) or recycling (what was called again). `subject` is whom it is about, `pct` the agreed share,
    `base` what of, `binds` whether an entry above it is refused.
    """

    cap: str
    subject: Text
    pct: Decimal
    base: str
    used: Decimal
    limit: Decimal | None
    room: Decimal | None
    binds: bool
    document: str


class Deadline(NamedTuple):
    """One limit in time: `until` is its last day, `left` how many days after the day asked for, negative once past.

    `limit` is which one: investment_period, life, extended_life or project (one firm held).
    """

    limit: str
    subject: Text
    since: date
    until: date
    used: int
    left: int
    document: str


def headroom(of: Fund, *, as_of: date, known_at: datetime) -> list[Headroom]:
    """The cap on one firm for each firm that the fund holds, that on each sub-fund, and the recycling of
    distributions, the fullest first. A cap that is not agreed has no row; nor has a sub-fund out of sight.
    """
    agreed = in_force(of, as_of=as_of, known_at=known_at)
    if agreed is None:
        return []
    found = [
        *_firms(agreed, as_of=as_of, known_at=known_at),
        *_sub_funds(agreed, as_of=as_of, known_at=known_at),
        *_recycling(agreed, as_of=as_of, known_at=known_at),
    ]
    return sorted(found, key=_part_used, reverse=True)


def _part_used(row: Headroom) -> Decimal:
    """Of a cap of zero all is used; one that has no limit yet stands last."""
    if row.limit is None:
        return Decimal(-1)
    return row.used / row.limit if row.limit else Decimal("Infinity")


def deadlines(of: Fund, *, as_of: date, known_at: datetime) -> list[Deadline]:
    """The investment period, the life with and without its extensions, and each firm held, the soonest first.

    What is not agreed has no row.
    """
    agreed = in_force(of, as_of=as_of, known_at=known_at)
    if agreed is None:
        return []
    day, name = as_of - timedelta(days=1), Text(of.name, of.name_en)
    found = [
        (limit, name, of.established_on, until)
        for limit, until in (
            ("investment_period", agreed.investment_ends_on),
            ("life", agreed.ends_on),
            ("extended_life", _later(agreed.ends_on, agreed.extension_years)),
        )
        if until
    ]
    if agreed.project_years is not None:
        held = _firms_held(of, as_of=as_of, known_at=known_at)
        found += [
            ("project", Text(firm, firm), since, _later(since, agreed.project_years) or since)
            for firm, since in held
        ]
    return [
        Deadline(limit, subject, since, until, (day - since).days, (until - day).days, agreed.document)
        for limit, subject, since, until in sorted(found, key=lambda one: (one[0] == "project", one[3], one[1].zh))
    ]  # fmt: skip


def firm_cap_base(base: str, *, stands: Position, held: list[HoldingRow]) -> Decimal:
    """What the cap on one firm is a share of."""
    return _BASES[Base(base)](stands, held)


def share_of_sub_fund(holder: Fund, rows: Iterable[SourceRow]) -> tuple[Decimal, Decimal] | None:
    """(the holder's commitment in force, all of them) from the sources of one sub-fund, in yuan.

    None where the sub-fund does not name the holder among its investors.
    """
    sources = list(rows)
    own = [row.committed_fen for row in sources if row.holder_id == holder.pk]
    return (yuan(sum(own)), yuan(sum(row.committed_fen for row in sources))) if own else None


def _firms(agreed: FundTerms, *, as_of: date, known_at: datetime) -> list[Headroom]:
    if agreed.firm_cap_pct is None or agreed.firm_cap_base is None:
        return []
    of = agreed.fund
    held = holdings_frame(as_of=as_of, known_at=known_at, of=of)
    stands = position(of, as_of=as_of, known_at=known_at)
    base = firm_cap_base(agreed.firm_cap_base, stands=stands, held=held)
    names = dict(Holding.objects.filter(fund=of, firm__isnull=False).values_list("pk", "firm__name"))
    rows = [
        _room(
            agreed, "firm", Text(names[row.holding_id], names[row.holding_id]), agreed.firm_cap_pct,
            agreed.firm_cap_base, used=yuan(row.remaining_cost_fen), base=base, binds=bool(agreed.caps_bind),
        )
        for row in held
        if row.firm_id is not None and row.remaining_cost_fen
    ]  # fmt: skip
    return sorted(rows, key=lambda row: (-row.used, row.subject.zh))


def _sub_funds(agreed: FundTerms, *, as_of: date, known_at: datetime) -> list[Headroom]:
    if agreed.sub_fund_share_cap_pct is None:
        return []
    names = {fund.pk: fund for fund in Fund.objects.filter(investors__holder=agreed.fund)}
    found = sources_frame(as_of=as_of, known_at=known_at) if names else []
    rows = []
    for pk, fund in names.items():
        share = share_of_sub_fund(agreed.fund, [row for row in found if row.fund_id == pk])
        if share is not None:
            used, base = share
            rows.append(
                _room(
                    agreed,
                    "sub_fund",
                    Text(fund.name, fund.name_en),
                    agreed.sub_fund_share_cap_pct,
                    Base.COMMITMENT.value,
                    used=used,
                    base=base,
                    binds=bool(agreed.caps_bind),
                )
            )
    return sorted(rows, key=lambda row: (row.room or Decimal(0), row.subject.zh))


def _recycling(agreed: FundTerms, *, as_of: date, known_at: datetime) -> list[Headroom]:
    if agreed.recycling_limit_pct is None:
        return []
    of, found = agreed.fund, accounts(agreed.fund, as_of=as_of, known_at=known_at)
    base = sum((one.committed - one.released for one in found), Decimal(0))
    used = sum((called_again(one) for one in found), Decimal("0.00"))
    return [
        _room(
            agreed, "recycling", Text(of.name, of.name_en), agreed.recycling_limit_pct, Base.COMMITMENT.value,
            used=used, base=base, binds=False,
        )
    ]  # fmt: skip


def called_again(one: Account) -> Decimal:
    """What an investor was called for a second time: calls use up the commitment before what came back."""
    return max(Decimal(0), one.recallable - one.uncalled)


def _room(
    agreed: FundTerms, cap: str, subject: Text, pct: Decimal, base_name: str, *, used: Decimal, base: Decimal,
    binds: bool,
) -> Headroom:  # fmt: skip
    limit = (base * pct / 100).quantize(CENT) if base > 0 else None
    room = None if limit is None else limit - used
    return Headroom(cap, subject, pct, base_name, used, limit, room, binds, agreed.document)


def _firms_held(of: Fund, *, as_of: date, known_at: datetime) -> list[tuple[str, date]]:
    """(name, day of the first investment that stands) of each firm with cost left."""
    left = {
        row.holding_id
        for row in holdings_frame(as_of=as_of, known_at=known_at, of=of)
        if row.firm_id is not None and row.remaining_cost_fen
    }
    when = facts(as_of=as_of, known_at=known_at)
    taken_back = HoldingEvent.objects.filter(when, reverses__isnull=False).values("reverses")
    bought = HoldingEvent.objects.filter(
        when, holding__in=left, kind=HoldingEventKind.INVESTMENT, reverses=None
    )
    first = bought.exclude(pk__in=taken_back).values_list("holding__firm__name")
    return [(str(firm), since) for firm, since in first.annotate(since=Min("effective_date"))]


def _later(day: date | None, years: int | None) -> date | None:
    """The same day of a later year, or its 28 February."""
    if day is None or years is None:
        return None
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


_BASES: dict[Base, Callable[[Position, list[HoldingRow]], Decimal]] = {
    Base.COMMITMENT: lambda stands, _: stands.committed - stands.released,
    Base.PAID_IN: lambda stands, _: stands.contributed,
    Base.INVESTED: lambda stands, _: stands.invested,
    Base.NET_ASSETS: nav_of,
}
