"""The ledger of a fund with its investors: commitments, calls, contributions, distributions, costs.

For every investor and every day: contributed <= called, and called within the commitment <= committed -
released + recallable distributions. For every day: cash >= 0. An entry is refused if it would break this
on its own day or on any later day already recorded.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import transaction

from finance_hub.kernel import audit, ids
from finance_hub.kernel.models import Person
from finance_hub.kernel.problems import Problem, refuse
from finance_hub.kernel.text import Text
from funds.models import Fund, FundEvent, FundEventKind, Investor
from funds.models.ledger import OF_INVESTORS
from funds.operations.rules import lock_fund, require_amount, require_day, require_room
from funds.queries import balances
from funds.queries.accounts import Standing


class CallAboveUncalled(Problem):
    code = "call-above-uncalled"
    status = 422
    title = Text("催缴超过未催缴的认缴额", "The call is above the uncalled commitment")
    detail = Text(
        "向{investor}催缴 {amount} 元，该日起其未催缴的认缴额最低为 {room} 元",
        "Called {amount} of {investor}; from that day on only {room} of the commitment is uncalled at its lowest",
    )


class ContributionAboveCalled(Problem):
    code = "contribution-above-called"
    status = 422
    title = Text("实缴超过已催缴而未缴的金额", "The contribution is above what was called and not yet paid")
    detail = Text(
        "{investor}实缴 {amount} 元，该日起其已催缴未缴最低为 {room} 元",
        "{investor} contributed {amount}; from that day on only {room} is called and unpaid at its lowest",
    )


class ReleaseAboveUncalled(Problem):
    code = "release-above-uncalled"
    status = 422
    title = Text("减少额超过未催缴的认缴额", "The release is above the uncalled commitment")
    detail = Text(
        "{investor}减少 {amount} 元，该日起其未催缴的认缴额最低为 {room} 元",
        "Released {amount} of {investor}; from that day on only {room} of the commitment is uncalled at its lowest",
    )


class LedgerWouldBreak(Problem):
    """What several rows entered at once would leave behind."""

    code = "ledger-would-break"
    status = 409
    title = Text("后续记录依赖于此，不能登记", "Later entries rest on what this would change")
    detail = Text(
        "{what_zh}自该日起最低将为 {room} 元",
        "{what_en} would be {room} at its lowest from that day on",
    )


class CashShort(Problem):
    code = "cash-short"
    status = 422
    title = Text("超过基金现金", "It is above the fund's cash")
    detail = Text(
        "需要 {amount} 元，该日起基金现金最低为 {room} 元",
        "It takes {amount}; from that day on the fund's cash is {room} at its lowest",
    )


Room = Callable[[Fund, Investor | None, date], Decimal]


def of_cash(fund: Fund, _: Investor | None, day: date) -> Decimal:
    return balances.cash(fund, day=day)


def of_uncalled(_: Fund, investor: Investor | None, day: date) -> Decimal:
    return balances.uncalled(_named(investor), day=day)


def of_unpaid(_: Fund, investor: Investor | None, day: date) -> Decimal:
    return balances.unpaid(_named(investor), day=day)


def _named(investor: Investor | None) -> Investor:
    if investor is None:
        raise TypeError("a capital event names its investor")
    return investor


#: What an entry of a kind draws on. A commitment draws on nothing.
DRAWS: dict[str, tuple[type[Problem], Room]] = {
    FundEventKind.CALL: (CallAboveUncalled, of_uncalled),
    FundEventKind.CONTRIBUTION: (ContributionAboveCalled, of_unpaid),
    FundEventKind.DISTRIBUTION: (CashShort, of_cash),
    FundEventKind.FEE: (CashShort, of_cash),
    FundEventKind.EXPENSE: (CashShort, of_cash),
    FundEventKind.CARRY: (CashShort, of_cash),
    FundEventKind.RELEASE: (ReleaseAboveUncalled, of_uncalled),
}
_CALLED = (FundEventKind.CALL, FundEventKind.CONTRIBUTION)


class Marks(NamedTuple):
    """What an event says of itself beside its amount; see `FundEvent`."""

    nature: str = ""
    recallable: bool = False
    outside_commitment: bool = False

    @classmethod
    def of(cls, row: FundEvent | Standing) -> Marks:
        """Those of an event, or of a sum of events."""
        return cls(row.nature, row.recallable, row.outside_commitment)


PLAIN = Marks()


def record_event(
    *,
    fund: str,
    kind: str,
    amount: Decimal,
    effective_date: date,
    investor: str | None = None,
    marks: Marks = PLAIN,
    note: str = "",
    by: Person,
    now: datetime,
) -> FundEvent:
    """Enter one event of the fund with code `fund`; `investor` is a name, for capital events only.

    Raises NotFound, InvalidFields, CallAboveUncalled, ContributionAboveCalled, CashShort, ReleaseAboveUncalled.
    """
    require_amount(amount)
    require_fitting(kind, marks)
    with transaction.atomic():
        held = lock_fund(fund)
        require_day(effective_date, now=now, since=held.established_on)
        partner = _investor(held, kind=kind, name=investor)
        event = draw(
            held, partner, kind=kind, amount=amount, effective_date=effective_date, marks=marks, note=note,
            by=by, now=now,
        )  # fmt: skip
        audit.record(f"fund.{kind}", actor=by, subject=f"fund:{fund}", at=now, **facts_of(event))
    return event


def draw(
    fund: Fund, investor: Investor | None, *, kind: str, amount: Decimal, effective_date: date, marks: Marks,
    **facts: Any,
) -> FundEvent:  # fmt: skip
    """One row more, if there is room for it. Call with the fund's row locked. Raises as `record_event` does."""
    if kind in DRAWS and not (kind == FundEventKind.CALL and marks.outside_commitment):
        problem, room = DRAWS[kind]
        left = room(fund, investor, effective_date)
        whose = {"investor": investor.name} if investor else {}
        require_room(problem, amount=amount, room=left, pointer="#/amount", **whose)
    return enter(
        fund, investor, kind=kind, amount=amount, effective_date=effective_date, **marks._asdict(), **facts
    )


def enter(fund: Fund, investor: Investor | None, *, by: Person, now: datetime, **facts: Any) -> FundEvent:
    """The row, unchecked: for entries that are checked when all of their rows are written."""
    return FundEvent.objects.create(
        public_id=ids.new("fe"), fund=fund, investor=investor, recorded_at=now, recorded_by=by, **facts
    )


def require_fitting(kind: str, marks: Marks) -> None:
    """Refuses marks that an event of the kind cannot bear."""
    distribution, called = kind == FundEventKind.DISTRIBUTION, kind in _CALLED
    for name, given, fits in (
        ("nature", marks.nature, distribution),
        ("recallable", marks.recallable, distribution),
        ("outside_commitment", marks.outside_commitment, called),
    ):
        if given and not fits:
            raise refuse(
                f"#/{name}", "does-not-fit-the-kind", "此类事项没有该属性", "An event of this kind has none"
            )


def require_standing(fund: Fund, investor: Investor | None, *, since: date) -> None:
    """Raises LedgerWouldBreak where what is written now leaves a balance in the red from a day on."""
    standing = [(Text("基金现金", "The fund's cash"), balances.cash(fund, day=since))]
    if investor:
        standing += [
            (Text("未催缴的认缴额", "The uncalled commitment"), balances.uncalled(investor, day=since)),
            (Text("已催缴未缴额", "What is called and unpaid"), balances.unpaid(investor, day=since)),
        ]
    for what, room in standing:
        if room < 0:
            raise LedgerWouldBreak(what_zh=what.zh, what_en=what.en, room=f"{room:.2f}")


def _investor(fund: Fund, *, kind: str, name: str | None) -> Investor | None:
    if kind not in OF_INVESTORS:
        if name is not None:
            raise refuse(
                "#/investor", "investor-not-allowed", "此类事项不涉及出资人", "This kind names no investor"
            )
        return None
    if name is None:
        raise refuse("#/investor", "investor-required", "须指明出资人", "The investor must be named")
    investor = Investor.objects.filter(fund=fund, name=name).first()
    if investor is None:
        raise refuse(
            "#/investor", "investor-unknown", "该基金没有这个出资人", "The fund has no such investor"
        )
    return investor


def facts_of(event: FundEvent) -> dict[str, Any]:
    reverses = {"reverses": event.reverses.public_id} if event.reverses else {}
    return {
        "event": event.public_id, "kind": event.kind, "amount": f"{event.amount:.2f}",
        "effective_date": event.effective_date.isoformat(), **reverses,
    }  # fmt: skip
