"""Whatever two investors do, in whatever order: nobody's day ends in the red, and every account adds up."""

from __future__ import annotations

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
from funds.models import FundEvent
from funds.operations.ledger import Marks
from tests.cast import NOW, Cast
from tests.funds.conftest import FUND

FIRST_DAY = date(2022, 6, 1)
INVESTORS = ("甲", "乙")
SIGNS = {"contribution": 1, "distribution": -1, "carry": -1, "fee": -1, "expense": -1}
ACT = st.tuples(
    st.sampled_from(
        ["commitment", "call", "contribution", "distribution", "recallable", "release", "outside", "carry",
         "call_all", "pay_all", "give_all", "transfer", "correct", "reverse"]
    ),
    st.integers(1, 1_500),  # fen
    st.integers(0, 5),
    st.integers(0, 1),
)  # fmt: skip


class Undone(Exception):
    """Rolls an example back."""


@dataclass
class Book:
    """Does what it is told in one fund and remembers what was taken, act by act."""

    by: Any
    acts: list[list[FundEvent]] = field(default_factory=list)

    def do(self, what: str, fen: int, day: int, who: int) -> None:
        now = NOW + timedelta(seconds=len(self.acts))
        amount, on = Decimal(fen) / 100, FIRST_DAY + timedelta(days=day)
        try:
            with transaction.atomic():
                self.acts.append(self._do(what, amount, on, INVESTORS[who], now))
        except Problem:
            return

    def _do(self, what: str, amount: Decimal, on: date, who: str, now: datetime) -> list[FundEvent]:
        always: dict[str, Any] = {"fund": "angel", "effective_date": on, "by": self.by, "now": now}
        split = {"call_all": "call", "pay_all": "contribution", "give_all": "distribution"}
        if what in split:
            return operations.record_notice(kind=split[what], amount=amount, **always)
        if what == "transfer":
            other = next(name for name in INVESTORS if name != who)
            return operations.transfer_commitment(seller=who, buyer=other, amount=amount, **always)
        if what in ("correct", "reverse"):
            event = self._some(int(amount * 100))
            if what == "reverse":
                return [operations.reverse_event(event=event, **always)]
            before = set(FundEvent.objects.values_list("pk", flat=True))
            operations.correct_event(event=event, amount=amount, note="更正", **always)
            return list(FundEvent.objects.exclude(pk__in=before).order_by("pk"))
        marks = {"recallable": Marks(recallable=True), "outside": Marks(outside_commitment=True)}.get(
            what, Marks()
        )
        kind = {"recallable": "distribution", "outside": "call"}.get(what, what)
        investor = None if kind == "carry" else who
        return [operations.record_event(kind=kind, amount=amount, investor=investor, marks=marks, **always)]

    def _some(self, which: int) -> str:
        rows = [row for act in self.acts for row in act]
        return rows[which % len(rows)].public_id if rows else "none"


def _left(rows: list[FundEvent], last: date) -> dict[str, Decimal]:
    """Of one investor at the end of a day, added up the plain way: uncalled and unpaid."""
    left = {"uncalled": Decimal(0), "unpaid": Decimal(0)}
    for row in rows:
        if row.effective_date > last:
            continue
        amount = row.amount * (-1 if (row.reverses_id is None) == (row.moved == "out") else 1)
        if row.kind == "commitment" or (row.kind == "distribution" and row.recallable):
            left["uncalled"] += amount
        if row.kind == "release" or (row.kind == "call" and not row.outside_commitment):
            left["uncalled"] -= amount
        if row.kind in ("call", "contribution"):
            left["unpaid"] += amount if row.kind == "call" else -amount
    return left


def _cash(rows: list[FundEvent], last: date) -> Decimal:
    counted = [row for row in rows if row.effective_date <= last and not row.moved and row.kind in SIGNS]
    return sum((SIGNS[r.kind] * (-1 if r.reverses_id else 1) * r.amount for r in counted), Decimal(0))


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=st.lists(ACT, min_size=6, max_size=20))
def test_nothing_is_ever_in_the_red_and_every_account_adds_up(
    cast: Cast, acts: list[tuple[str, int, int, int]]
) -> None:
    with pytest.raises(Undone):
        _play(acts, by=cast["manager_angel"])


def _play(acts: list[tuple[str, int, int, int]], *, by: Any) -> None:
    with scoping.within(EVERYTHING):
        operations.create_fund(
            **{**FUND, "planned_size": Decimal(100), "established_on": FIRST_DAY}, by=by, now=NOW
        )
        for name in INVESTORS:
            operations.add_investor(fund="angel", name=name, capital="fiscal", by=by, now=NOW)
        book = Book(by)
        for act in (("commitment", 4_001, 0, 0), ("commitment", 2_999, 0, 1), ("call_all", 3_333, 1, 0),
                    ("pay_all", 3_333, 1, 0)):  # fmt: skip
            book.do(*act)
        for act in acts:
            book.do(*act)
        for known in range(len(book.acts) + 1):
            _nothing_in_the_red([row for act in book.acts[:known] for row in act])
        _accounts_add_up()
        raise Undone


def _nothing_in_the_red(rows: list[FundEvent]) -> None:
    names = {row.investor_id for row in rows if row.investor_id}
    for day in range(7):
        last = FIRST_DAY + timedelta(days=day)
        for investor in names:
            left = _left([row for row in rows if row.investor_id == investor], last)
            assert min(left.values()) >= 0, (day, left)
        assert _cash(rows, last) >= 0, day


def _accounts_add_up() -> None:
    fund, known_at = queries.fund("angel"), NOW + timedelta(days=1)
    for day in range(1, 8):
        as_of = FIRST_DAY + timedelta(days=day)
        position = queries.position(fund, as_of=as_of, known_at=known_at)
        accounts = queries.accounts(fund, as_of=as_of, known_at=known_at)
        for name in ("committed", "released", "called", "contributed", "distributed", "uncalled", "unfunded"):
            assert sum(getattr(account, name) for account in accounts) == getattr(position, name), name
        rolled = queries.roll_forward(
            fund, start=FIRST_DAY + timedelta(days=day // 2), as_of=as_of, known_at=known_at
        )
        ends = [investor.capital_account.end for investor in rolled.investors]
        assert sum(ends, Decimal(0)) == rolled.nav.end == position.cash
        u, n = rolled.unfunded, rolled.nav
        assert u.begin + u.committed - u.released - u.contributed + u.recallable + u.transferred == u.end
        assert (
            n.begin
            + n.contributed
            - n.distributed
            - n.carry
            - n.fees
            - n.expenses
            + n.income
            + n.realised
            + n.unrealised
            == n.end
        )
        for investor in rolled.investors:
            c = investor.capital_account
            assert c.begin + c.contributed - c.distributed + c.transferred + c.result == c.end


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    kind=st.sampled_from(["call", "distribution"]),
    fen=st.integers(1, 100),
    weights=st.lists(st.integers(1, 9_999), min_size=1, max_size=5),
)
def test_the_parts_of_a_notice_add_up_to_it(cast: Cast, kind: str, fen: int, weights: list[int]) -> None:
    with pytest.raises(Undone):
        _split(kind, fen, weights, by=cast["manager_angel"])


def _split(kind: str, fen: int, weights: list[int], *, by: Any) -> None:
    with scoping.within(EVERYTHING):
        operations.create_fund(
            **{**FUND, "planned_size": Decimal(100), "established_on": FIRST_DAY}, by=by, now=NOW
        )
        for at, weight in enumerate(weights):
            operations.add_investor(fund="angel", name=f"{at}", capital="fiscal", by=by, now=NOW)
            for entered in ("commitment", "call", "contribution"):
                amount = Decimal(weight * 100 if entered == "commitment" else weight)
                operations.record_event(
                    fund="angel",
                    kind=entered,
                    amount=amount,
                    investor=f"{at}",
                    effective_date=FIRST_DAY,
                    by=by,
                    now=NOW,
                )
        # At most a yuan, which each investor has paid at least.
        events = operations.record_notice(
            fund="angel", kind=kind, amount=Decimal(fen) / 100, effective_date=FIRST_DAY, by=by, now=NOW
        )
        assert sum(event.amount for event in events) == Decimal(fen) / 100
        exact = {f"{at}": Decimal(fen) * weight / sum(weights) for at, weight in enumerate(weights)}
        for event in events:
            assert event.investor is not None
            assert abs(event.amount * 100 - exact[event.investor.name]) < 1
        raise Undone
