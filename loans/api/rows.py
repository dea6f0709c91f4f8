"""The rows of a batch, streamed in file order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from django.http import FileResponse, StreamingHttpResponse
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from finance_hub.kernel import scoping, sheets
from finance_hub.kernel.text import Text
from finance_hub.rest.formats import Json
from finance_hub.rest.operation import Operation, Query
from finance_hub.rest.views import ApiView, person_of
from loans import queries
from loans.intake import results
from loans.models import Outcome

_OUTCOMES = tuple(Outcome.values)
_TYPES = {
    "ndjson": "application/x-ndjson",
    "csv": "text/csv; charset=utf-8",
    "xlsx": sheets.MEDIA_TYPE,
}


class Csv(BaseRenderer):
    """Stands for a type the caller may ask for; the rows themselves are streamed."""

    media_type, format = "text/csv", "csv"


class Ndjson(BaseRenderer):
    """Stands for a type the caller may ask for; the rows themselves are streamed."""

    media_type, format = "application/x-ndjson", "ndjson"


class Xlsx(BaseRenderer):
    """Stands for a type the caller may ask for; the workbook itself is a file."""

    media_type, format = sheets.MEDIA_TYPE, "xlsx"


class Results(ApiView):
    renderer_classes = (Json, Ndjson, Csv, Xlsx)
    operations: ClassVar = {
        "GET": Operation(
            "batch.read",
            Text("逐行结果，按行号排列", "What became of each row, in file order"),
            query=(
                Query(
                    "outcome", Text("结果", "Outcome"), required=True, choices=_OUTCOMES, example="rejected"
                ),
                Query(
                    "format", Text("格式，缺省 ndjson", "Format; ndjson if left out"), choices=tuple(_TYPES)
                ),
            ),
            produces="application/x-ndjson",
            own_transactions=True,
            problems=(results.TooManyForWorkbook,),
        )
    }

    def get(self, request: Request, public_id: str) -> StreamingHttpResponse | FileResponse:
        scope = person_of(request).scope
        outcome = request.query_params["outcome"]
        format = request.query_params.get("format") or "ndjson"
        with scoping.within(scope):
            batch = queries.batch(public_id, "repeats")

        def read(chunk: Callable[[], list[Any]]) -> list[Any]:
            with scoping.within(scope):
                return chunk()

        rows = results.rows(batch, outcome=outcome, read=read)
        name = f"{batch.public_id}-{outcome}.{format}"
        if format == "xlsx":
            file = results.as_xlsx(rows, batch=batch, outcome=outcome)
            return FileResponse(file, as_attachment=True, filename=name, content_type=_TYPES[format])
        content = (
            results.as_csv(rows, batch=batch, outcome=outcome) if format == "csv" else results.as_ndjson(rows)
        )
        response = StreamingHttpResponse(content, content_type=_TYPES[format])
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response
