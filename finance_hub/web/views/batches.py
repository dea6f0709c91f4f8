"""`/reports/batches`: the list, one of them, its rows and files, and the form below a preview."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from finance_hub.kernel import scoping, sheets
from finance_hub.kernel.problems import InvalidFields, NotFound, Problem
from finance_hub.web import paging, refusals, words
from finance_hub.web.access import FORM, page, person_of
from finance_hub.web.contexts.chrome import FieldError
from finance_hub.web.presenters.reports import batch as one
from finance_hub.web.presenters.reports import batches as register
from finance_hub.web.presenters.reports import rows as listed
from finance_hub.web.presenters.reports.rejected import DOWNLOADS
from loans import operations, queries
from loans.intake import results
from loans.models import BatchState, LoanReportBatch, Outcome


@page("batch.read")
def batches(request: HttpRequest) -> HttpResponse:
    shown = register.batches(paging.read(request.GET), reader=person_of(request))
    return render(request, "batches/list.html", {"batches": shown})


@page("batch.read")
def batch(request: HttpRequest, public_id: str) -> HttpResponse:
    found = _settled(public_id)
    return _shown(request, found, focus="ready" in request.GET)


@page("batch.read")
def progress(request: HttpRequest, public_id: str) -> HttpResponse:
    """How far the work is, asked by htmx every second; the page itself once it is over."""
    found = _settled(public_id)
    here = reverse("web:batch", args=[public_id])
    if found.state != BatchState.VALIDATING:
        return HttpResponse(status=204, headers={"HX-Redirect": f"{here}?ready"})
    return render(request, "batches/_progress.html", {"waiting": one.waiting(found)})


@page("batch.report", methods=FORM, own_transactions=True)
def confirm(request: HttpRequest, public_id: str) -> HttpResponse:
    """A GET comes from reloading after a refusal: back to the preview."""
    if request.method != "POST":
        return redirect("web:batch", public_id)
    acceptance, compared, sure = (request.POST.get(name, "") for name in ("acceptance", "compared", "sure"))
    errors, refusal, status = _not_compared(compared), "", 422
    if not errors:
        try:
            reported = operations.confirm(
                public_id,
                acceptance=acceptance,
                sure=sure == "yes",
                by=person_of(request),
                now=timezone.now(),
            )
        except NotFound:
            raise
        except InvalidFields as refused:
            errors = refusals.field_errors(refused)
        except Problem as refused:
            refusal, status = words.say(refused.said), refused.status
        else:
            return redirect("web:batch", reported.public_id)
    answer = one.Answer(acceptance, compared == "yes", sure == "yes", errors, refusal)
    with scoping.within(person_of(request).scope):
        return _shown(request, queries.batch(public_id), answer=answer, status=status)


def _not_compared(compared: str) -> tuple[FieldError, ...]:
    if compared == "yes":
        return ()
    return (FieldError("compared", _("Tick the box to confirm that you have compared the totals.")),)


@page("batch.read")
def rows(request: HttpRequest, public_id: str) -> HttpResponse:
    found, outcome = queries.batch(public_id, "repeats"), request.GET.get("outcome", Outcome.REJECTED)
    if outcome not in Outcome.values:
        raise NotFound
    shown = listed.rows(found, outcome=outcome, place=paging.read(request.GET))
    return render(request, "batches/rows.html", {"rows": shown})


@page("batch.read", own_transactions=True)
def file(request: HttpRequest, public_id: str) -> HttpResponseBase:
    """The rows of an outcome to mend and send back, chunk by chunk."""
    scope = person_of(request).scope
    outcome, format = request.GET.get("outcome", Outcome.REJECTED), request.GET.get("format", "csv")
    if outcome not in Outcome.values or format not in DOWNLOADS:
        raise NotFound
    with scoping.within(scope):
        found = queries.batch(public_id, "repeats")

    def read(chunk: Callable[[], list[Any]]) -> list[Any]:
        with scoping.within(scope):
            return chunk()

    rows, name = results.rows(found, outcome=outcome, read=read), f"{public_id}-{outcome}.{format}"
    if format == "xlsx":
        return _workbook(request, found, results_rows=rows, outcome=outcome, name=name)
    content = results.as_csv(rows, batch=found, outcome=outcome)
    response = StreamingHttpResponse(content, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _workbook(
    request: HttpRequest, found: LoanReportBatch, *, results_rows: results.Chunks, outcome: str, name: str
) -> HttpResponseBase:
    """Of more rows than a sheet holds the page says so, and offers CSV."""
    try:
        content = results.as_xlsx(results_rows, batch=found, outcome=outcome)
    except results.TooManyForWorkbook as refused:
        with scoping.within(person_of(request).scope):
            answer = one.Answer(refusal=words.say(refused.said))
            return _shown(request, found, answer=answer, status=refused.status)
    return FileResponse(content, as_attachment=True, filename=name, content_type=sheets.MEDIA_TYPE)


def _settled(public_id: str) -> LoanReportBatch:
    return operations.settle(queries.batch(public_id), now=timezone.now())


def _shown(
    request: HttpRequest,
    found: LoanReportBatch,
    *,
    focus: bool = False,
    answer: one.Answer | None = None,
    status: int = 200,
) -> HttpResponse:
    shown = one.batch(found, reader=person_of(request), now=timezone.now(), focus=focus, answer=answer)
    return render(request, "batches/batch.html", {"batch": shown}, status=status)
