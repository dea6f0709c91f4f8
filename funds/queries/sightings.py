"""One fund's pipeline and one firm's entries as they stood on a day, as known at a moment."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime

from django.db.models import Q, QuerySet

from funds.models import DealStep, Fund, HoldingEvent
from funds.queries.known import facts


def deals_by_place(of: Fund, *, as_of: date, known_at: datetime) -> dict[str, int]:
    """{stage: deals whose last step before `as_of` says so}, the ends `declined` and `withdrawn` too.

    A deal given up and reopened stands where it was. Unlike `board` it looks back: of a correction only
    what was recorded by `known_at` counts. One query.
    """
    known = DealStep.objects.filter(facts(as_of=as_of, known_at=known_at), deal__fund=of)
    standing = known.exclude(corrected_by__recorded_at__lte=known_at)
    last = standing.order_by("deal", "-place", "-pk").distinct("deal").values_list("stage", "at")
    return dict(Counter(at if stage == "reopened" else stage for stage, at in last))


def entries_of_firm(firm: int, *, as_of: date, known_at: datetime) -> QuerySet[HoldingEvent]:
    """What the funds in scope paid to and got from a firm (its id), oldest first, with the fund.

    Without what was taken back and what took it back.
    """
    when = facts(as_of=as_of, known_at=known_at)
    taken_back = Q(reversed_by__effective_date__lt=as_of, reversed_by__recorded_at__lte=known_at)
    standing = HoldingEvent.objects.filter(when, holding__firm=firm, reverses=None).exclude(taken_back)
    return standing.select_related("holding__fund").order_by("effective_date", "pk")
