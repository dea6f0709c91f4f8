"""What each party bears of some loans that are lost together, by the agreements they are covered under."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from loans.queries import CoverRow, RoomRow
from loans.queries.agreements import PUBLIC
from loans.queries.covers import BEARERS
from loans.sharing import split_loss_fen, split_room_fen


class Caps(NamedTuple):
    """What public parties can still pay: by version of terms, and by pool, in fen."""

    rooms: Mapping[int, RoomRow]
    pools: Mapping[int, int]


Borne = dict[str, int]


def borne(losses: Sequence[tuple[CoverRow, int]], *, caps: Caps) -> list[Borne]:
    """{party: fen} of each loss of principal, taken one after the other: what one has used up the next has not.

    As a claim is split (`docs/guarantee-default.md`): by shares and largest remainders; the public parties
    together within what the cap of the year leaves, the pool within its balance; the keeper takes the rest.
    """
    used: Counter[int] = Counter()
    drawn: Counter[int] = Counter()
    found = []
    for cover, loss in losses:
        parts = _split(cover, loss, caps=caps, used=used, drawn=drawn)
        if cover.agreement_id is not None:
            used[cover.agreement_id] += sum(part for party, part in parts.items() if party in PUBLIC)
        if cover.pool_id is not None:
            drawn[cover.pool_id] += parts.get("pool", 0)
        found.append(parts)
    return found


def public(parts: Borne) -> int:
    """What public money bears of a loss."""
    return sum(part for party, part in parts.items() if party in BEARERS)


class _Sides(NamedTuple):
    """The parties of an agreement that have a share, by their place in it."""

    party: dict[int, str]
    shares: dict[int, int]
    keeper: int


@lru_cache(maxsize=1024)  # thousands of guarantees stand under a few agreements
def _sides(parties: tuple[tuple[str, int], ...], keeper: str) -> _Sides:
    shares = {at: share for at, (_, share) in enumerate(parties) if share}
    party = {at: parties[at][0] for at in shares}
    return _Sides(party, shares, next((at for at in shares if party[at] == keeper), next(iter(shares))))


def _split(cover: CoverRow, loss: int, *, caps: Caps, used: Counter[int], drawn: Counter[int]) -> Borne:
    party, shares, keeper = _sides(cover.parties, cover.keeper)
    limits: dict[int, int] = {}
    room = caps.rooms.get(cover.terms_id or 0)
    if room is not None:
        plain = split_loss_fen(loss, shares=shares, caps={}, keeper=keeper)
        theirs = {at: part for at, part in plain.items() if party[at] in PUBLIC}
        left = max(0, room.room - used[room.agreement_id])
        limits = split_room_fen(left, parts=theirs) if any(theirs.values()) else {}
    if cover.pool_id is not None:
        held = max(0, caps.pools.get(cover.pool_id, 0) - drawn[cover.pool_id])
        limits |= {at: min(limits.get(at, held), held) for at in shares if party[at] == "pool"}
    found: Borne = {}
    for at, part in split_loss_fen(loss, shares=shares, caps=limits, keeper=keeper).items():
        found[party[at]] = found.get(party[at], 0) + part
    return found
