"""Months: open until one person proposes the close and another does it, in turn; never opened again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Min

from finance_hub.kernel import audit
from finance_hub.kernel.models import MonthState, Organisation, Person
from finance_hub.kernel.periods import Month
from finance_hub.kernel.problems import Problem, SelfApproval
from finance_hub.kernel.text import Text


class MonthClosed(Problem):
    code = "month-closed"
    status = 409
    title = Text("该月份已关账", "This month is closed")


class CloseNotProposed(Problem):
    code = "close-not-proposed"
    status = 409
    title = Text("尚未有人提出关账", "Nobody has proposed the close yet")


class MonthNotOver(Problem):
    code = "month-not-over"
    status = 409
    title = Text("该月份尚未结束", "This month is not over yet")


class MonthOutOfTurn(Problem):
    code = "month-out-of-turn"
    status = 409
    title = Text("须按月依次关账", "Months are closed in turn")
    detail = Text(
        "须按月依次关账，下一个可关账的月份为{next}", "Months are closed in turn: the next one is {next}"
    )


class MonthBeforeReports(Problem):
    code = "month-before-reports"
    status = 409
    title = Text("该月份无人应报", "Nobody reports this month")
    detail = Text(
        "最早的应报月份为{first}，此前的月份无须关账", "The first month that anybody reports is {first}"
    )


def is_closed(month: Month) -> bool:
    return MonthState.objects.filter(month=month.first, closed_at__isnull=False).exists()


def closed_months() -> set[Month]:
    closed = MonthState.objects.filter(closed_at__isnull=False).values_list("month", flat=True)
    return {Month.of(first) for first in closed}


def is_in_turn(month: Month) -> bool:
    """Whether it is the month to close now."""
    return _out_of_turn(month) is None


def _out_of_turn(month: Month) -> Problem | None:
    """Why it is not the month to close now. The first close of all may be of any month that somebody reports."""
    closed = closed_months()
    if closed:
        following = max(closed) + 1
        return None if month == following else MonthOutOfTurn(next=str(following))
    first = _first_owed()
    return MonthBeforeReports(first=str(first)) if first and month < first else None


def _first_owed() -> Month | None:
    first = Organisation.objects.aggregate(first=Min("reports_since"))["first"]
    return Month.of(first) if first else None


@dataclass(frozen=True)
class MonthView:
    """A month as shown: `open`, `close_proposed` or `closed`, and who did what when."""

    month: Month
    record: MonthState | None

    @property
    def state(self) -> str:
        if self.record is None:
            return "open"
        return "closed" if self.record.closed_at else "close_proposed"


def view(month: Month) -> MonthView:
    people = MonthState.objects.select_related("proposed_by", "closed_by")
    return MonthView(month, people.filter(month=month.first).first())


def overview(*, now: datetime) -> list[MonthView]:
    """Newest first, from the present month back to the first that anybody reports or asked to close."""
    people = MonthState.objects.select_related("proposed_by", "closed_by")
    records = {Month.of(record.month): record for record in people}
    first, present = _first_owed(), Month.of(now)
    known = [*records, present, *([first] if first else [])]
    shown = [MonthView(month, records.get(month)) for month in min(known).until(present + 1)]
    return shown[::-1]


def propose_close(month: Month, *, by: Person, now: datetime) -> MonthState:
    """Ask for the close; asking again moves the proposal to the latest asker.

    Raises MonthNotOver, MonthClosed, MonthOutOfTurn, MonthBeforeReports.
    """
    if Month.of(now) <= month:
        raise MonthNotOver
    with transaction.atomic():
        if is_closed(month):
            raise MonthClosed
        if refusal := _out_of_turn(month):
            raise refusal
        state, _ = MonthState.objects.get_or_create(
            month=month.first, defaults={"proposed_by": by, "proposed_at": now}
        )
        open_state = MonthState.objects.filter(pk=state.pk, closed_at=None)
        if not open_state.update(proposed_by=by, proposed_at=now):
            raise MonthClosed
        audit.record("month.propose_close", actor=by, subject=f"month:{month}", at=now)
    return MonthState.objects.get(pk=state.pk)


def close(month: Month, *, by: Person, now: datetime) -> MonthState:
    """Close by compare-and-set, one month at a time.

    Raises CloseNotProposed, MonthClosed, SelfApproval, MonthOutOfTurn, MonthBeforeReports.
    """
    with transaction.atomic():
        known = {one.month: one for one in MonthState.objects.select_for_update().order_by("month")}
        state = known.get(month.first)
        if state is None:
            raise CloseNotProposed
        if state.closed_at:
            raise MonthClosed
        if state.proposed_by_id == by.pk:
            raise SelfApproval
        if refusal := _out_of_turn(month):
            raise refusal
        mine = MonthState.objects.filter(pk=state.pk, closed_at=None).exclude(proposed_by=by)
        if not mine.update(closed_by=by, closed_at=now):
            raise MonthClosed
        audit.record("month.close", actor=by, subject=f"month:{month}", at=now)
    return MonthState.objects.get(pk=state.pk)
