"""`/briefings`, one of them, its file, and the two forms on it."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from finance_hub.kernel.models import Person
from finance_hub.kernel.problems import NotFound, Problem
from finance_hub.rest import files
from finance_hub.web import notices, paging, stepup, words
from finance_hub.web.access import FORM, page, person_of
from finance_hub.web.contexts.chrome import FieldError
from finance_hub.web.middleware import allow_own_frame
from finance_hub.web.presenters import briefing as one
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
    status: int = 200,
) -> HttpResponse:
    shown = one.briefing(found, reader=person_of(request), errors=errors, refusal=refusal)
    return render(request, "briefings/briefing.html", {"briefing": shown}, status=status)


def _file(request: HttpRequest, public_id: str, *, inline: bool) -> HttpResponseBase:
    found = publication.find(public_id)
    path = settings.FILES_DIR / found.file
    return files.serve(request, path=path, sha256=found.sha256, name=file_name(found), inline=inline)
