"""The capital of a fund's investors over HTTP: notices, transfers, corrections, accounts and roll-forwards."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from finance_hub.kernel.problems import InvalidFields, refuse
from finance_hub.kernel.text import Text
from finance_hub.rest.operation import Operation, Query
from finance_hub.rest.views import ApiView, person_of
from funds import operations, queries
from funds.api import capital_shapes, moments, samples, shapes
from funds.models import FundEvent
from funds.operations import ledger, notices, reversing, transfers
from funds.operations.ledger import Marks


class Notices(ApiView):
    operations: ClassVar = {
        "POST": Operation(
            "fund.record",
            Text(
                "按全体出资人登记催缴、实缴或分配，分摊到分",
                "Enter a call, a payment or a distribution of all investors, split to the cent",
            ),
            status=201,
            request=capital_shapes.NewNotice,
            response=capital_shapes.Entered,
            example=samples.NEW_NOTICE,
            answer=samples.NOTICE,
            problems=(
                InvalidFields,
                notices.NothingToSplitBy,
                ledger.CallAboveUncalled,
                ledger.ContributionAboveCalled,
                ledger.CashShort,
            ),
        )
    }

    def post(self, request: Request, code: str) -> Response:
        body = self.read_body(request)
        events = operations.record_notice(
            fund=code, marks=marks_of(body), **body, by=person_of(request), now=timezone.now()
        )
        return Response(self.show(_entered(events), request=request), status=201)


class Transfers(ApiView):
    operations: ClassVar = {
        "POST": Operation(
            "fund.record",
            Text("登记份额转让", "Enter a transfer of a commitment from one investor to another"),
            status=201,
            request=capital_shapes.NewTransfer,
            response=capital_shapes.Entered,
            example=samples.NEW_TRANSFER,
            answer=samples.TRANSFER,
            problems=(InvalidFields, transfers.TransferAboveCommitment, ledger.LedgerWouldBreak),
        )
    }

    def post(self, request: Request, code: str) -> Response:
        body = self.read_body(request)
        events = operations.transfer_commitment(fund=code, **body, by=person_of(request), now=timezone.now())
        return Response(self.show(_entered(events), request=request), status=201)


class LedgerCorrection(ApiView):
    operations: ClassVar = {
        "POST": Operation(
            "fund.record",
            Text(
                "更正一笔流水：原记录自其当日起冲销，并另登记正确的一笔",
                "Correct an entry: it is taken back on its own day and entered as it should have been",
            ),
            status=201,
            request=capital_shapes.NewCorrection,
            response=shapes.FundEventShown,
            example=samples.NEW_CORRECTION,
            answer=samples.CORRECTION,
            problems=(
                InvalidFields,
                reversing.AlreadyReversed,
                reversing.ReversalOfAReversal,
                reversing.TransferStands,
                ledger.LedgerWouldBreak,
            ),
        )
    }

    def post(self, request: Request, code: str, event: str) -> Response:
        body = self.read_body(request)
        given = {name: body.pop(name) for name in Marks._fields if name in body}
        corrected = operations.correct_event(
            fund=code, event=event, given=given, **body, by=person_of(request), now=timezone.now()
        )
        return Response(self.show(corrected, request=request), status=201)


class Accounts(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "fund.read",
            Text("各出资人账户", "What stands to the account of each investor"),
            response=capital_shapes.Accounts,
            query=moments.QUERY,
            answer={"data": [samples.ACCOUNT]},
            problems=(InvalidFields,),
        )
    }

    def get(self, request: Request, code: str) -> Response:
        moment = moments.Moment.of(request)
        found = queries.accounts(queries.fund(code), as_of=moment.as_of, known_at=moment.known_at)
        return moments.tagged(self.show({"data": found}, request=request))


class RollForwards(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "fund.read",
            Text(
                "未缴出资、净资产与各出资人资本账户的期间变动",
                "Unfunded commitment, net assets and capital accounts from the beginning of a period to its end",
            ),
            response=capital_shapes.RolledForward,
            query=(
                Query(
                    "start", Text("期间首日", "First day of the period"), required=True, example="2026-01-01"
                ),
                *moments.QUERY,
            ),
            answer=samples.ROLL_FORWARD,
            problems=(InvalidFields,),
        )
    }

    def get(self, request: Request, code: str) -> Response:
        moment = moments.Moment.of(request)
        start = moments.day_of(request.query_params["start"], name="start")
        if start >= moment.as_of:
            raise refuse("#/start", "period-empty", "首日晚于截止日", "The period begins after it ends")
        rolled = queries.roll_forward(
            queries.fund(code), start=start, as_of=moment.as_of, known_at=moment.known_at
        )
        return moments.tagged(self.show(rolled, request=request))


def marks_of(body: dict[str, Any]) -> Marks:
    """The marks of a body that has them all, taken out of it."""
    return Marks(**{name: body.pop(name) for name in Marks._fields})


def _entered(events: Sequence[FundEvent]) -> dict[str, Any]:
    return {"notice": events[0].notice, "events": events}
