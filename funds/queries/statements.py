"""The capital statement of every party of a fund over a period: the fund, its investors, its manager.

Amounts are yuan with the sign of what they do to the party, so that each statement adds up to its end. What the
fund earned and spent since it began is shared among investors by commitments in force, line by line: the parts of
a line add up to the line, and the lines of an investor to its share of the whole, to the fen (the running sums
of the lines are split, and a line is the difference of two of them).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from finance_hub.kernel import money
from funds.models import Fund, Investor
from funds.queries.accounts import NOTHING, Account, account_of, accounts_by_fund
from funds.queries.roll_forwards import State, Unfunded, moved_within, states, unfunded_between


class Statement(NamedTuple):
    """begin + contributions + distributions + transfers + the lines from income to accrued = end.

    `begin` and `end` are net of accrued carried interest. Of the manager the carried interest, paid and accrued,
    is what it earned, and what it was paid a distribution. `transfers` is what investors gave each other, with
    the share of earlier results that goes over when commitments change.
    """

    begin: Decimal
    contributions: Decimal
    distributions: Decimal
    transfers: Decimal
    income: Decimal
    fees: Decimal
    expenses: Decimal
    realised: Decimal
    unrealised: Decimal
    paid: Decimal
    accrued: Decimal
    end: Decimal


class Party(NamedTuple):
    """`accrued_begin` and `accrued_end` are the part of `begin` and `end` that is accrued carried interest.

    `unfunded` and what follows is None of the manager: the ledger marks no commitment as its own.
    """

    kind: str
    investor: Investor | None
    statement: Statement
    accrued_begin: Decimal
    accrued_end: Decimal
    unfunded: Unfunded | None
    commitment: Decimal | None
    outside: Decimal | None


class Accrued(NamedTuple):
    """Carried interest accrued and not paid at the begin and the end of a period."""

    begin: Decimal = NOTHING
    end: Decimal = NOTHING


class Span(NamedTuple):
    """What a statement is made of: the state on either side, and what transfers moved in between."""

    before: State
    after: State
    moved: list[Account]


Shares = list[list[Decimal]]


def spans(
    of: Sequence[Fund], starts: Sequence[date | None], *, as_of: date, known_at: datetime
) -> list[dict[int, Span]]:
    """For each start, by the fund's id; None is the beginning of everything. Queries by starts, not by funds."""
    after = states(of, as_of=as_of, known_at=known_at)
    found = []
    for start in starts:
        if start is None:
            before = {pk: _nothing(stands) for pk, stands in after.items()}
            found.append({pk: Span(before[pk], after[pk], before[pk].accounts) for pk in after})
            continue
        before = states(of, as_of=start, known_at=known_at)
        within = moved_within(start=start, as_of=as_of, known_at=known_at)
        moved = accounts_by_fund(of, within, known_at=known_at)
        found.append({pk: Span(before[pk], after[pk], moved[pk]) for pk in after})
    return found


def parties(of: Span, *, accrued: Accrued) -> list[Party]:
    """The fund, all investors, the manager, then each investor by name.

    The fund is the sum of investors and manager in every line, all investors are the sum of each while any
    commitment is in force.
    """
    before, after = _results(of.before, accrued.begin), _results(of.after, accrued.end)
    together = _added(of, before, after)
    manager = _manager(of.before, of.after, accrued)
    whole = Statement(*(a + b for a, b in zip(together.statement, manager.statement, strict=True)))
    fund = Party(
        "fund", None, whole, NOTHING, NOTHING, together.unfunded, together.commitment, together.outside
    )
    return [fund, together, manager, *_each(of, before, after)]


def _results(of: State, accrued: Decimal) -> list[Decimal]:
    """The lines since the beginning, as they change what the investors have."""
    return [of.income, -of.fees, -of.expenses, of.realised, of.unrealised, -of.carry, -accrued]


def _added(of: Span, before: Sequence[Decimal], after: Sequence[Decimal]) -> Party:
    def total(held: Sequence[Account], name: str) -> Decimal:
        return sum((Decimal(getattr(account, name)) for account in held), NOTHING)

    was, became = of.before.accounts, of.after.accounts
    capital = [total(became, name) - total(was, name) for name in ("contributed", "distributed")]
    begin = total(was, "contributed") - total(was, "distributed") + sum(before, NOTHING)
    lines = [b - a for a, b in zip(before, after, strict=True)]
    statement = _closed(begin, capital[0], -capital[1], NOTHING, lines)
    rolls = [unfunded_between(*three) for three in zip(was, became, of.moved, strict=True)]
    unfunded = Unfunded(*(sum(amounts, NOTHING) for amounts in zip(*rolls, strict=True))) if rolls else None
    return Party(
        "investors", None, statement, before[-1], after[-1], unfunded or Unfunded(*[NOTHING] * 7),
        total(became, "committed") - total(became, "released"), total(became, "outside") - total(was, "outside"),
    )  # fmt: skip


def _manager(before: State, after: State, accrued: Accrued) -> Party:
    paid, change = after.carry - before.carry, accrued.end - accrued.begin
    lines = [NOTHING] * 5 + [paid, change]
    statement = _closed(accrued.begin, NOTHING, -paid, NOTHING, lines)
    return Party("manager", None, statement, accrued.begin, accrued.end, None, None, None)


def _each(of: Span, before: Sequence[Decimal], after: Sequence[Decimal]) -> list[Party]:
    """Earlier results are shared by the commitments of then and of now: the difference goes over."""
    then, now = _weights(of.before.accounts), _weights(of.after.accounts)
    earlier, moved_on, later = _shares(before, then), _shares(before, now), _shares(after, now)
    sides = zip(
        of.before.accounts, of.after.accounts, of.moved, earlier, moved_on, later, strict=True
    )  # fmt: skip
    return [_investor(*side) for side in sides]


def _investor(
    was: Account, became: Account, moved: Account,
    earlier: list[Decimal], moved_on: list[Decimal], later: list[Decimal],
) -> Party:  # fmt: skip
    gone_over = sum(moved_on, NOTHING) - sum(earlier, NOTHING)
    statement = _closed(
        was.contributed - was.distributed + sum(earlier, NOTHING),
        became.contributed - was.contributed - moved.contributed,
        -(became.distributed - was.distributed - moved.distributed),
        moved.contributed - moved.distributed + gone_over,
        [b - a for a, b in zip(moved_on, later, strict=True)],
    )
    return Party(
        "investor", became.investor, statement, earlier[-1], later[-1], unfunded_between(was, became, moved),
        became.committed - became.released, became.outside - was.outside - moved.outside,
    )  # fmt: skip


def _closed(
    begin: Decimal,
    contributions: Decimal,
    distributions: Decimal,
    transfers: Decimal,
    lines: Sequence[Decimal],
) -> Statement:
    moved = (contributions, distributions, transfers, *lines)
    return Statement._make((begin, *moved, begin + sum(moved, NOTHING)))


def _weights(held: Sequence[Account]) -> list[Decimal]:
    return [account.committed - account.released for account in held]


def _shares(lines: Sequence[Decimal], weights: Sequence[Decimal]) -> Shares:
    """Of each line, investor by investor; nothing where no commitment is in force."""
    running, shares = NOTHING, [[NOTHING] * len(weights)]
    for line in lines:
        running += line
        shares.append(money.split(running, weights) if any(weights) else [NOTHING] * len(weights))
    return [
        [became - was for was, became in pairwise(mine)]
        for mine in (list(column) for column in zip(*shares, strict=True))
    ]


def _nothing(of: State) -> State:
    """The same investors before anything happened."""
    accounts = [account_of(account.investor, ()) for account in of.accounts]
    return State(accounts, *[NOTHING] * (len(State._fields) - 1))
