"""The forms of a fund's manager: each page is one operation, entered once however often it is sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from finance_hub.kernel import scoping
from finance_hub.kernel.problems import NotFound, Problem
from finance_hub.web import fields, notices, once, refusals
from finance_hub.web.access import FORM, page, person_of
from finance_hub.web.contexts import forms as contexts
from finance_hub.web.contexts.chrome import FieldError
from finance_hub.web.presenters.funds import entry_forms, forms, notice_forms, security_forms, share_forms
from finance_hub.web.presenters.funds.forms import Form
from funds import queries
from funds.models import Fund
from funds.operations.notices import BASES

Build = Callable[[Fund], Form]


class SplitHasChanged(Exception):
    """Between the preview and its confirmation somebody entered something."""


@page("fund.record", methods=FORM, own_transactions=True)
def record(request: HttpRequest, code: str, form: str) -> HttpResponse:
    """A form of the fund as a whole; the notices among them show their split first."""
    now = timezone.now()
    if form in BASES:
        return _notice(request, code, form)
    if form not in forms.OF_FUND:
        raise NotFound
    return _one_step(request, code, lambda fund: forms.OF_FUND[form](fund, now))


@page("fund.record", methods=FORM, own_transactions=True)
def entry(request: HttpRequest, code: str, event: str, form: str) -> HttpResponse:
    now = timezone.now()
    if form not in entry_forms.OF_ENTRY:
        raise NotFound
    build = entry_forms.OF_ENTRY[form]
    return _one_step(request, code, lambda fund: build(fund, queries.entry(fund, event), now))


@page("fund.record", methods=FORM, own_transactions=True)
def holding(request: HttpRequest, code: str, holding: str, form: str) -> HttpResponse:
    now = timezone.now()
    if form not in entry_forms.OF_HOLDING:
        raise NotFound
    build = entry_forms.OF_HOLDING[form]
    return _one_step(request, code, lambda fund: build(fund, entry_forms.held(fund, holding, now), now))


@page("fund.record", methods=FORM, own_transactions=True)
def deal(request: HttpRequest, code: str, event: str, form: str) -> HttpResponse:
    now = timezone.now()
    if form not in entry_forms.OF_DEAL:
        raise NotFound
    build = entry_forms.OF_DEAL[form]
    return _one_step(request, code, lambda fund: build(fund, entry_forms.deal(fund, event), now))


@page("fund.record", methods=FORM, own_transactions=True)
def security(request: HttpRequest, code: str, security: str, form: str) -> HttpResponse:
    now = timezone.now()
    if form not in security_forms.OF_SECURITY:
        raise NotFound
    build = security_forms.OF_SECURITY[form]
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


def _one_step(request: HttpRequest, code: str, build: Build) -> HttpResponse:
    form = _built(request, code, build)
    if request.method != "POST":
        return _shown(request, form)
    values, errors = fields.read(form.fields, request.POST)
    return _shown(request, form, errors=errors, status=422) if errors else _entered(request, form, values)


def _notice(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """`step` says what the button was: show the split, go back to the fields, or enter what was shown."""
    now = timezone.now()
    form = _built(request, code, lambda fund: notice_forms.notice(fund, kind, now))
    step = request.POST.get("step", "")
    if request.method != "POST" or step == "change":
        return _shown(request, form, asks_preview=True)
    values, errors = fields.read(form.fields, request.POST)
    if errors:
        return _shown(request, form, errors=errors, status=422, asks_preview=True)
    if step == "enter":
        return _entered(request, form, values, agreed=request.POST.get("content", ""))
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
        return _refused(request, form, refused, asks_preview=True)
    return _shown(request, form, preview=grid, content=content, asks_preview=True)


def _entered(
    request: HttpRequest, form: Form, values: dict[str, Any], *, agreed: str | None = None
) -> HttpResponse:
    """Where the form leads to once it is entered; what was `agreed` to has to be what is entered."""
    person, now = person_of(request), timezone.now()
    asks_preview = agreed is not None

    def work() -> str:
        done = form.enter(dict(values), person, now)
        if agreed is not None and notice_forms.fingerprint(done) != agreed:
            raise SplitHasChanged
        return form.back.url

    said = {name: text for name, text in request.POST.items() if name not in ("csrfmiddlewaretoken", "token")}
    try:
        address = once.enter(
            work,
            token=request.POST.get("token", ""),
            path=request.path,
            said={name: str(text) for name, text in said.items()},
            by=person,
            request_id=str(request.META.get("finance_hub.request_id", "")),
        )
    except once.UnableToEnter:
        refusal = _(
            "This form was entered before. Look at what is recorded; to enter more, open the page again."
        )
        return _shown(request, form, refusal=refusal, status=409, asks_preview=asks_preview)
    except SplitHasChanged:
        refusal = _("Something was entered since: look at the split again.")
        return _shown(request, form, refusal=refusal, status=409, asks_preview=asks_preview)
    except NotFound:
        raise
    except Problem as refused:
        return _refused(request, form, refused, asks_preview=asks_preview)
    notices.leave(request, form.notice)
    return redirect(address)


def _refused(
    request: HttpRequest, form: Form, refused: Problem, *, asks_preview: bool = False
) -> HttpResponse:
    """Beside the field that the refusal names, or the main one where the form has no such field."""
    known = {field.name for field in form.fields}
    errors = tuple(
        error if error.field_id in known else FieldError(form.main, error.text)
        for error in refusals.field_errors(refused, otherwise=form.main)
    )
    return _shown(request, form, errors=errors, status=refused.status, asks_preview=asks_preview)


def _built(request: HttpRequest, code: str, build: Build) -> Form:
    with scoping.within(person_of(request).scope):
        return build(queries.fund(code))


def _shown(
    request: HttpRequest, form: Form, *, errors: tuple[FieldError, ...] = (), refusal: str = "",
    status: int = 200, asks_preview: bool = False, **preview: Any,
) -> HttpResponse:  # fmt: skip
    said = request.POST if request.method == "POST" else None
    shown = contexts.Form(
        title=form.title,
        back=form.back,
        intro=form.intro,
        facts=form.facts,
        fields=fields.shown(form.fields, said),
        url=request.path,
        token=request.POST.get("token") or once.token(),
        submit=form.submit or _("Enter it"),
        errors=errors,
        refusal=refusal,
        asks_preview=asks_preview,
        **preview,
    )
    return render(request, "forms/form.html", {"form": shown}, status=status)
