"""Documents behind the steps of a deal over HTTP: streamed in, streamed out."""

from __future__ import annotations

from typing import ClassVar

from django.http.response import HttpResponseBase
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from finance_hub.kernel import idempotency, scoping
from finance_hub.kernel.problems import InvalidFields
from finance_hub.kernel.storage import StorageFull
from finance_hub.kernel.text import Text
from finance_hub.rest import cursors, files, once
from finance_hub.rest.content import ContentDigestMalformed, ContentHashMismatch, read_digest
from finance_hub.rest.formats import AnyFile, BodyIncomplete, BodyTooLarge
from finance_hub.rest.operation import Operation, Query
from finance_hub.rest.views import ApiView, person_of
from funds.api import pipeline_samples as samples
from funds.api import pipeline_shapes as shapes
from funds.api.samples import listed
from funds.operations import pipeline as operations
from funds.operations.pipeline import documents
from funds.queries import pipeline

_NAMED = (
    Query("name", Text("文件名", "Name of the file"), required=True, example="minutes.pdf"),
    Query("step", Text("所支持的环节", "The step it stands behind"), required=True, example="ds_01JD3M8Q4T"),
)


class Documents(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "fund.read",
            Text("项目文件", "Documents of a deal"),
            response=shapes.DocumentPage,
            query=cursors.QUERY,
            answer=listed(samples.DOCUMENT),
            problems=(InvalidFields, cursors.InvalidCursor),
        ),
        "POST": Operation(
            "fund.record",
            Text("上传一份文件作为环节依据", "Upload a document that stands behind a step"),
            status=201,
            response=shapes.DocumentShown,
            query=_NAMED,
            answer=samples.DOCUMENT,
            consumes="application/octet-stream",
            own_transactions=True,
            problems=(
                BodyIncomplete, ContentDigestMalformed, BodyTooLarge, ContentHashMismatch, StorageFull,
                documents.DocumentAlreadyAttached,
            ),
        ),
    }  # fmt: skip

    def get(self, request: Request, public_id: str) -> Response:
        return self.listed(pipeline.documents(pipeline.deal(public_id)), request=request)

    def post(self, request: Request, public_id: str) -> HttpResponseBase:
        """The body is the content, Content-Type its media type; no transaction is open while it streams in."""
        person = person_of(request)
        digest = read_digest(request.headers.get("Content-Digest"))
        idempotency.read_key(request.headers.get("Idempotency-Key"))
        with scoping.within(person.scope):
            pipeline.deal(public_id)
        length = int(request.META.get("CONTENT_LENGTH") or 0)
        with documents.received(request._request, length=length, digest=digest) as content:
            return once.answer(
                request,
                self.declared(request),
                person=person,
                handle=lambda: self._attach(request, public_id, content),
                body_sha256=content.sha256,
            )

    def _attach(self, request: Request, public_id: str, content: documents.Content) -> Response:
        asked = request.query_params
        document = operations.attach_document(
            content, deal=public_id, step=asked["step"], name=asked["name"],
            media_type=request.content_type, by=person_of(request), now=timezone.now(),
        )  # fmt: skip
        return Response(self.show(document, request=request), status=201)


class DocumentContent(ApiView):
    renderer_classes = (AnyFile,)
    operations: ClassVar = {
        "GET": Operation(
            "fund.read",
            Text("下载项目文件（支持分段）", "Download a document, whole or in part"),
            produces="application/octet-stream",
            own_transactions=True,
        )
    }

    def get(self, request: Request, public_id: str, document: str) -> HttpResponseBase:
        """No transaction is open while the file goes out."""
        with scoping.within(person_of(request).scope):
            found = pipeline.document(pipeline.deal(public_id), document)
        return files.serve(
            request, path=documents.path_of(found.sha256), sha256=found.sha256, name=found.name,
            inline=False, content_type=found.media_type,
        )  # fmt: skip
