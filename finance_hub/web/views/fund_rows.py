"""`/funds/<code>/import`, the template and the export: rows in and out, as people keep them in a spreadsheet."""

from __future__ import annotations

import json
from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from finance_hub.kernel import scoping, sheets
from finance_hub.kernel.problems import NotFound, Problem, refuse
from finance_hub.kernel.text import Text
from finance_hub.rest.wording import WORDS
from finance_hub.web import notices, once, refusals, uploads, words
from finance_hub.web.access import FORM, page, person_of
from finance_hub.web.contexts.chrome import FieldError
from finance_hub.web.presenters.funds import rows as present
from finance_hub.web.presenters.funds.moment import Moment
from funds import limits, queries, workbook
from funds.models import Fund
from funds.workbook import SHEETS, Import, Row, Sheet, books, files

#: No file that is taken has so many lines.
_LAST_LINE = 10_000_000


class UnreadGrid(Problem):
    code = "unread-grid"
    status = 422
    title = Text("表格内容未完整送达，请重新打开页面", "The grid did not arrive whole: open the page again")


@page("fund.record", methods=FORM, own_transactions=True, takes_file=limits.MOST_WORKBOOK_BYTES)
def rows(request: HttpRequest, code: str) -> HttpResponse:
    """`step` says what the button was: check a file, check the grid, or enter what was shown."""
    said = request.POST if request.method == "POST" else request.GET
    sheet = SHEETS.get(said.get("sheet") or "investments")
    if sheet is None:
        raise NotFound
    with scoping.within(person_of(request).scope):
        fund = queries.fund(code)
    if request.method != "POST":
        return _shown(request, fund, sheet)
    step, typed = said.get("step", ""), []
    try:
        typed = _sent(request, sheet) if step == "upload" else _typed(said.get("rows", ""), sheet)
        if step == "enter":
            return _entered(request, fund, sheet, typed)
        return _checked(request, fund, sheet, typed)
    except NotFound:
        raise
    except Problem as refused:
        field = "file" if step == "upload" else "grid"
        errors = refusals.field_errors(refused, otherwise=field)
        beside = tuple(FieldError(field, error.text) for error in errors)
        return _shown(request, fund, sheet, rows=typed, errors=beside, status=refused.status)


def _sent(request: HttpRequest, sheet: Sheet) -> list[Row]:
    """The rows of the file. Raises Problem."""
    if refused := uploads.refusal(request):
        raise refused
    file = uploads.sent(request)
    if file is None:
        missing = WORDS["required"]
        raise refuse("#/file", "required", f"文件：{missing.zh}", f"File: {missing.en}")
    with files.received(file[1]) as content:
        return files.read(content.path, sheet)


def _typed(sent: str, sheet: Sheet) -> list[Row]:
    """The rows of the grid, by the columns of the sheet. Raises UnreadGrid for what no grid of ours sends."""
    codes = [column.code for column in sheet.taken]
    try:
        found = [(row["n"], [*row["c"]]) for row in json.loads(sent or "[]")]
    except (ValueError, TypeError, KeyError, RecursionError) as unread:
        raise UnreadGrid from unread
    for number, cells in found:
        is_number = type(number) is int and 0 < number <= _LAST_LINE
        if not is_number or len(cells) != len(codes) or not all(type(cell) is str for cell in cells):
            raise UnreadGrid
    return [Row(number, dict(zip(codes, cells, strict=True))) for number, cells in found]


def _checked(
    request: HttpRequest, fund: Fund, sheet: Sheet, typed: Sequence[Row], *, refusal: str = ""
) -> HttpResponse:
    person = person_of(request)
    with scoping.within(person.scope):
        judged = workbook.preview(sheet, typed, fund=fund.code, by=person, now=timezone.now())
    return _shown(request, fund, sheet, judged=judged, refusal=refusal, status=409 if refusal else 200)


def _entered(request: HttpRequest, fund: Fund, sheet: Sheet, typed: Sequence[Row]) -> HttpResponse:
    """To the fund's page; what is not as it was shown is shown anew."""
    person, now = person_of(request), timezone.now()
    agreed = request.POST.get("content", "")

    def work() -> str:
        workbook.enter(sheet, typed, fund=fund.code, fingerprint=agreed, by=person, now=now)
        return reverse("web:fund", args=[fund.code])

    said = {name: request.POST.get(name, "") for name in ("sheet", "rows", "content")}
    try:
        address = once.enter(
            work,
            token=request.POST.get("token", ""),
            path=request.path,
            said=said,
            by=person,
            request_id=str(request.META.get("finance_hub.request_id", "")),
        )
    except once.UnableToEnter:
        refusal = _(
            "This form was entered before. Look at what is recorded; to enter more, open the page again."
        )
        return _shown(request, fund, sheet, rows=typed, refusal=refusal, status=409)
    except (workbook.ImportDiffers, workbook.RowsRefused) as refused:
        return _checked(request, fund, sheet, typed, refusal=words.say(refused.said))
    notices.leave(request, "fund-rows-entered")
    return redirect(address)


def _shown(
    request: HttpRequest,
    fund: Fund,
    sheet: Sheet,
    *,
    rows: Sequence[Row] = (),
    judged: Import | None = None,
    errors: tuple[FieldError, ...] = (),
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    token = request.POST.get("token") or once.token()
    shown = present.page(fund, sheet, token=token, rows=rows, judged=judged, errors=errors, refusal=refusal)
    return render(request, "funds/rows.html", {"rows": shown}, status=422 if shown.errors else status)


@page("fund.read")
def template(request: HttpRequest, code: str) -> HttpResponse:
    fund = queries.fund(code)
    return _file(books.template(language=words.language()), f"{fund.code}-template.xlsx")


@page("fund.read")
def export(request: HttpRequest, code: str) -> HttpResponse:
    """Of the day that the fund's page shows; what is no day the fund's page says."""
    now = timezone.now()
    moment, fund = Moment.read(request.GET, now=now), queries.fund(code)
    if moment.errors:
        return redirect(moment.address(reverse("web:fund", args=[code])))
    content = books.export(
        fund, as_of=moment.as_of, known_at=moment.known_at, by=person_of(request), now=now,
        language=words.language(),
    )  # fmt: skip
    return _file(content, f"{fund.code}-{moment.day.isoformat()}.xlsx")


def _file(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=sheets.MEDIA_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
