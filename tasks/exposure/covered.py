"""What guarantees cover, loan by loan, who would bear it, and what is owed after those that were compensated."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from operator import attrgetter
from typing import NamedTuple

from loans.queries import CoverRow
from tasks.exposure import lgd
from tasks.exposure.bearing import Borne, Caps, borne, public
from tasks.exposure.lgd import Lgds, Loans, lost
from tasks.exposure.lines import Code

#: Which unit a firm belongs to: itself, its group, or the one that is looked at.
UnitOf = Callable[[int], int]


class Covered(NamedTuple):
    """A guarantee as its line counts it: what it covers, and what public money would bear of that, in fen.

    `lost` is empty where nothing is assumed.

    Of a reported loan the first guarantee covers as far as the balance goes, the next what is left.
    """

    guarantee_id: int
    code: Code
    whole: int
    borne: Borne
    lost: Borne
    loss: int

    @property
    def public(self) -> int:
        return public(self.borne)


class _Live(NamedTuple):
    """A guarantee that covers something: the amount, and what is lost of it."""

    unit: int
    row: CoverRow
    amount: int
    loss: int


def covered(
    covers: Iterable[CoverRow], *, caps: Caps, lgds: Lgds | None, loans: Loans | None, unit: UnitOf
) -> Mapping[int, Sequence[Covered]]:
    """{unit: its guarantees in the order in which they were recorded}; `loans` are those that they cover."""
    live = list(_live(covers, lgds, loans, unit))
    at_cost = borne([(one.unit, one.row, one.amount) for one in live], caps=caps)
    at_loss = [Borne() for _ in live]
    if lgds is not None:
        at_loss = borne([(one.unit, one.row, one.loss) for one in live], caps=caps)
    found: dict[int, list[Covered]] = defaultdict(list)
    for (of, row, amount, loss), parts, gone in zip(live, at_cost, at_loss, strict=True):
        code = Code.INSURANCE if row.is_insurance else Code.GUARANTEES
        found[of].append(
            Covered(row.guarantee_id, code if row.balance is None else Code.SHARED, amount, parts, gone, loss)
        )
    return found


def _live(
    covers: Iterable[CoverRow], lgds: Lgds | None, loans: Loans | None, unit: UnitOf
) -> Iterator[_Live]:
    left: dict[tuple[int, int, str], int] = {}
    for row in sorted(covers, key=attrgetter("guarantee_id")):
        of, amount = unit(row.firm_id), row.outstanding
        if row.balance is not None:
            contract = of, row.bank_id, row.contract_no
            held = left.get(contract, row.balance)
            amount = min(amount, max(0, held))
            left[contract] = held - amount
        if amount > 0:
            yield _Live(of, row, amount, _lost_of(row, amount, lgds, loans))


def _lost_of(row: CoverRow, amount: int, lgds: Lgds | None, loans: Loans | None) -> int:
    """Of a reported loan what is lost of it; nothing where nothing is assumed."""
    if lgds is None or loans is None:
        return 0
    reported = row.balance is not None
    return lost(amount, loans.rate(row.bank_id, row.firm_id) if reported else lgds[lgd.GUARANTEE])


def paid_by(row: CoverRow) -> tuple[int, int]:
    """(public money, others): compensated and neither recovered nor written off, by who paid it.

    What is written off is taken from both in the proportion of what they have not got back.
    """
    whole = row.paid_public + row.paid_otherwise
    gone = min(row.written_off, whole)
    if gone <= 0:
        return row.paid_public, row.paid_otherwise
    # Half a fen goes to public money: a loss is not made smaller than it is.
    otherwise = row.paid_otherwise - (2 * gone * row.paid_otherwise + whole) // (2 * whole)
    return whole - gone - otherwise, otherwise
