"""Organisations over HTTP, for the administrator."""

from __future__ import annotations

from typing import ClassVar

from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from finance_hub.kernel import organisations
from finance_hub.kernel.text import Text
from finance_hub.rest import cursors
from finance_hub.rest.ground import shapes
from finance_hub.rest.operation import Operation
from finance_hub.rest.views import ApiView, person_of

NEW = {
    "code": "bank-c",
    "kind": "bank",
    "name": "示例农商银行",
    "name_en": "Example Rural Commercial Bank",
    "reports_since": "2026-11",
}


class Organisations(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "person.manage",
            Text("机构列表", "The organisations"),
            response=shapes.HouseShape,
            many=True,
            query=cursors.QUERY,
            answer=[NEW],
            problems=(cursors.InvalidCursor,),
        ),
        "POST": Operation(
            "person.manage",
            Text("新增机构", "Add an organisation"),
            status=201,
            request=shapes.HouseShape,
            response=shapes.HouseShape,
            example=NEW,
            answer=NEW,
            problems=(organisations.OrganisationExists,),
        ),
    }

    def get(self, request: Request) -> Response:
        return self.listed(organisations.established(), request=request)

    def post(self, request: Request) -> Response:
        body = self.read_body(request)
        since = body.pop("reports_since")
        made = organisations.establish(
            **body, reports_since=since and since.first, by=person_of(request), now=timezone.now()
        )
        return Response(self.show(made, request=request), status=201)
