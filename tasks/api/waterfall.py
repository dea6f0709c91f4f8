"""Who would get what of a fund if it were realised today, by its terms."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from rest_framework.request import Request
from rest_framework.response import Response

from finance_hub.kernel.problems import InvalidFields
from finance_hub.kernel.text import Text
from finance_hub.rest.fields import Choice, Day, Money, Rate, Record, Words, YesNo
from finance_hub.rest.operation import Operation
from finance_hub.rest.views import ApiView
from funds import queries as funds
from funds.api import moments
from funds.models.terms import Order
from tasks.catalogue import waterfalls
from tasks.engine.waterfall import Party, Tier


class PaymentShown(Record):
    tier = Choice([tier.value for tier in Tier])
    to = Choice([party.value for party in Party])
    amount = Money()


class ClawbackShown(Record):
    """The greater of `excess` (carry above its share of all profit) and `shortfall` (what investors lack)."""

    amount = Money()
    excess = Money()
    shortfall = Money()
    agreed = YesNo()


class ConcessionShown(Record):
    """让利: of what fiscal capital `receives`, by paid-in, `above_floor` is beyond its capital and floor return."""

    receives = Money()
    above_floor = Money()
    given_up = Money()
    share_pct = Rate(full=True)
    floor_pct = Rate()


class WaterfallShown(Record):
    """`investors` + `manager` = `nav` = the sum of `payments` + `cash`.

    `manager` = its payments + `carry_before` - `carry_paid`; all else is the investors'.

    European: `payments` share out the NAV on the day; what was distributed before counts for capital and
    preferred return. American: every holding is a deal that is sold at its worth; `payments` share out the
    proceeds of the day, `carry_before` is what the manager earned of earlier proceeds and `carry_paid` what it
    was paid, so that `manager` can be negative; fees and expenses are allotted to deals by their cost.
    `clawback` is null for a European order, `concession` where none is agreed.
    """

    as_of = Day()
    terms = Words(max_length=40)
    order = Choice(Order.values)
    nav = Money()
    investors = Money(signed=True)
    manager = Money(signed=True)
    cash = Money()
    carry_before = Money()
    carry_paid = Money()
    payments = PaymentShown(many=True)
    clawback = ClawbackShown(allow_null=True)
    concession = ConcessionShown(allow_null=True)


class Waterfall(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "fund.read",
            Text(
                "模拟分配：按该日净资产全部变现，各方所得",
                "Who would get what if the fund were realised on the day",
            ),
            response=WaterfallShown,
            query=moments.QUERY,
            answer={
                "as_of": "2026-10-31",
                "terms": "ft_01JD3M8Q4T",
                "order": "european",
                "nav": "120000000.00",
                "investors": "116000000.00",
                "manager": "4000000.00",
                "cash": "0.00",
                "carry_before": "0.00",
                "carry_paid": "0.00",
                "payments": [
                    {"tier": "return_of_capital", "to": "investors", "amount": "100000000.00"},
                    {"tier": "preferred_return", "to": "investors", "amount": "8000000.00"},
                    {"tier": "catch_up", "to": "manager", "amount": "2000000.00"},
                    {"tier": "split", "to": "investors", "amount": "8000000.00"},
                    {"tier": "split", "to": "manager", "amount": "2000000.00"},
                ],
                "clawback": None,
                "concession": {
                    "receives": "46400000.00",
                    "above_floor": "5200000.00",
                    "given_up": "1040000.00",
                    "share_pct": "20.0000",
                    "floor_pct": "3.0000",
                },
            },
            problems=(InvalidFields, waterfalls.TermsNotAgreed, waterfalls.NothingToDistribute),
        )
    }

    def get(self, request: Request, code: str) -> Response:
        (as_of, known_at), fund = moments.Moment.of(request), funds.fund(code)
        found = waterfalls.outcome(fund, as_of=as_of, known_at=known_at)
        back = found.clawback
        shown = {
            **vars(found),
            "cash": found.cash,
            "as_of": as_of - timedelta(days=1),
            "terms": found.terms.public_id,
            "order": found.terms.order,
            "clawback": back and {**back._asdict(), "agreed": bool(found.terms.clawback)},
        }
        return moments.tagged(self.show(shown, request=request))
