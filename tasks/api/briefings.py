"""Briefings: ask for a draft, answer for it, approve it, download it."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.http.response import HttpResponseBase
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from finance_hub.kernel.periods import Month
from finance_hub.kernel.problems import SelfApproval
from finance_hub.kernel.text import Text
from finance_hub.rest import cursors, files
from finance_hub.rest.formats import AnyFile
from finance_hub.rest.operation import Operation
from finance_hub.rest.views import ApiView, etag, person_of
from tasks import publication, queries
from tasks.api import shapes

ANSWER = {
    "id": "br_01JD3M8Q4T",
    "period": "2026-10",
    "state": "draft",
    "issue_no": None,
    "total_no": None,
    "snapshot": "ss_01JD3M8Q4T",
    "drafted_by": "maker",
    "approved_by": None,
    "approved_at": None,
    "published_at": None,
    "pages": 11,
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "file_url": "/api/v1/briefings/br_01JD3M8Q4T/file",
}
APPROVED = {
    **ANSWER,
    "state": "approved",
    "issue_no": 10,
    "total_no": 24,
    "approved_by": "approver",
    "approved_at": "2026-11-08T09:00:00+08:00",
}


class Briefings(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "briefing.read",
            Text("简报列表", "The briefings"),
            response=shapes.BriefingShape,
            many=True,
            query=cursors.QUERY,
            answer=[ANSWER],
            problems=(cursors.InvalidCursor,),
        ),
        "POST": Operation(
            "briefing.draft",
            Text("编制某月简报的草稿", "Have a month's briefing drafted"),
            status=202,
            request=shapes.DraftRequest,
            response=shapes.JobShape,
            example={"period": "2026-10"},
            answer={"id": "5f0c1f0e-6f0e-4c53-9d0e-6a2f5a6c9b11", "kind": "month", "state": "queued"},
            problems=(publication.MonthStillRuns,),
        ),
    }

    def get(self, request: Request) -> Response:
        return self.listed(queries.briefings(), request=request)

    def post(self, request: Request) -> Response:
        month: Month = self.read_body(request)["period"]
        job = publication.request_draft(month, by=person_of(request), now=timezone.now())
        said = {"id": str(job.pk), "kind": job.kind, "state": job.state}
        return Response(said, status=202, headers={"Location": f"/api/v1/jobs/{job.pk}", "Retry-After": "2"})


class OneBriefing(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "briefing.read",
            Text("一期简报", "One briefing"),
            response=shapes.BriefingShape,
            answer=ANSWER,
        )
    }

    def get(self, request: Request, public_id: str) -> Response:
        briefing = publication.find(public_id)
        answer = Response(self.show(briefing, request=request))
        answer["ETag"] = etag(f"{briefing.state}-{briefing.sha256[:16]}")
        return answer


class Taking(ApiView):
    operations: ClassVar = {
        "POST": Operation(
            "briefing.draft",
            Text("认领草稿", "Answer for a draft"),
            response=shapes.BriefingShape,
            answer=ANSWER,
            problems=(publication.NotADraft,),
        )
    }

    def post(self, request: Request, public_id: str) -> Response:
        briefing = publication.take(public_id, by=person_of(request), now=timezone.now())
        return Response(self.show(briefing, request=request))


class Approval(ApiView):
    operations: ClassVar = {
        "POST": Operation(
            "briefing.approve",
            Text("批准并印发", "Approve and publish"),
            status=202,
            response=shapes.BriefingShape,
            answer=APPROVED,
            problems=(publication.NotADraft, publication.NobodyAnswers, SelfApproval),
        )
    }

    def post(self, request: Request, public_id: str) -> Response:
        briefing = publication.approve(public_id, by=person_of(request), now=timezone.now())
        headers = {"Location": f"/api/v1/briefings/{public_id}", "Retry-After": "2"}
        return Response(self.show(briefing, request=request), status=202, headers=headers)


class BriefingFile(ApiView):
    renderer_classes = (AnyFile,)
    operations: ClassVar = {
        "GET": Operation(
            "briefing.read",
            Text("下载简报", "Download the briefing"),
            produces="application/pdf",
        )
    }

    def get(self, request: Request, public_id: str) -> HttpResponseBase:
        briefing = publication.find(public_id)
        return files.serve(
            request,
            path=settings.FILES_DIR / briefing.file,
            sha256=briefing.sha256,
            name=publication.file_name(briefing),
            inline=False,
        )
