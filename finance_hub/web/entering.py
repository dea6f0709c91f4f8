"""A page that is one form: shown, read, refused beside its fields, and entered once however often it is sent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from finance_hub.kernel.problems import NotFound, Problem
from finance_hub.web import fields, notices, once, refusals, stepup, uploads, words
from finance_hub.web.access import person_of
from finance_hub.web.contexts import forms as contexts
from finance_hub.web.contexts.chrome import FieldError
from finance_hub.web.presenters.funds.forms import Form
from funds.operations.pipeline import documents

Errors = tuple[FieldError, ...]


def one_step(request: HttpRequest, form: Form, *, but: tuple[type[Problem], ...] = ()) -> HttpResponse:
    """The form, or where it leads to once it is entered. Call outside a transaction.

    Raises NotFound, and the refusals named by `but`, which the page answers itself.
    """
    if request.method != "POST":
        return shown(request, form)
    values, errors = fields.read(form.fields, request.POST)
    return (
        shown(request, form, errors=errors, status=422) if errors else entered(request, form, values, but=but)
    )


def with_document(request: HttpRequest, form: Form, *, required: bool) -> HttpResponse:
    """The same for a form with a document, which is entered as `name`, `media_type` and `content`; nothing is open
    while the file is copied to its place. Without `required` the form may be sent without one.
    """
    if request.method != "POST":
        return shown(request, form)
    values, errors = fields.read(form.fields, request.POST)
    sent = uploads.sent(request)
    errors += _file_faults(request, form, is_missing=required and sent is None)
    if errors:
        return shown(request, form, errors=errors, status=422)
    if sent is None:
        return entered(request, form, values)
    name, body = sent
    values |= {"name": name, "media_type": uploads.media_type(request)}
    try:
        with documents.received(body, length=None, digest=None) as content:
            said = {"name": name, "sha256": content.sha256}
            return entered(request, form, {**values, "content": content}, also_said=said)
    except NotFound:
        raise
    except Problem as problem:
        return refused(request, form, problem)


def _file_faults(request: HttpRequest, form: Form, *, is_missing: bool) -> Errors:
    if problem := uploads.refusal(request):
        return refusals.field_errors(problem, otherwise=uploads.FIELD)
    if not is_missing:
        return ()
    asked = next(field for field in form.fields if field.name == uploads.FIELD)
    return (fields.said_of(fields.Unread("required"), name=asked.name, label=asked.label),)


def entered(
    request: HttpRequest,
    form: Form,
    values: dict[str, Any],
    *,
    check: Callable[[Any], None] | None = None,
    but: tuple[type[Problem], ...] = (),
    also_said: Mapping[str, str] | None = None,
    asks_preview: bool = False,
) -> HttpResponse:
    """Where the form leads to. `check` looks at what was entered before it is kept; `also_said` is what the
    form said beside its fields, such as the hash of a file.

    Raises NotFound, the refusals named by `but`, and what `check` raises.
    """
    person, now = person_of(request), timezone.now()

    def work() -> str:
        done = form.enter(dict(values), person, now)
        if check is not None:
            check(done)
        return form.leads_to(done) if form.leads_to else form.back.url

    def prove() -> None:
        if form.asks_code:
            stepup.require(request, person)

    said = {name: text for name, text in request.POST.items() if name not in ("csrfmiddlewaretoken", "token")}
    try:
        address = once.enter(
            work,
            token=request.POST.get("token", ""),
            path=request.path,
            said={name: str(text) for name, text in said.items()} | dict(also_said or {}),
            by=person,
            request_id=str(request.META.get("finance_hub.request_id", "")),
            first=prove,
        )
    except stepup.Unproven as wrong:
        return shown(request, form, errors=wrong.errors, status=422, asks_preview=asks_preview)
    except once.UnableToEnter:
        refusal = _(
            "This form was entered before. Look at what is recorded; to enter more, open the page again."
        )
        return shown(request, form, refusal=refusal, status=409, asks_preview=asks_preview)
    except Problem as problem:
        if isinstance(problem, (NotFound, *but)):
            raise
        return refused(request, form, problem, asks_preview=asks_preview)
    notices.leave(request, form.notice, entered=request.path)
    return redirect(address)


def refused(
    request: HttpRequest, form: Form, problem: Problem, *, asks_preview: bool = False
) -> HttpResponse:
    """Beside the field that the refusal names, or the main one where the form has no such field."""
    labels = {field.name: field.label for field in form.fields} if problem.errors else {}
    errors = tuple(
        _placed(form.named.get(error.field_id, error.field_id), error.text, labels, otherwise=form.main)
        for error in refusals.field_errors(problem, otherwise=form.main)
    )
    return shown(request, form, errors=errors, status=problem.status, asks_preview=asks_preview)


def _placed(name: str, text: str, labels: Mapping[str, str], *, otherwise: str) -> FieldError:
    """Named by its field, as what cannot be read is, unless it begins with the name anyway."""
    if name not in labels:
        return FieldError(otherwise, text)
    label = labels[name]
    return FieldError(name, text if text.startswith(label) else label + words.say(words.COLON) + text)


def shown(
    request: HttpRequest, form: Form, *, said: Mapping[str, str] | None = None, errors: Errors = (),
    refusal: str = "", status: int = 200, asks_preview: bool = False, **more: Any,
) -> HttpResponse:  # fmt: skip
    """The form with what was `said`, else what was sent; `more` is what its page shows beside it."""
    is_typed = request.method == "POST"
    page = contexts.Form(
        title=form.title,
        back=form.back,
        intro=form.intro,
        facts=form.facts,
        fields=fields.shown(form.fields, said if said is not None else request.POST if is_typed else None),
        url=request.path,
        token=request.POST.get("token") or once.token(),
        submit=form.submit or _("Enter it"),
        errors=errors,
        refusal=refusal,
        asks_preview=asks_preview,
        hidden=form.hidden,
        keeps_draft=form.keeps_draft,
        is_typed=is_typed,
        takes_file=any(field.kind == "file" for field in form.fields),
        asks_code=form.asks_code and stepup.is_asked(person_of(request)),
        **more,
    )
    return render(request, "forms/form.html", {"form": page}, status=status)
