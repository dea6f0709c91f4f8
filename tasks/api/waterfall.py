"""Who would get what of a fund if it were realised today, by its terms."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import ClassVar

from rest_framework.request import Request
from rest_framework.response import Response

from finance_hub.kernel.problems import InvalidFields, Problem
from finance_hub.kernel.text import Text
from finance_hub.rest.fields import Choice, Day, Money, Record, Words
from finance_hub.rest.operation import Operation
from finance_hub.rest.views import ApiView
from funds import queries as funds
from funds.api import moments
from funds.models import FundTerms
from tasks.catalogue.carried import event_of, terms_of
from tasks.engine.waterfall import Party, Payment, Terms, Tier, hypothetical


class TermsNotAgreed(Problem):
    code = "terms-not-agreed"
    status = 409
    title = Text("该日没有约定收益分成的条款", "No terms with a carried interest are agreed on that day")


class DealByDeal(Problem):
    code = "waterfall-deal-by-deal"
    status = 409
    title = Text(
        "条款按项目分配，不能按整体模拟",
        "The terms reckon deal by deal; the whole fund is not realised at once",
    )


class NothingToDistribute(Problem):
    code = "nothing-to-distribute"
    status = 409
    title = Text("净资产为负，无可分配", "The net assets are negative: there is nothing to distribute")


class PaymentShown(Record):
    tier = Choice([tier.value for tier in Tier])
    to = Choice([party.value for party in Party])
    amount = Money()


class WaterfallShown(Record):
    """`nav` is paid out on the day; what was distributed before counts for capital and preferred return."""

    as_of = Day()
    terms = Words(max_length=40)
    nav = Money()
    investors = Money()
    manager = Money()
    payments = PaymentShown(many=True)


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
                "nav": "120000000.00",
                "investors": "116000000.00",
                "manager": "4000000.00",
                "payments": [
                    {"tier": "return_of_capital", "to": "investors", "amount": "100000000.00"},
                    {"tier": "preferred_return", "to": "investors", "amount": "8000000.00"},
                    {"tier": "catch_up", "to": "manager", "amount": "2000000.00"},
                    {"tier": "split", "to": "investors", "amount": "8000000.00"},
                    {"tier": "split", "to": "manager", "amount": "2000000.00"},
                ],
            },
            problems=(InvalidFields, TermsNotAgreed, DealByDeal, NothingToDistribute),
        )
    }

    def get(self, request: Request, code: str) -> Response:
        (as_of, known_at), fund = moments.Moment.of(request), funds.fund(code)
        agreed = funds.in_force(fund, as_of=as_of, known_at=known_at)
        nav = funds.net_assets(fund, as_of=as_of, known_at=known_at)
        flows = funds.capital_flows(fund, as_of=as_of, known_at=known_at)
        on = as_of - timedelta(days=1)
        terms = _terms(agreed)
        if nav < 0:
            raise NothingToDistribute
        payments = hypothetical(map(event_of, flows), nav=nav, on=on, terms=terms)
        shown = {
            "as_of": on, "terms": agreed.public_id if agreed else "", "nav": nav, "payments": payments,
            **{party.value: _total(payments, party) for party in Party},
        }  # fmt: skip
        return moments.tagged(self.show(shown, request=request))


def _terms(agreed: FundTerms | None) -> Terms:
    """Raises TermsNotAgreed, DealByDeal."""
    if agreed is None or agreed.carried_interest_pct is None:
        raise TermsNotAgreed
    if agreed.order != "european":
        raise DealByDeal
    return terms_of(agreed)


def _total(payments: Sequence[Payment], party: Party) -> Decimal:
    return sum((payment.amount for payment in payments if payment.to == party), Decimal(0))
