"""`/account`: the second factor, and the sessions of the person."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters

from finance_hub.kernel import login, people
from finance_hub.web import notices, sessions, words
from finance_hub.web.access import page, person_of
from finance_hub.web.contexts.chrome import FieldError
from finance_hub.web.presenters.account import account as present

#: Where the seed lies until a code has confirmed it: sealed, in the session, on the server.
SEED = "new_seed"


@sensitive_post_parameters("code")
@page("self.read", methods=("GET", "HEAD", "POST"))
def account(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _shown(request)
    act = ACTS.get(request.POST.get("action", ""))
    return act(request) if act else HttpResponse(status=400)


def _end_other_sessions(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    people.end_sessions(person, by=person, now=timezone.now())
    _keep_this_session(request)
    notices.leave(request, "sessions-ended")
    return redirect("web:account")


def _begin_totp(request: HttpRequest) -> HttpResponse:
    """A seed once active is replaced by the administrator, not by whoever holds the session."""
    person = person_of(request)
    if not person.totp_seed:
        request.session[SEED] = login.new_seed(person).sealed
    return redirect("web:account")


def _confirm_totp(request: HttpRequest) -> HttpResponse:
    person, sealed = person_of(request), request.session.get(SEED)
    if sealed is None or person.totp_seed:
        return redirect("web:account")
    code = request.POST.get("code", "").replace(" ", "")
    try:
        login.enrol(person, sealed=sealed, code=code, now=timezone.now())
    except login.WrongCode as wrong:
        return _shown(request, errors=(FieldError("code", words.say(wrong.said)),), status=wrong.status)
    del request.session[SEED]
    _keep_this_session(request)
    notices.leave(request, "second-factor-active")
    return redirect("web:account")


def _keep_this_session(request: HttpRequest) -> None:
    """Every session of before has ended; this one goes on under a new id."""
    person = person_of(request)
    person.refresh_from_db()
    update_session_auth_hash(request, person)


def _shown(request: HttpRequest, *, errors: tuple[FieldError, ...] = (), status: int = 200) -> HttpResponse:
    person = person_of(request)
    places = sessions.places(request, person, now=timezone.now())
    shown = present(person, places=places, sealed=request.session.get(SEED), errors=errors)
    return render(request, "account/account.html", {"account": shown}, status=status)


ACTS: dict[str, Callable[[HttpRequest], HttpResponse]] = {
    "end_other_sessions": _end_other_sessions,
    "begin_totp": _begin_totp,
    "confirm_totp": _confirm_totp,
}
