"""Briefings: ask for a draft, answer for it, review it, send it back, approve it, download it."""

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
from tasks.api import edition_samples as samples
from tasks.api import edition_shapes as editions
from tasks.api import shapes


class Briefings(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "briefing.read",
            Text("简报列表", "The briefings"),
            response=editions.BriefingShape,
            many=True,
            query=cursors.QUERY,
            answer=[samples.EDITION],
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
            response=editions.BriefingShape,
            answer=samples.EDITION,
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
            response=editions.BriefingShape,
            answer=samples.EDITION,
            problems=(publication.NotADraft, publication.StaleDraft),
        )
    }

    def post(self, request: Request, public_id: str) -> Response:
        briefing = publication.take(public_id, by=person_of(request), now=timezone.now())
        return Response(self.show(briefing, request=request))


class Review(ApiView):
    operations: ClassVar = {
        "POST": Operation(
            "briefing.review",
            Text("审核草稿", "Review a draft"),
            response=editions.BriefingShape,
            answer=samples.REVIEWED,
            problems=(
                publication.NotADraft, publication.StaleDraft, publication.NobodyAnswers, SelfApproval,
                publication.EditUnderWay, publication.ReasonsMissing,
            ),
        )
    }  # fmt: skip

    def post(self, request: Request, public_id: str) -> Response:
        briefing = publication.review(public_id, by=person_of(request), now=timezone.now())
        return Response(self.show(briefing, request=request))


class SendingBack(ApiView):
    operations: ClassVar = {
        "POST": Operation(
            "briefing.review",
            Text("退回经办人", "Send a draft back to its maker"),
            request=editions.ReturnRequest,
            response=editions.BriefingShape,
            example={"reason": "第二条请写明贷款增长的原因"},
            answer=samples.RETURNED,
            problems=(publication.NotADraft, publication.StaleDraft, SelfApproval),
        )
    }

    def post(self, request: Request, public_id: str) -> Response:
        reason = self.read_body(request)["reason"]
        briefing = publication.send_back(public_id, reason=reason, by=person_of(request), now=timezone.now())
        return Response(self.show(briefing, request=request))


class Approval(ApiView):
    operations: ClassVar = {
        "POST": Operation(
            "briefing.approve",
            Text("批准并印发", "Approve and publish"),
            status=202,
            response=editions.BriefingShape,
            answer=samples.APPROVED,
            problems=(
                publication.NotADraft, publication.StaleDraft, publication.NobodyAnswers, SelfApproval,
                publication.NotReviewed, publication.ReasonsMissing, publication.AlreadyCorrected,
            ),
        )
    }  # fmt: skip

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
