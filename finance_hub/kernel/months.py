"""Months: open until one person proposes the close and another does it; never opened again."""

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


def is_closed(month: Month) -> bool:
    return MonthState.objects.filter(month=month.first, closed_at__isnull=False).exists()


def closed_months() -> set[Month]:
    closed = MonthState.objects.filter(closed_at__isnull=False).values_list("month", flat=True)
    return {Month.of(first) for first in closed}


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
    first_report = Organisation.objects.aggregate(first=Min("reports_since"))["first"]
    present = Month.of(now)
    known = [*records, present, *([Month.of(first_report)] if first_report else [])]
    shown = [MonthView(month, records.get(month)) for month in min(known).until(present + 1)]
    return shown[::-1]


def propose_close(month: Month, *, by: Person, now: datetime) -> MonthState:
    """Ask for the close; asking again moves the proposal to the latest asker. Raises MonthClosed, MonthNotOver."""
    if Month.of(now) <= month:
        raise MonthNotOver
    with transaction.atomic():
        state, _ = MonthState.objects.get_or_create(
            month=month.first, defaults={"proposed_by": by, "proposed_at": now}
        )
        open_state = MonthState.objects.filter(pk=state.pk, closed_at=None)
        if not open_state.update(proposed_by=by, proposed_at=now):
            raise MonthClosed
        audit.record("month.propose_close", actor=by, subject=f"month:{month}", at=now)
    return MonthState.objects.get(pk=state.pk)


def close(month: Month, *, by: Person, now: datetime) -> MonthState:
    """Close by compare-and-set. Raises CloseNotProposed, SelfApproval, MonthClosed."""
    with transaction.atomic():
        state = MonthState.objects.filter(month=month.first).first()
        if state is None:
            raise CloseNotProposed
        if state.closed_at:
            raise MonthClosed
        if state.proposed_by_id == by.pk:
            raise SelfApproval
        mine = MonthState.objects.filter(pk=state.pk, closed_at=None).exclude(proposed_by=by)
        if not mine.update(closed_by=by, closed_at=now):
            raise MonthClosed
        audit.record("month.close", actor=by, subject=f"month:{month}", at=now)
    return MonthState.objects.get(pk=state.pk)
