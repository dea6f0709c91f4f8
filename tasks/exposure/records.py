"""The records behind each line: what to open to see where an amount comes from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from funds.models import Fund
from funds.queries import HeldStake
from loans.models import Guarantee
from loans.queries import CoverRow, DebtRow
from tasks.exposure.assembly import Exposure
from tasks.exposure.covered import paid_by
from tasks.exposure.lines import Code
from tasks.exposure.paths import Path

HOLDING, STAKE, CONTRACT, GUARANTEE = "holding", "fund_stake", "contract", "guarantee"


class Record(NamedTuple):
    """`id` is what the API knows the record by, `of` the fund, the bank or the guarantor whose it is.

    `amount` is what the line counts of it at cost, in fen; the records of a line add up to the line. Of look-through
    `of` is the city's fund and `through` the sub-fund that it owns a share of; `worth` is the fair value of equity, and
    `oldest` the day of the oldest report that it rests on.
    """

    code: Code
    kind: str
    id: str
    of: str
    amount: int
    through: str = ""
    worth: int | None = None
    oldest: date | None = None


def records(
    exposure: Exposure,
    *,
    stakes: Sequence[HeldStake],
    paths: Mapping[int, Sequence[Path]],
    debts: Sequence[DebtRow],
    covers: Sequence[CoverRow],
) -> Iterator[Record]:
    """In the order of the lines; public amounts, but of loans the balances and of subsidies nothing of its own."""
    for stake in stakes:
        if stake.fund.tier != "sub":
            held = stake.row
            yield Record(
                Code.EQUITY, HOLDING, stake.public_id, stake.fund.code, held.remaining_cost_fen,
                worth=held.worth_fen, oldest=held.last_deal_on if held.is_at_cost else held.valued_on,
            )  # fmt: skip
    yield from _paths(paths, {(stake.row.fund_id, stake.row.firm_id): stake for stake in stakes})
    for debt in debts:
        if debt.balance:
            yield Record(Code.LOANS, CONTRACT, debt.contract_no, debt.bank, debt.balance)
    yield from _guarantees(exposure, covers)
    for debt in debts if exposure.line(Code.SUBSIDIES).public.cost else ():
        if debt.subsidised:
            yield Record(Code.SUBSIDIES, CONTRACT, debt.contract_no, debt.bank, 0)


def _paths(
    paths: Mapping[int, Sequence[Path]], stakes: Mapping[tuple[int, int | None], HeldStake]
) -> Iterator[Record]:
    """The sub-fund's own holding where it has one; else the stake in the fund that leads further down."""
    wanted = {pk for ways in paths.values() for path in ways for pk in (path.holder_id, path.fund_id)}
    codes = dict(Fund.objects.filter(pk__in=wanted).values_list("pk", "code")) if wanted else {}
    for firm in sorted(paths):
        for path in paths[firm]:
            own, fund = stakes.get((path.fund_id, firm)), codes[path.fund_id]
            kind, record = (HOLDING, own.public_id) if own else (STAKE, fund)
            yield Record(
                Code.THROUGH, kind, record, codes[path.holder_id], path.cost, fund, path.worth, path.oldest
            )


def _guarantees(exposure: Exposure, covers: Sequence[CoverRow]) -> Iterator[Record]:
    claimed = {row.guarantee_id: paid_by(row)[0] for row in covers}
    wanted = {one.guarantee_id for one in exposure.covered} | {pk for pk, part in claimed.items() if part}
    if not wanted:
        return
    rows = Guarantee.objects.filter(pk__in=wanted).values_list("pk", "public_id", "guarantor__code")
    named = {pk: (public_id, house) for pk, public_id, house in rows}
    for one in exposure.covered:
        yield Record(one.code, GUARANTEE, *named[one.guarantee_id], one.public)
    for pk in sorted(claimed):
        if claimed[pk]:
            yield Record(Code.COMPENSATION, GUARANTEE, *named[pk], claimed[pk])
