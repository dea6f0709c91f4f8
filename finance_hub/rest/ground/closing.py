"""Months over HTTP: one person proposes the close, another does it."""

from __future__ import annotations

from typing import ClassVar

from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from finance_hub.kernel import months
from finance_hub.kernel.periods import Month, UnableToReadMonth
from finance_hub.kernel.problems import NotFound, SelfApproval
from finance_hub.kernel.text import Text
from finance_hub.rest.ground import shapes
from finance_hub.rest.operation import Operation
from finance_hub.rest.views import ApiView, person_of

PROPOSED = {
    "period": "2026-10",
    "state": "close_proposed",
    "proposed_by": "张某",
    "proposed_at": "2026-11-04T16:20:00+08:00",
    "closed_by": None,
    "closed_at": None,
}
CLOSED = {**PROPOSED, "state": "closed", "closed_by": "李某", "closed_at": "2026-11-05T09:05:00+08:00"}

IN_TURN = (months.MonthOutOfTurn, months.MonthBeforeReports)


class Months(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "month.read",
            Text("各月关账情况，由近及远", "The months and their closing, newest first"),
            response=shapes.MonthList,
            answer={"data": [PROPOSED]},
        )
    }

    def get(self, request: Request) -> Response:
        return Response(self.show({"data": months.overview(now=timezone.now())}, request=request))


class ProposeClose(ApiView):
    operations: ClassVar = {
        "POST": Operation(
            "month.propose_close",
            Text("提出关账", "Propose to close a month"),
            response=shapes.MonthShape,
            answer=PROPOSED,
            problems=(months.MonthNotOver, months.MonthClosed, *IN_TURN),
        )
    }

    def post(self, request: Request, period: str) -> Response:
        month = month_of(period)
        months.propose_close(month, by=person_of(request), now=timezone.now())
        return Response(self.show(months.view(month), request=request))


class Close(ApiView):
    operations: ClassVar = {
        "POST": Operation(
            "month.close",
            Text("关账", "Close a month"),
            response=shapes.MonthShape,
            answer=CLOSED,
            problems=(months.CloseNotProposed, months.MonthClosed, SelfApproval, *IN_TURN),
        )
    }

    def post(self, request: Request, period: str) -> Response:
        month = month_of(period)
        months.close(month, by=person_of(request), now=timezone.now())
        return Response(self.show(months.view(month), request=request))


def month_of(text: str) -> Month:
    """The month of a path; what is no month is simply not found."""
    try:
        return Month.parse(text)
    except UnableToReadMonth as error:
        raise NotFound from error
