"""What every reversal obeys, in the ledger and among the deals."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import QuerySet

from finance_hub.kernel.problems import Problem, refuse
from finance_hub.kernel.text import Text
from funds.models import FundEvent, HoldingEvent
from funds.operations.rules import require_day


class AlreadyReversed(Problem):
    code = "already-reversed"
    status = 409
    title = Text("该记录已被冲销", "It has been reversed already")


class ReversalOfAReversal(Problem):
    code = "reversal-of-a-reversal"
    status = 409
    title = Text("冲销记录不能再被冲销，请重新登记", "A reversal is not reversed: enter the event anew")


class TransferStands(Problem):
    code = "transfer-stands"
    status = 409
    title = Text(
        "份额转让不能逐行冲销，请登记一笔转回", "A transfer is not reversed row by row: transfer it back"
    )


class ReversalBreaksLaterState(Problem):
    code = "reversal-breaks-later-state"
    status = 409
    title = Text("后续记录依赖于它，不能冲销", "Later entries rest on it, so it cannot be reversed")
    detail = Text(
        "冲销 {amount} 元，但该日起最多只能减少 {room} 元",
        "Reversing takes back {amount}, but from that day on only {room} can be missed",
    )


def require_reversible(event: FundEvent | HoldingEvent, *, on: date, now: datetime) -> None:
    """Raises ReversalOfAReversal, TransferStands, AlreadyReversed, InvalidFields (day in future or before the event)."""
    if event.reverses_id is not None:
        raise ReversalOfAReversal
    if isinstance(event, FundEvent) and event.moved:
        raise TransferStands
    if _reversals(event).exists():
        raise AlreadyReversed
    require_day(on, now=now)
    require_not_before(on, event.effective_date)


def require_not_before(on: date, happened: date) -> None:
    """Refuses a reversal that is dated before what it takes back."""
    if on < happened:
        raise refuse(
            "#/effective_date",
            "reversal-before-its-event",
            "冲销日期早于原记录日期 {effective_date}",
            "The reversal is dated before its event, {effective_date}",
            effective_date=happened.isoformat(),
        )


def _reversals(event: FundEvent | HoldingEvent) -> QuerySet[FundEvent] | QuerySet[HoldingEvent]:
    if isinstance(event, FundEvent):
        return FundEvent.objects.filter(reverses=event)
    return HoldingEvent.objects.filter(reverses=event)
