"""The request log over HTTP: each organisation reads its own, the centre everybody's."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from rest_framework.request import Request
from rest_framework.response import Response

from finance_hub.kernel import requests
from finance_hub.kernel.models import RequestRecord
from finance_hub.kernel.problems import refuse
from finance_hub.kernel.text import Text
from finance_hub.rest import cursors
from finance_hub.rest.ground import shapes
from finance_hub.rest.operation import Operation, Query
from finance_hub.rest.views import ApiView

_STATUS = re.compile(r"[1-5]([0-9]{2}|xx)", re.ASCII)
SHOWN = {
    "request_id": "req_01JD3M8Q5BZ7X9KT2VNC4H6WEA",
    "organisation": "bank-a",
    "at": "2026-11-03T09:12:44+08:00",
    "method": "POST",
    "path": "/api/v1/loan-report-batches",
    "status": 422,
    "problem": "period-not-open",
    "milliseconds": 14,
    "bytes_in": 312,
    "key_id": "7Q2KxP0aZr4T",
    "idempotency_key": "8e03978e-40d5-43e8-bc93-6894a57f9324",
    "address": "203.0.113.7",
}
DETAIL = {
    **SHOWN,
    "curl": (
        "curl --request POST https://service.example/api/v1/loan-report-batches"
        " --header 'Authorization: Bearer fsk_live_7Q2KxP0aZr4T_SECRET'"
        " --header 'Idempotency-Key: 8e03978e-40d5-43e8-bc93-6894a57f9324'"
        " --header 'Content-Type: application/json' --data-binary @BODY"
    ),
}


class Requests(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "request.read",
            Text("接口日志，由近及远，保存 400 天", "The request log, newest first, kept for 400 days"),
            response=shapes.RequestShape,
            many=True,
            query=(
                Query("status", Text("状态码，如 422，或一类状态码，如 4xx", "A status like 422, or a class like 4xx"),
                      example="4xx"),
                Query("problem", Text("错误码", "The problem's code"), example="period-not-open"),
                Query("organisation", Text("机构代码（供中心使用）", "The organisation's code, for the centre")),
                *cursors.QUERY,
            ),
            answer=[SHOWN],
            problems=(cursors.InvalidCursor,),
        )
    }  # fmt: skip

    def get(self, request: Request) -> Response:
        wanted = {name: request.query_params.get(name, "") for name in ("status", "problem", "organisation")}
        if wanted["status"] and not _STATUS.fullmatch(wanted["status"]):
            raise refuse(
                "#/status", "status-format", "状态码须写作 422 或 4xx", "A status is written 422 or 4xx"
            )
        rows, onward = cursors.page(requests.recorded(**wanted), request=request)
        shown = [_present(row) for row in rows]
        return Response({"data": self.show(shown, request=request), **onward})


class OneRequest(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "request.read",
            Text(
                "一次调用及可重放的 curl 命令（密钥已隐去）",
                "One call, with a curl command that repeats it, the key's secret left out",
            ),
            response=shapes.RequestDetail,
            answer=DETAIL,
        )
    }

    def get(self, request: Request, request_id: str) -> Response:
        record = requests.find(request_id)
        base = request.build_absolute_uri("/").rstrip("/")
        return Response(
            self.show({**_present(record), "curl": requests.curl(record, base=base)}, request=request)
        )


def _present(record: RequestRecord) -> dict[str, Any]:
    """What is empty has no value."""
    same = ("request_id", "organisation", "at", "method", "path", "status", "milliseconds", "bytes_in",
            "key_id", "address")  # fmt: skip
    return {name: getattr(record, name) for name in same} | {
        "problem": record.problem or None,
        "idempotency_key": record.idempotency_key or None,
    }
