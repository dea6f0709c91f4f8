"""The forms about a briefing that are pages of their own: editing a draft, correcting an issue, its matters."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from finance_hub.kernel import scoping
from finance_hub.kernel.problems import NotFound, Problem
from finance_hub.web import entering, notices, once, refusals, words
from finance_hub.web.access import FORM, page, person_of
from finance_hub.web.presenters import briefing_edit as editing
from finance_hub.web.presenters import briefing_forms as forms
from tasks import matters, publication

#: Buttons of the form that change its lines, or carry them to another draft, and save nothing.
LINES = ("add", "up", "down", "remove", "carry")


@page("briefing.draft", methods=FORM, own_transactions=True)
def edit(request: HttpRequest, public_id: str) -> HttpResponse:
    person, now = person_of(request), timezone.now()
    with scoping.within(person.scope):
        found = publication.find(public_id)
        if request.method != "POST":
            return _shown(request, editing.opened(found, now=now))
        typed = editing.Typed.read(request.POST)
        step, _sep, place = request.POST.get("step", "save").partition("-")
        if step in LINES:
            return _shown(request, editing.again(found, typed.moved(step, place).fresh(step), now=now))
        faults = typed.faults()
        if faults:
            return _shown(request, editing.again(found, typed, now=now, errors=faults), status=422)
    said = {
        name: str(text) for name, text in request.POST.items() if name not in ("csrfmiddlewaretoken", "token")
    }

    def work() -> str:
        publication.request_edit(public_id, **typed.wanted(found, step=step), by=person, now=now)
        return reverse("web:briefing", args=[public_id])

    try:
        address = once.enter(
            work, token=typed.token, path=request.path, said=said, by=person,
            request_id=str(request.META.get("finance_hub.request_id", "")),
        )  # fmt: skip
    except once.UnableToEnter:
        return _again(
            request,
            public_id,
            typed,
            status=409,
            refusal=_("This form was entered before: open the newest draft."),
        )
    except publication.StaleDraft as stale:
        return _again(
            request, public_id, typed, status=stale.status, refusal=words.say(stale.said), stale=stale
        )
    except NotFound:
        raise
    except Problem as refused:
        with scoping.within(person.scope):
            errors = editing.placed(refusals.field_errors(refused, otherwise="points"), typed, found, now=now)
        return _again(request, public_id, typed, status=refused.status, errors=errors)
    notices.leave(request, "briefing-edited", entered=request.path)
    return redirect(address)


@page("briefing.draft", methods=FORM, own_transactions=True)
def correct(request: HttpRequest, public_id: str) -> HttpResponse:
    with scoping.within(person_of(request).scope):
        form = forms.correct(publication.find(public_id))
    return entering.one_step(request, form)


@page("briefing.draft", methods=FORM, own_transactions=True)
def matter(request: HttpRequest, public_id: str) -> HttpResponse:
    with scoping.within(person_of(request).scope):
        form = forms.matter(publication.find(public_id))
    return entering.one_step(request, form)


@page("briefing.draft", methods=FORM, own_transactions=True)
def outcome(request: HttpRequest, public_id: str, matter: str) -> HttpResponse:
    with scoping.within(person_of(request).scope):
        form = forms.outcome(publication.find(public_id), matters.find(matter))
    return entering.one_step(request, form)


def _again(
    request: HttpRequest, public_id: str, typed: editing.Typed, *, status: int, **facts: object
) -> HttpResponse:
    """What was typed, with why it was not taken."""
    with scoping.within(person_of(request).scope):
        found = publication.find(public_id)
        shown = editing.again(found, typed, now=timezone.now(), **facts)  # type: ignore[arg-type]
    return _shown(request, shown, status=status)


def _shown(request: HttpRequest, shown: object, *, status: int = 200) -> HttpResponse:
    return render(request, "briefings/edit.html", {"edit": shown}, status=status)
