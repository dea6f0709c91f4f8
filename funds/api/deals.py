"""Investments, exits, write-offs and their reversals over HTTP."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from finance_hub.kernel.problems import InvalidFields
from finance_hub.kernel.text import Text
from finance_hub.rest import cursors
from finance_hub.rest.operation import Operation
from finance_hub.rest.views import ApiView, person_of
from funds import operations, queries
from funds.api import samples, shapes
from funds.models import HoldingEventKind
from funds.models.holdings import RECEIPTS
from funds.operations import caps, deals, investees, ledger, reversing, rounds, units

_INVESTING = (
    InvalidFields, ledger.CashShort, investees.HoldingWouldCloseACircle, units.MoreThanTheRound,
    rounds.StakeAboveWhole, caps.FirmCapBroken, caps.SubFundShareAboveCap,
)  # fmt: skip


def _list(summary: Text, row: Mapping[str, Any]) -> Operation:
    return Operation(
        "fund.read",
        summary,
        response=shapes.DealPage,
        query=cursors.QUERY,
        answer=samples.listed(row),
        problems=(InvalidFields, cursors.InvalidCursor),
    )


class Deals(ApiView):
    """Lists the entries of one kind, newest first, of one fund or of all in scope."""

    kind: ClassVar[str]

    def get(self, request: Request, code: str | None = None) -> Response:
        found = queries.deals(self.kind)
        if code is not None:
            found = found.filter(holding__fund=queries.fund(code))
        return self.listed(found, request=request)


class Investments(Deals):
    kind = HoldingEventKind.INVESTMENT
    operations: ClassVar = {
        "GET": _list(Text("投资记录", "Investments"), samples.INVESTMENT),
        "POST": Operation(
            "fund.record",
            Text("登记对企业或子基金的投资", "Record an investment in a firm or a sub-fund"),
            status=201,
            request=shapes.NewInvestmentOfFund,
            response=shapes.DealShown,
            example={"fund": "qingtong-angel", **samples.NEW_INVESTMENT},
            answer=samples.INVESTMENT,
            problems=_INVESTING,
        ),
    }

    def post(self, request: Request) -> Response:
        body = self.read_body(request)
        event = operations.record_investment(**body, by=person_of(request), now=timezone.now())
        return Response(self.show(event, request=request), status=201)


class InvestmentsOfFund(Deals):
    kind = HoldingEventKind.INVESTMENT
    operations: ClassVar = {
        "GET": _list(Text("该基金的投资记录", "The fund's investments"), samples.INVESTMENT),
        "POST": Operation(
            "fund.record",
            Text("登记该基金的投资", "Record an investment of the fund"),
            status=201,
            request=shapes.NewInvestment,
            response=shapes.DealShown,
            example=samples.NEW_INVESTMENT,
            answer=samples.INVESTMENT,
            problems=_INVESTING,
        ),
    }

    def post(self, request: Request, code: str) -> Response:
        body = self.read_body(request)
        event = operations.record_investment(fund=code, **body, by=person_of(request), now=timezone.now())
        return Response(self.show(event, request=request), status=201)


class Exits(Deals):
    kind = HoldingEventKind.EXIT
    operations: ClassVar = {
        "GET": _list(Text("退出记录", "Exits"), samples.EXIT),
        "POST": Operation(
            "fund.record",
            Text("登记退出：收回现金并结转成本", "Record an exit: cash got and cost released"),
            status=201,
            request=shapes.NewExit,
            response=shapes.DealShown,
            example=samples.NEW_EXIT,
            answer=samples.EXIT,
            problems=(InvalidFields, deals.CostAboveHeld, units.SharesAboveHeld),
        ),
    }

    def post(self, request: Request) -> Response:
        body = self.read_body(request)
        event = operations.record_exit(**body, by=person_of(request), now=timezone.now())
        return Response(self.show(event, request=request), status=201)


class WriteOffs(Deals):
    kind = HoldingEventKind.WRITE_OFF
    operations: ClassVar = {
        "GET": _list(Text("核销记录", "Write-offs"), samples.WRITE_OFF),
        "POST": Operation(
            "fund.record",
            Text("登记核销", "Record a write-off"),
            status=201,
            request=shapes.NewWriteOff,
            response=shapes.DealShown,
            example=samples.NEW_WRITE_OFF,
            answer=samples.WRITE_OFF,
            problems=(InvalidFields, deals.CostAboveHeld),
        ),
    }

    def post(self, request: Request) -> Response:
        body = self.read_body(request)
        event = operations.record_write_off(**body, by=person_of(request), now=timezone.now())
        return Response(self.show(event, request=request), status=201)


class Receipts(ApiView):
    operations: ClassVar = {
        "GET": _list(
            Text("股息利息与核销后收回", "Income, and what was recovered after a write-off"), samples.RECEIPT
        ),
        "POST": Operation(
            "fund.record",
            Text(
                "登记不结转成本的回款：股息利息，或核销后收回",
                "Record cash that releases no cost: income, or a recovery after a write-off",
            ),
            status=201,
            request=shapes.NewReceipt,
            response=shapes.DealShown,
            example=samples.NEW_RECEIPT,
            answer=samples.RECEIPT,
            problems=(InvalidFields, deals.NothingWrittenOff, deals.NothingHeldYet),
        ),
    }

    def get(self, request: Request) -> Response:
        return self.listed(queries.deals(*RECEIPTS), request=request)

    def post(self, request: Request) -> Response:
        body = self.read_body(request)
        event = operations.record_receipt(**body, by=person_of(request), now=timezone.now())
        return Response(self.show(event, request=request), status=201)


class DealReversal(ApiView):
    operations: ClassVar = {
        "POST": Operation(
            "fund.record",
            Text(
                "冲销一笔投资、退出、核销或回款", "Reverse an investment, an exit, a write-off or a receipt"
            ),
            status=201,
            request=shapes.NewReversal,
            response=shapes.DealShown,
            example={"effective_date": "2026-10-22"},
            answer=samples.DEAL_REVERSAL,
            problems=(
                InvalidFields,
                reversing.AlreadyReversed,
                reversing.ReversalOfAReversal,
                reversing.ReversalBreaksLaterState,
                units.SecurityInUse,
                units.SharesAboveHeld,
                rounds.StakeAboveWhole,
            ),
        )
    }

    def post(self, request: Request, event: str) -> Response:
        body = self.read_body(request)
        reversal = operations.reverse_holding_event(
            event=event, **body, by=person_of(request), now=timezone.now()
        )
        return Response(self.show(reversal, request=request), status=201)
