"""The centre approves or refuses a batch that restates a month closed for long."""

from __future__ import annotations

from typing import ClassVar

from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from finance_hub.kernel.text import Text
from finance_hub.rest.fields import Record, Words
from finance_hub.rest.operation import Operation
from finance_hub.rest.views import ApiView, person_of
from loans import operations, queries
from loans.api import examples
from loans.api.batches import shown
from loans.api.shapes import BatchShown
from loans.operations import IllegalBatchState


class NewDecision(Record):
    """The bank reads the reason."""

    reason = Words(max_length=500)


class Approve(ApiView):
    operations: ClassVar = {
        "POST": Operation(
            "batch.approve",
            Text("批准对已关账较久月份的更正", "Approve the restatement of a month closed for long"),
            request=NewDecision,
            response=BatchShown,
            example=examples.DECISION,
            answer=examples.APPROVED,
            problems=(IllegalBatchState,),
        )
    }

    def post(self, request: Request, public_id: str) -> Response:
        batch = operations.approve(
            queries.batch(public_id), **self.read_body(request), by=person_of(request), now=timezone.now()
        )
        return shown(self, batch, request=request)


class Refuse(ApiView):
    operations: ClassVar = {
        "POST": Operation(
            "batch.approve",
            Text("不批准对已关账较久月份的更正", "Refuse the restatement of a month closed for long"),
            request=NewDecision,
            response=BatchShown,
            example=examples.DECISION,
            answer=examples.REFUSED,
            problems=(IllegalBatchState,),
        )
    }

    def post(self, request: Request, public_id: str) -> Response:
        batch = operations.refuse(
            queries.batch(public_id), **self.read_body(request), by=person_of(request), now=timezone.now()
        )
        return shown(self, batch, request=request)
