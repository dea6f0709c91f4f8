"""Tear sheets of funds and firms, and statements of banks: ask for one, wait for it, take it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone

from finance_hub.kernel import scoping
from finance_hub.kernel.periods import Month, UnableToReadMonth
from finance_hub.kernel.problems import NotFound, Problem
from finance_hub.rest import files
from finance_hub.web import words
from finance_hub.web.access import page, person_of
from finance_hub.web.presenters import sheets as one
from tasks import queries, sheets
from tasks.sheets import Subject

#: So long the click waits for the file itself, before the page that waits is shown.
PATIENCE = 3.0


@page("fund.read", methods=("POST",), own_transactions=True)
def ask_of_fund(request: HttpRequest, key: str) -> HttpResponse:
    return _ask(request, Subject("fund", key))


@page("firm.read", methods=("POST",), own_transactions=True)
def ask_of_firm(request: HttpRequest, key: str) -> HttpResponse:
    return _ask(request, Subject("firm", key))


@page("bank.read", methods=("POST",), own_transactions=True)
def ask_of_bank(request: HttpRequest, key: str) -> HttpResponse:
    return _ask(request, Subject("bank", key))


@page("bank.read")
def bank_sheet(request: HttpRequest, key: str, sheet: str) -> HttpResponse:
    return _show(request, Subject("bank", key), sheet)


@page("bank.read")
def bank_progress(request: HttpRequest, key: str, sheet: str) -> HttpResponse:
    return _progress(request, Subject("bank", key), sheet)


@page("bank.read", own_transactions=True)
def bank_file(request: HttpRequest, key: str, sheet: str) -> HttpResponseBase:
    return _file(request, Subject("bank", key), sheet)


@page("fund.read")
def fund_sheet(request: HttpRequest, key: str, sheet: str) -> HttpResponse:
    return _show(request, Subject("fund", key), sheet)


@page("firm.read")
def firm_sheet(request: HttpRequest, key: str, sheet: str) -> HttpResponse:
    return _show(request, Subject("firm", key), sheet)


@page("fund.read")
def fund_progress(request: HttpRequest, key: str, sheet: str) -> HttpResponse:
    return _progress(request, Subject("fund", key), sheet)


@page("firm.read")
def firm_progress(request: HttpRequest, key: str, sheet: str) -> HttpResponse:
    return _progress(request, Subject("firm", key), sheet)


@page("fund.read", own_transactions=True)
def fund_file(request: HttpRequest, key: str, sheet: str) -> HttpResponseBase:
    return _file(request, Subject("fund", key), sheet)


@page("firm.read", own_transactions=True)
def firm_file(request: HttpRequest, key: str, sheet: str) -> HttpResponseBase:
    return _file(request, Subject("firm", key), sheet)


def _ask(request: HttpRequest, subject: Subject) -> HttpResponse:
    """Asked twice it is the same sheet: a second click does no harm. The file, or the page that waits."""
    person = person_of(request)
    with scoping.within(person.scope):
        try:
            asked = sheets.request(
                subject, month=_month(request), language=words.language(), by=person, now=timezone.now()
            )
        except queries.NoFigures as none:
            raise NotFound from none
    job = sheets.settled(subject, str(asked.pk), scope=person.scope, seconds=PATIENCE)
    ready = sheets.state_of(job) == "ready"
    return redirect(f"web:{subject.of}_sheet{'_file' if ready else ''}", subject.key, str(job.pk))


def _month(request: HttpRequest) -> Month | None:
    """The month that was chosen; the newest where none was. Raises NotFound for what is no month."""
    typed = request.POST.get("period", "")
    try:
        return Month.parse(typed) if typed else None
    except UnableToReadMonth as error:
        raise NotFound from error


def _show(request: HttpRequest, subject: Subject, sheet: str) -> HttpResponse:
    scope = person_of(request).scope
    shown = one.sheet(subject, sheets.find(subject, sheet, scope=scope), scope=scope)
    return render(request, "sheets/sheet.html", {"sheet": shown})


def _progress(request: HttpRequest, subject: Subject, sheet: str) -> HttpResponse:
    """Asked by htmx every second; once it is over the whole page is shown again."""
    scope = person_of(request).scope
    job = sheets.find(subject, sheet, scope=scope)
    shown = one.sheet(subject, job, scope=scope)
    if not shown.progress_url:
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    return render(request, "sheets/_progress.html", {"sheet": shown})


def _file(request: HttpRequest, subject: Subject, sheet: str) -> HttpResponseBase:
    """What is not there yet, or no longer, is told by the sheet's page."""
    try:
        file = sheets.offered(subject, sheet, scope=person_of(request).scope)
    except NotFound:
        raise
    except Problem:
        return redirect(f"web:{subject.of}_sheet", subject.key, sheet)
    return files.serve(request, path=file.path, sha256=file.sha256, name=file.name, inline=False)
