"""Candidates for a listing over HTTP: the centre's own list."""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from finance_hub.kernel.problems import InvalidFields
from finance_hub.kernel.text import Text
from finance_hub.rest import cursors
from finance_hub.rest.fields import Choice, Day, Instant, Record, Uscc, Whole, Words, YesNo
from finance_hub.rest.operation import Operation, Query
from finance_hub.rest.views import ApiView, etag, person_of
from listings import operations, queries, stages
from listings.models import Board, Stage


class NewStage(Record):
    stage = Choice(Stage.values)
    effective_date = Day()
    evidence = Words(max_length=300)
    reason = Words(max_length=300, min_length=0, default="")


class NewCandidate(Record):
    """`reason` says why the stages before `stage` were skipped, where it is not the first one."""

    uscc = Uscc()
    board = Choice(Board.values)
    stage = Choice(stages.ROAD)
    effective_date = Day()
    evidence = Words(max_length=300)
    reason = Words(max_length=300, min_length=0, default="")


class StageCorrection(Record):
    effective_date = Day()
    evidence = Words(max_length=300)
    reason = Words(max_length=300)


class Reason(Record):
    reason = Words(max_length=300)


class StageShown(Record):
    """`corrects` is the entry first recorded, where this one corrects it."""

    id = Words(max_length=40, source="public_id")
    stage = Choice(Stage.values)
    effective_date = Day()
    evidence = Words(max_length=300)
    reason = Words(max_length=300)
    recorded_at = Instant()
    recorded_by = Words(max_length=100, source="recorded_by.full_name")
    corrects = Words(max_length=40, source="corrects.public_id", allow_null=True, default=None)
    taken_back = YesNo()


class StagePage(Record):
    data = StageShown(many=True)  # type: ignore[assignment]  # a field, taken off the class by DRF
    next_cursor = Words(max_length=500, allow_null=True)
    has_more = YesNo()


class Candidate(Record):
    """`stage` is the one in force; `attempt` counts the firm's tries on the board; `stages` are those that count.

    Where every stage was taken back there is none, and `note` says that the attempt counts nowhere.
    """

    id = Words(max_length=40, source="public_id")
    uscc = Uscc(source="firm.uscc")
    firm_name = Words(max_length=200, source="firm.name")
    board = Choice(Board.values)
    attempt = Whole(source="sequence")
    stage = Choice(Stage.values, source="current", allow_null=True)
    stages = StageShown(source="stages_in_order", many=True)
    note = Words(max_length=300, allow_null=True, default=None)
    note_en = Words(max_length=300, allow_null=True, default=None)

    def to_representation(self, instance: Any) -> dict[str, Any]:
        note = None if instance.current else stages.TAKEN_BACK
        said: dict[str, Any] = super().to_representation(instance)
        return {**said, "note": note and note.zh, "note_en": note and note.en}


class CandidatePage(Record):
    data = Candidate(many=True)  # type: ignore[assignment]  # a field, taken off the class by DRF
    next_cursor = Words(max_length=500, allow_null=True)
    has_more = YesNo()


NEW_STAGE = {
    "stage": "tutoring_filed",
    "effective_date": "2026-10-12",
    "evidence": "证监局辅导备案公示",
    "reason": "股改早于纳入后备库",
}
NEW = {"uscc": "91330483MA2B9PTN02", "board": "star", **NEW_STAGE}
SHOWN = {
    "id": "la_01JD3M8Q4T",
    "uscc": "91330483MA2B9PTN02",
    "firm_name": "桐乡示例科技股份有限公司",
    "board": "star",
    "attempt": 1,
    "stage": "tutoring_filed",
    "stages": [
        {
            "id": "se_01JD3M8Q4T",
            **NEW_STAGE,
            "recorded_at": "2026-10-13T09:00:00+08:00",
            "recorded_by": "张某",
            "corrects": None,
            "taken_back": False,
        }
    ],
    "note": None,
    "note_en": None,
}


class Candidates(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "listing.read",
            Text("上市后备企业列表", "The candidates for a listing"),
            response=CandidatePage,
            query=(
                Query("board", Text("板块", "Board"), choices=tuple(Board.values)),
                Query("stage", Text("当前阶段", "The stage in force"), choices=tuple(Stage.values)),
                Query("uscc", Text("企业统一社会信用代码", "The firm's code")),
                *cursors.QUERY,
            ),
            answer={"data": [SHOWN], "next_cursor": None, "has_more": False},
            problems=(InvalidFields, cursors.InvalidCursor),
        ),
        "POST": Operation(
            "listing.record",
            Text("登记一次上市申报", "Begin an attempt of a firm on a board"),
            status=201,
            request=NewCandidate,
            response=Candidate,
            example=NEW,
            answer=SHOWN,
            problems=(InvalidFields, operations.AttemptStillOpen, operations.AlreadyListed),
        ),
    }

    def get(self, request: Request) -> Response:
        wanted = {name: request.query_params.get(name, "") for name in ("board", "stage", "uscc")}
        return self.listed(queries.attempts(**wanted), request=request)

    def post(self, request: Request) -> Response:
        body = self.read_body(request)
        started = operations.start_attempt(**body, by=person_of(request), now=timezone.now())
        return _shown(self, started.public_id, request=request, status=201)


class CandidateDetail(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "listing.read",
            Text("一次上市申报及其各阶段", "One attempt and its stages"),
            response=Candidate,
            answer=SHOWN,
        )
    }

    def get(self, request: Request, public_id: str) -> Response:
        return _shown(self, public_id, request=request)


class CandidateStages(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "listing.read",
            Text("各阶段的全部记录，含更正与撤销", "Every entry of the stages, corrections and what was taken back too"),
            response=StagePage,
            query=cursors.QUERY,
            answer={"data": SHOWN["stages"], "next_cursor": None, "has_more": False},
            problems=(InvalidFields, cursors.InvalidCursor),
        ),
        "POST": Operation(
            "listing.record",
            Text("登记进入某阶段", "Record the stage that the attempt enters"),
            status=201,
            request=NewStage,
            response=Candidate,
            example=NEW_STAGE,
            answer=SHOWN,
            problems=(
                InvalidFields,
                stages.AttemptEnded,
                stages.AttemptTakenBack,
                operations.EntryOutsideCourse,
                stages.StageBackward,
                stages.AlreadySuspended,
            ),
        ),
    }  # fmt: skip

    def get(self, request: Request, public_id: str) -> Response:
        return self.listed(queries.ever_recorded(queries.attempt(public_id)), request=request)

    def post(self, request: Request, public_id: str) -> Response:
        body = self.read_body(request)
        operations.enter_stage(attempt=public_id, **body, by=person_of(request), now=timezone.now())
        return _shown(self, public_id, request=request, status=201)


class StageCorrections(ApiView):
    operations: ClassVar = {
        "POST": Operation(
            "listing.record",
            Text("更正一个阶段的日期或依据", "Correct the day or the evidence of a stage"),
            status=201,
            request=StageCorrection,
            response=Candidate,
            example={"effective_date": "2026-10-10", "evidence": "证监局辅导备案公示", "reason": "日期误录"},
            answer=SHOWN,
            problems=(InvalidFields, operations.StageTakenBack, operations.EntryOutsideCourse),
        )
    }

    def post(self, request: Request, public_id: str, event: str) -> Response:
        body = self.read_body(request)
        operations.correct_stage(
            attempt=public_id, event=event, **body, by=person_of(request), now=timezone.now()
        )
        return _shown(self, public_id, request=request, status=201)


class StageTakenBack(ApiView):
    operations: ClassVar = {
        "POST": Operation(
            "listing.record",
            Text(
                "撤销误登记的最后一个阶段；仅有一个阶段的，该次申报随之撤销",
                "Take back the last stage, which was never entered; where it is the only one, the attempt with it",
            ),
            status=201,
            request=Reason,
            response=Candidate,
            example={"reason": "登记到了另一家企业名下"},
            answer=SHOWN,
            problems=(
                InvalidFields,
                operations.StageTakenBack,
                operations.OnlyTheLastStage,
                operations.EntryOutsideCourse,
            ),
        )
    }

    def post(self, request: Request, public_id: str, event: str) -> Response:
        body = self.read_body(request)
        operations.take_back_stage(
            attempt=public_id, event=event, **body, by=person_of(request), now=timezone.now()
        )
        return _shown(self, public_id, request=request, status=201)


def _shown(view: ApiView, public_id: str, *, request: Request, status: int = 200) -> Response:
    """The attempt with the number of its entries as its version."""
    found: Any = queries.attempt(public_id)
    response = Response(view.show(found, request=request), status=status)
    response["ETag"] = etag(queries.ever_recorded(found).count())
    if request.method == "POST":
        response["Location"] = f"/api/v1/ipo-candidates/{public_id}"
    return response
