"""Around every page: what the browser is told about the answer, and when a session is over."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.contrib import auth
from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from finance_hub.web import sessions

GetResponse = Callable[[HttpRequest], HttpResponseBase]

# Everything is served from here; nothing is written inline, so nothing inline may run.
POLICY = {
    "default-src": "'self'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}


def policy(*, framed_by_us: bool = False) -> str:
    """The content security policy; `framed_by_us` lets a page of this site show the answer in a frame."""
    ancestors = {"frame-ancestors": "'self'"} if framed_by_us else {}
    return "; ".join(f"{name} {value}" for name, value in {**POLICY, **ancestors}.items())


def allow_own_frame(response: HttpResponseBase) -> HttpResponseBase:
    """For the PDF that the briefing's page embeds; everything else refuses to be framed."""
    response["Content-Security-Policy"] = policy(framed_by_us=True)
    response["X-Frame-Options"] = "SAMEORIGIN"
    return response


class SecurityHeaders:
    """Adds the policy to every answer, and keeps pages out of caches; a view's own header stays."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", policy())
        response.headers.setdefault("X-Frame-Options", settings.X_FRAME_OPTIONS)
        response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        if response.headers.get("Content-Type", "").startswith("text/html"):
            response.headers.setdefault("Cache-Control", "no-store")
        return response


class SessionLimits:
    """Ends a session that is over; the page asked for then leads to the sign-in page by itself.

    Where no cookie names a session nothing is read, so that the API pays nothing for this.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        now = timezone.now()
        if settings.SESSION_COOKIE_NAME in request.COOKIES and SESSION_KEY in request.session:
            if sessions.is_over(request.session, now=now):
                auth.logout(request)
            else:
                sessions.touch(request.session, now=now)
        return self.get_response(request)
