"""Limits on concentration: the list with its history, proposing one, and the second person's approval."""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from finance_hub.kernel.problems import SelfApproval
from finance_hub.kernel.text import Text
from finance_hub.rest import cursors
from finance_hub.rest.fields import Choice, Day, Name, Record, Whole, Words
from finance_hub.rest.operation import Operation
from finance_hub.rest.views import ApiView, person_of
from tasks import concentration_limits
from tasks.api.shapes import Number, stamp
from tasks.models.concentration import ConcentrationLimit, Dimension, Measure


class LimitRequest(Record):
    """`limit` and `warning` are per cent for shares, an index from 0 to 1, or yuan, as the measure is."""

    dimension = Choice(Dimension.values)
    measure = Choice(Measure.values)
    top_n = Whole(allow_null=True, required=False, default=None)
    fund = Words(max_length=40, allow_null=True, required=False, default=None)
    limit = Number()
    warning = Number()
    owner_unit = Name(max_length=60)
    document = Name(max_length=200)
    valid_from = Day()
    valid_to = Day(allow_null=True, required=False, default=None)


class LimitShape(LimitRequest):
    id = Words(max_length=40)
    proposed_by = Words(max_length=64)
    proposed_at = serializers.DateTimeField()
    approved_by = Words(max_length=64, allow_null=True)
    approved_at = serializers.DateTimeField(allow_null=True)

    def to_representation(self, instance: ConcentrationLimit) -> dict[str, Any]:
        return {
            "id": instance.public_id,
            "dimension": instance.dimension,
            "measure": instance.measure,
            "top_n": instance.top_n,
            "fund": instance.fund.code if instance.fund else None,
            "limit": f"{instance.limit.normalize():f}",
            "warning": f"{instance.warning.normalize():f}",
            "owner_unit": instance.owner_unit,
            "document": instance.document,
            "valid_from": instance.valid_from.isoformat(),
            "valid_to": instance.valid_to.isoformat() if instance.valid_to else None,
            "proposed_by": instance.proposed_by.username,
            "proposed_at": stamp(instance.proposed_at),
            "approved_by": instance.approved_by.username if instance.approved_by else None,
            "approved_at": stamp(instance.approved_at),
        }


LIMIT = {
    "dimension": "firm", "measure": "top_share", "top_n": 10, "limit": "40", "warning": "32",
    "owner_unit": "市金融发展服务中心", "document": "《公共资金集中度管理办法（示例）》示例〔2026〕5号",
    "valid_from": "2026-01-01",
}  # fmt: skip
LIMIT_ANSWER = {
    "id": "cl_01JD3M8Q4T", **LIMIT, "fund": None, "valid_to": None, "proposed_by": "maker",
    "proposed_at": "2025-12-20T10:00:00+08:00", "approved_by": None, "approved_at": None,
}  # fmt: skip


class Limits(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "tolerance.read",
            Text("集中度限额（含历史）", "The limits on concentration, former ones too"),
            response=LimitShape,
            many=True,
            query=cursors.QUERY,
            answer=[LIMIT_ANSWER],
            problems=(cursors.InvalidCursor,),
        ),
        "POST": Operation(
            "tolerance.propose",
            Text("提出集中度限额", "Propose a limit on concentration"),
            status=201,
            request=LimitRequest,
            response=LimitShape,
            example=LIMIT,
            answer=LIMIT_ANSWER,
        ),
    }

    def get(self, request: Request) -> Response:
        return self.listed(concentration_limits.limits(), request=request)

    def post(self, request: Request) -> Response:
        made = concentration_limits.propose(
            by=person_of(request), now=timezone.now(), **self.read_body(request)
        )
        return Response(self.show(made, request=request), status=201)


class LimitApproval(ApiView):
    operations: ClassVar = {
        "POST": Operation(
            "tolerance.approve",
            Text("批准集中度限额", "Approve a limit on concentration"),
            response=LimitShape,
            answer={**LIMIT_ANSWER, "approved_by": "approver", "approved_at": "2025-12-22T15:00:00+08:00"},
            problems=(
                concentration_limits.LimitAlreadyApproved,
                concentration_limits.LimitOverlaps,
                SelfApproval,
            ),
        )
    }

    def post(self, request: Request, public_id: str) -> Response:
        held = concentration_limits.approve(public_id, by=person_of(request), now=timezone.now())
        return Response(self.show(held, request=request))
