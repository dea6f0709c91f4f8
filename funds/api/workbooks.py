"""Workbooks of a fund over HTTP: the template to fill in, and all that is recorded."""

from __future__ import annotations

import hashlib
from typing import ClassVar

from django.http import HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from finance_hub.kernel import sheets
from finance_hub.kernel.problems import InvalidFields
from finance_hub.kernel.text import Text
from finance_hub.rest.errors import language_of
from finance_hub.rest.formats import Json
from finance_hub.rest.operation import Operation
from finance_hub.rest.views import ApiView, etag, person_of
from funds import queries
from funds.api import moments
from funds.workbook import books


class Xlsx(BaseRenderer):
    """Stands for a type the caller may ask for; the workbook itself is a file."""

    media_type, format = sheets.MEDIA_TYPE, "xlsx"


class Template(ApiView):
    renderer_classes = (Json, Xlsx)
    operations: ClassVar = {
        "GET": Operation(
            "fund.read",
            Text("批量登记的空白模板", "The template to fill in and hand in"),
            produces=sheets.MEDIA_TYPE,
        )
    }

    def get(self, request: Request, code: str) -> HttpResponse:
        fund = queries.fund(code)
        return _file(books.template(language=language_of(request)), f"{fund.code}-template.xlsx")


class Export(ApiView):
    renderer_classes = (Json, Xlsx)
    operations: ClassVar = {
        "GET": Operation(
            "fund.read",
            Text(
                "导出资金流水、持有项目、投资与退出、估值和项目",
                "Ledger, holdings, investments and exits, valuations and deals as a workbook",
            ),
            query=moments.QUERY,
            produces=sheets.MEDIA_TYPE,
            problems=(InvalidFields,),
        )
    }

    def get(self, request: Request, code: str) -> HttpResponse:
        moment = moments.Moment.of(request)
        content = books.export(
            queries.fund(code), as_of=moment.as_of, known_at=moment.known_at, by=person_of(request),
            now=timezone.now(), language=language_of(request),
        )  # fmt: skip
        return _file(content, f"{code}.xlsx")


def _file(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=sheets.MEDIA_TYPE)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or ""
    response["ETag"] = etag(hashlib.sha256(content).hexdigest()[:32])
    return response
