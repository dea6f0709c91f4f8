"""Figures of funds and deals. Amounts come in fen; ratios are the engine's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from finance_hub.kernel.money import yuan
from finance_hub.kernel.text import Text
from funds.codes import CAPITALS
from funds.queries import FlowRow, FundRow
from tasks.catalogue.entry import Point
from tasks.catalogue.sums import by_key
from tasks.engine import returns
from tasks.engine.returns import Multiples
from tasks.engine.value import UNDER_ONE_YEAR, Value
from tasks.frames import Frames, once

Amounts = Callable[[Frames], dict[int, int]]
_PAID_OUT = ("distribution", "carry", "fee", "expense")


def label_of(fund: FundRow) -> Text:
    return Text(fund.name, fund.name_en)


def capital(frames: Frames, kind: str) -> dict[int, int]:
    """{fund id: fen} of one kind of ledger event."""
    rows = (row for row in frames.capital if row.kind == kind)
    return by_key(rows, key=lambda row: row.fund_id, amount=lambda row: row.total_fen)


class Held(NamedTuple):
    """What a fund's holdings come to, in fen: paid for them, got for them, earned by them, and what they are worth;
    how many of them are over, and in how many firms something is left."""

    invested: int
    proceeds: int
    income: int
    worth: int
    ended: int
    firms: int


NOTHING_HELD = Held(0, 0, 0, 0, 0, 0)


@once
def held(frames: Frames) -> dict[int, Held]:
    """{fund id: its holdings together}, in one pass: a city has a hundred thousand of them."""
    found: dict[int, list[int]] = defaultdict(lambda: [0, 0, 0, 0, 0, 0])
    for row in frames.holdings:
        own = found[row.fund_id]
        own[0] += row.invested_fen
        own[1] += row.proceeds_fen
        own[2] += row.income_fen
        own[3] += row.worth_fen
        if row.remaining_cost_fen == 0:
            own[4] += 1
        elif row.firm_id is not None:
            own[5] += 1
    return {fund: Held(*own) for fund, own in found.items()}


def invested(frames: Frames) -> dict[int, int]:
    return {fund: own.invested for fund, own in held(frames).items()}


@once
def nav(frames: Frames) -> dict[int, int]:
    """Cash + fair value (remaining cost where never valued) per fund, fen."""
    kinds = {kind: capital(frames, kind) for kind in ("contribution", *_PAID_OUT)}
    of, found = held(frames), {}
    for f in frames.funds:
        own = of.get(f.id, NOTHING_HELD)
        paid_out = sum(kinds[kind].get(f.id, 0) for kind in _PAID_OUT)
        found[f.id] = (
            kinds["contribution"].get(f.id, 0)
            - paid_out
            - own.invested
            + own.proceeds
            + own.income
            + own.worth
        )
    return found


def _per_fund(amounts: Amounts) -> Callable[[Frames], Iterable[Point]]:
    def points(frames: Frames) -> Iterable[Point]:
        found = amounts(frames)
        return [Point.of_fen(found.get(f.id, 0), key=f.code, label=label_of(f)) for f in frames.funds]

    return points


def _city(amounts: Amounts) -> Callable[[Frames], Iterable[Point]]:
    """The city's own funds; a sub-fund's money is its parent's, counted once."""

    def points(frames: Frames) -> Iterable[Point]:
        found = amounts(frames)
        return [Point.of_fen(sum(found.get(f.id, 0) for f in frames.funds if f.tier != "sub"))]

    return points


def _planned(frames: Frames) -> dict[int, int]:
    return {f.id: f.planned_size_fen for f in frames.funds}


def _kind(kind: str) -> Amounts:
    return lambda frames: capital(frames, kind)


by_fund_planned, city_planned = _per_fund(_planned), _city(_planned)
by_fund_subscribed, city_subscribed = _per_fund(_kind("commitment")), _city(_kind("commitment"))
by_fund_called, city_called = _per_fund(_kind("call")), _city(_kind("call"))
by_fund_paid_in, city_paid_in = _per_fund(_kind("contribution")), _city(_kind("contribution"))
by_fund_invested, city_invested = _per_fund(invested), _city(invested)
by_fund_distributed, city_distributed = _per_fund(_kind("distribution")), _city(_kind("distribution"))
by_fund_nav, city_nav = _per_fund(nav), _city(nav)


def _multiples(frames: Frames) -> Iterable[tuple[FundRow, Multiples]]:
    paid, got, left = capital(frames, "contribution"), capital(frames, "distribution"), nav(frames)
    for f in frames.funds:
        yield f, multiples_of(paid.get(f.id, 0), got.get(f.id, 0), left[f.id])


def multiples_of(paid_fen: int, got_fen: int, nav_fen: int) -> Multiples:
    """Of one fund, from what its investors paid and got and from its NAV."""
    return returns.multiples(yuan(paid_fen), yuan(got_fen), yuan(nav_fen))


def dpi(frames: Frames) -> Iterable[Point]:
    return [Point.of(m.dpi, key=f.code, label=label_of(f)) for f, m in _multiples(frames)]


def rvpi(frames: Frames) -> Iterable[Point]:
    return [Point.of(m.rvpi, key=f.code, label=label_of(f)) for f, m in _multiples(frames)]


def tvpi(frames: Frames) -> Iterable[Point]:
    return [Point.of(m.tvpi, key=f.code, label=label_of(f)) for f, m in _multiples(frames)]


def irr(frames: Frames) -> Iterable[Point]:
    """Investors' flows, calls before distributions, and the closing NAV on the month's last day."""
    left = nav(frames)
    for f in frames.funds:
        flows = [row for row in frames.flows if row.fund_id == f.id]
        rate = net_irr(flows, nav_fen=left[f.id], on=frames.month.last)
        yield replace(rate, key=f.code, label=label_of(f))


def net_irr(flows: Sequence[FlowRow], *, nav_fen: int, on: date) -> Point:
    """Of one fund, from its investors' flows up to a day and its NAV at the end of that day."""
    dates = [row.effective_date for row in flows] + [on]
    amounts = [yuan(row.distribution_fen - row.contribution_fen) for row in flows] + [yuan(nav_fen)]
    return annual(returns.xirr(dates, amounts))


def annual(rate: Value) -> Point:
    """A yearly rate; none is shown of flows that span less than a year."""
    return Point.missing(UNDER_ONE_YEAR) if UNDER_ONE_YEAR in rate.notes else Point.of(rate)


def firms_held(frames: Frames) -> Iterable[Point]:
    of = held(frames)
    return [
        Point(Decimal(of.get(f.id, NOTHING_HELD).firms), key=f.code, label=label_of(f)) for f in frames.funds
    ]


def subscribed_by_capital(frames: Frames) -> Iterable[Point]:
    own = {f.id for f in frames.funds if f.tier != "sub"}
    rows = (row for row in frames.capital if row.kind == "commitment" and row.fund_id in own)
    found = by_key(rows, key=lambda row: row.capital, amount=lambda row: row.total_fen)
    return [Point.of_fen(found.get(code, 0), key=code, label=name) for code, name in CAPITALS.items()]


def invested_in_month(frames: Frames) -> Iterable[Point]:
    return [Point.of_fen(sum(deal.cost_fen for deal in frames.investments))]


def investments_in_month(frames: Frames) -> Iterable[Point]:
    """A reversal takes back one investment."""
    return [Point(Decimal(sum(1 if deal.cost_fen > 0 else -1 for deal in frames.investments)))]


def proceeds_in_month(frames: Frames) -> Iterable[Point]:
    return [Point.of_fen(sum(deal.cash_fen for deal in frames.exits))]


def written_off_in_month(frames: Frames) -> Iterable[Point]:
    return [Point.of_fen(sum(deal.cost_fen for deal in frames.write_offs))]
