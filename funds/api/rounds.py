"""Rounds of firms, the shares of holdings, and who owns which part, over HTTP."""

from __future__ import annotations

from typing import ClassVar

from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from finance_hub.kernel import firms, scoping
from finance_hub.kernel.problems import Forbidden, InvalidFields
from finance_hub.kernel.text import Text
from finance_hub.rest import cursors
from finance_hub.rest.operation import Operation
from finance_hub.rest.views import ApiView, person_of
from funds import operations, queries
from funds.api import moments, samples, shapes
from funds.api import round_samples as examples
from funds.api import round_shapes as of_rounds
from funds.operations import reversing, rounds, units


class NewRounds(ApiView):
    operations: ClassVar = {
        "POST": Operation(
            "round.record",
            Text("登记企业的一轮融资", "Record a firm's round of financing"),
            status=201,
            request=of_rounds.NewRound,
            response=of_rounds.RoundShown,
            example=examples.NEW_ROUND,
            answer=examples.ROUND,
            problems=(InvalidFields, rounds.RoundAlreadyRecorded, rounds.StakeAboveWhole),
        )
    }

    def post(self, request: Request) -> Response:
        body = self.read_body(request)
        entered = operations.record_round(**body, by=person_of(request), now=timezone.now())
        return Response(self.show(queries.rounds.find(entered.public_id), request=request), status=201)


class RoundReversal(ApiView):
    operations: ClassVar = {
        "POST": Operation(
            "round.record",
            Text("冲销本单位登记的一轮融资", "Reverse a round that one's own organisation recorded"),
            status=201,
            request=of_rounds.NewRoundReversal,
            response=of_rounds.RoundShown,
            example={"note": "股数录入有误"},
            answer=examples.ROUND_REVERSAL,
            problems=(
                InvalidFields, Forbidden, reversing.AlreadyReversed, reversing.ReversalOfAReversal,
                rounds.RoundInUse, rounds.StakeAboveWhole,
            ),
        )
    }  # fmt: skip

    def post(self, request: Request, public_id: str) -> Response:
        body = self.read_body(request)
        entered = operations.reverse_round(round=public_id, **body, by=person_of(request), now=timezone.now())
        return Response(self.show(queries.rounds.find(entered.public_id), request=request), status=201)


class RoundsOfFirm(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "fund.read",
            Text("企业的各轮融资，新录入的在前", "A firm's rounds, newest entry first"),
            response=of_rounds.RoundPage,
            query=cursors.QUERY,
            answer=samples.listed(examples.ROUND),
            problems=(InvalidFields, cursors.InvalidCursor),
        )
    }

    def get(self, request: Request, uscc: str) -> Response:
        firm = firms.find(uscc, scope=scoping.current())
        rows, onward = cursors.page(queries.rounds.rounds(firm), request=request)
        return Response(self.show({"data": rows, **onward}, request=request))


class OwnershipOfFirm(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "fund.read",
            Text("各基金在该企业的持股", "Which part of the firm the funds own"),
            response=of_rounds.WholeShown,
            query=moments.QUERY,
            answer=examples.WHOLE,
            problems=(InvalidFields,),
        )
    }

    def get(self, request: Request, uscc: str) -> Response:
        firm, (as_of, known_at) = firms.find(uscc, scope=scoping.current()), moments.Moment.of(request)
        found = queries.ownership.whole(firm, as_of=as_of, known_at=known_at)
        return moments.tagged(self.show(found, request=request))


class Ownership(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "fund.read",
            Text("持股比例及其历次变化", "The part of the firm that is owned, and how it came about"),
            response=of_rounds.OwnershipShown,
            query=moments.QUERY,
            answer=examples.OWNERSHIP,
            problems=(InvalidFields,),
        )
    }

    def get(self, request: Request, public_id: str) -> Response:
        as_of, known_at = moments.Moment.of(request)
        held = queries.holding(public_id, as_of=as_of, known_at=known_at)
        found = queries.ownership.ownership(held, as_of=as_of, known_at=known_at)
        return moments.tagged(self.show(found, request=request))


class Units(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "fund.read",
            Text("持有项目的股数变动，新录入的在前", "What moved a holding's shares, newest entry first"),
            response=of_rounds.UnitsPage,
            query=cursors.QUERY,
            answer=samples.listed(examples.UNITS),
            problems=(InvalidFields, cursors.InvalidCursor),
        )
    }

    def get(self, request: Request, public_id: str) -> Response:
        rows, onward = cursors.page(queries.securities.units(public_id), request=request)
        return Response(self.show({"data": rows, **onward}, request=request))


class UnitsOfEvent(ApiView):
    operations: ClassVar = {
        "POST": Operation(
            "fund.record",
            Text("补登一笔投资或退出的股数", "Say how many shares an investment bought or an exit released"),
            status=201,
            request=of_rounds.NewUnits,
            response=of_rounds.UnitsShown,
            example=examples.NEW_UNITS,
            answer=examples.UNITS,
            problems=(
                InvalidFields, reversing.AlreadyReversed, reversing.ReversalOfAReversal,
                units.UnitsAlreadyRecorded, units.MoreThanTheRound, units.SharesAboveHeld, rounds.StakeAboveWhole,
            ),
        )
    }  # fmt: skip

    def post(self, request: Request, event: str) -> Response:
        body = self.read_body(request)
        row = operations.record_units(event=event, **body, by=person_of(request), now=timezone.now())
        return Response(self.show(row, request=request), status=201)


class UnitsReversal(ApiView):
    operations: ClassVar = {
        "POST": Operation(
            "fund.record",
            Text("冲销一笔股数变动或转股", "Reverse what was said of shares, or a conversion"),
            status=201,
            request=shapes.NewReversal,
            response=of_rounds.UnitsShown,
            example={"effective_date": "2024-04-01"},
            answer=examples.UNITS_REVERSAL,
            problems=(
                InvalidFields, reversing.AlreadyReversed, reversing.ReversalOfAReversal, units.UnitsStand,
                units.SharesAboveHeld, rounds.StakeAboveWhole,
            ),
        )
    }  # fmt: skip

    def post(self, request: Request, public_id: str) -> Response:
        body = self.read_body(request)
        row = operations.reverse_units(units=public_id, **body, by=person_of(request), now=timezone.now())
        return Response(self.show(row, request=request), status=201)
