"""Whatever is entered, in whatever order: what was accepted never leaves a day in the red."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from finance_hub.kernel import scoping
from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.problems import Problem
from funds import operations, queries
from funds.models import FundEvent, HoldingEvent
from funds.queries import balances
from tests.cast import NOW, Cast
from tests.funds.conftest import FIRM, FUND

FIRST_DAY = date(2022, 6, 1)
KINDS = ("commitment", "call", "contribution", "distribution", "fee", "expense")
DEALS = ("investment", "exit", "write_off")
ENTRY = st.tuples(
    st.sampled_from([*KINDS, "call", "contribution", "contribution", *DEALS, "reversal", "reversal"]),
    st.integers(1, 12),
    st.integers(0, 5),
)


@dataclass
class Book:
    """Enters what it is told in one fund and remembers what was accepted, in order of entry."""

    by: Any
    accepted: list[FundEvent | HoldingEvent] = field(default_factory=list)

    def enter(self, kind: str, amount: int, day: int) -> None:
        now = NOW + timedelta(seconds=len(self.accepted))
        try:
            with transaction.atomic():
                self.accepted.append(self._enter(kind, amount, FIRST_DAY + timedelta(days=day), now))
        except Problem:
            return

    def _enter(self, kind: str, amount: int, on: date, now: datetime) -> FundEvent | HoldingEvent:
        always: dict[str, Any] = {"effective_date": on, "by": self.by, "now": now}
        if kind in KINDS:
            investor = "出资人" if kind in KINDS[:4] else None
            return operations.record_event(
                fund="angel", kind=kind, amount=Decimal(amount), investor=investor, **always
            )
        if kind == "investment":
            return operations.record_investment(
                fund="angel", amount=Decimal(amount), uscc=FIRM, firm_name="企业", **always
            )
        if kind == "reversal":
            return self._reverse(amount, always)
        holding = next((e.holding.public_id for e in self.accepted if isinstance(e, HoldingEvent)), "none")
        if kind == "exit":
            return operations.record_exit(
                holding=holding, cash=Decimal(amount - 1), cost=Decimal(amount), **always
            )
        return operations.record_write_off(holding=holding, cost=Decimal(amount), **always)

    def _reverse(self, which: int, always: dict[str, Any]) -> FundEvent | HoldingEvent:
        if not self.accepted:
            return operations.reverse_event(fund="angel", event="none", **always)
        event = self.accepted[which % len(self.accepted)]
        if isinstance(event, FundEvent):
            return operations.reverse_event(fund="angel", event=event.public_id, **always)
        return operations.reverse_holding_event(event=event.public_id, **always)


def _balances(events: Iterable[FundEvent | HoldingEvent], last: date) -> dict[str, Decimal]:
    """Committed, called, contributed, cash and cost at the end of a day, added up the plain way."""
    found = dict.fromkeys(("commitment", "call", "contribution", "cash", "cost"), Decimal(0))
    for event in events:
        if event.effective_date > last:
            continue
        sign = -1 if event.reverses_id else 1
        if isinstance(event, FundEvent):
            if event.kind in found:
                found[event.kind] += sign * event.amount
            if event.kind == "contribution":
                found["cash"] += sign * event.amount
            elif event.kind in ("distribution", "fee", "expense"):
                found["cash"] -= sign * event.amount
        elif event.kind == "investment":
            found["cash"] -= sign * event.cash
            found["cost"] += sign * event.cost
        else:
            found["cash"] += sign * event.cash
            found["cost"] -= sign * event.cost
    return found


def _found(by: Any) -> Book:
    operations.create_fund(
        **{**FUND, "planned_size": Decimal(100), "established_on": FIRST_DAY}, by=by, now=NOW
    )
    operations.add_investor(fund="angel", name="出资人", capital="fiscal", by=by, now=NOW)
    return Book(by)


class Undone(Exception):
    """Rolls an example back."""


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(entries=st.lists(ENTRY, min_size=5, max_size=18))
def test_no_day_ends_in_the_red_at_any_time_of_knowing(
    cast: Cast, entries: list[tuple[str, int, int]]
) -> None:
    with pytest.raises(Undone):
        _play(entries, by=cast["manager_angel"])


def _play(entries: list[tuple[str, int, int]], *, by: Any) -> None:
    with scoping.within(EVERYTHING):
        book = _found(by)
        for kind, amount in (("commitment", 40), ("call", 25), ("contribution", 20), ("investment", 9)):
            book.enter(kind, amount, 1)
        for entry in entries:
            book.enter(*entry)
        for known in range(len(book.accepted) + 1):
            _nothing_in_the_red(book.accepted[:known])
        _agrees_with_the_position(book)
        raise Undone


def _nothing_in_the_red(events: list[FundEvent | HoldingEvent]) -> None:
    for day in range(7):
        had = _balances(events, FIRST_DAY + timedelta(days=day))
        assert 0 <= had["contribution"] <= had["call"] <= had["commitment"], (day, had)
        assert had["cash"] >= 0, (day, had)
        assert had["cost"] >= 0, (day, had)


def _agrees_with_the_position(book: Book) -> None:
    fund = queries.fund("angel")
    for day in (1, 3, 6):
        last = FIRST_DAY + timedelta(days=day)
        had = _balances(book.accepted, last)
        shown = queries.position(fund, as_of=last + timedelta(days=1), known_at=NOW + timedelta(days=1))
        assert (shown.cash, shown.called) == (had["cash"], had["call"])


MOVES = st.lists(st.tuples(st.integers(0, 9), st.integers(-20, 20)), max_size=12)


@given(moves=MOVES, day=st.integers(0, 9))
def test_the_least_balance_is_that_of_the_worst_day_from_then_on(
    moves: list[tuple[int, int]], day: int
) -> None:
    dated = [(FIRST_DAY + timedelta(days=on), Decimal(change)) for on, change in moves]
    ends = [sum(change for on, change in moves if on <= end) for end in range(day, 10)]
    assert balances.least_from(dated, day=FIRST_DAY + timedelta(days=day)) == min(ends)


@pytest.mark.parametrize("day", [0, 3])
def test_without_moves_there_is_nothing_to_draw_on(day: int) -> None:
    assert balances.least_from([], day=FIRST_DAY + timedelta(days=day)) == 0
