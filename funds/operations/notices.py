"""What is entered for all investors at once: a call, a payment or a distribution, split to the cent.

The parts are rows of their own that share a `notice`; they add up to the whole by the largest remainder.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from finance_hub.kernel import audit, ids, money
from finance_hub.kernel.models import Person
from finance_hub.kernel.problems import Problem, refuse
from finance_hub.kernel.text import Text
from funds.models import Fund, FundEvent, FundEventKind, Investor
from funds.operations.ledger import PLAIN, Marks, draw, require_fitting
from funds.operations.rules import lock_fund, require_amount, require_day
from funds.queries.accounts import Account, standing

#: What each kind may be split by; the first is taken where nothing is said.
BASES: Mapping[str, tuple[str, ...]] = {
    FundEventKind.CALL: ("commitment",),
    FundEventKind.CONTRIBUTION: ("unpaid",),
    FundEventKind.DISTRIBUTION: ("paid_in", "commitment"),
}


class NothingToSplitBy(Problem):
    code = "nothing-to-split-by"
    status = 422
    title = Text("没有可据以分摊的出资人", "There is no investor to split it among")


def record_notice(
    *,
    fund: str,
    kind: str,
    amount: Decimal,
    effective_date: date,
    basis: str | None = None,
    marks: Marks = PLAIN,
    note: str = "",
    by: Person,
    now: datetime,
) -> list[FundEvent]:
    """Split `amount` among the investors of the fund as they stand at the end of the day; their events, by name.

    A call goes by commitments in force, a payment by what each has been called for and not paid, a
    distribution by what each has paid in, or by commitments. Whoever's share is zero has no event.
    Raises NotFound, InvalidFields, NothingToSplitBy, CallAboveUncalled, ContributionAboveCalled, CashShort.
    """
    require_amount(amount)
    require_fitting(kind, marks)
    chosen = _basis(kind, basis)
    with transaction.atomic():
        held = lock_fund(fund)
        require_day(effective_date, now=now, since=held.established_on)
        parts = _parts(held, amount, basis=chosen, day=effective_date)
        notice = ids.new("fn")
        events = [
            draw(
                held, investor, kind=kind, amount=part, effective_date=effective_date, marks=marks,
                notice=notice, note=note, by=by, now=now,
            )
            for investor, part in parts
        ]  # fmt: skip
        audit.record(
            "fund.notice", actor=by, subject=f"fund:{fund}", at=now, notice=notice, kind=kind,
            amount=f"{amount:.2f}", basis=chosen, effective_date=effective_date.isoformat(), events=len(events),
        )  # fmt: skip
    return events


def _basis(kind: str, basis: str | None) -> str:
    if kind not in BASES:
        raise refuse(
            "#/kind", "not-split", "此类事项不按出资人分摊", "This kind is not split among investors"
        )
    if basis is None:
        return BASES[kind][0]
    if basis not in BASES[kind]:
        allowed = ", ".join(BASES[kind])
        raise refuse(
            "#/basis", "invalid_choice", "只能按 {allowed} 分摊", "It is split by {allowed}", allowed=allowed
        )
    return basis


def _parts(fund: Fund, amount: Decimal, *, basis: str, day: date) -> list[tuple[Investor, Decimal]]:
    held = standing(fund, day=day)
    weights = [max(_weight(account, basis), Decimal(0)) for account in held]
    if not any(weights):
        raise NothingToSplitBy
    parts = money.split(amount, weights)
    return [(account.investor, part) for account, part in zip(held, parts, strict=True) if part]


def _weight(account: Account, basis: str) -> Decimal:
    if basis == "commitment":
        return account.committed - account.released
    return account.called - account.contributed if basis == "unpaid" else account.contributed
