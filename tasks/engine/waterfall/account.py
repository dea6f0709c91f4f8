"""The two accounts that every waterfall keeps: what investors must have first, and what the manager has."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import date
from decimal import ROUND_HALF_DOWN, Context, Decimal, localcontext
from typing import Final

from tasks.engine.amounts import CENT, cents
from tasks.engine.sharing import largest_remainder
from tasks.engine.waterfall.records import Party, Payment, Tier
from tasks.engine.waterfall.terms import Terms

_NOTHING: Final = Decimal("0.00")

# Digits that a division left behind must not decide who gets a cent: 13 days of 365 on 36.50 at 5 % are 0.065.
_ROOMY: Final = Context(prec=60)
_TIDY: Final = Context(prec=45)
_SNAP: Final = Decimal("1e-20")


def exact_arithmetic() -> AbstractContextManager[Context]:
    """Arithmetic with digits to spare for any amount, whatever the caller's context is."""
    return localcontext(_ROOMY)


class Hurdle:
    """What investors must have back before the manager earns: capital, and the preferred return on it.

    The return accrues unrounded; it is rounded to the cent when it is paid in full.
    """

    def __init__(self, terms: Terms) -> None:
        self.capital = _NOTHING
        self.preferred = _NOTHING
        self._terms = terms
        self._accrued_to: date | None = None

    def accrue(self, on: date) -> None:
        """Bring the preferred return up to a day; days come in ascending order."""
        since, self._accrued_to = self._accrued_to, on
        base = self.capital + self.preferred if self._terms.compounds else self.capital
        if base and since is not None and since < on:
            self.preferred += base * self._terms.accrual(since, on)

    def contribute(self, amount: Decimal, *, on: date) -> None:
        """Add capital, which earns from this day."""
        self.accrue(on)
        self.capital += amount

    def absorb(self, other: "Hurdle", *, on: date) -> None:
        """Take over what another account still has to return."""
        self.accrue(on)
        other.accrue(on)
        self.capital += other.capital
        self.preferred += other.preferred

    def pay(self, cash: Decimal, *, on: date) -> tuple[Decimal, Decimal]:
        """What of the cash returns capital, and what is preferred return; the rest is over."""
        self.accrue(on)
        capital = min(cash, self.capital)
        self.capital -= capital
        cash -= capital
        if self.preferred < cash:  # paid in full, give or take half a cent, which nobody owes
            preferred = min(cash, return_to_cents(self.preferred))
            self.preferred = _NOTHING
        else:
            preferred = cash
            self.preferred -= preferred
        return capital, preferred


class Waterfall:
    """Shares out one distribution after another, in the order of their days."""

    def __init__(self, terms: Terms) -> None:
        self.hurdle = Hurdle(terms)
        self._terms = terms
        self._profit = _NOTHING  # all that was paid beyond capital
        self._carry_paid = _NOTHING
        self._carry = Decimal(0)  # before rounding

    def distribute(self, cash: Decimal, *, on: date) -> list[Payment]:
        """The payments of a distribution, by tier, investors first; they add up to the cash."""
        capital, preferred = self.hurdle.pay(cash, on=on)
        self._profit += preferred
        over = cash - capital - preferred
        investors = {Tier.RETURN_OF_CAPITAL: capital, Tier.PREFERRED_RETURN: preferred}
        manager: dict[Tier, Decimal] = {}
        if over:
            beyond, manager = self._share(over)
            investors |= beyond
        parts = {Party.INVESTORS: investors, Party.MANAGER: manager}
        rows = [(tier, party, parts[party].get(tier, _NOTHING)) for tier in Tier for party in Party]
        return [Payment(on, tier, party, amount) for tier, party, amount in rows if amount]

    def _share(self, over: Decimal) -> tuple[dict[Tier, Decimal], dict[Tier, Decimal]]:
        """Catch-up and split of what is over the hurdle, for the investors and for the manager.

        The manager's carry so far, not that of each distribution, is rounded to the cent, halves in the
        investors' favour: cents never add up.
        """
        terms = self._terms
        catching = min(over, self._missing())
        splitting = over - catching
        earned = {Tier.CATCH_UP: terms.catch_up * catching, Tier.SPLIT: terms.carry * splitting}
        self._carry = (self._carry + sum(earned.values())).quantize(_SNAP)
        self._profit += over
        carry = to_share(self._carry) - self._carry_paid
        self._carry_paid += carry
        kept = {Tier.CATCH_UP: catching - earned[Tier.CATCH_UP], Tier.SPLIT: splitting - earned[Tier.SPLIT]}
        return _by_tier(over - carry, weights=kept), _by_tier(carry, weights=earned)

    def _missing(self) -> Decimal:
        """The cash after which the manager has its target, where it gets its share of the catch-up of it.

        From `carry + catch_up · x = target · (profit + x)`.
        """
        terms = self._terms
        if not terms.catch_up:
            return _NOTHING
        behind = terms.target * self._profit - self._carry
        return max(_NOTHING, behind) / (terms.catch_up - terms.target)


def return_to_cents(preferred: Decimal) -> Decimal:
    """A preferred return to the cent, halves to the even one."""
    return cents(_TIDY.plus(preferred))


def to_share(carry: Decimal) -> Decimal:
    """A manager's carry to the cent; half a cent is the investors'."""
    return carry.quantize(CENT, rounding=ROUND_HALF_DOWN)


def _by_tier(amount: Decimal, *, weights: Mapping[Tier, Decimal]) -> dict[Tier, Decimal]:
    if not amount:
        return {}
    parts = largest_remainder(amount, weights={tier.value: weight for tier, weight in weights.items()})
    return {tier: parts[tier.value] for tier in weights}
