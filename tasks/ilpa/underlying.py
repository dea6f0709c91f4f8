"""The funds below a fund of funds: what it has in each, and its share of what each spent."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from finance_hub.kernel.text import Text
from funds.models import Fund
from funds.queries import statements
from funds.queries.schedules import Invested
from funds.queries.statements import Accrued, Party
from tasks.ilpa.subject import INCEPTION, SPANS, Subject

CURRENCY = "CNY"
#: What of a child is shown by span, as costs to the fund above; the names of a statement.
COSTS = ("fees", "expenses", "paid")


class Underlying(NamedTuple):
    """What a fund has in a child fund, in yuan; `costs` by span and kind are its share of them, paid by the child.

    What only the child's own books tell is None where they are out of sight, or where the fund is none of its
    investors there: `invested` is from the books above.
    """

    code: str | None
    name: Text | None
    vintage: int | None
    invested: Decimal
    commitment: Decimal | None
    unfunded: Decimal | None
    contributed: Decimal | None
    distributed: Decimal | None
    nav: Decimal | None
    costs: dict[str, dict[str, Decimal | None]]


def underlying(of: Subject, held: Sequence[Invested]) -> list[Underlying]:
    """One for each holding of a fund, in the order of the schedule; as many queries for many as for one."""
    stakes = [one for one in held if one.holding.sub_fund_id is not None]
    children = {one.holding.sub_fund.pk: one.holding.sub_fund for one in stakes if one.holding.sub_fund}
    if not children:
        return [_unseen(one) for one in stakes]
    starts = [of.start(span) for span in SPANS]
    found = statements.spans([*children.values()], starts, **of.when)
    ours = {
        pk: {
            span: _ours(of.fund, statements.parties(by_fund[pk], accrued=Accrued()))
            for span, by_fund in zip(SPANS, found, strict=True)
        }
        for pk in children
    }
    return [
        _seen(one, one.holding.sub_fund, ours[one.holding.sub_fund.pk])
        if one.holding.sub_fund
        else _unseen(one)
        for one in stakes
    ]


def _ours(fund: Fund, parties: Sequence[Party]) -> Party | None:
    return next((one for one in parties if one.investor and one.investor.holder_id == fund.pk), None)


def _seen(held: Invested, child: Fund, by_span: dict[str, Party | None]) -> Underlying:
    identity = (child.code, Text(child.name, child.name_en), child.established_on.year, held.invested)
    whole = by_span[INCEPTION]
    if whole is None:
        return Underlying(*identity, None, None, None, None, None, costs=_no_costs())
    return Underlying(
        *identity,
        whole.commitment,
        whole.unfunded.end if whole.unfunded else None,
        whole.statement.contributions,
        -whole.statement.distributions,
        whole.statement.end,
        costs={
            span: {name: -getattr(party.statement, name) for name in COSTS} if party else dict.fromkeys(COSTS)
            for span, party in by_span.items()
        },
    )


def _unseen(held: Invested) -> Underlying:
    return Underlying(None, None, None, held.invested, None, None, None, None, None, costs=_no_costs())


def _no_costs() -> dict[str, dict[str, Decimal | None]]:
    return {span: dict.fromkeys(COSTS) for span in SPANS}
