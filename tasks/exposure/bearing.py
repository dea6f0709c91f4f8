"""What each party bears of some loans that are lost together, by the agreements they are covered under."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache
from math import gcd
from typing import NamedTuple

from finance_hub.kernel.money import split_fen
from loans.queries import CoverRow, RoomRow
from loans.queries.agreements import PUBLIC
from loans.queries.covers import BEARERS
from loans.sharing import split_loss_fen, split_room_fen


class Caps(NamedTuple):
    """What public parties can still pay: by version of terms, and by pool, in fen."""

    rooms: Mapping[int, RoomRow]
    pools: Mapping[int, int]


Borne = dict[str, int]


def borne(losses: Iterable[tuple[int, CoverRow, int]], *, caps: Caps) -> list[Borne]:
    """{party: fen} of each loss of principal of a unit of firms, taken one after the other: what one has used up the
    next of the same unit has not.

    As a claim is split (`docs/guarantee-default.md`): by shares and largest remainders; the public parties
    together within what the cap of the year leaves, the pool within its balance; the keeper takes the rest.
    """
    used: Counter[tuple[int, int]] = Counter()
    drawn: Counter[tuple[int, int]] = Counter()
    capped = {room.agreement_id for room in caps.rooms.values()}
    found = []
    for unit, cover, loss in losses:
        agreement, pool = cover.agreement_id, cover.pool_id
        sides, room = _sides(cover.parties, cover.keeper), caps.rooms.get(cover.terms_id or 0)
        if room is None and pool is None:
            parts = sides.split(loss)
        else:
            left = None if room is None else max(0, room.room - used[unit, room.agreement_id])
            held = None if pool is None else max(0, caps.pools.get(pool, 0) - drawn[unit, pool])
            parts = _within(sides, loss, left=left, held=held)
        if agreement in capped:
            used[unit, agreement] += sum(part for party, part in parts.items() if party in PUBLIC)
        if pool is not None:
            drawn[unit, pool] += parts.get("pool", 0)
        found.append(parts)
    return found


def public(parts: Borne) -> int:
    """What public money bears of a loss."""
    return sum([part for party, part in parts.items() if party in BEARERS])


class _Sides:
    """The parties of an agreement that have a share, by their place in it; `keeper` is the place of who keeps the rest."""

    def __init__(self, parties: tuple[tuple[str, int], ...], keeper: str) -> None:
        self.shares = {at: share for at, (_, share) in enumerate(parties) if share}
        self.party = {at: parties[at][0] for at in self.shares}
        self.keeper = next((at for at in self.shares if self.party[at] == keeper), next(iter(self.shares)))
        unit = gcd(*self.shares.values())
        self._weights = [share // unit for share in self.shares.values()]
        self._whole = sum(self._weights)
        self._lines: dict[int, list[tuple[str, int, int]]] = {}

    def split(self, loss: int) -> Borne:
        """By shares alone. Whole times the sum of the weights split evenly; what is left over is split once."""
        times, left = divmod(loss, self._whole)
        lines = self._lines.get(left)
        if lines is None:
            weights, parts = self.named(self._weights), self.named(split_fen(left, self._weights))
            lines = self._lines[left] = [(name, weights[name], parts[name]) for name in weights]
        return {name: times * weight + part for name, weight, part in lines}

    def named(self, parts: Iterable[int]) -> Borne:
        """A party may have several places in an agreement."""
        found: Borne = {}
        for name, part in zip(self.party.values(), parts, strict=True):
            found[name] = found.get(name, 0) + part
        return found


_sides = lru_cache(maxsize=1024)(_Sides)  # thousands of guarantees stand under a few agreements


def _within(sides: _Sides, loss: int, *, left: int | None, held: int | None) -> Borne:
    """A loss that is split within what the cap of the year leaves and within what the pool holds; None: no such bound."""
    party, shares, keeper = sides.party, sides.shares, sides.keeper
    limits: dict[int, int] = {}
    if left is not None:
        plain = split_loss_fen(loss, shares=shares, caps={}, keeper=keeper)
        theirs = {at: part for at, part in plain.items() if party[at] in PUBLIC}
        limits = split_room_fen(left, parts=theirs) if any(theirs.values()) else {}
    if held is not None:
        limits |= {at: min(limits.get(at, held), held) for at in shares if party[at] == "pool"}
    return sides.named(split_loss_fen(loss, shares=shares, caps=limits, keeper=keeper).values())
