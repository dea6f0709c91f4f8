"""`/reports`: a bank's checklist, its templates, and the two forms that begin a batch."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.http.request import QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from finance_hub.kernel import scoping, sheets
from finance_hub.kernel.periods import Month, UnableToReadMonth
from finance_hub.kernel.problems import InvalidFields, NotFound, Problem
from finance_hub.kernel.storage import StorageFull
from finance_hub.web import refusals, uploads, words
from finance_hub.web.access import FORM, page, person_of
from finance_hub.web.contexts.chrome import FieldError
from finance_hub.web.presenters.reports import checklist as present
from loans import limits, operations
from loans.intake import template as empty
from loans.models import Dataset
from loans.operations.batches import PeriodNotOpen

Errors = tuple[FieldError, ...]
TYPES = {"csv": "text/csv; charset=utf-8", "xlsx": sheets.MEDIA_TYPE}


@page("batch.report")
def reports(request: HttpRequest) -> HttpResponse:
    shown = present.checklist(person_of(request).organisation, now=timezone.now())
    return render(request, "reports/list.html", {"reports": shown})


@page("batch.report")
def template(request: HttpRequest, dataset: str, format: str) -> HttpResponse:
    """A file to fill in, as `GET /templates/{dataset}` of the API gives it."""
    if dataset not in Dataset.values or format not in present.TEMPLATE_FORMATS:
        raise NotFound
    content = empty.as_csv(dataset) if format == "csv" else empty.as_xlsx(dataset)
    response = HttpResponse(content, content_type=TYPES[format])
    response["Content-Disposition"] = f'attachment; filename="{dataset}.{format}"'
    return response


@page("batch.report", methods=FORM, own_transactions=True, takes_file=limits.MOST_BYTES)
def upload(request: HttpRequest) -> HttpResponse:
    """Nothing is open while the file is copied; the batch's own page shows what becomes of it."""
    if request.method != "POST":
        return _upload_form(request, request.GET)
    month, file, errors = _month(request.POST), uploads.sent(request), _missing(request)
    if month is None or file is None or errors:
        return _upload_form(request, request.POST, errors)
    name, content = file
    try:
        trial = operations.try_out(
            content, name=name, period=month, dataset=request.POST["dataset"],
            by=person_of(request), now=timezone.now(),
        )  # fmt: skip
    except PeriodNotOpen as refused:
        return _upload_form(request, request.POST, refusals.field_errors(refused, otherwise="month"))
    except (InvalidFields, StorageFull) as refused:
        errors = refusals.field_errors(refused, otherwise="file")
        return _upload_form(request, request.POST, errors, status=refused.status)
    return redirect("web:batch", trial.public_id)


def _missing(request: HttpRequest) -> Errors:
    """What the form did not say, in the order of its fields."""
    found = []
    if _month(request.POST) is None:
        found.append(FieldError("month", _("Choose the month of the report.")))
    if request.POST.get("dataset") not in Dataset.values:
        found.append(FieldError("dataset", _("Choose what is reported.")))
    if refused := uploads.refusal(request):
        found.extend(refusals.field_errors(refused, otherwise="file"))
    elif uploads.sent(request) is None:
        found.append(FieldError("file", _("Choose a file.")))
    return tuple(found)


def _upload_form(
    request: HttpRequest, said: QueryDict, errors: Errors = (), *, status: int | None = None
) -> HttpResponse:
    person = person_of(request)
    with scoping.within(person.scope):
        shown = present.upload(
            person.organisation,
            month=said.get("month", ""),
            dataset=said.get("dataset", ""),
            now=timezone.now(),
            errors=errors,
        )
    return render(
        request, "reports/upload.html", {"upload": shown}, status=status or (422 if errors else 200)
    )


@page("batch.report", methods=FORM, own_transactions=True)
def nothing(request: HttpRequest) -> HttpResponse:
    """A month without rows is reported in two steps: nobody says so by a slip of the mouse."""
    said = request.POST if request.method == "POST" else request.GET
    month, dataset = _month(said), said.get("dataset", "")
    if month is None or dataset not in Dataset.values:
        raise NotFound
    if request.method != "POST":
        return _nothing_form(request, month, dataset)
    if said.get("confirm") != "yes":
        error = FieldError("confirm", _("Tick the box to confirm it."))
        return _nothing_form(request, month, dataset, errors=(error,), status=422)
    try:
        batch = operations.report_nothing(
            period=month,
            dataset=dataset,
            token=said.get("token", ""),
            by=person_of(request),
            now=timezone.now(),
        )
    except Problem as refused:
        said_so = words.say(refused.errors[0].message if refused.errors else refused.said)
        return _nothing_form(request, month, dataset, refusal=said_so, status=refused.status)
    return redirect("web:batch", batch.public_id)


def _nothing_form(
    request: HttpRequest,
    month: Month,
    dataset: str,
    *,
    errors: Errors = (),
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    shown = present.nothing(month, dataset, errors=errors, refusal=refusal)
    return render(request, "reports/nothing.html", {"nothing": shown}, status=status)


def _month(said: QueryDict) -> Month | None:
    try:
        return Month.parse(said.get("month", ""))
    except UnableToReadMonth:
        return None
