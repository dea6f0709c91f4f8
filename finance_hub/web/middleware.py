"""What the browser is told about every answer that is a page or a file of this site."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

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
