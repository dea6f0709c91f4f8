"""Which cases there are of money that reached the city, and what each presupposes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db.models import Q

from finance_hub.kernel import scoping
from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.problems import Problem, refuse
from finance_hub.kernel.text import Text
from funds.models import Fund, HoldingEvent, HoldingEventKind, LocalInput, Recognition, Route
from funds.operations.investees import reached_from
from funds.queries.known import net_yuan


class RouteNotRecognised(Problem):
    code = "route-not-recognised"
    status = 422
    title = Text("认定规则不含该情形", "The rules of recognition do not know this route")
    detail = Text("《{document}》不含该情形", "{document} does not know this route")


def require_case(place: LocalInput, fund: Fund, *, route: str, base: Decimal, day: date) -> None:
    """Refuses a case that the fund's own payments contradict: with InvalidFields.

    Payments are those of the fund and of the funds that it holds. An introduced firm has none; a firm that
    the fund invested in has some; what is recognised for a move is at most what the fund paid, once.
    """
    if route not in (Route.INVESTED, Route.INTRODUCED, Route.RELOCATED):
        return
    paid = _paid(fund, place.firm_id, day=day)
    if route == Route.INTRODUCED and paid:
        raise refuse(
            "#/route",
            "firm-is-an-investee",
            "基金已投资该企业，不属于引荐未投",
            "The fund has invested in the firm: it is not merely introduced",
        )
    if route != Route.INTRODUCED and not paid:
        raise refuse(
            "#/route",
            "firm-is-no-investee",
            "该日之前基金没有投资该企业",
            "The fund has not invested in the firm by that day",
        )
    moved = _relocated(fund, place) if route == Route.RELOCATED else Decimal(0)
    if route == Route.RELOCATED and moved + base > paid:
        raise refuse(
            "#/base",
            "base-above-payment",
            "超过基金对该企业的投资额，尚可认定 {room} 元",
            "It is above what the fund paid for the firm; {room} is left",
            room=f"{max(paid - moved, Decimal(0)):.2f}",
        )


def _paid(fund: Fund, firm: int, *, day: date) -> Decimal:
    """What the fund and those below it had paid for the firm by the end of a day, exits or not."""
    with scoping.within(EVERYTHING):
        events = HoldingEvent.objects.filter(
            holding__fund__in=reached_from(fund), holding__firm=firm, effective_date__lte=day
        )
        total = events.aggregate(paid=net_yuan("cost", kind=HoldingEventKind.INVESTMENT))["paid"]
    return Decimal(total)


def _relocated(fund: Fund, place: LocalInput) -> Decimal:
    """The highest standing base of each other input of the firm that was recognised for its move."""
    cases = Recognition.objects.filter(
        Q(input__fund=fund, input__firm=place.firm_id, route=Route.RELOCATED, reverses=None, reversed_by=None)
    ).exclude(input=place)
    highest: dict[int, Decimal] = {}
    for number, base in cases.values_list("input_id", "base"):
        highest[number] = max(base, highest.get(number, base))
    return sum(highest.values(), Decimal(0))
