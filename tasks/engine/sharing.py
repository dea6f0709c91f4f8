"""Who bears a loss of principal, and to whom a recovery flows back 风险分担.

Shares are of the principal actually lost (财金〔2024〕60号). What passes a party's cap stays with the bank
or, where the agreement says so, with the guarantor. Amounts are yuan; every split adds up to the cent.
"""

from collections.abc import Mapping, Sequence
from decimal import ROUND_FLOOR, Decimal
from typing import Final

from tasks.engine.amounts import CENT, Amount, exact

_KEEPERS: Final = ("bank", "guarantor")


class UnableToShareError(ValueError):
    """The terms do not say who bears the whole amount."""


def split_loss(
    loss: Amount,
    *,
    shares: Mapping[str, Amount],
    caps: Mapping[str, Amount | None] | None = None,
    keeper: str | None = None,
) -> dict[str, Decimal]:
    """Split a loss by shares that add up to exactly 1, none of them above its cap.

    `caps` holds what each party can still pay in yuan (a pool's balance, what is left under a compensation
    cap); no entry or None means no cap. What the capped parties do not pay is borne by `keeper`: by
    default the party "bank", else "guarantor", else the only party without a cap.

    Raises UnableToShareError for amounts that are negative or finer than a cent, for shares that do not
    add up, for caps of strangers, and where something is left over and nobody uncapped keeps it.
    """
    total = _yuan("loss", loss)
    portions = {party: exact(share) for party, share in shares.items()}
    limits = {party: _yuan(f"cap of {party}", cap) for party, cap in (caps or {}).items() if cap is not None}
    if sum(portions.values()) != 1 or min(portions.values()) < 0:
        raise UnableToShareError("shares are not negative and add up to exactly 1")
    if not portions.keys() >= limits.keys():
        raise UnableToShareError("a cap belongs to a party that has a share")
    parts = largest_remainder(total, weights=portions)
    paid = {party: min(part, limits.get(party, part)) for party, part in parts.items()}
    rest = total - sum(paid.values())
    if rest:
        paid[_keeper(keeper, [party for party in portions if party not in limits])] += rest
    return paid


def split_recovery(
    recovery: Amount, *, payments: Mapping[str, Amount], cost: Amount = 0
) -> dict[str, Decimal]:
    """Give a recovery back, after its cost, in the proportion in which the parties bore the loss.

    `payments` is what each party has borne, as `split_loss` gave it. Raises UnableToShareError for odd
    amounts, for a cost above the recovery, and where more would flow back than was paid: that is the
    borrower's money.
    """
    borne = {party: _yuan(f"payment of {party}", payment) for party, payment in payments.items()}
    net = _yuan("recovery", recovery) - _yuan("cost", cost)
    if net < 0:
        raise UnableToShareError("the cost is above the recovery")
    if net > sum(borne.values()):
        raise UnableToShareError("more is recovered than was paid")
    return largest_remainder(net, weights=borne) if net else dict.fromkeys(borne, Decimal(0))


def largest_remainder(amount: Decimal, *, weights: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """Split `amount` in proportion to `weights`, to the cent and without losing one (Hamilton's method).

    Cents left by rounding down go to the largest fractions, among equal ones in the order of `weights`.
    Raises UnableToShareError where no weight is positive.
    """
    total = sum(weights.values())
    if total <= 0 or min(weights.values()) < 0:
        raise UnableToShareError("a split needs a positive weight and no negative one")
    exact = {party: amount * weight / total for party, weight in weights.items()}
    parts = {party: part.quantize(CENT, rounding=ROUND_FLOOR) for party, part in exact.items()}
    missing = int((amount - sum(parts.values())) / CENT)
    for party in sorted(parts, key=lambda party: parts[party] - exact[party])[:missing]:
        parts[party] += CENT
    return parts


def _keeper(named: str | None, uncapped: Sequence[str]) -> str:
    customary = [party for party in _KEEPERS if party in uncapped]
    if named is not None and named not in uncapped:
        raise UnableToShareError(f"{named!r} cannot keep the rest: it has no share, or a cap")
    if named is None and not customary and len(uncapped) != 1:
        raise UnableToShareError("the terms do not say who keeps what is above the caps")
    return named or (customary or uncapped)[0]


def _yuan(name: str, amount: Amount) -> Decimal:
    """The amount as yuan and fen, or the refusal of what is not."""
    yuan = exact(amount)
    if not yuan.is_finite() or yuan < 0 or yuan != yuan.quantize(CENT):
        raise UnableToShareError(f"{name}: {amount} is not an amount in yuan and fen")
    return yuan
