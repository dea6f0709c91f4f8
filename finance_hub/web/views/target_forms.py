"""The forms of targets: each page is one act, entered once however often it is sent."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from finance_hub.kernel import scoping
from finance_hub.kernel.problems import NotFound, Problem
from finance_hub.web import entering, fields, refusals, uploads
from finance_hub.web.access import FORM, page, person_of
from finance_hub.web.contexts.chrome import FieldError
from finance_hub.web.presenters.funds.forms import Form
from finance_hub.web.presenters.targets import forms
from funds.limits import MOST_DOCUMENT_BYTES
from funds.operations.pipeline import documents
from tasks import standing
from tasks.models import TargetReport


@page("target.report", methods=FORM, own_transactions=True, takes_file=MOST_DOCUMENT_BYTES)
def report(request: HttpRequest, code: str) -> HttpResponse:
    now = timezone.now()
    with scoping.within(person_of(request).scope):
        target = standing.reportable(code, by=person_of(request), known_at=now)
        form = forms.report(target, now)
    return _with_file(request, form, required=False)


@page("target.report", methods=FORM, own_transactions=True, takes_file=MOST_DOCUMENT_BYTES)
def correct(request: HttpRequest, code: str, report: str) -> HttpResponse:
    now = timezone.now()
    with scoping.within(person_of(request).scope):
        held = _report(request, code, report)
        target = standing.reportable(code, by=person_of(request), known_at=now)
        form = forms.report(target, now, corrects=held)
    return _with_file(request, form, required=False)


@page("target.report", methods=FORM, own_transactions=True, takes_file=MOST_DOCUMENT_BYTES)
def attach(request: HttpRequest, code: str, report: str) -> HttpResponse:
    with scoping.within(person_of(request).scope):
        form = forms.attach(_report(request, code, report))
    return _with_file(request, form, required=True)


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


def _with_file(request: HttpRequest, form: Form, *, required: bool) -> HttpResponse:
    """Nothing is open while the file is copied to its place."""
    if request.method != "POST":
        return entering.shown(request, form)
    values, errors = fields.read(form.fields, request.POST)
    sent = uploads.sent(request)
    errors += _file_faults(request, is_missing=required and sent is None, form=form)
    if errors:
        return entering.shown(request, form, errors=errors, status=422)
    if sent is None:
        return entering.entered(request, form, values)
    name, body = sent
    values |= {"name": name, "media_type": uploads.media_type(request)}
    try:
        with documents.received(body, length=None, digest=None) as content:
            said = {"name": name, "sha256": content.sha256}
            return entering.entered(request, form, {**values, "content": content}, also_said=said)
    except NotFound:
        raise
    except Problem as refused:
        return entering.refused(request, form, refused)


def _file_faults(request: HttpRequest, *, is_missing: bool, form: Form) -> tuple[FieldError, ...]:
    if refused := uploads.refusal(request):
        return refusals.field_errors(refused, otherwise="file")
    if not is_missing:
        return ()
    asked = next(field for field in form.fields if field.name == "file")
    return (fields.said_of(fields.Unread("required"), name="file", label=asked.label),)
