"""The batch road over HTTP: declare → content → submit → state → results, or cancel."""

from __future__ import annotations

from typing import ClassVar

from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from finance_hub.kernel import idempotency, scoping
from finance_hub.kernel.periods import Month, UnableToReadMonth
from finance_hub.kernel.problems import InvalidFields, refuse
from finance_hub.kernel.storage import StorageFull
from finance_hub.kernel.text import Text
from finance_hub.rest import cursors
from finance_hub.rest.content import ContentDigestMalformed, ContentHashMismatch, read_digest
from finance_hub.rest.formats import BodyTooLarge
from finance_hub.rest.operation import Operation, Query
from finance_hub.rest.views import ApiView, etag, person_of
from finance_hub.rest.waiting import WAIT, seconds_of
from loans import operations, queries
from loans.api import examples, uploads, waiting
from loans.api.shapes import BatchPage, BatchShown, DeclaredBatch, NewBatch, declared, plain, present, url
from loans.intake.receive import most_bytes, receive
from loans.intake.refusals import TruncatedBody
from loans.models import BatchState, Dataset, LoanReportBatch
from loans.operations import BatchExpired, IllegalBatchState
from loans.operations.batches import PeriodNotOpen
from loans.operations.reports import PartsDiffer, PartTaken
from loans.operations.sandbox import SandboxFailure

_FILTERS = ("state", "dataset", "client_reference", "idempotency_key")


class Batches(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "batch.read",
            Text("批次列表", "The batches"),
            response=BatchPage,
            query=(
                Query("period", Text("报告期", "Period"), example="2026-10"),
                Query("state", Text("状态", "State"), choices=tuple(BatchState.values)),
                Query("dataset", Text("数据集", "Data set"), choices=tuple(Dataset.values)),
                Query("client_reference", Text("报送方自己的编号", "The sender's own reference")),
                Query("idempotency_key", Text("申报时的幂等键", "The key it was declared with")),
                *cursors.QUERY,
            ),
            answer={"data": [examples.APPLIED], "next_cursor": None, "has_more": False},
            problems=(InvalidFields, cursors.InvalidCursor),
        ),
        "POST": Operation(
            "batch.report",
            Text("申报一个批次", "Declare a batch"),
            status=201,
            request=NewBatch,
            response=DeclaredBatch,
            example=examples.NEW,
            answer=examples.DECLARED,
            problems=(PeriodNotOpen, PartTaken, PartsDiffer),
        ),
    }

    def get(self, request: Request) -> Response:
        given = {name: request.query_params.get(name) for name in _FILTERS}
        rows = queries.batches().filter(**{name: value for name, value in given.items() if value})
        if period := request.query_params.get("period"):
            rows = rows.filter(period=_month(period).first)
        found, onward = cursors.page(rows, request=request)
        reports = queries.unfinished_reports(found)
        data = [present(b, report=reports.get((b.bank_id, b.report_id), ())) for b in found]
        return Response(self.show({"data": data, **onward}, request=request))

    def post(self, request: Request) -> Response:
        body = self.read_body(request)
        body["control_totals"] = plain(body["control_totals"])
        key = idempotency.read_key(request.headers.get("Idempotency-Key"))
        batch = operations.declare(**body, idempotency_key=key, by=person_of(request), now=timezone.now())
        response = Response(self.show(declared(batch), request=request), status=201)
        response["Location"], response["ETag"] = url(batch), etag(batch.version)
        return response


class OneBatch(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "batch.read",
            Text("批次的状态、进度与合计", "State, progress and totals of a batch"),
            response=BatchShown,
            query=(WAIT,),
            answer=examples.APPLIED,
            own_transactions=True,
        )
    }

    def get(self, request: Request, public_id: str) -> Response:
        seconds = seconds_of(request)
        batch = waiting.settled(public_id, scope=person_of(request).scope, seconds=seconds)
        with scoping.within(person_of(request).scope):
            return shown(self, batch, request=request)


class Content(ApiView):
    operations: ClassVar = {
        "PUT": Operation(
            "batch.report",
            Text("上传批次内容；提交前可重复", "Upload the content; repeatable until it is submitted"),
            status=204,
            consumes="application/octet-stream",
            own_transactions=True,
            problems=(
                TruncatedBody, ContentDigestMalformed, IllegalBatchState, BatchExpired, BodyTooLarge,
                ContentHashMismatch, StorageFull, uploads.TooManyUploads,
            ),
        )
    }  # fmt: skip

    def put(self, request: Request, public_id: str) -> Response:
        """No transaction is open while the body streams in."""
        scope = person_of(request).scope
        digest = read_digest(request.headers.get("Content-Digest"))
        with scoping.within(scope):
            batch = operations.require_open(queries.batch(public_id), now=timezone.now())
        with uploads.slot(batch.bank_id):
            size = receive(
                request._request,
                public_id=batch.public_id,
                most=most_bytes(batch.format),
                sha256=batch.content_sha256,
                length=int(request.META.get("CONTENT_LENGTH") or 0),
                digest=digest,
            )
        with scoping.within(scope):
            batch = operations.take_content(queries.batch(public_id), size=size, now=timezone.now())
        response = Response(status=204)
        response["ETag"] = etag(batch.version)
        return response


class Submit(ApiView):
    operations: ClassVar = {
        "POST": Operation(
            "batch.report",
            Text("提交校验与入账", "Ask for validation and application"),
            status=202,
            response=BatchShown,
            example={},
            answer=examples.VALIDATING,
            rate="submit",
            problems=(IllegalBatchState, BatchExpired, SandboxFailure),
        )
    }

    def post(self, request: Request, public_id: str) -> Response:
        batch = operations.submit(queries.batch(public_id), by=person_of(request), now=timezone.now())
        response = shown(self, batch, request=request, status=202)
        response["Location"], response["Retry-After"] = url(batch), "2"
        return response


class Cancel(ApiView):
    operations: ClassVar = {
        "POST": Operation(
            "batch.report",
            Text("入账前取消批次", "Cancel a batch before it is applied"),
            response=BatchShown,
            example={},
            answer={**examples.VALIDATING, "state": "cancelled"},
            problems=(IllegalBatchState, BatchExpired),
        )
    }

    def post(self, request: Request, public_id: str) -> Response:
        batch = operations.cancel(queries.batch(public_id), by=person_of(request), now=timezone.now())
        return shown(self, batch, request=request)


def shown(view: ApiView, batch: LoanReportBatch, *, request: Request, status: int = 200) -> Response:
    """The answer that shows a batch; wants its scope."""
    report = queries.unfinished_reports([batch]).get((batch.bank_id, batch.report_id), ())
    response = Response(view.show(present(batch, report=report), request=request), status=status)
    response["ETag"] = etag(batch.version)
    return response


def _month(text: str) -> Month:
    try:
        return Month.parse(text)
    except UnableToReadMonth as error:
        raise refuse(
            "#/period", "month-format", "月份须写作 2026-10", "A month is written 2026-10"
        ) from error
