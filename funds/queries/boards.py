"""The board: deals that somebody looks for, counted by where they stand, and the newest of each; amounts in yuan."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum, Window
from django.db.models.functions import RowNumber

from funds.models import Deal
from funds.models.deals import Standing
from funds.queries.pipeline import Rung, deals

#: Days after which a deal that did not move is asked about, by where it stands. What is held, gone or given
#: up waits for nobody.
QUIET_DAYS: dict[str, int] = {
    Standing.MET.value: 30,
    Standing.SCREENING.value: 30,
    Standing.DUE_DILIGENCE.value: 60,
    Standing.COMMITTEE.value: 30,
    Standing.SIGNED.value: 60,
    Standing.PAID.value: 180,
}


@dataclass(frozen=True)
class Sought:
    """What somebody looks for; what is empty is not asked. `text` is part of a title or of the firm's name,
    or how its credit code begins."""

    fund: str = ""
    lead: str = ""
    instrument: str = ""
    text: str = ""
    standing: str = ""


def sought(asked: Sought) -> QuerySet[Deal, Any]:
    """The deals in scope that fit, as `pipeline.deals` gives them."""
    exact = {"fund__code": asked.fund, "lead": asked.lead, "instrument": asked.instrument}
    found = deals(standing=asked.standing).filter(**{name: value for name, value in exact.items() if value})
    if asked.text:
        named = Q(title__icontains=asked.text) | Q(called__icontains=asked.text)
        found = found.filter(named | Q(firm__uscc__startswith=asked.text.upper()))
    return found


def rungs(found: QuerySet[Any, Any]) -> list[Rung]:
    """Number and planned sum of these deals by standing, those without a deal too; one statement."""
    rows = found.select_related(None).order_by().values_list("standing")
    totals = rows.annotate(count=Count("pk"), planned=Sum("planned_amount"))
    counted = {standing: (count, planned) for standing, count, planned in totals}
    return [Rung(one, *counted.get(one, (0, Decimal(0)))) for one in Standing.values]


def newest(found: QuerySet[Any, Any], *, most: int) -> dict[str, list[Deal]]:
    """By standing, the `most` deals whose last step is the latest; one statement."""
    order = (F("step_date").desc(), F("pk").desc())
    turn = Window(RowNumber(), partition_by=F("standing"), order_by=order)
    rows = found.annotate(turn=turn).filter(turn__lte=most).order_by("standing", "turn")
    cards: dict[str, list[Deal]] = {}
    for deal in rows:
        cards.setdefault(deal.standing, []).append(deal)
    return cards


def leads() -> list[str]:
    """Who leads deals in scope."""
    return list(Deal.objects.order_by("lead").values_list("lead", flat=True).distinct())


def days_quiet(deal: Any, *, today: date) -> int | None:
    """How many days a measured deal has stood where it does; None where it waits for nothing."""
    return (today - deal.step_date).days if deal.standing in QUIET_DAYS else None


def is_quiet(deal: Any, *, today: date) -> bool:
    """Whether it has stood there for longer than is usual."""
    days = days_quiet(deal, today=today)
    return days is not None and days > QUIET_DAYS[deal.standing]
