"""A fund's cash as planned, so that nothing is planned that its ledger would refuse."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

#: Facts are recorded up to a week and a weekend late: money counts as there once its record surely is.
SETTLED = timedelta(days=12)


class Purse:
    """Cash by day. What comes in counts `SETTLED` later, what goes out at once."""

    def __init__(self) -> None:
        self._moves: dict[date, Decimal] = {}

    def put(self, day: date, amount: Decimal) -> None:
        self._move(day + SETTLED, amount)

    def take(self, day: date, amount: Decimal) -> None:
        self._move(day, -amount)

    def room(self, day: date) -> Decimal:
        """What can be taken on a day without a later day ending below zero."""
        balance = sum((change for on, change in self._moves.items() if on <= day), Decimal(0))
        least = balance
        for on in sorted(on for on in self._moves if on > day):
            balance += self._moves[on]
            least = min(least, balance)
        return least

    def balance(self, day: date) -> Decimal:
        """Cash at the end of a day, late records included."""
        return sum((change for on, change in self._moves.items() if on <= day), Decimal(0))

    def _move(self, day: date, amount: Decimal) -> None:
        self._moves[day] = self._moves.get(day, Decimal(0)) + amount
