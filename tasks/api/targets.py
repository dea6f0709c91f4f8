"""The plan's targets: how they stand, and which of them want chasing."""

from __future__ import annotations

from typing import ClassVar

from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from finance_hub.kernel.problems import NotFound
from finance_hub.kernel.text import Text
from finance_hub.rest.operation import Operation, Query
from finance_hub.rest.views import ApiView, person_of
from tasks import standing
from tasks.api import target_samples as samples
from tasks.api import target_shapes as shapes
from tasks.engine.progress import OVERDUE, STATUSES
from tasks.models.targets import Tracking
from tasks.standing import Standing

_QUERY = (
    Query(
        "status",
        Text("状态；overdue 为逾期未完成或填报逾期", "Its status; `overdue` is past its deadline or owing a report"),
        choices=STATUSES,
    ),
    Query(
        "report",
        Text("填报情况：逾期未报、待批准", "Of its reports: one is overdue, or waits for approval"),
        choices=("overdue", "waiting"),
    ),
    Query("unit", Text("责任单位（牵头或配合）", "A unit that answers for it, leading or not"), example="科技局"),
    Query("tracking", Text("取数方式", "How it is tracked"), choices=tuple(Tracking.values)),
)  # fmt: skip


class Targets(ApiView):
    """A department reads the targets that it answers for."""

    operations: ClassVar = {
        "GET": Operation(
            "target.read",
            Text("行动方案的量化目标及其进度", "The quantified targets of the plan, and how they stand"),
            response=shapes.TargetShape,
            many=True,
            query=_QUERY,
            answer=[samples.TARGET],
        )
    }

    def get(self, request: Request) -> Response:
        found = standing.board(person_of(request), now=timezone.now())
        asked = {query.name: request.query_params.get(query.name, "") for query in _QUERY}
        return Response(self.show([one for one in found.standings if _fits(one, asked)], request=request))


class OneTarget(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "target.read",
            Text("一项目标及其进度", "A target, and how it stands"),
            response=shapes.TargetShape,
            answer=samples.TARGET,
        )
    }

    def get(self, request: Request, code: str) -> Response:
        found = standing.board(person_of(request), now=timezone.now()).one(code)
        if found is None:
            raise NotFound
        return Response(self.show(found, request=request))


def _fits(one: Standing, asked: dict[str, str]) -> bool:
    is_late = one.due is not None
    if asked["status"] and one.status != asked["status"] and not (asked["status"] == OVERDUE and is_late):
        return False
    if asked["report"] and not (is_late if asked["report"] == "overdue" else one.waiting):
        return False
    if asked["unit"] and asked["unit"] not in one.units:
        return False
    return asked["tracking"] in ("", one.target.tracking)
