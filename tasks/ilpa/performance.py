"""The Performance Template, by the gross-up method: calls are not itemised, and gross is fund to investment.

Net is what the investors paid and got, and their NAV at the end of the quarter, net of accrued carried interest.
Gross is what the fund paid for its investments and got of them, and what they are worth.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from funds.queries import roll_forwards, schedules, transactions
from funds.queries.schedules import Invested
from funds.queries.transactions import Movement, Transaction
from tasks.catalogue.entry import Point
from tasks.ilpa.reporting import accrued_at_end
from tasks.ilpa.subject import Subject

if TYPE_CHECKING:
    from tasks.ilpa.returns import Return

METHOD = "gross_up"
WITH, WITHOUT = "with_facility", "without_facility"
NOTHING = Decimal("0.00")
Flows = list[tuple[date, Decimal]]


class Net(NamedTuple):
    """The investors' return in one view; `paid` and `got` since the beginning, yuan."""

    view: str
    paid: Decimal
    got: Decimal
    nav: Point
    result: Return


class Pool(NamedTuple):
    """Investments taken together; `at_cost` of them count at their cost, because no value knows of the last deal."""

    kind: str
    number: int
    invested: Decimal
    got: Decimal
    worth: Decimal
    at_cost: int
    result: Return


class Investment(NamedTuple):
    held: Invested
    result: Return


class Performance(NamedTuple):
    """`net` are the views with and without subscription facilities, which coincide where `has_facility` is not;
    `before_accrued` is net of what was paid to the manager only, as on the fund's page."""

    subject: Subject
    has_facility: bool
    net: list[Net]
    before_accrued: Net
    gross: list[Pool]
    investments: list[Investment]
    transactions: list[Transaction]
    movements: list[Movement]


def performance(of: Subject) -> Performance:
    """As many queries for a long life as for a short one."""
    when = of.when
    entries = transactions.transactions(of.fund, **when)
    moved = transactions.movements(of.fund, **when)
    nav = roll_forwards.state(of.fund, **when).nav
    accrued = accrued_at_end(of)
    left = Point(nav - accrued.value) if accrued.value is not None else Point.missing(accrued.reason)
    investments = _investments(of, schedules.schedule(of.fund, **when), moved)
    return Performance(
        subject=of,
        has_facility=any(one.type is not None and one.type.side == "facility" for one in entries),
        net=[_net(of, view, entries, left) for view in (WITH, WITHOUT)],
        before_accrued=_net(of, WITH, entries, Point(nav)),
        gross=_pools(of, investments, moved),
        investments=investments,
        transactions=entries,
        movements=moved,
    )


def _net(of: Subject, view: str, entries: Sequence[Transaction], left: Point) -> Net:
    """What a facility lent or got back counts, in the view without it, as paid in or returned by the investors."""
    from tasks.ilpa import returns

    paid = sum((one.moves("paid_in") + one.moves(WITH) - one.moves(view) for one in entries), NOTHING)
    got = sum((one.moves("distributed") for one in entries), NOTHING)
    if left.value is None:
        return Net(view, paid, got, left, returns.missing(left.reason))
    flows = [(one.event.effective_date, one.moves(view)) for one in entries]
    result = returns.of_flows(flows, paid=paid, got=got, left=left.value, on=of.quarter.last)
    return Net(view, paid, got, left, result)


def _investments(of: Subject, held: Sequence[Invested], moved: Sequence[Movement]) -> list[Investment]:
    """One never valued has no return while cost is left: its cost would pass for a value."""
    from tasks.ilpa import returns

    flows, found = _by_holding(moved), []
    for one in held:
        if one.basis == "cost":
            found.append(Investment(one, returns.missing("not-reported")))
            continue
        result = returns.of_flows(
            flows[one.holding.pk],
            paid=one.invested,
            got=one.proceeds + one.income,
            left=one.worth,
            on=of.quarter.last,
        )
        found.append(Investment(one, result))
    return found


def _pools(of: Subject, investments: Sequence[Investment], moved: Sequence[Movement]) -> list[Pool]:
    """Realised is what nothing is left of; the rest, with what was sold of it, is unrealised."""
    held, flows = [one.held for one in investments], _by_holding(moved)
    kinds = {
        "realised": [one for one in held if one.is_realised],
        "unrealised": [one for one in held if not one.is_realised],
        "total": held,
    }
    return [_pool(of, kind, members, flows) for kind, members in kinds.items()]


def _pool(of: Subject, kind: str, members: Sequence[Invested], flows: dict[int, Flows]) -> Pool:
    from tasks.ilpa import returns

    paid, got, left = (_sum(amounts) for amounts in (
        (one.invested for one in members),
        (one.proceeds + one.income for one in members),
        (one.worth for one in members),
    ))  # fmt: skip
    together = returns.pooled([flows[one.holding.pk] for one in members])
    result = returns.of_flows(together, paid=paid, got=got, left=left, on=of.quarter.last)
    at_cost = sum(one.basis in ("cost", "stale") for one in members)
    return Pool(kind, len(members), paid, got, left, at_cost, result)


def _by_holding(moved: Iterable[Movement]) -> dict[int, Flows]:
    flows: dict[int, Flows] = {}
    for one in moved:
        flows.setdefault(one.event.holding_id, []).append((one.event.effective_date, one.cash))
    return flows


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, NOTHING)
