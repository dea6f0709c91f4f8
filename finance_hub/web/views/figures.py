"""`/figures/…`: the records behind a figure, the restatement of a month, and both as workbooks."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header

from finance_hub.kernel.periods import Month, UnableToReadMonth
from finance_hub.kernel.problems import NotFound
from finance_hub.web import notices
from finance_hub.web.access import page, person_of
from finance_hub.web.contexts.figures import NoSnapshots
from finance_hub.web.presenters.figures import records as of_records
from finance_hub.web.presenters.figures import restatement as of_restatement
from tasks import queries, restating
from tasks.workbook import MEDIA_TYPE


@page("figure.read")
def records(request: HttpRequest) -> HttpResponse:
    return render(request, "figures/records.html", {"records": of_records.records(request.GET)})


@page("figure.read")
def records_file(request: HttpRequest) -> HttpResponse:
    from finance_hub.web.presenters.figures import workbook

    return _file(*workbook.of_records(request.GET, now=timezone.now()))


@page("figure.read")
def restatement(request: HttpRequest) -> HttpResponse:
    shown = of_restatement.restatement(request.GET, reader=person_of(request))
    template = "figures/empty.html" if isinstance(shown, NoSnapshots) else "figures/restatement.html"
    return render(request, template, {"restatement": shown})


@page("figure.read")
def restatement_records(request: HttpRequest) -> HttpResponse:
    return render(request, "figures/effects.html", {"effects": of_restatement.effects(request.GET)})


@page("figure.read")
def restatement_file(request: HttpRequest) -> HttpResponse:
    from finance_hub.web.presenters.figures import workbook

    return _file(*workbook.of_restatement(request.GET, now=timezone.now()))


@page("figure.restate", methods=("POST",))
def restate(request: HttpRequest) -> HttpResponse:
    """Have a closed month computed as known now; the jobs say how far it is. Raises NotFound."""
    try:
        month = Month.parse(request.POST.get("month", ""))
        restating.request(month, by=person_of(request), now=timezone.now())
    except (UnableToReadMonth, restating.MonthIsOpen, queries.NoFigures) as refused:
        raise NotFound from refused
    notices.leave(request, "month-restating")
    return redirect("web:jobs")


def _file(name: str, content: bytes) -> HttpResponse:
    disposition = content_disposition_header(True, name)
    return HttpResponse(content, content_type=MEDIA_TYPE, headers={"Content-Disposition": disposition or ""})
