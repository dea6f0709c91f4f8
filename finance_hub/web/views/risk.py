"""`/risk`: tolerances and joint loss of a month, its workbooks, its forms, and stress runs."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from finance_hub.kernel import scoping
from finance_hub.kernel.periods import Month, UnableToReadMonth
from finance_hub.kernel.problems import NotFound, Problem
from finance_hub.rest import files
from finance_hub.web import entering, notices, words
from finance_hub.web.access import FORM, page, person_of
from finance_hub.web.contexts.risk import NoFigures
from finance_hub.web.presenters.risk import assumed_forms, rule_forms
from finance_hub.web.presenters.risk import page as one
from finance_hub.web.presenters.risk.desk import Desk
from finance_hub.web.presenters.risk.stress import is_over, progress
from finance_hub.web.tables import book
from tasks import queries
from tasks.risk import entered, runs
from tasks.workbook import MEDIA_TYPE


@page("risk.read")
def risk(request: HttpRequest) -> HttpResponse:
    return _shown(request, _asked(request.GET.get("month")))


@page("risk.read")
def table(request: HttpRequest, key: str) -> HttpResponseBase:
    """One table of the page, or all of them, as a workbook."""
    month = _asked(request.GET.get("month"))
    if month is None:
        raise NotFound
    try:
        desk = Desk.of(month)
    except queries.NoFigures as none:
        raise NotFound from none
    found = one.chosen(desk, key)
    title = found[0].title if len(found) == 1 else words.month(month)
    content = book(found, title=title, facts=one.facts(desk), created=desk.tolerances.snapshot.taken_at)
    return files.made(request, content, name=f"risk-{month}-{key}.xlsx", content_type=MEDIA_TYPE)


@page("tolerance.propose", methods=FORM, own_transactions=True)
def rule_new(request: HttpRequest) -> HttpResponse:
    with scoping.within(person_of(request).scope):
        form = rule_forms.propose(timezone.now())
    return entering.one_step(request, form)


@page("tolerance.approve", methods=FORM, own_transactions=True)
def rule_approve(request: HttpRequest, public_id: str) -> HttpResponse:
    try:
        with scoping.within(person_of(request).scope):
            form = rule_forms.approve(public_id)
    except NotFound as missing:
        raise Http404 from missing
    return entering.one_step(request, form)


@page("risk.assume", methods=FORM, own_transactions=True)
def assumptions_new(request: HttpRequest) -> HttpResponse:
    with scoping.within(person_of(request).scope):
        form = assumed_forms.assumptions(timezone.now())
    return entering.one_step(request, form)


@page("risk.assume", methods=FORM, own_transactions=True)
def scenario_new(request: HttpRequest) -> HttpResponse:
    return entering.one_step(request, assumed_forms.scenario(timezone.now()))


@page("stress.run", methods=FORM)
def stress(request: HttpRequest) -> HttpResponse:
    """Asked twice it is the same run: a second click does no harm. A GET comes from reloading after a refusal."""
    month = _asked(request.POST.get("month"))
    if request.method != "POST" or month is None:
        return redirect("web:risk")
    try:
        _run, is_new = runs.start(month, by=person_of(request), now=timezone.now())
    except Problem as refused:
        return _shown(request, month, refusal=words.say(refused.said), status=refused.status)
    notices.leave(request, "stress-started" if is_new else "stress-unchanged")
    return redirect(f"{_url(month)}#stress-run")


@page("stress.run", methods=FORM)
def stress_cancel(request: HttpRequest, public_id: str) -> HttpResponse:
    month = Month.of(entered.run(public_id).snapshot.month)
    if request.method == "POST":
        try:
            runs.cancel(public_id, by=person_of(request), now=timezone.now())
        except runs.RunIsOver as over:
            return _shown(request, month, refusal=words.say(over.said), status=over.status)
        notices.leave(request, "stress-cancelled")
    return redirect(f"{_url(month)}#stress-run")


@page("risk.read")
def stress_progress(request: HttpRequest, public_id: str) -> HttpResponse:
    """Asked by htmx every two seconds; once it is over the whole page is shown again."""
    run = entered.run(public_id)
    if is_over(run):
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    return render(request, "risk/_progress.html", {"said": progress(run)})


def _shown(
    request: HttpRequest, month: Month | None, *, refusal: str = "", status: int = 200
) -> HttpResponse:
    shown = one.risk(month, reader=person_of(request))
    template = "risk/empty.html" if isinstance(shown, NoFigures) else "risk/page.html"
    return render(request, template, {"risk": shown, "refusal": refusal}, status=status)


def _asked(text: str | None) -> Month | None:
    try:
        return Month.parse(text) if text else None
    except UnableToReadMonth as fault:
        raise Http404 from fault


def _url(month: Month) -> str:
    return f"{reverse('web:risk')}?{urlencode({'month': str(month)})}"
