"""Who may open a page. Every view says `@page(action)` or `@public`; a test walks the routes.

A page asks, in this order: is somebody signed in, may the role do this, and is the method one of
the page's. What follows runs in one transaction that sees the person's rows only, unless the page
opens its own.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from functools import wraps
from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from finance_hub.kernel import scoping
from finance_hub.kernel.access import may
from finance_hub.kernel.models import Person
from finance_hub.kernel.problems import NotFound

View = Callable[..., HttpResponseBase]
#: The pages of the bar, in its order, with the action each asks.
LANDINGS = (
    ("web:overview", "figure.read"),
    ("web:funds", "fund.read"),
    ("web:deals", "fund.read"),
    ("web:listings", "listing.read"),
    ("web:firms", "firm.read"),
    ("web:exposure", "figure.read"),
    ("web:risk", "risk.read"),
    ("web:targets", "target.read"),
    ("web:reporting", "month.read"),
    ("web:reports", "batch.report"),
    ("web:briefings", "briefing.read"),
)
FORM = ("GET", "HEAD", "POST")


def page(
    action: str,
    *,
    methods: tuple[str, ...] = ("GET", "HEAD"),
    or_home: bool = False,
    own_transactions: bool = False,
    takes_file: int = 0,
) -> Callable[[View], View]:
    """A page of signed-in people whose role may do `action`; others get the page of 403.

    With `or_home` they are led to the first page that is theirs: for the address everybody types.
    With `own_transactions` the page opens the scope itself, because it streams or copies files; with
    `takes_file` the form may send one of at most so many bytes (`finance_hub.web.uploads`).
    """

    def declared(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return to_login(request)
            person = person_of(request)
            if not may(person.role, action):
                if or_home:
                    return redirect(home_of(person))
                raise PermissionDenied
            if request.method not in methods:
                return HttpResponseNotAllowed(methods)
            # PostgreSQL holds no NUL: no row has such a name, and asking for one would be an error.
            if any("\0" in str(named) for named in kwargs.values()):
                raise Http404
            scope = nullcontext() if own_transactions else scoping.within(person.scope)
            return _scoped(view, request, scope, args, kwargs)

        guarded.action = action  # type: ignore[attr-defined]
        guarded.takes_file = takes_file  # type: ignore[attr-defined]
        return guarded

    return declared


def public(view: View) -> View:
    """A page for anybody."""
    view.action = None  # type: ignore[attr-defined]
    return view


def _scoped(
    view: View, request: HttpRequest, scope: AbstractContextManager[None], args: Any, kwargs: Any
) -> HttpResponseBase:
    try:
        with scope:
            return view(request, *args, **kwargs)
    except NotFound as missing:
        raise Http404 from missing


def person_of(request: HttpRequest) -> Person:
    """Who is signed in; only for views behind `page`."""
    return cast(Person, request.user)


def home_of(person: Person) -> str:
    """The first page that the person may see; everybody has an account."""
    return next((reverse(name) for name, action in LANDINGS if may(person.role, action)), "/account")


def to_login(request: HttpRequest) -> HttpResponse:
    """To the sign-in page, and back here after it; htmx is told in its own header."""
    htmx = request.headers.get("HX-Request") == "true"
    here = request.headers.get("HX-Current-URL", "") if htmx else request.get_full_path()
    query = "?" + urlencode({"next": here}) if request.method == "GET" and here else ""
    target = reverse("web:login") + query
    return HttpResponse(status=204, headers={"HX-Redirect": target}) if htmx else redirect(target)
