"""An edition between its draft and its issue: its texts, what stands against it, edits, and corrections."""

from __future__ import annotations

from typing import ClassVar

from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from finance_hub.kernel.models import Job
from finance_hub.kernel.text import Text
from finance_hub.rest.errors import language_of
from finance_hub.rest.operation import Operation
from finance_hub.rest.views import ApiView, person_of
from tasks import obstacles, publication
from tasks.api import edition_samples as samples
from tasks.api import edition_shapes as shapes
from tasks.api.shapes import JobShape
from tasks.briefing import points
from tasks.briefing.origin import plain


class KeyPoints(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "briefing.read",
            Text("一稿的本期要点", "The key points of an edition"),
            response=shapes.TextsShape,
            answer={
                "edited": False,
                "zh": ["专项贷款余额6.42亿元，环比+1.2%。"],
                "en": ["Specialty loans stand at CNY 642.00 million (+1.2% on the month before)."],
                "missing": [],
            },
        )
    }

    def get(self, request: Request, public_id: str) -> Response:
        found = publication.find(public_id)
        said = {language: publication.points_of(found, language) for language in points.LANGUAGES}
        return Response(
            {
                "edited": found.key_points is not None,
                "zh": [plain(point) for point in said["zh-hans"]],
                "en": [plain(point) for point in said["en"]],
                "missing": sorted({n for one in said.values() for n in points.missing(one)}),
            }
        )


class Obstacles(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "briefing.read",
            Text("印发前须说明理由的情形", "What needs a written reason before it is published"),
            response=shapes.ObstacleShape,
            many=True,
            answer=[
                {
                    "name": "not-reported|bank-cansang",
                    "text": "蚕桑银行未报送月末存量",
                    "reason": "该行系统升级，已约定于11月20日前补报",
                    "given_by": "陈编",
                }
            ],
        )
    }

    def get(self, request: Request, public_id: str) -> Response:
        found = publication.find(public_id)
        language = language_of(request)
        rows = []
        for one in obstacles.against(found.snapshot, now=timezone.now()):
            reason = found.reasons.get(one.name, {})
            rows.append(
                {
                    "name": one.name,
                    "text": one.text.say(language),
                    "reason": reason.get("text"),
                    "given_by": reason.get("by"),
                }
            )
        return Response(rows)


class Edits(ApiView):
    """Every edit makes a new edition; the one that was edited is superseded, and is not edited again."""

    operations: ClassVar = {
        "POST": Operation(
            "briefing.draft",
            Text("修改草稿的要点、版头标注或理由", "Edit a draft: its key points, its note, its reasons"),
            status=202,
            request=shapes.EditRequest,
            response=JobShape,
            example={"note": "内部资料　注意保存"},
            answer=samples.JOB,
            problems=(
                publication.NotADraft, publication.EditUnderWay, publication.StaleDraft, publication.StateSecret,
            ),
        )
    }  # fmt: skip

    def post(self, request: Request, public_id: str) -> Response:
        said = self.read_body(request)
        typed, reasons = said["key_points"], said["reasons"]
        job = publication.request_edit(
            public_id,
            key_points={"zh-hans": typed["zh"], "en": typed["en"]} if typed else None,
            by_rule=said["key_points_by_rule"],
            note=said["note"],
            reasons=None if reasons is None else [(one["against"], one["text"]) for one in reasons],
            by=person_of(request),
            now=timezone.now(),
        )
        return accepted(job)


class Corrections(ApiView):
    operations: ClassVar = {
        "POST": Operation(
            "briefing.draft",
            Text("起草已印发简报的更正版", "Have a correction of a published issue drafted"),
            status=202,
            request=shapes.CorrectionRequest,
            response=JobShape,
            example={"occasion": "乙银行更正了10月的放款金额"},
            answer={**samples.JOB, "kind": "correction"},
            problems=(publication.NothingToCorrect, publication.AlreadyCorrected),
        )
    }

    def post(self, request: Request, public_id: str) -> Response:
        occasion = self.read_body(request)["occasion"]
        return accepted(
            publication.request_correction(
                public_id, occasion=occasion, by=person_of(request), now=timezone.now()
            )
        )


def accepted(job: Job) -> Response:
    said = {"id": str(job.pk), "kind": job.kind, "state": job.state}
    return Response(said, status=202, headers={"Location": f"/api/v1/jobs/{job.pk}", "Retry-After": "2"})
