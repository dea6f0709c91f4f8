"""What our own records count of a target's metric, by the day on which it happened."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import Exists, Min, OuterRef

from finance_hub.kernel.models import FirmClass
from funds.models import DealPayment, HoldingEvent
from funds.models.deals import DealSource

#: Metric → the class of firms whose first recognition is counted.
CLASSES = {"new_hnte": "high_tech", "new_prov_tech_sme": "provincial_tech"}
ROADSHOW_PROJECTS = "roadshow_projects"
#: What is counted here, and is the target's value if our records are complete.
COUNTED = (*CLASSES, ROADSHOW_PROJECTS)


class CountedRow(NamedTuple):
    """How many of a metric's events fell on a day."""

    metric: str
    day: date
    number: int


def counted(as_of: date, known_at: datetime) -> list[CountedRow]:
    """First recognitions of firms, and firms first paid for after a roadshow, by metric and day; wants full scope."""
    rows: list[CountedRow] = []
    for metric, code in CLASSES.items():
        first = (
            FirmClass.objects.filter(code=code, recorded_at__lte=known_at)
            .values("firm").annotate(day=Min("valid_from")).values_list("day", flat=True)
        )  # fmt: skip
        rows += _tallied(metric, (day for day in first if day < as_of))
    gone = HoldingEvent.objects.filter(
        reverses=OuterRef("event"), effective_date__lt=as_of, recorded_at__lte=known_at
    )
    paid = (
        DealPayment.objects.filter(
            deal__source=DealSource.ROADSHOW, event__effective_date__lt=as_of, recorded_at__lte=known_at
        )
        .exclude(Exists(gone))
        .values("deal__firm")
        .annotate(day=Min("event__effective_date"))
    )
    return rows + _tallied(ROADSHOW_PROJECTS, paid.values_list("day", flat=True))


def _tallied(metric: str, days: Iterable[date]) -> list[CountedRow]:
    return [CountedRow(metric, day, number) for day, number in sorted(Counter(days).items())]
