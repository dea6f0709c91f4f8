"""Over any course of rounds, purchases and sales: all holders together hold all shares, and nobody more."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from funds.models import Round, Security
from funds.queries.ownership import Move, path
from funds.queries.rounds import worth_in
from funds.queries.securities import conversion

START = date(2022, 1, 1)
#: New shares of a round, what of them each of two funds buys (parts of ten), and what the first then sells.
COURSES = st.lists(
    st.tuples(
        st.integers(1, 10**9), st.integers(0, 5), st.integers(0, 5), st.integers(0, 10)
    ),
    min_size=1, max_size=8,
)  # fmt: skip


@given(founders=st.integers(1, 10**10), course=COURSES)
def test_the_parts_of_all_holders_are_the_whole_after_each_round(
    founders: int, course: list[tuple[int, int, int, int]]
) -> None:
    rounds, moves = [], ([], [])  # type: tuple[list[Round], tuple[list[Move], list[Move]]]
    held, others, total = [0, 0], founders, founders
    expected = []
    for number, (new, first, second, sold) in enumerate(course):
        day, total = START + timedelta(days=number), total + new
        rounds.append(Round(name=str(number), effective_date=day, shares_after=total, new_shares=new))
        bought = (new * first // 10, new * second // 10)
        gone = (held[0] + bought[0]) * sold // 10
        for fund in (0, 1):
            moves[fund].append(Move(day, "bought", bought[fund]))
            held[fund] += bought[fund]
        moves[0].append(Move(day, "released", -gone))
        held[0] -= gone
        others += new - sum(bought) + gone
        expected.append((day, *held, others, total))
    paths = [{step.day: step for step in path(found, rounds)} for found in moves]
    for day, *parts, rest, whole in expected:
        assert sum(parts) + rest == whole
        shown = [paths[fund].get(day) for fund in (0, 1)]
        for step, part in zip(shown, parts, strict=True):
            assert step is None or (step.shares, step.total) == (part, whole)
            assert step is None or abs(step.pct - Decimal(part) * 100 / whole) <= Decimal("0.00005")
            assert step is not None or part == 0
        together = sum((Fraction(step.shares, step.total) for step in shown if step), Fraction(rest, whole))
        assert together == 1


@given(
    principal=st.decimals("0.01", "999999999.99", places=2),
    rate=st.decimals("0", "99.9999", places=4),
    discount=st.none() | st.decimals("0.0001", "99.9999", places=4),
    cap=st.none() | st.decimals("1", "9999999999.99", places=2),
    raised=st.decimals("1", "9999999999.99", places=2),
    new=st.integers(1, 10**9),
    before=st.integers(1, 10**10),
    days=st.integers(0, 4000),
)
def test_a_conversion_gives_every_whole_share_that_the_money_buys_and_no_more(
    principal: Decimal, rate: Decimal, discount: Decimal | None, cap: Decimal | None, raised: Decimal,
    new: int, before: int, days: int,
) -> None:  # fmt: skip
    loan = Security(annual_rate_pct=rate, discount_pct=discount, cap=cap, effective_date=START)
    at = Round(raised=raised, new_shares=new, shares_after=before + new)
    found = conversion(loan, principal=principal, at=at, day=START + timedelta(days=days))
    exact = Fraction(principal) * Fraction(rate) / 100 * days / 365
    assert abs(Fraction(found.interest) - exact) <= Fraction(1, 200)
    prices = [Fraction(raised) / new * (1 - Fraction(discount or 0) / 100)]
    prices += [Fraction(cap) / before] if cap is not None else []
    owed = Fraction(found.principal + found.interest)
    assert found.shares * min(prices) <= owed < (found.shares + 1) * min(prices)


@given(
    raised=st.decimals("0.01", "9999999999.99", places=2), new=st.integers(1, 10**9), part=st.fractions(0, 1)
)
def test_shares_are_worth_their_part_of_what_was_raised_to_the_fen(
    raised: Decimal, new: int, part: Fraction
) -> None:
    shares = int(new * part)
    worth = worth_in(Round(raised=raised, new_shares=new), shares=shares)
    assert abs(Fraction(worth) - Fraction(raised) * shares / new) <= Fraction(1, 200)
    assert worth_in(Round(raised=raised, new_shares=new), shares=new) == raised
