"""需关注事项: what people raise for the issue of a month, and what came of it."""

from __future__ import annotations

from typing import ClassVar

from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from finance_hub.kernel.text import Text
from finance_hub.rest import cursors
from finance_hub.rest.operation import Operation
from finance_hub.rest.views import ApiView, person_of
from tasks import matters
from tasks.api import edition_samples as samples
from tasks.api import edition_shapes as shapes


class Matters(ApiView):
    """Those that the figures ask for by themselves stand in the issue and not here."""

    operations: ClassVar = {
        "GET": Operation(
            "briefing.read",
            Text("提出的需关注事项", "Matters for attention that people raised"),
            response=shapes.MatterShape,
            many=True,
            query=cursors.QUERY,
            answer=[samples.MATTER],
            problems=(cursors.InvalidCursor,),
        ),
        "POST": Operation(
            "briefing.draft",
            Text("为某月简报提出需关注事项", "Raise a matter for the issue of a month"),
            status=201,
            request=shapes.MatterRequest,
            response=shapes.MatterShape,
            example={
                name: samples.MATTER[name]
                for name in ("period", "text", "text_en", "owner", "owner_en", "due")
            },
            answer={**samples.MATTER, "outcomes": []},
            problems=(matters.IssueIsApproved,),
        ),
    }

    def get(self, request: Request) -> Response:
        return self.listed(matters.matters(), request=request)

    def post(self, request: Request) -> Response:
        said = self.read_body(request)
        raised = matters.raise_matter(said.pop("period"), **said, by=person_of(request), now=timezone.now())
        return Response(self.show(matters.find(raised.public_id), request=request), status=201)


class Outcomes(ApiView):
    operations: ClassVar = {
        "POST": Operation(
            "briefing.draft",
            Text("登记事项的办理情况", "Record what came of a matter"),
            status=201,
            request=shapes.OutcomeRequest,
            response=shapes.MatterShape,
            example={name: samples.OUTCOME[name] for name in ("period", "standing", "text", "text_en")},
            answer=samples.MATTER,
            problems=(matters.MatterIsSettled, matters.IssueIsApproved),
        )
    }

    def post(self, request: Request, public_id: str) -> Response:
        said = self.read_body(request)
        matters.record_outcome(
            public_id, said.pop("period"), **said, by=person_of(request), now=timezone.now()
        )
        return Response(self.show(matters.find(public_id), request=request), status=201)
