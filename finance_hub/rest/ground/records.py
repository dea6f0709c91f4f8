"""What was done and what is being done: the audit trail and the jobs."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from finance_hub.kernel import audit, job_control, jobs
from finance_hub.kernel.models.records import JobState
from finance_hub.kernel.text import Text
from finance_hub.rest import cursors
from finance_hub.rest.ground import shapes
from finance_hub.rest.operation import Operation, Query
from finance_hub.rest.views import ApiView, person_of

ENTRY = {
    "seq": 4711,
    "at": "2026-11-05T01:05:00.123456+00:00",
    "actor": "approver 李某",
    "action": "month.close",
    "subject": "month:2026-10",
    "succeeded": True,
    "detail": {},
    "prev_hash": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "hash": "60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752",
}
JOB = {
    "id": "5f0c1f0e-6f0e-4c53-9d0e-6a2f5a6c9b11",
    "kind": "month",
    "state": "succeeded",
    "attempt": 1,
    "max_attempts": 3,
    "progress": {"rows_read": 100000, "rows_total": 100000},
    "error": None,
    "requested_by": "maker",
    "created_at": "2026-11-05T09:06:00+08:00",
    "started_at": "2026-11-05T09:06:01+08:00",
    "finished_at": "2026-11-05T09:06:19+08:00",
}


class Trail(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "audit.read",
            Text("审计记录，由近及远", "The audit trail, newest first"),
            response=shapes.AuditShape,
            many=True,
            query=(
                Query("action", Text("操作", "The act"), example="month.close"),
                Query("subject", Text("对象", "What it was done to"), example="month:2026-10"),
                *cursors.QUERY,
            ),
            answer=[ENTRY],
            problems=(cursors.InvalidCursor,),
        )
    }

    def get(self, request: Request) -> Response:
        wanted = {name: request.query_params.get(name, "") for name in ("action", "subject")}
        return self.listed(audit.entries(**wanted), request=request)


class Jobs(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "job.read",
            Text("后台任务，由近及远", "The jobs, newest first"),
            response=shapes.JobRecord,
            many=True,
            query=(
                Query("kind", Text("种类", "Kind"), choices=tuple(settings.JOB_HANDLERS)),
                Query("state", Text("状态", "State"), choices=tuple(JobState.values)),
                *cursors.QUERY,
            ),
            answer=[JOB],
            problems=(cursors.InvalidCursor,),
        )
    }

    def get(self, request: Request) -> Response:
        wanted = {name: request.query_params.get(name, "") for name in ("kind", "state")}
        return self.listed(jobs.recorded(**wanted), request=request, by=("created_at", "pk"))


class OneJob(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "job.read",
            Text("一项后台任务", "One job"),
            response=shapes.JobRecord,
            answer=JOB,
        )
    }

    def get(self, request: Request, job_id: str) -> Response:
        return Response(self.show(jobs.find(job_id), request=request))


class StopJob(ApiView):
    operations: ClassVar = {
        "POST": Operation(
            "job.control",
            Text("中止一项后台任务", "Stop a job"),
            response=shapes.JobRecord,
            answer={**JOB, "state": "cancelled"},
            problems=(job_control.JobIsNotForPeople, job_control.JobHasEnded),
        )
    }

    def post(self, request: Request, job_id: str) -> Response:
        job = job_control.stop(job_id, by=person_of(request), now=timezone.now())
        return Response(self.show(job, request=request))


class RepeatJob(ApiView):
    operations: ClassVar = {
        "POST": Operation(
            "job.control",
            Text("重做一项已中止或失败的任务", "Do a job again that was stopped or failed"),
            response=shapes.JobRecord,
            answer={
                **JOB,
                "state": "queued",
                "attempt": 0,
                "progress": {},
                "started_at": None,
                "finished_at": None,
            },
            problems=(job_control.JobIsNotForPeople, job_control.JobIsNotOver),
        )
    }

    def post(self, request: Request, job_id: str) -> Response:
        job = job_control.repeat(job_id, by=person_of(request), now=timezone.now())
        return Response(self.show(job, request=request))
