"""Convertibles and warrants over HTTP."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, ClassVar

from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from finance_hub.kernel.problems import InvalidFields, NotFound
from finance_hub.kernel.text import Text
from finance_hub.rest import cursors
from finance_hub.rest.operation import Operation, Query
from finance_hub.rest.views import ApiView, person_of
from funds import operations, queries
from funds.api import moments, samples, shapes
from funds.api import round_samples as examples
from funds.api import round_shapes as of_rounds
from funds.models import Security
from funds.operations import ledger, reversing, rounds, securities, units
from funds.queries.securities import conversion, state


class Securities(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "fund.read",
            Text("可转债与认股权", "Convertibles and warrants"),
            response=of_rounds.SecurityPage,
            query=(
                Query("fund", Text("基金代码", "The fund's code")),
                Query("firm", Text("企业信用代码", "The firm's unified social credit code")),
                *moments.QUERY,
                *cursors.QUERY,
            ),
            answer=samples.listed(examples.CONVERTIBLE),
            problems=(InvalidFields, cursors.InvalidCursor),
        )
    }

    def get(self, request: Request) -> Response:
        moment, asked = moments.Moment.of(request), request.query_params
        found = queries.securities.securities(as_of=moment.as_of, known_at=moment.known_at)
        if code := asked.get("fund"):
            found = found.filter(fund=queries.fund(code))
        if uscc := asked.get("firm"):
            found = found.filter(firm__uscc=uscc)
        rows, onward = cursors.page(found, request=request)
        return Response(
            self.show({"data": [_stated(row, moment) for row in rows], **onward}, request=request)
        )


class NewConvertibles(ApiView):
    operations: ClassVar = {
        "POST": Operation(
            "fund.record",
            Text(
                "登记一笔投资所购可转债的条款",
                "Record the terms of the convertible that an investment bought",
            ),
            status=201,
            request=of_rounds.NewConvertible,
            response=of_rounds.SecurityShown,
            example=examples.NEW_CONVERTIBLE,
            answer=examples.CONVERTIBLE,
            problems=(InvalidFields, units.UnitsAlreadyRecorded),
        )
    }

    def post(self, request: Request) -> Response:
        body = self.read_body(request)
        entered = operations.record_convertible(**body, by=person_of(request), now=timezone.now())
        return _shown(self, entered, request=request)


class NewWarrants(ApiView):
    operations: ClassVar = {
        "POST": Operation(
            "fund.record",
            Text("登记认股权", "Record a warrant"),
            status=201,
            request=of_rounds.NewWarrant,
            response=of_rounds.SecurityShown,
            example=examples.NEW_WARRANT,
            answer=examples.WARRANT,
            problems=(InvalidFields,),
        )
    }

    def post(self, request: Request) -> Response:
        body = self.read_body(request)
        entered = operations.record_warrant(**body, by=person_of(request), now=timezone.now())
        return _shown(self, entered, request=request)


class Conversion(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "fund.read",
            Text("按条款试算转股", "What a convertible would become by its terms"),
            response=of_rounds.ConversionShown,
            query=(
                Query(
                    "round", Text("转股所依轮次的编号", "The id of the round it converts in"), required=True
                ),
                *moments.QUERY[:1],
            ),
            answer=examples.CONVERSION,
            problems=(InvalidFields,),
        ),
        "POST": Operation(
            "fund.record",
            Text("登记转股", "Convert a convertible into shares"),
            status=201,
            request=of_rounds.NewConversion,
            response=of_rounds.UnitsShown,
            example=examples.NEW_CONVERSION,
            answer=examples.CONVERTED,
            problems=(InvalidFields, securities.SecurityEnded, rounds.StakeAboveWhole),
        ),
    }

    def get(self, request: Request, public_id: str) -> Response:
        moment = moments.Moment.of(request)
        one = queries.securities.security(public_id, as_of=moment.as_of, known_at=moment.known_at)
        if one.event is None:
            raise NotFound
        day = moment.as_of - timedelta(days=1)
        at = units.round_of(one.event.holding, request.query_params.get("round", ""), day=day)
        found = conversion(one, principal=one.event.cost, at=at, day=day)
        return Response(self.show(found, request=request))

    def post(self, request: Request, public_id: str) -> Response:
        body = self.read_body(request)
        row = operations.convert(security=public_id, **body, by=person_of(request), now=timezone.now())
        return Response(self.show(row, request=request), status=201)


class Exercise(ApiView):
    operations: ClassVar = {
        "POST": Operation(
            "fund.record",
            Text("登记行权：按行权价出资认购", "Exercise a warrant: shares are taken at its strike"),
            status=201,
            request=of_rounds.NewExercise,
            response=shapes.DealShown,
            example=examples.NEW_EXERCISE,
            answer={**samples.INVESTMENT, "cash": "1000000.00", "cost": "1000000.00"},
            problems=(
                InvalidFields, securities.WarrantLapsed, securities.MoreThanTheWarrant, ledger.CashShort,
                rounds.StakeAboveWhole,
            ),
        )
    }  # fmt: skip

    def post(self, request: Request, public_id: str) -> Response:
        body = self.read_body(request)
        event = operations.exercise(security=public_id, **body, by=person_of(request), now=timezone.now())
        return Response(self.show(event, request=request), status=201)


class SecurityReversal(ApiView):
    operations: ClassVar = {
        "POST": Operation(
            "fund.record",
            Text("冲销未使用的可转债条款或认股权", "Reverse a convertible's terms or a warrant that nobody has used"),
            status=201,
            request=shapes.NewReversal,
            response=of_rounds.ReversedSecurity,
            example={"effective_date": "2024-06-01"},
            answer=examples.SECURITY_REVERSAL,
            problems=(
                InvalidFields, reversing.AlreadyReversed, reversing.ReversalOfAReversal, units.SecurityInUse,
            ),
        )
    }  # fmt: skip

    def post(self, request: Request, public_id: str) -> Response:
        body = self.read_body(request)
        taken_back = operations.reverse_security(
            security=public_id, **body, by=person_of(request), now=timezone.now()
        )
        return Response(self.show(taken_back, request=request), status=201)


def _shown(view: ApiView, entered: Security, *, request: Request) -> Response:
    moment = moments.Moment.present(timezone.now())
    found = queries.securities.security(entered.public_id, as_of=moment.as_of, known_at=moment.known_at)
    return Response(view.show(_stated(found, moment), request=request), status=201)


def _stated(row: Any, moment: moments.Moment) -> Any:
    row.state = state(row, day=moment.as_of - timedelta(days=1))
    return row
