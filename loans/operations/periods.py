"""Tells each bank of the months that open and close: the kernel closes months and knows no feed."""

from __future__ import annotations

from datetime import datetime

from finance_hub.kernel import months
from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.models import Organisation
from finance_hub.kernel.periods import Month
from finance_hub.kernel.scoping import within
from loans import feed, limits
from loans.models import FeedEvent, FeedEventType

OPENED, CLOSED = FeedEventType.PERIOD_OPENED, FeedEventType.PERIOD_CLOSED


def announce(*, now: datetime) -> int:
    """Record that the present month takes reports, and which of the last twelve are closed, for every
    bank that has not been told; how many events. Two at once tell nobody twice."""
    present, told = Month.of(now), 0
    closed = {month for month in months.closed_months() if month >= present - limits.REOPEN_MONTHS}
    with within(EVERYTHING):
        known = _known()
        for bank in Organisation.objects.filter(kind="bank").order_by("pk"):
            news = _news(bank, present=present, closed=closed)
            if set(news) - known.get(bank.pk, set()):
                told += _tell(bank, news, now=now)
    return told


def _news(bank: Organisation, *, present: Month, closed: set[Month]) -> list[tuple[str, str]]:
    """(type, month) of everything the bank should know, in order."""
    since = Month.of(bank.reports_since) if bank.reports_since else None
    owed = [(CLOSED, month) for month in sorted(closed)] + [(OPENED, present)]
    return [(type.value, str(month)) for type, month in owed if since is None or month >= since]


def _tell(bank: Organisation, news: list[tuple[str, str]], *, now: datetime) -> int:
    feed.hold(bank.pk)
    known = _known(bank).get(bank.pk, set())
    fresh = [one for one in news if one not in known]
    for type, month in fresh:
        feed.record(type, organisation_id=bank.pk, subject=month, now=now)
    return len(fresh)


def _known(bank: Organisation | None = None) -> dict[int, set[tuple[str, str]]]:
    """Bank's id → the (type, month) it has been told."""
    rows = FeedEvent.objects.filter(type__in=[OPENED, CLOSED])
    if bank:
        rows = rows.filter(organisation=bank)
    found: dict[int, set[tuple[str, str]]] = {}
    for bank_id, type, month in rows.values_list("organisation_id", "type", "subject"):
        found.setdefault(bank_id, set()).add((type, month))
    return found
