"""Who has not reported, for the centre; where it stands itself, for a reporter."""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from finance_hub.kernel.problems import InvalidFields
from finance_hub.kernel.text import Text
from finance_hub.rest.fields import Choice, Moment, MonthText, Record, Whole, Words
from finance_hub.rest.operation import Operation, Query
from finance_hub.rest.views import ApiView
from loans.api.asking import month_in_query
from loans.models import BatchState, Dataset, LoanReportBatch
from loans.queries import reporting_status as queries
from loans.queries.reporting import due_at


class ReporterShown(Record):
    code = Words(max_length=40)
    kind = Words(max_length=20)
    name = Words(max_length=200)
    name_en = Words(max_length=200)


class LastBatch(Record):
    """The newest batch that was not given up; counts are null until it has been worked on."""

    id = Words(max_length=40)
    state = Choice(BatchState.values)
    submitted_at = Moment(allow_null=True)
    finished_at = Moment(allow_null=True)
    rows = Whole(allow_null=True)
    accepted = Whole(allow_null=True)
    unchanged = Whole(allow_null=True)
    rejected = Whole(allow_null=True)
    warnings = Whole(allow_null=True)


class StatusShown(Record):
    """`overdue`: nothing has been applied and the due moment has passed. `batches` is null for those who
    report without files."""

    reporter = ReporterShown()
    dataset = Choice((*Dataset.values, queries.GUARANTEES))
    state = Choice(queries.STATES)
    days_late = Whole()
    first_reported_at = Moment(allow_null=True)
    last_reported_at = Moment(allow_null=True)
    batches = Whole(allow_null=True)
    accepted = Whole()
    last_batch = LastBatch(allow_null=True)


class ReportingStatus(Record):
    period = MonthText()
    due_at = Moment()
    data = StatusShown(many=True)  # type: ignore[assignment]  # a field, taken off the class by DRF


_STATUS: dict[str, Any] = {
    "reporter": {"code": "bank-a", "kind": "bank", "name": "甲银行", "name_en": "Bank A"},
    "dataset": "flow",
    "state": "applied",
    "days_late": 0,
    "first_reported_at": "2026-11-03T09:13:21+08:00",
    "last_reported_at": "2026-11-03T09:13:21+08:00",
    "batches": 1,
    "accepted": 99_981,
    "last_batch": {
        "id": "lb_01JD3M8Q4TZ7X9KT2VNC4H6WEA",
        "state": "applied",
        "submitted_at": "2026-11-03T09:12:44+08:00",
        "finished_at": "2026-11-03T09:13:21+08:00",
        "rows": 100_000,
        "accepted": 99_981,
        "unchanged": 12,
        "rejected": 7,
        "warnings": 31,
    },
}


class Reporting(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "reporting.read",
            Text("某月的报送情况：谁还没有报", "How a month's reporting stands: who has not reported"),
            response=ReportingStatus,
            query=(Query("period", Text("报告期", "Period"), required=True, example="2026-10"),),
            answer={"period": "2026-10", "due_at": "2026-11-10T18:00:00+08:00", "data": [_STATUS]},
            problems=(InvalidFields,),
        )
    }

    def get(self, request: Request) -> Response:
        month = month_in_query(request.query_params["period"])
        rows = [_present(row) for row in queries.status(month, now=timezone.now())]
        shown = {"period": month, "due_at": due_at(month), "data": rows}
        return Response(self.show(shown, request=request))


def _present(row: queries.Status) -> dict[str, Any]:
    return row._asdict() | {"last_batch": row.last_batch and _batch(row.last_batch)}


def _batch(batch: LoanReportBatch) -> dict[str, Any]:
    counts = batch.result or dict.fromkeys(("accepted", "unchanged", "rejected", "warnings"))
    return {
        "id": batch.public_id,
        "state": batch.state,
        "submitted_at": batch.submitted_at,
        "finished_at": batch.finished_at,
        "rows": (batch.computed_totals or batch.declared_totals or {}).get("rows"),
        **counts,
    }
