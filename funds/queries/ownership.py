"""Whose part of a firm is how large: shares held over all shares, round by round.

The total is that of the last round in the book of the fund's manager, fully diluted: warrants are counted in
it before they are exercised, convertibles from the round in which they convert. A holding whose shares nobody
recorded has no part that could be told: that is not a part of 0.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from finance_hub.kernel.models import Firm
from funds.models import Holding, Round, Units, ValuationMethod
from funds.queries.known import facts
from funds.queries.rounds import book, worth_in

PLACES = Decimal("0.0001")
NO_SHARES, NO_ROUND, A_FUND = "no-shares-recorded", "no-round-recorded", "not-a-firm"


class Move(NamedTuple):
    """Shares that came (or went, negative) on a day; `kind` says how, `reversed` where a row took another back."""

    day: date
    kind: str
    shares: int


class Standing(NamedTuple):
    """At the end of a day on which something changed.

    `what` are kinds of units, `diluted` where a round alone changed the part, `reversed`. `total` and `pct`
    are None before the first round.
    """

    day: date
    what: tuple[str, ...]
    rounds: tuple[str, ...]
    shares: int
    total: int | None
    pct: Decimal | None


class Proposal(NamedTuple):
    """What the shares are worth at the price of the last round: offered, never entered by itself."""

    fair_value: Decimal
    round: Round
    method: str = ValuationMethod.LATEST_ROUND.value


class Ownership(NamedTuple):
    """`pct` has four places; `reason` says why it is None."""

    holding: Holding
    shares: int | None
    total: int | None
    pct: Decimal | None
    reason: str | None
    path: tuple[Standing, ...]
    proposal: Proposal | None


class Whole(NamedTuple):
    """All holdings in scope in one firm beside all its shares, those of the newest round in any book in scope."""

    parts: tuple[Ownership, ...]
    shares: int
    total: int | None
    pct: Decimal | None
    others: int | None


def ownership(of: Holding, *, as_of: date, known_at: datetime) -> Ownership:
    """Of one holding, with the path that led to it. Two queries."""
    units = Units.objects.filter(facts(as_of=as_of, known_at=known_at), holding=of)
    if of.firm is None:
        return Ownership(of, None, None, None, A_FUND, (), None)
    rounds = book(as_of=as_of, known_at=known_at, firm=of.firm, organisation=of.fund.manager_id)
    return _owned(of, moves(units), list(rounds))


def whole(firm: Firm, *, as_of: date, known_at: datetime) -> Whole:
    """Of every holding in scope in a firm, by fund. Three queries."""
    holdings = Holding.objects.filter(firm=firm).select_related("fund", "firm").order_by("fund__code")
    units: dict[int, list[Units]] = defaultdict(list)
    for row in Units.objects.filter(facts(as_of=as_of, known_at=known_at), holding__firm=firm):
        units[row.holding_id].append(row)
    books: dict[int, list[Round]] = defaultdict(list)
    every = list(book(as_of=as_of, known_at=known_at, firm=firm))
    for one in every:
        books[one.organisation_id].append(one)
    parts = tuple(_owned(one, moves(units[one.pk]), books[one.fund.manager_id]) for one in holdings)
    shares = sum(part.shares or 0 for part in parts)
    total = every[-1].shares_after if every else None
    return Whole(
        parts, shares, total, _pct(shares, total), None if total is None else total - shares
    )  # fmt: skip


def moves(units: Iterable[Units]) -> list[Move]:
    """What each row did to the shares, with its sign."""
    return [
        Move(row.effective_date, "reversed" if row.reverses_id else row.kind, signed(row))
        for row in units
    ]  # fmt: skip


def signed(row: Units) -> int:
    """Shares that a row adds; negative where they go. A reversal does the opposite of its row."""
    return -row.shares if (row.kind == "released") == (row.reverses_id is None) else row.shares


def path(found: Iterable[Move], rounds: Sequence[Round]) -> tuple[Standing, ...]:
    """Where a holding stood at the end of each day that changed its part; `rounds` in their order."""
    moved, financed = defaultdict(list), defaultdict(list)
    for move in found:
        moved[move.day].append(move)
    for one in rounds:
        financed[one.effective_date].append(one)
    steps, shares, total = [], 0, None
    for day in sorted({*moved, *financed}):
        before = shares
        shares += sum(move.shares for move in moved[day])
        total = financed[day][-1].shares_after if financed[day] else total
        what = _what(moved[day]) if shares != before else ("diluted",) if financed[day] and shares else ()
        if what:
            names = tuple(one.name for one in financed[day])
            steps.append(Standing(day, what, names, shares, total, _pct(shares, total)))
    return tuple(steps)


def _what(moved: list[Move]) -> tuple[str, ...]:
    return tuple(sorted({move.kind for move in moved if move.shares}))


def _owned(of: Holding, found: list[Move], rounds: list[Round]) -> Ownership:
    total = rounds[-1].shares_after if rounds else None
    if not found:
        return Ownership(of, None, total, None, NO_SHARES, (), None)
    shares = sum(move.shares for move in found)
    offered = Proposal(worth_in(rounds[-1], shares=shares), rounds[-1]) if rounds else None
    reason = None if rounds else NO_ROUND
    return Ownership(of, shares, total, _pct(shares, total), reason, path(found, rounds), offered)


def _pct(shares: int, total: int | None) -> Decimal | None:
    return None if not total else (Decimal(shares) * 100 / total).quantize(PLACES)
