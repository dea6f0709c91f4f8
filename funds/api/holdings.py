"""Holdings and their valuations over HTTP."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, ClassVar

from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from finance_hub.kernel.problems import InvalidFields
from finance_hub.kernel.text import Text
from finance_hub.rest import cursors
from finance_hub.rest.operation import Operation, Query
from finance_hub.rest.views import ApiView, person_of
from funds import operations, queries
from funds.api import moments, samples, shapes


class Holdings(ApiView):
    """Of one fund, or of all in scope."""

    operations: ClassVar = {
        "GET": Operation(
            "fund.read",
            Text("持有项目：成本、回款与最近估值", "Holdings: cost, proceeds and latest value"),
            response=shapes.HoldingPage,
            query=(*moments.QUERY, *cursors.QUERY),
            answer=samples.listed(samples.HOLDING),
            problems=(InvalidFields, cursors.InvalidCursor),
        )
    }

    def get(self, request: Request, code: str | None = None) -> Response:
        moment = moments.Moment.of(request)
        found = queries.holdings(as_of=moment.as_of, known_at=moment.known_at)
        if code is not None:
            found = found.filter(fund=queries.fund(code))
        rows, onward = cursors.page(found, request=request)
        return Response(self.show({"data": [_aged(row, moment) for row in rows], **onward}, request=request))


class HoldingDetail(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "fund.read",
            Text("一项持有", "One holding"),
            response=shapes.HoldingShown,
            query=moments.QUERY,
            answer=samples.HOLDING,
            problems=(InvalidFields,),
        )
    }

    def get(self, request: Request, public_id: str) -> Response:
        moment = moments.Moment.of(request)
        found = queries.holding(public_id, as_of=moment.as_of, known_at=moment.known_at)
        return moments.tagged(self.show(_aged(found, moment), request=request))


class Valuations(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "fund.read",
            Text("估值记录，新录入的在前", "Valuations, newest entry first"),
            response=shapes.ValuationPage,
            query=(Query("holding", Text("持有编号", "The holding's id")), *cursors.QUERY),
            answer=samples.listed(samples.VALUATION),
            problems=(InvalidFields, cursors.InvalidCursor),
        ),
        "POST": Operation(
            "fund.record",
            Text("登记估值", "Record a valuation"),
            status=201,
            request=shapes.NewValuation,
            response=shapes.ValuationShown,
            example=samples.NEW_VALUATION,
            answer=samples.VALUATION,
            problems=(InvalidFields,),
        ),
    }

    def get(self, request: Request) -> Response:
        found = queries.valuations(holding=request.query_params.get("holding", ""))
        return self.listed(found, request=request)

    def post(self, request: Request) -> Response:
        body = self.read_body(request)
        valuation = operations.record_valuation(**body, by=person_of(request), now=timezone.now())
        return Response(self.show(valuation, request=request), status=201)


def _aged(row: Any, moment: moments.Moment) -> Any:
    row.stale = queries.stale(row, day=moment.as_of - timedelta(days=1))
    return row
