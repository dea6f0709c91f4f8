"""Net assets of guarantors and insurers over HTTP: what their liability is measured against."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from finance_hub.kernel.problems import InvalidFields
from finance_hub.kernel.text import Text
from finance_hub.rest import cursors
from finance_hub.rest.fields import Day, Moment, Money, Record, Words, YesNo
from finance_hub.rest.operation import Operation
from finance_hub.rest.views import ApiView, person_of
from loans.operations import net_assets as operations
from loans.queries import guarantees as queries


class NewNetAssets(Record):
    """Net assets at the end of a day; `deductions` are stakes in other guarantee companies."""

    effective_date = Day()
    amount = Money(positive=True)
    deductions = Money(default=Decimal("0.00"))


class NetAssetsShown(NewNetAssets):
    id = Words(max_length=40, source="public_id")
    guarantor = Words(max_length=40, source="guarantor.code")
    recorded_at = Moment()


class NetAssetsPage(Record):
    data = NetAssetsShown(many=True)  # type: ignore[assignment]  # a field, taken off the class by DRF
    next_cursor = Words(max_length=500, allow_null=True)
    has_more = YesNo()


_NEW: dict[str, Any] = {
    "effective_date": "2026-09-30", "amount": "300000000.00", "deductions": "20000000.00",
}  # fmt: skip
_SHOWN: dict[str, Any] = {
    **_NEW, "id": "na_01JD3M8Q4TZ7X9KT2VNC4H6WEA", "guarantor": "guarantor-a",
    "recorded_at": "2026-11-03T09:13:21+08:00",
}  # fmt: skip


class NetAssetsReports(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "guarantee.read",
            Text("各机构净资产", "Net assets as reported"),
            response=NetAssetsPage,
            query=cursors.QUERY,
            answer={"data": [_SHOWN], "next_cursor": None, "has_more": False},
            problems=(cursors.InvalidCursor,),
        ),
        "POST": Operation(
            "guarantee.report",
            Text("报送净资产", "Report net assets"),
            status=201,
            request=NewNetAssets,
            response=NetAssetsShown,
            example=_NEW,
            answer=_SHOWN,
            problems=(InvalidFields,),
        ),
    }

    def get(self, request: Request) -> Response:
        return self.listed(queries.net_assets(), request=request)

    def post(self, request: Request) -> Response:
        made = operations.report(**self.read_body(request), by=person_of(request), now=timezone.now())
        response = Response(self.show(made, request=request), status=201)
        response["Location"] = "/api/v1/net-assets"
        return response
