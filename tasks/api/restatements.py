"""Snapshots over HTTP, the records behind their figures, and what changed from one to another."""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from finance_hub.kernel.problems import NotFound
from finance_hub.kernel.text import Text
from finance_hub.rest import cursors
from finance_hub.rest.errors import language_of
from finance_hub.rest.operation import Operation, Query
from finance_hub.rest.views import ApiView, person_of
from tasks import queries, restatement, restating
from tasks.api import record_samples as samples
from tasks.api import record_shapes, shapes
from tasks.api.figures import month_of
from tasks.gaps import gaps_of
from tasks.models import Snapshot
from tasks.records import reading, recorded

_FROM = Query("from", Text("较早的快照", "The older snapshot"), required=True, example="ss_01JD3M8Q4T")
_TO = Query("to", Text("较晚的快照", "The newer snapshot"), required=True, example="ss_01JD9P2K7V")
_SCOPE = Query("scope", Text("范围；全市为空", "The scope; empty for the city"), example="bank")
_KEY = Query("key", Text("范围内的键", "The key within the scope"), example="yunhe-bank")
_PAGED = (cursors.InvalidCursor,)


class Snapshots(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "figure.read",
            Text("快照，由近及远", "The snapshots, newest first"),
            response=record_shapes.SnapshotRecord,
            many=True,
            query=(
                Query("month", Text("只看一个月份", "One month only"), example="2026-10"),
                *cursors.QUERY,
            ),
            answer=[samples.SNAPSHOT],
            problems=_PAGED,
        )
    }

    def get(self, request: Request) -> Response:
        asked = request.query_params.get("month")
        rows = queries.snapshots(month=month_of(asked) if asked else None)
        return self.listed(rows, request=request)


class FigureRecords(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "figure.read",
            Text("一个指标所依据的记录，由大到小", "The records behind a figure, largest first"),
            response=record_shapes.RecordsShape,
            query=(
                Query("snapshot", Text("快照编号", "The snapshot"), required=True, example="ss_01JD3M8Q4T"),
                _SCOPE,
                _KEY,
                *cursors.QUERY,
            ),
            answer=samples.RECORDS,
            problems=_PAGED,
        )
    }

    def get(self, request: Request, code: str) -> Response:
        snapshot = queries.snapshot(request.query_params["snapshot"])
        place = _figure(request, code)
        figure = restatement.figure_in(snapshot, place)
        if figure is None:
            raise NotFound
        source, at = restatement.source_of(code, figure.scope), restatement.reading_of(snapshot)
        rows, position = cursors.page_of(
            lambda after, limit: reading.lines(source, at, key=figure.key, after=after, limit=limit),
            request=request,
            key=lambda one: one.place,
        )
        totals = reading.totals(source, at, key=figure.key)
        told = {
            "snapshot": snapshot.public_id,
            "figure": figure,
            "adds": source.adds.value,
            "note": source.why.say(language_of(request)),
            "count": totals.number,
            "total": totals.amount,
            "over": totals.over,
            "under": totals.under,
            "data": rows,
            **position,
        }
        shape = record_shapes.RecordsShape(told, context={"request": request, "gaps": gaps_of(snapshot)})
        return Response(shape.data)


class Restatements(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "figure.read",
            Text("两个快照之间变动的指标", "The figures that differ between two snapshots"),
            response=record_shapes.RestatementShape,
            query=(
                _FROM,
                _TO,
                Query("code", Text("只看一个指标", "One figure only"), example="loans.balance"),
                *cursors.QUERY,
            ),
            answer=samples.RESTATEMENT,
            problems=_PAGED,
        ),
        "POST": Operation(
            "figure.restate",
            Text("按现在所知重算一个已关账月份", "Compute a closed month again, as known now"),
            status=202,
            request=record_shapes.RestateRequest,
            response=shapes.JobShape,
            example={"period": "2026-09"},
            answer={"id": "5f0c1f0e-6f0e-4c53-9d0e-6a2f5a6c9b11", "kind": "restatement", "state": "queued"},
            problems=(restating.MonthIsOpen, queries.NoFigures),
        ),
    }

    def get(self, request: Request) -> Response:
        old, new = _pair(request)
        code = request.query_params.get("code", "")
        rows, position = cursors.page_of(
            lambda after, limit: restatement.changes(old, new, code=code, after=after, limit=limit),
            request=request,
            key=lambda one: one.place,
        )
        told = {"count": restatement.count(old, new, code=code), "data": rows, **position}
        return Response(self.show({**record_shapes.between(old, new), **told}, request=request))

    def post(self, request: Request) -> Response:
        month = self.read_body(request)["period"]
        job = restating.request(month, by=person_of(request), now=timezone.now())
        said = {"id": str(job.pk), "kind": job.kind, "state": job.state}
        return Response(said, status=202, headers={"Location": f"/api/v1/jobs/{job.pk}", "Retry-After": "2"})


class RestatementRecords(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "figure.read",
            Text(
                "两个快照之间入账并涉及该月的全部记录",
                "All records between two snapshots that reach into the month",
            ),
            response=record_shapes.RecordedShape,
            query=(_FROM, _TO, *cursors.QUERY),
            answer=samples.RECORDED,
            problems=_PAGED,
        )
    }

    def get(self, request: Request) -> Response:
        old, new = _pair(request)
        period = restatement.between(old, new)
        rows, position = cursors.page_of(
            lambda after, limit: recorded.recorded(period, after=after, limit=limit),
            request=request,
            key=lambda one: one.place,
        )
        told = {"count": recorded.count(period).number, "data": rows, **position}
        return Response(self.show({**record_shapes.between(old, new), **told}, request=request))


class FigureEffects(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "figure.read",
            Text(
                "引起一个指标变动的记录，由大到小", "The records that changed a figure, largest effect first"
            ),
            response=record_shapes.EffectsShape,
            query=(_FROM, _TO, _SCOPE, _KEY, *cursors.QUERY),
            answer=samples.EFFECTS,
            problems=_PAGED,
        )
    }

    def get(self, request: Request, code: str) -> Response:
        old, new = _pair(request)
        place = _figure(request, code)
        source = restatement.source_of(code, place[1])
        rows, position = cursors.page_of(
            lambda after, limit: restatement.effects(old, new, place, after=after, limit=limit),
            request=request,
            key=lambda one: one.place,
        )
        totals = restatement.effect_totals(old, new, place)
        told = {
            "figure": restatement.change_of(old, new, place),
            "adds": source.adds.value,
            "note": source.why.say(language_of(request)),
            "count": totals.number,
            "total": totals.amount,
            "data": rows,
            **position,
        }
        return Response(self.show({**record_shapes.between(old, new), **told}, request=request))


def _figure(request: Request, code: str) -> tuple[str, str, str]:
    return code, request.query_params.get("scope", ""), request.query_params.get("key", "")


def _pair(request: Request) -> tuple[Snapshot, Snapshot]:
    """Raises NotFound."""
    asked: Any = request.query_params
    return queries.snapshot(asked["from"]), queries.snapshot(asked["to"])
