"""Stakes as a graph: who holds which share of a fund, and in which order funds are looked through."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from graphlib import CycleError, TopologicalSorter
from math import lcm
from typing import get_args

from tasks.engine import value as reason
from tasks.engine.lookthrough.errors import CyclicOwnership, ShareAboveWhole, UnableToAttributeError
from tasks.engine.lookthrough.rows import Basis, Node, Stake, place, whole


@dataclass(frozen=True, slots=True)
class Owners:
    """The holders of one fund on one basis.

    `stakes` are those with a known share above zero, in the order that settles ties. `weights` are their
    shares over a common denominator, and last the rest to 100 %, which may be 0. `unknown` has the holders
    whose share is not known, with the reason.
    """

    stakes: tuple[Stake, ...]
    weights: tuple[int, ...]
    unknown: Mapping[Node, str]


def owners(stakes: Iterable[Stake], *, basis: Basis) -> dict[Node, Owners]:
    """The holders of each fund, funds in any order.

    Raises ShareAboveWhole, and UnableToAttributeError for an unknown basis, an odd amount and two stakes
    of one holder in one fund.
    """
    if basis not in get_args(Basis):
        raise UnableToAttributeError(f"unknown basis {basis!r}, not one of {', '.join(get_args(Basis))}")
    funds: dict[Node, dict[Node, Stake]] = {}
    for stake in stakes:
        _check(stake)
        if stake.holder in funds.setdefault(stake.fund, {}):
            raise UnableToAttributeError(f"{stake.holder} has two stakes in fund {stake.fund}")
        funds[stake.fund][stake.holder] = stake
    return {fund: _owners(fund, held, basis=basis) for fund, held in funds.items()}


def bottom_up(stakes: Iterable[Stake], *, others: Iterable[Node]) -> list[Node]:
    """Every node once, funds before their holders; `others` may have no stakes. Raises CyclicOwnership."""
    below: dict[Node, set[Node]] = {node: set() for node in others}
    for stake in stakes:
        below.setdefault(stake.holder, set()).add(stake.fund)
        below.setdefault(stake.fund, set())
    ordered = {node: sorted(below[node], key=place) for node in sorted(below, key=place)}
    try:
        return list(TopologicalSorter(ordered).static_order())
    except CycleError as error:
        raise CyclicOwnership(_circle(error.args[1])) from error


def _circle(closed: Sequence[Node]) -> list[Node]:
    """From a closed walk up to the funds each once, each the holder of the next, the first by name first."""
    down = list(closed[:0:-1])
    first = down.index(min(down, key=place))
    return down[first:] + down[:first]


def _owners(fund: Node, held: Mapping[Node, Stake], *, basis: Basis) -> Owners:
    shares = {holder: _share(held[holder], basis=basis) for holder in sorted(held, key=place)}
    known = {holder: share for holder, share in shares.items() if isinstance(share, Fraction) and share > 0}
    denominator = lcm(*(share.denominator for share in known.values()))
    weights = [share.numerator * (denominator // share.denominator) for share in known.values()]
    rest = denominator - sum(weights)
    if rest < 0:
        if basis != "nav":
            raise ShareAboveWhole(fund, by=", ".join(map(str, known)))
        shares |= dict.fromkeys(known, reason.UNDEFINED)
        known, weights, rest = {}, [], 1
    unknown = {holder: share for holder, share in shares.items() if isinstance(share, str)}
    return Owners(tuple(held[holder] for holder in known), (*weights, rest), unknown)


def _share(stake: Stake, *, basis: Basis) -> Fraction | str:
    """The share of a stake, or the reason why there is none. Raises ShareAboveWhole.

    What is paid in or committed is entered, and its whole is its sum; a part of net assets is reckoned, and is above
    the whole where a loss leaves somebody else with less than nothing.
    """
    amount, total = getattr(stake, basis), getattr(stake, f"{basis}_total")
    if amount is None or total is None:
        return reason.NOT_REPORTED
    if amount < 0 or total < 0:
        return reason.UNDEFINED  # net assets below zero: all others are refused before
    if amount > total:
        if basis == "nav":
            return reason.UNDEFINED
        raise ShareAboveWhole(stake.fund, by=f"{stake.holder}: {amount} of {total} fen")
    return Fraction(amount, total) if total else reason.NO_DENOMINATOR


def _check(stake: Stake) -> None:
    for name in ("paid_in", "commitment", "nav"):
        for field in (name, f"{name}_total"):
            fen, what = getattr(stake, field), f"{field} of {stake.holder} in fund {stake.fund}"
            whole(fen, what=what)
            if fen is not None and fen < 0 and name != "nav":
                raise UnableToAttributeError(f"{what}: {fen} is negative")
