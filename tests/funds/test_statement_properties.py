"""Whatever a ledger says, every statement of every party adds up to the fen, and so do the parties."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from finance_hub.kernel import money, scoping
from finance_hub.kernel.access import EVERYTHING
from funds import operations, queries
from funds.models import Investor
from funds.queries import roll_forwards, statements, transactions
from funds.queries.accounts import Account, Standing, account_of
from funds.queries.roll_forwards import State
from funds.queries.statements import Accrued, Party, Span, Statement
from tests.cast import NOW, Cast
from tests.funds.conftest import FUND
from tests.funds.test_capital_properties import ACT, FIRST_DAY, INVESTORS, Book, Undone

FEN = st.integers(0, 10**12).map(lambda fen: Decimal(fen) / 100)
SIGNED = st.integers(-(10**12), 10**12).map(lambda fen: Decimal(fen) / 100)
NAMES = ("甲", "乙", "丙")
KINDS = ("commitment", "call", "contribution", "distribution", "release")


@st.composite
def spans(draw: st.DrawFn) -> Span:
    """Up to three investors; commitments in force are never negative, results are anything."""
    count = draw(st.integers(0, 3))
    sides = [[_account(draw, name) for name in NAMES[:count]] for _ in range(2)]
    moved = _moved(draw, count)
    states = [State(side, *(draw(SIGNED) for _ in range(6))) for side in sides]
    return Span(states[0], states[1], moved)


def _account(draw: st.DrawFn, name: str) -> Account:
    committed = draw(FEN)
    released = draw(st.integers(0, int(committed * 100))) if draw(st.booleans()) else 0
    amounts = {"commitment": committed, "release": Decimal(released) / 100}
    recallable = draw(st.booleans())
    rows = [
        Standing(
            0,
            kind,
            "",
            kind == "distribution" and recallable,
            False,
            amounts[kind] if kind in amounts else draw(FEN),
        )
        for kind in KINDS
    ]
    return account_of(Investor(name=name), rows)


def _moved(draw: st.DrawFn, count: int) -> list[Account]:
    """What one gives another takes over."""
    given = draw(FEN) if count > 1 else Decimal(0)
    signs = [-1, 1, 0][:count]
    return [
        account_of(Investor(name=name), [Standing(0, kind, "", False, False, sign * given) for kind in KINDS])
        for name, sign in zip(NAMES, signs, strict=False)
    ]


def lines_of(of: Statement) -> Decimal:
    return sum(of[1:-1], Decimal(0))


@settings(max_examples=150)
@given(span=spans(), begin=FEN, end=FEN)
def test_every_column_closes_and_the_parties_add_up(span: Span, begin: Decimal, end: Decimal) -> None:
    fund, investors, manager, *each = statements.parties(span, accrued=Accrued(begin, end))
    for party in (fund, investors, manager, *each):
        assert party.statement.begin + lines_of(party.statement) == party.statement.end
    for name in Statement._fields:
        together = getattr(investors.statement, name) + getattr(manager.statement, name)
        assert getattr(fund.statement, name) == together
    assert (fund.statement.begin, fund.statement.end) == (span.before.nav, span.after.nav)
    assert (fund.statement.paid, fund.statement.accrued) == (0, 0)
    assert (manager.accrued_end, investors.accrued_end) == (end, -end)
    if all(any(a.committed - a.released for a in side.accounts) for side in (span.before, span.after)):
        _each_adds_up(span, investors, each)


def _each_adds_up(span: Span, investors: Party, each: list[Party]) -> None:
    for name in Statement._fields:
        assert sum(getattr(one.statement, name) for one in each) == getattr(investors.statement, name), name
    weights = [account.committed - account.released for account in span.after.accounts]
    shares = money.split(span.after.result, weights)
    for one, account, share in zip(each, span.after.accounts, shares, strict=True):
        assert one.statement.end - one.accrued_end == account.contributed - account.distributed + share


@settings(max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=st.lists(ACT, min_size=6, max_size=14))
def test_a_ledger_in_its_types_makes_the_same_accounts(
    cast: Cast, acts: list[tuple[str, int, int, int]]
) -> None:
    with pytest.raises(Undone):
        _play(acts, by=cast["manager_angel"])


def _play(acts: list[tuple[str, int, int, int]], *, by: Any) -> None:
    with scoping.within(EVERYTHING):
        fund = operations.create_fund(
            **{**FUND, "planned_size": Decimal(100), "established_on": FIRST_DAY}, by=by, now=NOW
        )
        for name in INVESTORS:
            operations.add_investor(fund="angel", name=name, capital="fiscal", by=by, now=NOW)
        book = Book(by)
        for act in (("commitment", 4_001, 0, 0), ("commitment", 2_999, 0, 1), ("call_all", 3_333, 1, 0),
                    ("pay_all", 3_333, 1, 0), *acts):  # fmt: skip
            book.do(*act)
        for day in (2, 4, 7):
            _types_agree(fund, FIRST_DAY + timedelta(days=day))
        raise Undone


def _types_agree(fund: Any, as_of: date) -> None:
    when: dict[str, Any] = {"as_of": as_of, "known_at": NOW + timedelta(days=1)}
    entries = transactions.transactions(fund, **when)
    position = queries.position(fund, **when)
    told = {
        name: sum((one.moves(name) for one in entries), Decimal(0))
        for name in ("unfunded", "paid_in", "distributed")
    }
    assert told == {
        "unfunded": position.unfunded, "paid_in": position.contributed, "distributed": position.distributed,
    }  # fmt: skip
    for view in ("with_facility", "without_facility"):
        net = sum((one.moves(view) for one in entries), Decimal(0))
        assert net == position.distributed - position.contributed
    start = FIRST_DAY + timedelta(days=1)
    (spanned,) = statements.spans([fund], [start], **when)
    fund_party, *_, first, second = statements.parties(spanned[fund.pk], accrued=Accrued())
    rolled = roll_forwards.roll_forward(fund, start=start, **when)
    assert (fund_party.statement.begin, fund_party.statement.end) == (rolled.nav.begin, rolled.nav.end)
    for one, said in zip((first, second), rolled.investors, strict=True):
        assert (one.statement.begin, one.statement.end) == (
            said.capital_account.begin,
            said.capital_account.end,
        )
        assert one.unfunded == said.unfunded
