"""What every entry obeys: an attempt or a firm that is there, a day that has come, and words that say where it is from."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, TypeVar

from django.db.models import QuerySet

from finance_hub.kernel import days, firms
from finance_hub.kernel.models import Firm
from finance_hub.kernel.problems import NotFound, refuse
from listings.models import ListingAttempt
from listings.models.correcting import Correctable

M = TypeVar("M", bound=Correctable)


def lock_attempt(public_id: str) -> ListingAttempt:
    """The attempt in scope, its row locked until commit: entries of one attempt queue here. Raises NotFound."""
    held = ListingAttempt.objects.select_for_update(no_key=True).filter(public_id=public_id).first()
    if held is None:
        raise NotFound
    return held


def lock_firm(uscc: str) -> Firm:
    """Attempts and figures of one firm queue on its row. Raises InvalidFields (`uscc`)."""
    firm = Firm.objects.select_for_update(no_key=True).filter(uscc=uscc).first()
    if firm is None:
        raise refuse("#/uscc", "firm-unknown", "企业未登记", "The registry does not know the firm")
    return firm


def first_of(rows: QuerySet[M], public_id: str) -> M:
    """The row first recorded of the fact that an entry or a correction among the rows names.

    Raises InvalidFields (`corrects`).
    """
    named: Any = rows.select_related("corrects").filter(public_id=public_id).first()
    if named is None:
        raise refuse("#/corrects", "entry-unknown", "没有要更正的记录", "There is no such entry to correct")
    first: M = named.corrects or named
    return first


def require_day(day: date, *, of: Firm, now: datetime, since: date | None = None) -> None:
    """Refuses what `days.require_day` does, a day before the firm and, with `since`, one before the last stage."""
    days.require_day(day, now=now)
    firms.require_founded(of, on=day)
    if since and day < since:
        raise refuse(
            "#/effective_date",
            "date-before-last-stage",
            "日期早于上一阶段的日期 {since}",
            "The date is before that of the last stage, {since}",
            since=since.isoformat(),
        )


def require_said(text: str, pointer: str) -> None:
    """Refuses words that are blanks."""
    if not text.strip():
        raise refuse(pointer, "blank", "须填写", "This must be filled in")
