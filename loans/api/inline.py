"""A small report in one request: up to a thousand rows in, what became of each of them out."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http.response import HttpResponseBase
from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from finance_hub.kernel import idempotency, scoping
from finance_hub.kernel.storage import StorageFull
from finance_hub.kernel.text import Text
from finance_hub.rest import once
from finance_hub.rest.fields import Choice, MonthText, Record, Strict, Whole, Words, YesNo
from finance_hub.rest.operation import Operation
from finance_hub.rest.views import ApiView, etag, person_of
from loans import limits, operations
from loans.api import examples, waiting
from loans.api.shapes import BatchShown, Totals, plain, present, url
from loans.intake import results
from loans.intake.states import FINAL
from loans.models import Acceptance, Dataset, LoanReportBatch, Outcome
from loans.operations.batches import PeriodNotOpen
from loans.operations.sandbox import SandboxFailure


@extend_schema_field(
    {
        "type": "array",
        "maxItems": limits.MOST_INLINE_ROWS,
        "items": {"type": "object", "additionalProperties": True},
    }
)
class Rows(Strict):
    """Rows as they are written in NDJSON. What is wrong with one of them is said row by row."""

    def to_internal_value(self, data: Any) -> list[Any]:
        if not isinstance(data, list):
            raise self.refuse("not_a_list")
        if len(data) > limits.MOST_INLINE_ROWS:
            raise self.refuse("too-many-inline-rows")
        return data


class NewReport(Record):
    """Without `control_totals` the sums of the rows stand for them."""

    period = MonthText()
    dataset = Choice(Dataset.values, default=Dataset.FLOW.value)
    acceptance = Choice(Acceptance.values, required=False)
    dry_run = YesNo(default=False)
    client_reference = Words(max_length=64, min_length=0, default="")
    control_totals = Totals(required=False)
    rows = Rows()


class RowError(Record):
    """`pointer` is within the row; `context` fills the sentence."""

    code = Words(max_length=60)
    pointer = Words(max_length=300)
    message = Words(max_length=500)
    message_en = Words(max_length=500)
    context = serializers.DictField(child=serializers.CharField())  # type: ignore[assignment]


class RowShown(Record):
    """`row_number` counts the rows of the request from 1; a drawdown missing from a snapshot has none."""

    row_number = Whole(allow_null=True)
    client_row_id = Words(max_length=64)
    contract_no = Words(max_length=64)
    outcome = Choice(("accepted", "unchanged", "rejected", "warning"))
    errors = RowError(many=True)  # type: ignore[assignment]  # a field, taken off the class by DRF
    warnings = RowError(many=True)

    def to_representation(self, instance: dict[str, Any]) -> dict[str, Any]:
        """Rows are made as they are shown; a thousand of them are not gone through field by field again."""
        return {name: instance[name] for name in _ROW}


_ROW = ("row_number", "client_row_id", "contract_no", "outcome", "errors", "warnings")


class ReportShown(BatchShown):
    """The batch with its rows; of one that is refused as a whole only the rejected rows have an outcome.

    `rows` is null while the batch is still on its way, which is answered 202.
    """

    rows = RowShown(many=True, allow_null=True)


class LoanEvents(ApiView):
    operations: ClassVar = {
        "POST": Operation(
            "batch.report",
            Text(
                "直接报送至多 1,000 行并等待逐行结果；未及完成时答 202",
                "Report up to 1,000 rows and wait for what becomes of each; 202 where that takes longer",
            ),
            status=201,
            request=NewReport,
            response=ReportShown,
            example=examples.ROWS,
            answer=examples.REPORTED,
            problems=(PeriodNotOpen, StorageFull, SandboxFailure),
            own_transactions=True,
            may_take_longer=True,
            rate="submit",
        )
    }

    def post(self, request: Request) -> HttpResponseBase:
        person = person_of(request)
        body = self.read_body(request)
        if totals := body.get("control_totals"):
            body["control_totals"] = plain(totals)

        def begin() -> LoanReportBatch:
            key = idempotency.read_key(request.headers.get("Idempotency-Key"))
            return operations.report(**body, idempotency_key=key, by=person, now=timezone.now())

        def finish(begun: LoanReportBatch) -> Response:
            seconds = limits.INLINE_WAIT_SECONDS
            batch = waiting.settled(begun.public_id, scope=person.scope, seconds=seconds)
            with scoping.within(person.scope):
                return self._shown(batch, request=request)

        return once.answer_later(request, self.declared(request), person=person, begin=begin, finish=finish)

    def _shown(self, batch: LoanReportBatch, *, request: Request) -> Response:
        done = batch.state in FINAL
        rows = _outcomes(batch) if done else None
        response = Response(
            self.show({**present(batch), "rows": rows}, request=request), status=201 if done else 202
        )
        response["Location"], response["ETag"] = url(batch), etag(batch.version)
        if not done:
            response["Retry-After"] = "2"
        return response


def _outcomes(batch: LoanReportBatch) -> list[dict[str, Any]]:
    """What became of each row, in their order; a warning stands with its row, or alone for a missing drawdown."""
    shown: dict[int, dict[str, Any]] = {}
    missing: list[dict[str, Any]] = []
    counted = batch.result or {}
    for outcome in (Outcome.ACCEPTED, Outcome.UNCHANGED, Outcome.REJECTED, Outcome.WARNING):
        if not counted.get("warnings" if outcome == Outcome.WARNING else outcome):
            continue
        for chunk in results.rows(batch, outcome=outcome, read=lambda read: read()):
            for row in chunk:
                said = {"errors": [], "warnings": [], **row}
                if outcome != Outcome.WARNING:
                    shown[row["row_number"]] = said
                elif row["row_number"] in shown:
                    shown[row["row_number"]]["warnings"] = said["warnings"]
                else:
                    missing.append(said)
    return [shown[number] for number in sorted(shown)] + missing
