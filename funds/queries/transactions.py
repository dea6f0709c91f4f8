"""Every entry of a fund as one of ILPA's transactions: what it is, and what it does to the investors' account.

Amounts are yuan. An entry that takes another back counts the other way round, and so do rows `out` of a transfer.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from funds.ilpa import Rule, TransactionType, rule_for
from funds.models import Fund, FundEvent, HoldingEvent, HoldingEventKind, Moved
from funds.queries.known import facts
from funds.queries.positions import deals, ledger


class Transaction(NamedTuple):
    """An entry of the ledger with the rule that tells its type; `amount` has the sign of its row."""

    event: FundEvent
    rule: Rule
    amount: Decimal

    @property
    def type(self) -> TransactionType | None:
        return self.rule.type

    def moves(self, name: str) -> Decimal:
        """What it does to a quantity that types treat (`unfunded`, `paid_in`, …); nothing where it has no type."""
        return self.amount * getattr(self.type, name) if self.type else Decimal("0.00")


class Movement(NamedTuple):
    """An entry of a holding. `cash` is what came to the fund: negative where it paid."""

    event: HoldingEvent
    rule: Rule
    cash: Decimal


def transactions(of: Fund, *, as_of: date, known_at: datetime) -> list[Transaction]:
    """The ledger before `as_of` as known at `known_at`, by day and entry."""
    known = ledger(of).filter(facts(as_of=as_of, known_at=known_at)).order_by("effective_date", "pk")
    return [Transaction(event, rule_of(event), _signed(event)) for event in known]


def movements(of: Fund, *, as_of: date, known_at: datetime) -> list[Movement]:
    """What the fund paid for and got of its holdings, in the same order; one query."""
    known = deals(*HoldingEventKind.values).filter(facts(as_of=as_of, known_at=known_at), holding__fund=of)
    return [
        Movement(event, _rule_of_deal(event), _cash(event))
        for event in known.order_by("effective_date", "pk")
    ]


def rule_of(event: FundEvent) -> Rule:
    """What the data says of an entry of this kind with these marks."""
    names = ("kind", "nature", "recallable", "outside_commitment", "moved")
    return rule_for({name: getattr(event, name) for name in names})


def _rule_of_deal(event: HoldingEvent) -> Rule:
    income = event.kind == HoldingEventKind.INCOME
    return rule_for({"kind": "holding_income" if income else event.kind})


def _signed(event: FundEvent) -> Decimal:
    amount: Decimal = event.amount
    return -amount if (event.reverses_id is None) == (event.moved == Moved.OUT) else amount


def _cash(event: HoldingEvent) -> Decimal:
    cash: Decimal = event.cash
    paid = event.kind == HoldingEventKind.INVESTMENT
    return cash if paid == (event.reverses_id is not None) else -cash
