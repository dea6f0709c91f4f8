"""The Reporting Template: capital statements, the schedule of investments, the funds below a fund of funds."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from funds import ilpa
from funds import queries as funds
from funds.queries import schedules, statements
from funds.queries.schedules import Invested
from funds.queries.statements import Accrued, Party, Span
from tasks.catalogue import waterfalls
from tasks.catalogue.entry import Point
from tasks.ilpa.subject import SPANS, Subject
from tasks.ilpa.underlying import Underlying, underlying

NOTHING = Decimal("0.00")
#: What cannot be told of a party's share where the accrued carried interest has no value, by what it rests on.
_RESTS_ON = {
    "nav_begin": "begin", "carry_begin": "begin", "nav_end": "end", "carry_end": "end", "carry": "both",
    "carry_change": "both",
}  # fmt: skip


class Column(NamedTuple):
    """One party over one span: an amount in yuan for each line of the template, or None with its reason.

    `party` is fund, investors, manager, or investor with its name.
    """

    span: str
    party: str
    investor: str | None
    amounts: dict[str, Decimal | None]
    reasons: dict[str, str]


class Reporting(NamedTuple):
    """`cash` and what the schedule is worth add up to `nav`, that of the fund at the end of the quarter."""

    subject: Subject
    columns: list[Column]
    schedule: list[Invested]
    cash: Decimal
    nav: Decimal
    underlying: list[Underlying]

    def of(self, *parties: str) -> list[Column]:
        return [column for column in self.columns if column.party in parties]


def reporting(of: Subject) -> Reporting:
    """As many queries for a long life as for a short one."""
    when = of.when
    found = statements.spans([of.fund], [of.start(span) for span in SPANS], **when)
    begun: dict[date | None, Point] = {None: Point(NOTHING)}
    ended = accrued_at_end(of)
    columns: list[Column] = []
    for span, by_fund in zip(SPANS, found, strict=True):
        made, start = by_fund[of.fund.pk], of.start(span)
        if start is not None and start not in begun:
            begun[start] = _accrued(of, as_of=start)
        columns += _columns(span, made, begun[start], ended)
    held = schedules.schedule(of.fund, **when)
    return Reporting(
        subject=of,
        columns=columns,
        schedule=held,
        cash=funds.position(of.fund, **when).cash,
        nav=found[0][of.fund.pk].after.nav,
        underlying=underlying(of, held),
    )


def accrued_at_end(of: Subject) -> Point:
    """Carried interest accrued at the end of the quarter."""
    return _accrued(of, as_of=of.quarter.end)


def _accrued(of: Subject, *, as_of: date) -> Point:
    return waterfalls.accrued(of.fund, **of.at(as_of))


def _columns(span: str, made: Span, begin: Point, end: Point) -> list[Column]:
    """Reckoned as if nothing were accrued where that has no value; then what rests on it is left out."""
    accrued = Accrued(begin.value or NOTHING, end.value or NOTHING)
    why = {"begin": begin.reason, "end": end.reason, "both": begin.reason or end.reason}
    return [_column(span, party, why) for party in statements.parties(made, accrued=accrued)]


def _column(span: str, of: Party, why: dict[str, str]) -> Column:
    reasons = {line.code: "not-recorded" for line in ilpa.lines() if not line.held}
    if of.kind != "fund":
        reasons |= {code: why[side] for code, side in _RESTS_ON.items() if why[side]}
    if of.unfunded is None:
        reasons |= {line.code: "not-the-managers" for line in ilpa.lines() if line.section == "commitment"}
    known = _amounts(of)
    amounts = {line.code: None if line.code in reasons else known[line.code] for line in ilpa.lines()}
    return Column(span, of.kind, of.investor.name if of.investor else None, amounts, reasons)


def _amounts(of: Party) -> dict[str, Decimal]:
    s = of.statement
    amounts = {
        "nav_begin": s.begin,
        "contributions": s.contributions,
        "distributions": s.distributions,
        "transfers": s.transfers,
        "cash_flows": s.contributions + s.distributions + s.transfers,
        "fees": s.fees,
        "expenses": s.expenses,
        "income": s.income,
        "net_operating_income": s.fees + s.expenses + s.income,
        "realised": s.realised,
        "unrealised": s.unrealised,
        "carry": s.paid + s.accrued,
        "nav_end": s.end,
        "carry_begin": of.accrued_begin,
        "carry_change": of.accrued_end - of.accrued_begin,
        "carry_end": of.accrued_end,
        "carry_paid": s.paid,
        "nav_end_gross": s.end - of.accrued_end,
    }
    if of.unfunded is None or of.commitment is None or of.outside is None:
        return amounts
    u = of.unfunded
    return amounts | {
        "unfunded_begin": u.begin,
        "committed": u.committed,
        "contributed_inside": -u.contributed,
        "recallable": u.recallable,
        "released": -u.released,
        "unfunded_transfers": u.transferred,
        "unfunded_end": u.end,
        "commitment": of.commitment,
        "contributed_outside": of.outside,
    }
