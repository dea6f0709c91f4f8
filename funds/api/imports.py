"""Rows of a spreadsheet over HTTP: as JSON or as a file, previewed and entered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.http.response import HttpResponseBase
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from finance_hub.kernel import files, idempotency, scoping
from finance_hub.kernel.problems import InvalidFields, refuse
from finance_hub.kernel.text import Text
from finance_hub.rest import once
from finance_hub.rest.content import ContentDigestMalformed, ContentHashMismatch, read_digest
from finance_hub.rest.errors import language_of, token
from finance_hub.rest.formats import BodyIncomplete, BodyTooLarge
from finance_hub.rest.operation import Operation, Query
from finance_hub.rest.views import ApiView, person_of
from finance_hub.rest.wording import WORDS
from funds import queries, workbook
from funds.api import import_samples as samples
from funds.api import import_shapes as shapes
from funds.workbook import SHEETS, Import, Outcome, Row, importing
from funds.workbook import files as rows_of
from funds.workbook.totals import totals

_PROBLEMS = (InvalidFields, files.TooManyRows, importing.RowsRefused, importing.ImportDiffers)


class Imports(ApiView):
    operations: ClassVar = {
        "POST": Operation(
            "fund.record",
            Text(
                "批量登记：先预览，再按预览登记",
                "Enter many rows: previewed first, then entered as previewed",
            ),
            request=shapes.NewImport,
            response=shapes.ImportShown,
            example=samples.NEW_IMPORT,
            answer=samples.IMPORT,
            problems=_PROBLEMS,
        )
    }

    def post(self, request: Request, code: str) -> Response:
        body = self.read_body(request)
        sheet = SHEETS[body["sheet"]]
        rows = _named(body["rows"], sheet)
        agreed = _agreed(body)
        judged = _judged(request, code, sheet, rows, agreed)
        return Response(self.show(_shown(judged, request, dry_run=agreed is None), request=request))


class ImportFiles(ApiView):
    operations: ClassVar = {
        "POST": Operation(
            "fund.record",
            Text("以 XLSX 或 CSV 批量登记", "Enter many rows from an XLSX or CSV file"),
            response=shapes.ImportShown,
            query=(
                Query("sheet", Text("工作表", "Which sheet"), required=True, choices=tuple(SHEETS), example="ledger"),
                Query("fingerprint", Text("预览所给的指纹；缺省即预览", "That of the preview; without it a dry run")),
            ),
            answer=samples.IMPORT,
            consumes="application/octet-stream",
            own_transactions=True,
            problems=(
                *_PROBLEMS, BodyIncomplete, BodyTooLarge, ContentDigestMalformed, ContentHashMismatch,
                files.UnsupportedFile, files.FileTooComplex, files.RowTooLong, files.MalformedCsv,
                files.WrongColumns, files.UndecodableText,
            ),
        )
    }  # fmt: skip

    def post(self, request: Request, code: str) -> HttpResponseBase:
        """The body is the file. No transaction is open while it streams in and is read."""
        person = person_of(request)
        digest = read_digest(request.headers.get("Content-Digest"))
        idempotency.read_key(request.headers.get("Idempotency-Key"))
        with scoping.within(person.scope):
            queries.fund(code)
        sheet = SHEETS[request.query_params["sheet"]]
        agreed = request.query_params.get("fingerprint") or None
        length = int(request.META.get("CONTENT_LENGTH") or 0)
        with rows_of.received(request._request, length=length, digest=digest) as content:

            def handle() -> Response:
                judged = _judged(request, code, sheet, rows_of.read(content.path, sheet), agreed)
                return Response(self.show(_shown(judged, request, dry_run=agreed is None), request=request))

            return once.answer(
                request, self.declared(request), person=person, handle=handle, body_sha256=content.sha256
            )


def _named(sent: Sequence[Mapping[str, str]], sheet: workbook.Sheet) -> list[Row]:
    """Rows numbered from 1. Raises InvalidFields for a name that is no column of the sheet."""
    known = {column.code for column in sheet.taken}
    for number, cells in enumerate(sent, 1):
        if odd := next((name for name in cells if name not in known), None):
            words = WORDS["unknown-field"]
            raise refuse(f"#/rows/{number}/{token(odd)}", "unknown-field", words.zh, words.en)
    return [Row(number, cells) for number, cells in enumerate(sent, 1)]


def _agreed(body: Mapping[str, Any]) -> str | None:
    """The fingerprint of the preview that is to be entered; None for a dry run. Raises InvalidFields."""
    if body["dry_run"]:
        return None
    if "fingerprint" not in body:
        raise refuse(
            "#/fingerprint",
            "required",
            "登记须给出预览的指纹",
            "Entering names the fingerprint of the preview",
        )
    return str(body["fingerprint"])


def _judged(
    request: Request, code: str, sheet: workbook.Sheet, rows: list[Row], agreed: str | None
) -> Import:
    facts: dict[str, Any] = {"fund": code, "by": person_of(request), "now": timezone.now()}
    if agreed is None:
        return workbook.preview(sheet, rows, **facts)
    return workbook.enter(sheet, rows, fingerprint=agreed, **facts)


def _shown(judged: Import, request: Request, *, dry_run: bool) -> dict[str, Any]:
    language = language_of(request)
    return {
        "sheet": judged.sheet.code,
        "dry_run": dry_run,
        "fingerprint": judged.fingerprint,
        "counts": {one.value: judged.count(one) for one in Outcome},
        "totals": [total._asdict() for total in totals(judged)],
        "rows": [
            {
                "row": one.row.number,
                "outcome": one.outcome.value,
                "entry": None if dry_run and one.outcome == Outcome.NEW else one.entry or None,
                "errors": [error.as_dict(language) for error in one.errors],
            }
            for one in judged.rows
        ],
    }
