"""A full copy of what the centre holds of a bank: ask for it, see how it is, take the file."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from django.http.response import HttpResponseBase
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from finance_hub.kernel import scoping
from finance_hub.kernel.periods import Month
from finance_hub.kernel.problems import refuse
from finance_hub.kernel.text import Text
from finance_hub.rest import cursors, files
from finance_hub.rest.fields import Choice, Moment, MonthText, Record, Sha256, Whole, Words, YesNo
from finance_hub.rest.formats import AnyFile
from finance_hub.rest.operation import Operation
from finance_hub.rest.views import ApiView, person_of
from loans.api.asking import BANK, bank_of
from loans.models import HoldingsExport
from loans.operations import exports as operations
from loans.queries import exports as queries

_TYPES = {"ndjson": "application/x-ndjson", "csv": "text/csv; charset=utf-8"}


class NewExport(Record):
    period = MonthText()
    format = Choice(operations.FORMATS)


class Records(Record):
    contract = Whole()
    drawdown = Whole()
    pledge = Whole()
    event = Whole()
    position = Whole()


class ExportLinks(Record):
    file = Words(max_length=200)


class ExportShown(Record):
    """`records`, `bytes` and `sha256` are null until the file is ready. It is gone at `expires_at`."""

    id = Words(max_length=40)
    state = Choice(("queued", "running", "ready", "failed", "expired"))
    bank = Words(max_length=40)
    period = MonthText()
    format = Choice(operations.FORMATS)
    requested_by = Words(max_length=100)
    requested_at = Moment()
    finished_at = Moment(allow_null=True)
    expires_at = Moment()
    records = Records(allow_null=True)
    bytes = Whole(most=2**63 - 1, allow_null=True)
    sha256 = Sha256(allow_null=True)
    links = ExportLinks()


class ExportPage(Record):
    data = ExportShown(many=True)  # type: ignore[assignment]  # a field, taken off the class by DRF
    next_cursor = Words(max_length=500, allow_null=True)
    has_more = YesNo()


_ID = "ex_01JD3M8Q4TZ7X9KT2VNC4H6WEA"
_NEW = {"period": "2026-10", "format": "ndjson+gzip"}
_READY: dict[str, Any] = {
    **_NEW,
    "id": _ID,
    "state": "ready",
    "bank": "bank-a",
    "requested_by": "沈明远",
    "requested_at": "2026-11-05T09:30:00+08:00",
    "finished_at": "2026-11-05T09:30:04+08:00",
    "expires_at": "2026-12-05T09:30:00+08:00",
    "records": {"contract": 812, "drawdown": 1204, "pledge": 331, "event": 5210, "position": 14_448},
    "bytes": 1_048_576,
    "sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "links": {"file": f"/api/v1/exports/{_ID}/file"},
}
_QUEUED = {**_READY, "state": "queued", "finished_at": None, "records": None, "bytes": None, "sha256": None}


class AskForHoldings(ApiView):
    operations: ClassVar = {
        "POST": Operation(
            "export.request",
            Text("导出某行截至某月末的全部数据", "Export everything held of a bank as of a month's end"),
            rate="export",
            status=202,
            request=NewExport,
            response=ExportShown,
            query=(BANK,),
            example=_NEW,
            answer=_QUEUED,
        )
    }

    def post(self, request: Request) -> Response:
        now, body, bank = timezone.now(), self.read_body(request), bank_of(request)
        if body["period"] > Month.of(now):
            raise refuse("#/period", "month-in-future", "该月份尚未开始", "The month has not begun")
        export = operations.request(
            bank, body["period"], format=body["format"], by=person_of(request), now=now
        )
        shown = self.show(_present(export, now=now), request=request)
        headers = {"Location": f"/api/v1/exports/{export.public_id}", "Retry-After": "2"}
        return Response(shown, status=202, headers=headers)


class Exports(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "export.read",
            Text("导出列表", "The exports"),
            response=ExportPage,
            query=cursors.QUERY,
            answer={"data": [_READY], "next_cursor": None, "has_more": False},
            problems=(cursors.InvalidCursor,),
        )
    }

    def get(self, request: Request) -> Response:
        found, onward = cursors.page(queries.exports(), request=request)
        now = timezone.now()
        return Response(
            self.show({"data": [_present(one, now=now) for one in found], **onward}, request=request)
        )


class OneExport(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "export.read",
            Text("一次导出的状态", "The state of an export"),
            response=ExportShown,
            answer=_READY,
        )
    }

    def get(self, request: Request, public_id: str) -> Response:
        export = queries.export(public_id)
        return Response(self.show(_present(export, now=timezone.now()), request=request))


class ExportFile(ApiView):
    renderer_classes = (AnyFile,)
    operations: ClassVar = {
        "GET": Operation(
            "export.read",
            Text("下载导出文件（支持分段）", "Download the file, whole or in part"),
            produces="application/octet-stream",
            own_transactions=True,
            problems=(operations.ExportNotReady, operations.ExportFailed, operations.ExportExpired),
        )
    }

    def get(self, request: Request, public_id: str) -> HttpResponseBase:
        """No transaction is open while the file goes out."""
        with scoping.within(person_of(request).scope):
            export = queries.export(public_id)
            path = operations.file_of(export, now=timezone.now())
        kind, _, packed = export.format.partition("+")
        month = Month.of(export.period)
        return files.serve(
            request,
            path=path,
            sha256=export.sha256,
            name=f"{export.bank.code}-{month}.{kind}{'.gz' if packed else ''}",
            inline=False,
            content_type="application/gzip" if packed else _TYPES[kind],
        )


def _present(export: HoldingsExport, *, now: datetime) -> dict[str, Any]:
    same = ("period", "format", "requested_at", "finished_at", "expires_at", "records", "bytes")
    return {name: getattr(export, name) for name in same} | {
        "id": export.public_id,
        "state": operations.state_of(export, now=now),
        "bank": export.bank.code,
        "requested_by": export.requested_by.full_name,
        "sha256": export.sha256 or None,
        "links": {"file": f"/api/v1/exports/{export.public_id}/file"},
    }
