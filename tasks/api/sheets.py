"""Tear sheets: one page about a fund or a firm, or a bank's monthly statement; asked for, waited for, downloaded."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http.response import HttpResponseBase
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from finance_hub.kernel import scoping
from finance_hub.kernel.models import Job
from finance_hub.kernel.periods import Month
from finance_hub.kernel.text import Text
from finance_hub.rest import files, waiting
from finance_hub.rest.fields import Choice, Moment, MonthText, Record, Sha256, Whole, Words
from finance_hub.rest.formats import AnyFile
from finance_hub.rest.operation import Operation
from finance_hub.rest.views import ApiView, person_of
from tasks import queries, sheets
from tasks.sheets import Of, Subject

#: So long a request waits for the worker before it is answered 202.
PATIENCE = 5


class NewSheet(Record):
    """Without a `period` it is of the newest month with figures."""

    period = MonthText(required=False)
    language = Choice(sheets.LANGUAGES, default="zh-hans")


class SheetLinks(Record):
    self = Words(max_length=200)
    file = Words(max_length=200)


class SheetShown(Record):
    """`bytes`, `sha256` and `expires_at` are null until the file is ready, and once it is gone."""

    id = Words(max_length=40)
    state = Choice(("queued", "running", "ready", "failed", "expired"))
    of = Choice(("fund", "firm", "bank"))
    key = Words(max_length=40)
    period = MonthText()
    language = Choice(sheets.LANGUAGES)
    snapshot = Words(max_length=40)
    requested_at = Moment()
    expires_at = Moment(allow_null=True)
    bytes = Whole(allow_null=True)
    sha256 = Sha256(allow_null=True)
    links = SheetLinks()


def _example(of: Of, key: str) -> dict[str, Any]:
    sheet = "5f0c1f0e-6f0e-4c53-9d0e-6a2f5a6c9b11"
    here = f"/api/v1/{of}s/{key}/tear-sheet/{sheet}"
    return {
        "id": sheet,
        "state": "ready",
        "of": of,
        "key": key,
        "period": "2026-10",
        "language": "zh-hans",
        "snapshot": "ss_01JD3M8Q4T",
        "requested_at": "2026-11-08T09:30:00+08:00",
        "expires_at": "2026-12-08T09:30:00+08:00",
        "bytes": 78_796,
        "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "links": {"self": here, "file": f"{here}/file"},
    }


class Sheets(ApiView):
    """Of funds or of firms, as `of` says; the last part of the path before is the subject's key."""

    of: ClassVar[Of]

    def ask(self, request: Request, key: str) -> Response:
        """Asked again it is the same sheet, so that the caller may repeat it as often as it likes."""
        person, body = person_of(request), self.read_body(request)
        subject = Subject(self.of, key)
        with scoping.within(person.scope):
            asked = sheets.request(
                subject, month=body.get("period"), language=body["language"], by=person, now=timezone.now()
            )
        job = sheets.settled(subject, str(asked.pk), scope=person.scope, seconds=PATIENCE)
        done, shown = sheets.is_over(job), _present(job)
        response = Response(self.show(shown, request=request), status=201 if done else 202)
        response["Location"] = shown["links"]["self"]
        if not done:
            response["Retry-After"] = "1"
        return response

    def look(self, request: Request, key: str, sheet: str) -> Response:
        seconds = waiting.seconds_of(request)
        scope = person_of(request).scope
        job = sheets.settled(Subject(self.of, key), sheet, scope=scope, seconds=seconds)
        return Response(self.show(_present(job), request=request))

    def download(self, request: Request, key: str, sheet: str) -> HttpResponseBase:
        """No transaction is open while the file goes out."""
        file = sheets.offered(Subject(self.of, key), sheet, scope=person_of(request).scope)
        return files.serve(request, path=file.path, sha256=file.sha256, name=file.name, inline=False)


def _present(job: Job) -> dict[str, Any]:
    said, output = job.payload, job.output or {}
    here = f"/api/v1/{said['of']}s/{said['key']}/tear-sheet/{job.pk}"
    state = sheets.state_of(job)
    return {
        "id": str(job.pk),
        "state": state,
        **{name: said[name] for name in ("of", "key", "language", "snapshot")},
        "period": Month.parse(said["period"]),
        "requested_at": job.created_at,
        "expires_at": sheets.expires_at(job),
        "bytes": output.get("bytes") if state == "ready" else None,
        "sha256": output.get("sha256") if state == "ready" else None,
        "links": {"self": here, "file": f"{here}/file"},
    }


def _asking(of: Of, key: str, zh: str, en: str) -> Operation:
    return Operation(
        f"{of}.read",
        Text(zh, en),
        status=201,
        request=NewSheet,
        response=SheetShown,
        example={"period": "2026-10", "language": "zh-hans"},
        answer=_example(of, key),
        problems=(queries.NoFigures,),
        idempotent=False,
        own_transactions=True,
        may_take_longer=True,
        rate="submit",
    )


def _looking(of: Of, key: str) -> Operation:
    return Operation(
        f"{of}.read",
        Text("一页概览的状态", "The state of a tear sheet"),
        response=SheetShown,
        query=(waiting.WAIT,),
        answer=_example(of, key),
        own_transactions=True,
    )


def _downloading(of: Of) -> Operation:
    return Operation(
        f"{of}.read",
        Text("下载一页概览（支持分段）", "Download a tear sheet, whole or in part"),
        produces="application/pdf",
        own_transactions=True,
        problems=(sheets.SheetNotReady, sheets.SheetFailed, sheets.SheetExpired),
    )


_FUND, _FIRM, _BANK = "qingtong-angel", "91330483MA2B9PTN02", "bank-a"


class FundSheets(Sheets):
    of = "fund"
    operations: ClassVar = {
        "POST": _asking("fund", _FUND, "编制基金一页概览（PDF）", "Have a fund's tear sheet made, one page as PDF")
    }  # fmt: skip

    def post(self, request: Request, code: str) -> Response:
        return self.ask(request, code)


class OneFundSheet(Sheets):
    of = "fund"
    operations: ClassVar = {"GET": _looking("fund", _FUND)}

    def get(self, request: Request, code: str, sheet: str) -> Response:
        return self.look(request, code, sheet)


class FundSheetFile(Sheets):
    of = "fund"
    renderer_classes = (AnyFile,)
    operations: ClassVar = {"GET": _downloading("fund")}

    def get(self, request: Request, code: str, sheet: str) -> HttpResponseBase:
        return self.download(request, code, sheet)


class FirmSheets(Sheets):
    """A fund manager gets what its own funds have in the firm, and the sheet says so."""

    of = "firm"
    operations: ClassVar = {
        "POST": _asking("firm", _FIRM, "编制企业一页概览（PDF）", "Have a firm's tear sheet made, one page as PDF")
    }  # fmt: skip

    def post(self, request: Request, uscc: str) -> Response:
        return self.ask(request, uscc)


class OneFirmSheet(Sheets):
    of = "firm"
    operations: ClassVar = {"GET": _looking("firm", _FIRM)}

    def get(self, request: Request, uscc: str, sheet: str) -> Response:
        return self.look(request, uscc, sheet)


class FirmSheetFile(Sheets):
    of = "firm"
    renderer_classes = (AnyFile,)
    operations: ClassVar = {"GET": _downloading("firm")}

    def get(self, request: Request, uscc: str, sheet: str) -> HttpResponseBase:
        return self.download(request, uscc, sheet)


class BankSheets(Sheets):
    """A bank's own monthly statement: for itself and for the centre; nobody else's figures are in it."""

    of = "bank"
    operations: ClassVar = {
        "POST": _asking("bank", _BANK, "编制银行月度对账单（PDF）", "Have a bank's monthly statement made, one page as PDF")
    }  # fmt: skip

    def post(self, request: Request, code: str) -> Response:
        return self.ask(request, code)


class OneBankSheet(Sheets):
    of = "bank"
    operations: ClassVar = {"GET": _looking("bank", _BANK)}

    def get(self, request: Request, code: str, sheet: str) -> Response:
        return self.look(request, code, sheet)


class BankSheetFile(Sheets):
    of = "bank"
    renderer_classes = (AnyFile,)
    operations: ClassVar = {"GET": _downloading("bank")}

    def get(self, request: Request, code: str, sheet: str) -> HttpResponseBase:
        return self.download(request, code, sheet)
