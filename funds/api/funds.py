"""Funds, their investors and their ledger over HTTP."""

from __future__ import annotations

from typing import ClassVar

from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from finance_hub.kernel.problems import InvalidFields
from finance_hub.kernel.text import Text
from finance_hub.rest import cursors
from finance_hub.rest.operation import Operation
from finance_hub.rest.views import ApiView, person_of
from funds import operations, queries
from funds.api import moments, samples, shapes
from funds.api.capital import marks_of
from funds.operations import founding, investees, ledger, reversing


class Funds(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "fund.read",
            Text("基金列表", "The funds"),
            response=shapes.FundPage,
            query=cursors.QUERY,
            answer=samples.listed(samples.FUND),
            problems=(InvalidFields, cursors.InvalidCursor),
        ),
        "POST": Operation(
            "fund.create",
            Text("登记基金并指定管理机构", "Register a fund and name its manager"),
            status=201,
            request=shapes.NewFund,
            response=shapes.FundShown,
            example=samples.NEW_FUND,
            answer=samples.FUND,
            problems=(InvalidFields, founding.FundCodeTaken),
        ),
    }

    def get(self, request: Request) -> Response:
        return self.listed(queries.funds(), request=request)

    def post(self, request: Request) -> Response:
        body = self.read_body(request)
        fund = operations.create_fund(**body, by=person_of(request), now=timezone.now())
        location = {"Location": f"/api/v1/funds/{fund.code}"}
        return Response(self.show(fund, request=request), status=201, headers=location)


class FundDetail(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "fund.read",
            Text("基金及其资金状况", "A fund and where its money stands"),
            response=shapes.FundWithPosition,
            query=moments.QUERY,
            answer={**samples.FUND, "position": samples.POSITION},
            problems=(InvalidFields,),
        )
    }

    def get(self, request: Request, code: str) -> Response:
        moment = moments.Moment.of(request)
        fund = queries.fund(code)
        position = queries.position(fund, as_of=moment.as_of, known_at=moment.known_at)
        shown = {**shapes.FundShown(fund).data, "position": shapes.FundPosition(position).data}
        return moments.tagged(shown)


class Investors(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "fund.read",
            Text("出资人", "The fund's investors"),
            response=shapes.InvestorPage,
            query=cursors.QUERY,
            answer=samples.listed(samples.INVESTOR),
            problems=(InvalidFields, cursors.InvalidCursor),
        ),
        "POST": Operation(
            "fund.record",
            Text("登记出资人", "Add an investor"),
            status=201,
            request=shapes.NewInvestor,
            response=shapes.NewInvestor,
            example=samples.INVESTOR,
            answer=samples.INVESTOR,
            problems=(InvalidFields, founding.InvestorAlreadyAdded, investees.HoldingWouldCloseACircle),
        ),
    }

    def get(self, request: Request, code: str) -> Response:
        return self.listed(queries.investors(queries.fund(code)), request=request)

    def post(self, request: Request, code: str) -> Response:
        body = self.read_body(request)
        body["holder"] = body["holder"] and body["holder"]["code"]
        investor = operations.add_investor(fund=code, **body, by=person_of(request), now=timezone.now())
        return Response(self.show(investor, request=request), status=201)


class LedgerEvents(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "fund.read",
            Text("基金资金流水，新录入的在前", "The fund's ledger, newest entry first"),
            response=shapes.EventPage,
            query=cursors.QUERY,
            answer=samples.listed(samples.EVENT),
            problems=(InvalidFields, cursors.InvalidCursor),
        ),
        "POST": Operation(
            "fund.record",
            Text(
                "登记认缴及其减少、催缴、实缴、分配、收益分成、管理费或费用",
                "Record a capital event, carried interest, a fee or an expense",
            ),
            status=201,
            request=shapes.NewFundEvent,
            response=shapes.FundEventShown,
            example=samples.NEW_EVENT,
            answer=samples.EVENT,
            problems=(
                InvalidFields,
                ledger.CallAboveUncalled,
                ledger.ContributionAboveCalled,
                ledger.CashShort,
                ledger.ReleaseAboveUncalled,
            ),
        ),
    }

    def get(self, request: Request, code: str) -> Response:
        return self.listed(queries.ledger(queries.fund(code)), request=request)

    def post(self, request: Request, code: str) -> Response:
        body = self.read_body(request)
        event = operations.record_event(
            fund=code, marks=marks_of(body), **body, by=person_of(request), now=timezone.now()
        )
        return Response(self.show(event, request=request), status=201)


class LedgerReversal(ApiView):
    operations: ClassVar = {
        "POST": Operation(
            "fund.record",
            Text("冲销一笔流水", "Reverse an entry of the ledger"),
            status=201,
            request=shapes.NewReversal,
            response=shapes.FundEventShown,
            example=samples.NEW_REVERSAL,
            answer=samples.REVERSAL,
            problems=(
                InvalidFields,
                reversing.AlreadyReversed,
                reversing.ReversalOfAReversal,
                reversing.TransferStands,
                reversing.ReversalBreaksLaterState,
            ),
        )
    }

    def post(self, request: Request, code: str, event: str) -> Response:
        body = self.read_body(request)
        reversal = operations.reverse_event(
            fund=code, event=event, **body, by=person_of(request), now=timezone.now()
        )
        return Response(self.show(reversal, request=request), status=201)
