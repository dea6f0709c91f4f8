"""`/briefings`, one of them, its file, and the forms on it."""

from __future__ import annotations

import re

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from finance_hub.kernel.models import Person
from finance_hub.kernel.problems import InvalidFields, NotFound, Problem
from finance_hub.rest import files
from finance_hub.web import fields, notices, paging, refusals, stepup, words
from finance_hub.web.access import FORM, page, person_of
from finance_hub.web.contexts.chrome import FieldError
from finance_hub.web.middleware import allow_own_frame
from finance_hub.web.presenters import briefing as one
from finance_hub.web.presenters import briefing_acts as acts
from finance_hub.web.presenters import briefings as register
from tasks import publication
from tasks.models import Briefing
from tasks.publication import file_name


@page("briefing.read")
def briefings(request: HttpRequest) -> HttpResponse:
    return render(request, "briefings/list.html", {"briefings": register.briefings(paging.read(request.GET))})


@page("briefing.read")
def briefing(request: HttpRequest, public_id: str) -> HttpResponse:
    return _shown(request, publication.find(public_id))


@page("briefing.read")
def preview(request: HttpRequest, public_id: str) -> HttpResponseBase:
    return allow_own_frame(_file(request, public_id, inline=True))


@page("briefing.read")
def file(request: HttpRequest, public_id: str) -> HttpResponseBase:
    return _file(request, public_id, inline=False)


@page("briefing.draft", methods=FORM)
def take(request: HttpRequest, public_id: str) -> HttpResponse:
    """A GET comes from reloading after a refusal: back to the briefing."""
    if request.method != "POST":
        return redirect("web:briefing", public_id)
    try:
        publication.take(public_id, by=person_of(request), now=timezone.now())
    except NotFound:
        raise
    except Problem as refused:
        return _refused(request, public_id, refused)
    notices.leave(request, "briefing-taken")
    return redirect("web:briefing", public_id)


@page("briefing.review", methods=FORM)
def review(request: HttpRequest, public_id: str) -> HttpResponse:
    if request.method != "POST":
        return redirect("web:briefing", public_id)
    try:
        publication.review(public_id, by=person_of(request), now=timezone.now())
    except NotFound:
        raise
    except Problem as refused:
        return _refused(request, public_id, refused)
    notices.leave(request, "briefing-reviewed")
    return redirect("web:briefing", public_id)


@page("briefing.review", methods=FORM)
def send_back(request: HttpRequest, public_id: str) -> HttpResponse:
    if request.method != "POST":
        return redirect("web:briefing", public_id)
    reason = re.sub(r"\s*[\r\n]+\s*", " ", request.POST.get("reason", "")).strip()
    try:
        fields.require_plain(reason)
        publication.send_back(public_id, reason=reason, by=person_of(request), now=timezone.now())
    except fields.Unread as unread:
        errors: tuple[FieldError, ...] = (fields.said_of(unread, name="reason", label=_("Reason")),)
        return _shown(request, publication.find(public_id), errors=errors, reason=reason, status=422)
    except NotFound:
        raise
    except InvalidFields as wrong:
        errors = refusals.field_errors(wrong, otherwise="reason")
        return _shown(request, publication.find(public_id), errors=errors, reason=reason, status=422)
    except Problem as refused:
        return _refused(request, public_id, refused)
    notices.leave(request, "briefing-sent-back")
    return redirect("web:briefing", public_id)


@page("briefing.read")
def progress(request: HttpRequest, public_id: str) -> HttpResponse:
    """Asked every two seconds while a job sets an edit: leads to the newest edition once there is one."""
    found = publication.find(public_id)
    newest = Briefing.objects.filter(month=found.month).latest("pk")
    moving = acts.progress(found)
    if moving is None or moving.failure or newest.pk != found.pk:
        return HttpResponse(
            status=204, headers={"HX-Redirect": reverse("web:briefing", args=[newest.public_id])}
        )
    return render(request, "briefings/_progress.html", {"progress": moving})


@page("briefing.approve", methods=FORM)
def approve(request: HttpRequest, public_id: str) -> HttpResponse:
    """Asks for the tick and, of people with a second factor, for a fresh code."""
    if request.method != "POST":
        return redirect("web:briefing", public_id)
    person = person_of(request)
    errors = _errors(request, person)
    if errors:
        return _shown(request, publication.find(public_id), errors=errors, status=422)
    try:
        publication.approve(public_id, by=person, now=timezone.now())
    except NotFound:
        raise
    except Problem as refused:
        return _refused(request, public_id, refused)
    notices.leave(request, "briefing-approved")
    return redirect("web:briefing", public_id)


def _errors(request: HttpRequest, person: Person) -> tuple[FieldError, ...]:
    if request.POST.get("confirm") != "yes":
        return (FieldError("confirm", _("Tick the box to confirm that you have read the PDF.")),)
    return stepup.errors(request, person)


def _refused(request: HttpRequest, public_id: str, problem: Problem) -> HttpResponse:
    found = publication.find(public_id)
    return _shown(request, found, refusal=words.say(problem.said), status=problem.status)


def _shown(
    request: HttpRequest,
    found: Briefing,
    *,
    errors: tuple[FieldError, ...] = (),
    refusal: str = "",
    reason: str = "",
    status: int = 200,
) -> HttpResponse:
    shown = one.briefing(
        found, reader=person_of(request), now=timezone.now(), errors=errors, refusal=refusal, reason=reason
    )
    return render(request, "briefings/briefing.html", {"briefing": shown}, status=status)


def _file(request: HttpRequest, public_id: str, *, inline: bool) -> HttpResponseBase:
    found = publication.find(public_id)
    path = settings.FILES_DIR / found.file
    return files.serve(request, path=path, sha256=found.sha256, name=file_name(found), inline=inline)
