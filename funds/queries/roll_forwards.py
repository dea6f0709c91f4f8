"""From the beginning of a period to its end: unfunded commitment, NAV, and the capital account of each investor.

All three are taken from the state on either side and from what was entered in between, so that they hold
however a life is cut into periods. Yuan; `start` is the first day of the period, `as_of` the day after it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Q

from finance_hub.kernel import money
from funds.models import Fund, FundEvent, FundEventKind
from funds.queries.accounts import NOTHING, Account, accounts_by_fund, accounts_of
from funds.queries.deal_frames import HoldingRow, holdings_of
from funds.queries.known import facts, ledger_yuan


class Unfunded(NamedTuple):
    """begin + committed - released - contributed within the commitment + recallable + transferred = end."""

    begin: Decimal
    committed: Decimal
    released: Decimal
    contributed: Decimal
    recallable: Decimal
    transferred: Decimal
    end: Decimal


class NetAssets(NamedTuple):
    """begin + contributed - distributed - carry - fees - expenses + income + realised + unrealised = end.

    `realised` is what exits brought above the cost that they released, less what was written off and not recovered;
    `unrealised` the change of what holdings are worth above their cost.
    """

    begin: Decimal
    contributed: Decimal
    distributed: Decimal
    carry: Decimal
    fees: Decimal
    expenses: Decimal
    income: Decimal
    realised: Decimal
    unrealised: Decimal
    end: Decimal


class CapitalAccount(NamedTuple):
    """begin + contributed - distributed + transferred + result = end; the ends of all investors add up to the NAV.

    The result of the fund since it began, less the carried interest that was paid (not what would be due), is shared
    by commitments in force on the day; that of a period is the difference, so that what a transfer moves of
    earlier results stands there.
    """

    begin: Decimal
    contributed: Decimal
    distributed: Decimal
    transferred: Decimal
    result: Decimal
    end: Decimal


class InvestorRoll(NamedTuple):
    name: str
    unfunded: Unfunded
    capital_account: CapitalAccount


class RollForward(NamedTuple):
    unfunded: Unfunded
    nav: NetAssets
    investors: list[InvestorRoll]


class State(NamedTuple):
    """Where a fund stands on a day: the accounts of its investors, and what it earned and spent since it began."""

    accounts: list[Account]
    carry: Decimal
    fees: Decimal
    expenses: Decimal
    income: Decimal
    realised: Decimal
    unrealised: Decimal

    @property
    def result(self) -> Decimal:
        return self.income + self.realised + self.unrealised - self.carry - self.fees - self.expenses

    def total(self, name: str) -> Decimal:
        return sum((Decimal(getattr(account, name)) for account in self.accounts), NOTHING)

    @property
    def nav(self) -> Decimal:
        return self.total("contributed") - self.total("distributed") + self.result

    def shares(self) -> list[Decimal]:
        """The result since the beginning by investor; nothing where nobody has committed."""
        weights = [account.committed - account.released for account in self.accounts]
        return money.split(self.result, weights) if any(weights) else [NOTHING] * len(weights)


class Spent(NamedTuple):
    """What a fund paid since it began."""

    carry: Decimal = NOTHING
    fees: Decimal = NOTHING
    expenses: Decimal = NOTHING


def roll_forward(of: Fund, *, start: date, as_of: date, known_at: datetime) -> RollForward:
    """Of the period `[start, as_of)`, as known at `known_at`."""
    before, after = (state(of, as_of=day, known_at=known_at) for day in (start, as_of))
    within = moved_within(start=start, as_of=as_of, known_at=known_at)
    moved = accounts_of(of, within, known_at=known_at)
    sides = zip(before.accounts, after.accounts, moved, before.shares(), after.shares(), strict=True)
    rolls = [
        InvestorRoll(
            became.investor.name, unfunded_between(was, became, given), _capital(was, became, given, *shares)
        )
        for was, became, given, *shares in sides
    ]
    return RollForward(
        unfunded=Unfunded(
            *(sum(amounts, NOTHING) for amounts in zip(*(r.unfunded for r in rolls), strict=True))
        )
        if rolls
        else Unfunded(*[NOTHING] * len(Unfunded._fields)),
        nav=_net_assets(before, after),
        investors=rolls,
    )


def moved_within(*, start: date, as_of: date, known_at: datetime) -> Q:
    """The rows of transfers that were dated in `[start, as_of)`."""
    return facts(as_of=as_of, known_at=known_at) & Q(effective_date__gte=start) & ~Q(moved="")


def state(of: Fund, *, as_of: date, known_at: datetime) -> State:
    """At the end of the day before `as_of`, as known at `known_at`. Four queries."""
    return states([of], as_of=as_of, known_at=known_at)[of.pk]


def states(of: Sequence[Fund], *, as_of: date, known_at: datetime) -> dict[int, State]:
    """Those of several funds, by the fund's id; as many queries as for one."""
    when = facts(as_of=as_of, known_at=known_at)
    costs = FundEvent.objects.filter(when, fund__in=of).values_list("fund_id").annotate(
        carry=ledger_yuan(kind=FundEventKind.CARRY),
        fees=ledger_yuan(kind=FundEventKind.FEE),
        expenses=ledger_yuan(kind=FundEventKind.EXPENSE),
    )  # fmt: skip
    spent = {pk: Spent(*amounts) for pk, *amounts in costs.order_by("fund_id")}
    held: dict[int, list[HoldingRow]] = {}
    for row in holdings_of(of, as_of=as_of, known_at=known_at):
        held.setdefault(row.fund_id, []).append(row)
    found = accounts_by_fund(of, when, known_at=known_at)
    return {
        fund.pk: _stands(found[fund.pk], spent.get(fund.pk, Spent()), held.get(fund.pk, [])) for fund in of
    }


def _stands(held_by: list[Account], costs: Spent, held: list[HoldingRow]) -> State:
    realised = sum(h.proceeds_fen - h.cost_exited_fen - h.cost_written_off_fen for h in held)
    unrealised = sum(h.worth_fen - h.remaining_cost_fen for h in held)
    return State(
        accounts=held_by,
        income=money.yuan(sum(h.income_fen for h in held)),
        realised=money.yuan(realised),
        unrealised=money.yuan(unrealised),
        **costs._asdict(),
    )


def unfunded_between(was: Account, became: Account, moved: Account) -> Unfunded:
    """Of one investor, from its account on either side and from what transfers moved in between."""

    def entered(name: str) -> Decimal:
        return Decimal(getattr(became, name) - getattr(was, name) - getattr(moved, name))

    return Unfunded(
        begin=was.unfunded,
        committed=entered("committed"),
        released=entered("released"),
        contributed=entered("contributed") - entered("outside"),
        recallable=entered("recallable"),
        transferred=moved.unfunded,
        end=became.unfunded,
    )


def _capital(
    was: Account, became: Account, moved: Account, share_before: Decimal, share_after: Decimal
) -> CapitalAccount:
    return CapitalAccount(
        begin=was.contributed - was.distributed + share_before,
        contributed=became.contributed - was.contributed - moved.contributed,
        distributed=became.distributed - was.distributed - moved.distributed,
        transferred=moved.contributed - moved.distributed,
        result=share_after - share_before,
        end=became.contributed - became.distributed + share_after,
    )


def _net_assets(before: State, after: State) -> NetAssets:
    return NetAssets(
        begin=before.nav,
        contributed=after.total("contributed") - before.total("contributed"),
        distributed=after.total("distributed") - before.total("distributed"),
        carry=after.carry - before.carry,
        fees=after.fees - before.fees,
        expenses=after.expenses - before.expenses,
        income=after.income - before.income,
        realised=after.realised - before.realised,
        unrealised=after.unrealised - before.unrealised,
        end=after.nav,
    )
