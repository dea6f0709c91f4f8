"""Reports on a target: recorded by one person, decided by another, with their evidence."""

from __future__ import annotations

from typing import ClassVar

from django.http.response import HttpResponseBase
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from finance_hub.kernel import idempotency, scoping
from finance_hub.kernel.problems import InvalidFields, NotFound, SelfApproval
from finance_hub.kernel.storage import StorageFull
from finance_hub.kernel.text import Text
from finance_hub.rest import files, once
from finance_hub.rest.content import ContentDigestMalformed, ContentHashMismatch, read_digest
from finance_hub.rest.formats import AnyFile, BodyIncomplete, BodyTooLarge
from finance_hub.rest.operation import Operation, Query
from finance_hub.rest.views import ApiView, person_of
from funds.operations.pipeline import documents as received
from tasks import standing, targets
from tasks.api import target_samples as samples
from tasks.api import target_shapes as shapes
from tasks.standing import rights

_NAME = Query("name", Text("文件名", "Name of the file"), required=True, example="minutes.pdf")


class Reports(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "target.read",
            Text("一项目标的全部填报", "Every report of a target, newest first"),
            response=shapes.ReportShape,
            many=True,
            answer=[samples.APPROVED],
        ),
        "POST": Operation(
            "target.report",
            Text("填报目标现值，经另一人批准后有效", "Report the value of a target, in force once another person approves"),
            status=201,
            request=shapes.ReportRequest,
            response=shapes.ReportShape,
            example=samples.REPORT_REQUEST,
            answer=samples.REPORT,
            problems=(
                targets.TargetIsComputed, targets.TargetIsGiven, targets.ReportNotInForce, targets.CorrectionUnderWay,
                targets.DayReportedAlready,
            ),
        ),
    }  # fmt: skip

    def get(self, request: Request, code: str) -> Response:
        target = rights.require_theirs(code, person_of(request), known_at=timezone.now())
        return Response(self.show(standing.reports_of(target), request=request))

    def post(self, request: Request, code: str) -> Response:
        made = targets.report(code, by=person_of(request), now=timezone.now(), **self.read_body(request))
        return Response(self.show(made, request=request), status=201)


class Approval(ApiView):
    operations: ClassVar = {
        "POST": Operation(
            "target.approve",
            Text("批准一份填报", "Approve a report"),
            response=shapes.ReportShape,
            answer=samples.APPROVED,
            problems=(targets.ReportAlreadyDecided, targets.DayReportedAlready, SelfApproval),
        )
    }

    def post(self, request: Request, code: str, report: str) -> Response:
        person, now = person_of(request), timezone.now()
        standing.report(code, report, reader=person, known_at=now)
        targets.approve(report, by=person, now=now)
        decided = standing.report(code, report, reader=person, known_at=now)
        return Response(self.show(decided, request=request))


class Rejection(ApiView):
    operations: ClassVar = {
        "POST": Operation(
            "target.approve",
            Text("退回一份填报并说明理由", "Send a report back, with the reason"),
            request=shapes.RejectionRequest,
            response=shapes.ReportShape,
            example={"reason": "证据为第8期，请补第9期"},
            answer=samples.REJECTED,
            problems=(targets.ReportAlreadyDecided, SelfApproval),
        )
    }

    def post(self, request: Request, code: str, report: str) -> Response:
        person, now = person_of(request), timezone.now()
        body = self.read_body(request)
        standing.report(code, report, reader=person, known_at=now)
        targets.reject(report, **body, by=person, now=now)
        decided = standing.report(code, report, reader=person, known_at=now)
        return Response(self.show(decided, request=request))


class Documents(ApiView):
    operations: ClassVar = {
        "POST": Operation(
            "target.report",
            Text("上传一份文件作为填报证据", "Upload a document as evidence of a report"),
            status=201,
            response=shapes.DocumentShape,
            query=(_NAME,),
            answer=samples.DOCUMENT,
            consumes="application/octet-stream",
            own_transactions=True,
            problems=(
                InvalidFields, BodyIncomplete, ContentDigestMalformed, BodyTooLarge, ContentHashMismatch, StorageFull,
                targets.ReportAlreadyDecided, targets.DocumentHeldAlready,
            ),
        )
    }  # fmt: skip

    def post(self, request: Request, code: str, report: str) -> HttpResponseBase:
        """The body is the content, Content-Type its media type; no transaction is open while it streams in."""
        person = person_of(request)
        digest = read_digest(request.headers.get("Content-Digest"))
        idempotency.read_key(request.headers.get("Idempotency-Key"))
        with scoping.within(person.scope):
            standing.report(code, report, reader=person, known_at=timezone.now())
        length = int(request.META.get("CONTENT_LENGTH") or 0)
        with received.received(request._request, length=length, digest=digest) as content:
            return once.answer(
                request,
                self.declared(request),
                person=person,
                handle=lambda: self._attach(request, report, content),
                body_sha256=content.sha256,
            )

    def _attach(self, request: Request, report: str, content: received.Content) -> Response:
        document = targets.attach(
            content, report=report, name=request.query_params["name"], media_type=request.content_type,
            by=person_of(request), now=timezone.now(),
        )  # fmt: skip
        return Response(self.show(document, request=request), status=201)


class Content(ApiView):
    renderer_classes = (AnyFile,)
    operations: ClassVar = {
        "GET": Operation(
            "target.read",
            Text("下载填报证据（支持分段）", "Download the evidence of a report, whole or in part"),
            produces="application/octet-stream",
            own_transactions=True,
        )
    }

    def get(self, request: Request, code: str, report: str, document: str) -> HttpResponseBase:
        """No transaction is open while the file goes out."""
        person = person_of(request)
        with scoping.within(person.scope):
            behind = standing.report(code, report, reader=person, known_at=timezone.now())
            found = next((one for one in behind.documents.all() if one.public_id == document), None)
        if found is None:
            raise NotFound
        return files.serve(
            request, path=targets.path_of(found.sha256), sha256=found.sha256, name=found.name, inline=False,
            content_type=found.media_type,
        )  # fmt: skip
