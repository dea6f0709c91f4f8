"""Deals with where they stand, for people and the API; amounts in yuan.

Up to `signed` a deal stands where its last step says. Then its payments and the holding say it: `paid`
while tranches of the planned amount are missing, `held` when it is paid in full, `exited` or
`written_off` once the holding's cost has come down to nothing after the last payment, by what released
the last of it, and `reversed` where every payment was taken back.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    F,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Greatest

from finance_hub.kernel.problems import NotFound
from funds.models import (
    Deal,
    DealDocument,
    DealPayment,
    DealStep,
    Fund,
    HoldingEvent,
    HoldingEventKind,
)
from funds.models.deals import ENDS, Stage, Standing
from funds.queries.known import YUAN, net


class Rung(NamedTuple):
    """How many deals of a fund stand somewhere, and what is planned for them in yuan."""

    standing: str
    deals: int
    planned_amount: Decimal


def deals(*, standing: str = "") -> QuerySet[Deal, Any]:
    """Every deal in scope, or those of one standing, with, as of now:

    `called` (the firm's name of today, or the one it was met by), `standing`, `step_date` (of the last
    step), `paid_amount` (payments not reversed, in yuan), `unpaid_amount` (planned less paid), `last_paid_on`
    (None without a payment), and
    `payment_reversed` (whether a payment was taken back).
    """
    last = DealStep.objects.filter(deal=OuterRef("pk")).order_by("-place", "-pk")
    stood = Case(When(stage__in=ENDS, then=F("stage")), default=F("at"))
    paid = DealPayment.objects.filter(deal=OuterRef("pk")).order_by().values("deal")
    live = paid.filter(event__reversed_by=None)
    placed = (
        Deal.objects.annotate(
            called=Coalesce("firm__name", "firm_name"),
            step_date=Subquery(last.values("effective_date")[:1]),
            paid_amount=Coalesce(
                Subquery(live.annotate(sum=Sum("event__cost")).values("sum")),
                Value(Decimal(0)),
                output_field=YUAN,
            ),
            last_paid_on=Subquery(live.annotate(day=Max("event__effective_date")).values("day")),
            payment_reversed=Exists(paid.filter(event__reversed_by__isnull=False)),
        )
        .annotate(
            unpaid_amount=Greatest(
                F("planned_amount") - F("paid_amount"), Value(Decimal(0)), output_field=YUAN
            )
        )
        .alias(
            stood=Subquery(last.annotate(stood=stood).values("stood")[:1]),
            ended=Subquery(_endings().values("ended")[:1]),
        )
        .annotate(standing=_standing())
        .select_related("fund", "firm", "recorded_by")
    )
    return placed.filter(standing=standing) if standing else placed


def deal(public_id: str) -> Deal:
    """The deal in scope, as `deals` gives it. Raises NotFound."""
    found: Deal | None = deals().filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found


def board(of: Fund) -> list[Rung]:
    """All standings in their order, those without a deal too; one statement."""
    rows: QuerySet[Any, Any] = deals().filter(fund=of).select_related(None).order_by()
    totals = rows.values_list("standing").annotate(count=Count("pk"), planned=Sum("planned_amount"))
    counted = {standing: (count, planned) for standing, count, planned in totals}
    return [Rung(one, *counted.get(one, (0, Decimal(0)))) for one in Standing.values]


def standing_steps(of: Deal) -> list[DealStep]:
    """The steps that count, in their order: of each place the one recorded last."""
    return list(DealStep.objects.filter(deal=of).order_by("place", "-pk").distinct("place"))


def steps(of: Deal) -> QuerySet[DealStep]:
    """Every step ever recorded, with its author, what it corrects, and what corrects it or pays it."""
    return (
        DealStep.objects.filter(deal=of)
        .select_related("recorded_by", "corrects")
        .annotate(corrected_by_id=F("corrected_by__public_id"), investment=F("payment__event__public_id"))
    )


def payments(of: Deal) -> QuerySet[DealPayment]:
    """Every tie with its investment and, where that was taken back, the day of it (`reversed_on`)."""
    found = DealPayment.objects.filter(deal=of).select_related("event__holding", "recorded_by")
    return found.annotate(reversed_on=F("event__reversed_by__effective_date"))


def led_to(*, holding: str) -> QuerySet[Deal]:
    """The deals with a payment, reversed or not, that is an entry of a holding; the first recorded first."""
    tied = DealPayment.objects.filter(event__holding__public_id=holding).values("deal")
    return Deal.objects.filter(pk__in=tied).order_by("pk")


def paid(of: Deal) -> Decimal:
    """Payments of a deal that were not reversed, in yuan."""
    live = DealPayment.objects.filter(deal=of, event__reversed_by=None)
    return live.aggregate(sum=Sum("event__cost"))["sum"] or Decimal(0)


def documents(of: Deal) -> QuerySet[DealDocument]:
    return DealDocument.objects.filter(step__deal=of).select_related("step", "uploaded_by")


def document(of: Deal, public_id: str) -> DealDocument:
    """Raises NotFound, also for a document of another deal."""
    found = documents(of).filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found


def _endings() -> QuerySet[Any, Any]:
    """Releases after the deal's last payment at whose day's end no cost was left, the first day first."""
    events = HoldingEvent.objects.filter(
        holding=OuterRef("holding"), effective_date__lte=OuterRef("effective_date")
    )
    signed = Case(
        When(kind=HoldingEventKind.INVESTMENT, then=net("cost")), default=-net("cost"), output_field=YUAN
    )
    left = events.order_by().values("holding").annotate(left=Sum(signed)).values("left")
    ended = Case(
        When(kind=HoldingEventKind.EXIT, then=Value(Standing.EXITED.value)),
        default=Value(Standing.WRITTEN_OFF.value),
    )
    return (
        HoldingEvent.objects.filter(
            holding__fund=OuterRef("fund"),
            holding__firm=OuterRef("firm"),
            kind__in=[HoldingEventKind.EXIT, HoldingEventKind.WRITE_OFF],
            reverses=None,
            reversed_by=None,
            effective_date__gte=OuterRef("last_paid_on"),
        )
        .alias(left=Subquery(left))
        .filter(left=0)
        .annotate(ended=ended)
        .order_by("effective_date", "-pk")
    )


def _standing() -> Case:
    """As the last step says, or once that is `paid` as the payments and the holding say."""
    held = Case(
        When(paid_amount__lt=F("planned_amount"), then=Value(Standing.PAID.value)),
        default=Value(Standing.HELD.value),
    )
    return Case(
        When(~Q(stood=Stage.PAID), then=F("stood")),
        When(last_paid_on=None, then=Value(Standing.REVERSED.value)),
        default=Coalesce("ended", held),
        output_field=CharField(),
    )
