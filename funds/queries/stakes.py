"""What funds own of funds: the edges that a look-through follows. The conventions are those of `frames`."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Max, OuterRef, Q, Subquery

from finance_hub.kernel.money import fen
from funds.models import FundEvent, Holding, Investor, Valuation
from funds.queries.accounts import Account, account_of, by_investor
from funds.queries.known import facts


class StakeRow(NamedTuple):
    """A fund's account in another beside the sum over all investors there; fen.

    `commitment` is what is in force; `net_paid` contributed less distributed, which with the share of the
    result makes the holder's part of the NAV. `reported_on` is the day of the fund's last entry or value,
    None before its first.
    """

    holder_id: int
    fund_id: int
    paid_in_fen: int
    paid_in_total_fen: int
    commitment_fen: int
    commitment_total_fen: int
    net_paid_fen: int
    net_paid_total_fen: int
    reported_on: date | None


def stakes_frame(*, as_of: date, known_at: datetime, above: Collection[int] | None = None) -> list[StakeRow]:
    """Every fund that is an investor of a fund, by fund and holder; of some funds (their ids) and of those that own
    them, up to the top, where given. Four queries.
    """
    held = Investor.objects.filter(holder__isnull=False).values_list("fund_id", "holder_id")
    edges = {(fund, holder) for fund, holder in held if holder is not None}
    owned = {fund for fund, _ in edges}
    if above is not None:
        owned &= _upwards(above, edges)
    investors = Investor.objects.filter(fund_id__in=owned).order_by("fund_id", "holder_id", "pk")
    standing = by_investor(facts(as_of=as_of, known_at=known_at) & Q(fund_id__in=owned))
    accounts: dict[int, list[Account]] = {}
    for investor in investors:
        accounts.setdefault(investor.fund_id, []).append(account_of(investor, standing.get(investor.pk, ())))
    reported = _reported(owned, as_of=as_of, known_at=known_at)
    return [
        StakeRow(
            account.investor.holder_id, fund, *_pair(held, account, "contributed"),
            *_pair(held, account, "committed", "released"), *_pair(held, account, "contributed", "distributed"),
            reported.get(fund),
        )
        for fund, held in accounts.items()
        for account in held
        if account.investor.holder_id is not None
    ]  # fmt: skip


def _upwards(funds: Collection[int], edges: set[tuple[int, int]]) -> set[int]:
    """The funds and all that own a share of them, through however many others."""
    found, waiting = set(funds), list(funds)
    while waiting:
        fund = waiting.pop()
        holders = {holder for one, holder in edges if one == fund} - found
        found |= holders
        waiting += holders
    return found


def _pair(held: list[Account], one: Account, plus: str, minus: str = "") -> tuple[int, int]:
    """(of one account, of all of a fund) in fen: a column, less another where it is named."""

    def amount(account: Account) -> int:
        less = getattr(account, minus) if minus else Decimal(0)
        return fen(getattr(account, plus) - less)

    return amount(one), sum(map(amount, held))


def _reported(funds: set[int], *, as_of: date, known_at: datetime) -> dict[int, date]:
    """The last value of each holding is found by its index, so that the values of other funds are not looked at."""
    when = facts(as_of=as_of, known_at=known_at)
    values = Valuation.objects.filter(when, holding=OuterRef("pk")).order_by("-effective_date")
    valued = Holding.objects.filter(fund_id__in=funds).annotate(
        day=Subquery(values.values("effective_date")[:1])
    )
    entries = FundEvent.objects.filter(when, fund_id__in=funds)
    last: dict[int, date] = {}
    for rows in (
        entries.values_list("fund_id").annotate(last=Max("effective_date")),
        valued.values_list("fund_id").annotate(last=Max("day")),
    ):
        for pk, day in rows:
            if day is not None:
                last[pk] = max(day, last.get(pk, day))
    return last
