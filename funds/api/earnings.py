"""What a manager earns from the firms of its fund, over HTTP."""

from __future__ import annotations

from typing import ClassVar

from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from finance_hub.kernel.problems import InvalidFields
from finance_hub.kernel.text import Text
from finance_hub.rest import cursors
from finance_hub.rest.fields import Day, Money, Record, Words
from finance_hub.rest.operation import Operation
from finance_hub.rest.views import ApiView, person_of
from funds import queries
from funds.api import samples
from funds.api.shapes import Entry, page_of
from funds.operations import earnings, reversing


class NewEarning(Record):
    """`earned_from` says from which firm and what for."""

    amount = Money(positive=True)
    earned_from = Words(max_length=200)
    effective_date = Day()


class NewReversal(Record):
    """`note` says why."""

    effective_date = Day()
    note = Words(max_length=200)


class EarningShown(Entry):
    """Of a reversal, `earned_from` says why."""

    amount = Money()
    earned_from = Words(max_length=200)
    reverses = Words(max_length=40, source="reverses.public_id", default=None, allow_null=True)


EarningPage = page_of(EarningShown)
NEW_EARNING = {"amount": "200000.00", "earned_from": "某某科技 监管顾问费", "effective_date": "2026-06-30"}
EARNING = {
    "id": "me_01JD3M8Q4T", **NEW_EARNING, "recorded_at": "2026-11-05T09:30:00+08:00", "recorded_by": "王某",
    "reverses": None,
}  # fmt: skip
NEW_REVERSAL = {"effective_date": "2026-07-02", "note": "金额录入有误"}
REVERSAL = {
    **EARNING, "id": "me_01JD3M8Q5B", "earned_from": "金额录入有误", "effective_date": "2026-07-02",
    "reverses": "me_01JD3M8Q4T",
}  # fmt: skip


class Earnings(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "fund.read",
            Text(
                "管理人自被投企业的收入，新录入的在前",
                "What the manager earned from portfolio firms, newest entry first",
            ),
            response=EarningPage,
            query=cursors.QUERY,
            answer=samples.listed(EARNING),
            problems=(InvalidFields, cursors.InvalidCursor),
        ),
        "POST": Operation(
            "fund.record",
            Text(
                "登记管理人自被投企业的收入，用于抵减管理费",
                "Record what the manager earned from a portfolio firm, to be set off against its fee",
            ),
            status=201,
            request=NewEarning,
            response=EarningShown,
            example=NEW_EARNING,
            answer=EARNING,
            problems=(InvalidFields,),
        ),
    }

    def get(self, request: Request, code: str) -> Response:
        rows, onward = cursors.page(queries.manager_earnings(queries.fund(code)), request=request)
        return Response(self.show({"data": rows, **onward}, request=request))

    def post(self, request: Request, code: str) -> Response:
        body = self.read_body(request)
        earning = earnings.record_earning(fund=code, **body, by=person_of(request), now=timezone.now())
        return Response(self.show(earning, request=request), status=201)


class EarningReversal(ApiView):
    operations: ClassVar = {
        "POST": Operation(
            "fund.record",
            Text("冲销一笔管理人收入", "Reverse an earning of the manager"),
            status=201,
            request=NewReversal,
            response=EarningShown,
            example=NEW_REVERSAL,
            answer=REVERSAL,
            problems=(InvalidFields, reversing.AlreadyReversed, reversing.ReversalOfAReversal),
        )
    }

    def post(self, request: Request, code: str, earning: str) -> Response:
        body = self.read_body(request)
        reversal = earnings.reverse_earning(
            fund=code, earning=earning, **body, by=person_of(request), now=timezone.now()
        )
        return Response(self.show(reversal, request=request), status=201)
