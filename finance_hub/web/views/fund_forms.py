"""The forms of a fund's manager: each page is one operation, entered once however often it is sent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from finance_hub.kernel import scoping
from finance_hub.kernel.problems import NotFound, Problem
from finance_hub.web import entering, fields
from finance_hub.web.access import FORM, page, person_of
from finance_hub.web.presenters.funds import entry_forms, forms, notice_forms, security_forms, share_forms
from finance_hub.web.presenters.funds.forms import Form
from funds import queries
from funds.models import Fund
from funds.operations.notices import BASES

Build = Callable[[Fund], Form]
Named = TypeVar("Named")


class SplitHasChanged(Exception):
    """Between the preview and its confirmation somebody entered something."""


@page("fund.record", methods=FORM, own_transactions=True)
def record(request: HttpRequest, code: str, form: str) -> HttpResponse:
    """A form of the fund as a whole; the notices among them show their split first."""
    now = timezone.now()
    if form in BASES:
        return _notice(request, code, form)
    build = _named(forms.OF_FUND, form)
    return _one_step(request, code, lambda fund: build(fund, now))


@page("fund.record", methods=FORM, own_transactions=True)
def entry(request: HttpRequest, code: str, event: str, form: str) -> HttpResponse:
    now = timezone.now()
    build = _named(entry_forms.OF_ENTRY, form)
    return _one_step(request, code, lambda fund: build(fund, queries.entry(fund, event), now))


@page("fund.record", methods=FORM, own_transactions=True)
def holding(request: HttpRequest, code: str, holding: str, form: str) -> HttpResponse:
    now = timezone.now()
    build = _named(entry_forms.OF_HOLDING, form)
    return _one_step(request, code, lambda fund: build(fund, entry_forms.held(fund, holding, now), now))


@page("fund.record", methods=FORM, own_transactions=True)
def deal(request: HttpRequest, code: str, event: str, form: str) -> HttpResponse:
    now = timezone.now()
    build = _named(entry_forms.OF_DEAL, form)
    return _one_step(request, code, lambda fund: build(fund, entry_forms.deal(fund, event), now))


@page("fund.record", methods=FORM, own_transactions=True)
def security(request: HttpRequest, code: str, security: str, form: str) -> HttpResponse:
    now = timezone.now()
    build = _named(security_forms.OF_SECURITY, form)
    return _one_step(request, code, lambda fund: build(fund, security_forms.find(fund, security, now), now))


@page("fund.record", methods=FORM, own_transactions=True)
def round_(request: HttpRequest, code: str, holding: str, round: str) -> HttpResponse:
    now = timezone.now()
    return _one_step(
        request,
        code,
        lambda fund: share_forms.reverse_round(fund, entry_forms.held(fund, holding, now), round),
    )


@page("fund.record", methods=FORM, own_transactions=True)
def units(request: HttpRequest, code: str, units: str) -> HttpResponse:
    now = timezone.now()
    return _one_step(request, code, lambda fund: share_forms.reverse_units(fund, units, now))


def _named(known: Mapping[str, Named], form: str) -> Named:
    """The form that the address names. Raises NotFound."""
    if form not in known:
        raise NotFound
    return known[form]


def _one_step(request: HttpRequest, code: str, build: Build) -> HttpResponse:
    return entering.one_step(request, _built(request, code, build))


def _notice(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """`step` says what the button was: show the split, go back to the fields, or enter what was shown."""
    now = timezone.now()
    form = _built(request, code, lambda fund: notice_forms.notice(fund, kind, now))
    step = request.POST.get("step", "")
    if request.method != "POST" or step == "change":
        return entering.shown(request, form, asks_preview=True)
    values, errors = fields.read(form.fields, request.POST)
    if errors:
        return entering.shown(request, form, errors=errors, status=422, asks_preview=True)
    if step == "enter":
        return _agreed(request, form, values, content=request.POST.get("content", ""))
    return _previewed(request, form, code, kind, values)


def _previewed(
    request: HttpRequest, form: Form, code: str, kind: str, values: dict[str, Any]
) -> HttpResponse:
    person, now = person_of(request), timezone.now()
    try:
        with scoping.within(person.scope):
            events = notice_forms.preview(queries.fund(code), kind, values, by=person, now=now)
            grid, content = notice_forms.split(events), notice_forms.fingerprint(events)
    except NotFound:
        raise
    except Problem as refused:
        return entering.refused(request, form, refused, asks_preview=True)
    return entering.shown(request, form, preview=grid, content=content, asks_preview=True)


def _agreed(request: HttpRequest, form: Form, values: dict[str, Any], *, content: str) -> HttpResponse:
    """What was agreed to, by its fingerprint, has to be what is entered."""

    def check(done: Any) -> None:
        if notice_forms.fingerprint(done) != content:
            raise SplitHasChanged

    try:
        return entering.entered(request, form, values, check=check, asks_preview=True)
    except SplitHasChanged:
        refusal = _("Something was entered since: look at the split again.")
        return entering.shown(request, form, refusal=refusal, status=409, asks_preview=True)


def _built(request: HttpRequest, code: str, build: Build) -> Form:
    with scoping.within(person_of(request).scope):
        return build(queries.fund(code))
