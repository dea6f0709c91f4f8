"""Who bears a loss, and to whom a recovery flows back: arithmetic over parties in their order, to the cent.

The engine of figures has the same splits under fixed names; a property test keeps the two equal.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import TypeVar

from finance_hub.kernel.money import fen, in_integers, split_fen, yuan

P = TypeVar("P")


def split_loss(
    loss: Decimal, *, shares: Mapping[P, Decimal], caps: Mapping[P, Decimal], keeper: P
) -> dict[P, Decimal]:
    """Yuan that each party bears: by its share, at most its cap; `keeper`, uncapped, takes the rest."""
    weights = dict(zip(shares, in_integers(list(shares.values())), strict=True))
    most = {party: fen(cap) for party, cap in caps.items()}
    borne = split_loss_fen(fen(loss), shares=weights, caps=most, keeper=keeper)
    return {party: yuan(part) for party, part in borne.items()}


def split_loss_fen(loss: int, *, shares: Mapping[P, int], caps: Mapping[P, int], keeper: P) -> dict[P, int]:
    """The same in whole fen, with shares in any whole unit."""
    parts = dict(zip(shares, split_fen(loss, list(shares.values())), strict=True))
    if not caps:
        return parts
    borne = {party: min(part, caps.get(party, part)) for party, part in parts.items()}
    borne[keeper] += loss - sum(borne.values())
    return borne


def split_room(room: Decimal, *, parts: Mapping[P, Decimal]) -> dict[P, Decimal]:
    """Caps under which the parties together pay at most `room`, each in proportion to its part."""
    caps = split_room_fen(fen(room), parts={party: fen(part) for party, part in parts.items()})
    return {party: yuan(cap) for party, cap in caps.items()}


def split_room_fen(room: int, *, parts: Mapping[P, int]) -> dict[P, int]:
    """The same in whole fen."""
    if sum(parts.values()) <= room:
        return dict(parts)
    return dict(zip(parts, split_fen(room, list(parts.values())), strict=True))


def split_recovery(net: Decimal, *, borne: Sequence[Decimal], returned: Sequence[Decimal]) -> list[Decimal]:
    """Yuan of `net` that flow back to each party, in the proportion in which they bore the loss.

    The proportion holds for everything returned so far and `net` together, so cents do not drift. A
    largest-remainder split of the growing sum can take a cent back from a party; nobody gives money back,
    so each gets what it lacks, and single cents go to who lacks the most. With nothing returned before it
    is the plain largest-remainder split. Wants `net` at most what is borne and not yet returned.
    """
    whole, before = [fen(part) for part in borne], [fen(part) for part in returned]
    now = sum(before) + fen(net)
    lacking = [Fraction(now * part, sum(whole)) - had for part, had in zip(whole, before, strict=True)]
    parts = [max(0, floor(lack)) for lack in lacking]
    missing = fen(net) - sum(parts)
    by_lack = sorted(range(len(parts)), key=lambda at: (parts[at] - lacking[at], at))
    for at in by_lack[: max(0, missing)]:
        parts[at] += 1
    while sum(parts) > fen(net):
        # Somebody had more than its share by an earlier cent: whoever lacks least waits for one.
        parts[
            max((at for at in range(len(parts)) if parts[at]), key=lambda at: (parts[at] - lacking[at], at))
        ] -= 1
    return [yuan(part) for part in parts]
