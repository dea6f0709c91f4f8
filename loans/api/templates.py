"""Files to fill in by hand."""

from __future__ import annotations

import hashlib
from typing import ClassVar

from django.http import HttpResponse
from rest_framework.request import Request

from finance_hub.kernel import sheets
from finance_hub.kernel.problems import NotFound
from finance_hub.kernel.text import Text
from finance_hub.rest.formats import Json
from finance_hub.rest.operation import Operation, Query
from finance_hub.rest.views import ApiView, etag
from loans.api.rows import Csv, Xlsx
from loans.intake import template
from loans.models import Dataset


class Templates(ApiView):
    renderer_classes = (Json, Xlsx, Csv)
    operations: ClassVar = {
        "GET": Operation(
            "reference.read",
            Text("报送模板：flow、stock", "Templates to fill in: flow, stock"),
            query=(
                Query("format", Text("格式，缺省 xlsx", "Format; xlsx if left out"), choices=("xlsx", "csv")),
            ),
            produces=sheets.MEDIA_TYPE,
        )
    }

    def get(self, request: Request, dataset: str) -> HttpResponse:
        if dataset not in Dataset.values:
            raise NotFound
        if request.query_params.get("format") == "csv":
            content, kind, ending = template.as_csv(dataset), "text/csv; charset=utf-8", "csv"
        else:
            content, kind, ending = template.as_xlsx(dataset), sheets.MEDIA_TYPE, "xlsx"
        response = HttpResponse(content, content_type=kind)
        name = f"loan-report-{dataset}-{template.VERSION}.{ending}"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        response["ETag"] = etag(hashlib.sha256(content).hexdigest()[:32])
        return response
