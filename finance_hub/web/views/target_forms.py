"""The forms of targets: each page is one act, entered once however often it is sent."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from finance_hub.kernel import scoping
from finance_hub.web import entering
from finance_hub.web.access import FORM, page, person_of
from finance_hub.web.presenters.targets import forms
from funds.limits import MOST_DOCUMENT_BYTES
from tasks import standing
from tasks.models import TargetReport


@page("target.report", methods=FORM, own_transactions=True, takes_file=MOST_DOCUMENT_BYTES)
def report(request: HttpRequest, code: str) -> HttpResponse:
    now = timezone.now()
    with scoping.within(person_of(request).scope):
        target = standing.reportable(code, by=person_of(request), known_at=now)
        form = forms.report(target, now)
    return entering.with_document(request, form, required=False)


@page("target.report", methods=FORM, own_transactions=True, takes_file=MOST_DOCUMENT_BYTES)
def correct(request: HttpRequest, code: str, report: str) -> HttpResponse:
    now = timezone.now()
    with scoping.within(person_of(request).scope):
        held = _report(request, code, report)
        target = standing.reportable(code, by=person_of(request), known_at=now)
        form = forms.report(target, now, corrects=held)
    return entering.with_document(request, form, required=False)


@page("target.report", methods=FORM, own_transactions=True, takes_file=MOST_DOCUMENT_BYTES)
def attach(request: HttpRequest, code: str, report: str) -> HttpResponse:
    with scoping.within(person_of(request).scope):
        form = forms.attach(_report(request, code, report))
    return entering.with_document(request, form, required=True)


@page("target.approve", methods=FORM, own_transactions=True)
def decide(request: HttpRequest, code: str, report: str) -> HttpResponse:
    with scoping.within(person_of(request).scope):
        form = forms.decide(_report(request, code, report))
    return entering.one_step(request, form)


@page("target.decide", methods=FORM, own_transactions=True)
def answer(request: HttpRequest, code: str) -> HttpResponse:
    with scoping.within(person_of(request).scope):
        form = forms.answer(standing.question(code), timezone.now())
    return entering.one_step(request, form)


def _report(request: HttpRequest, code: str, report: str) -> TargetReport:
    """Raises NotFound."""
    return standing.report(code, report, reader=person_of(request), known_at=timezone.now())
