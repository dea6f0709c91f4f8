"""Around every request: its id, its metrics, and TLS where the profile requires it."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from finance_hub.kernel import ids
from finance_hub.kernel.problems import Problem
from finance_hub.kernel.text import Text
from finance_hub.rest import metrics
from finance_hub.rest.errors import problem_response

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
GetResponse = Callable[[HttpRequest], HttpResponseBase]


class RequestId:
    """Echoes a UUID the caller sent as X-Request-Id, or makes one."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.META["finance_hub.request_id"] = _given(request) or ids.new("req")
        response = self.get_response(request)
        response["Request-Id"] = request.META["finance_hub.request_id"]
        if not settings.LIVE_KEYS:
            response["Environment"] = "test"
        return response


def _given(request: HttpRequest) -> str | None:
    try:
        return str(uuid.UUID(request.headers.get("X-Request-Id", "")))
    except ValueError:
        return None


class Metrics:
    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        began = time.perf_counter()
        response = self.get_response(request)
        match, method = request.resolver_match, str(request.method)
        metrics.observe(
            route=match.route if match else "unmatched",
            # A method that somebody made up must not make up a time series.
            method=method if method in METHODS else "other",
            status=response.status_code,
            seconds=time.perf_counter() - began,
        )
        return response


class HttpsRequired(Problem):
    code = "https-required"
    status = 403
    title = Text("须使用 HTTPS", "HTTPS is required")


class RefusePlainHttp:
    """In production plain HTTP is refused, not redirected: a key must never travel in the clear."""

    OPEN = ("/healthz", "/readyz", "/metrics")

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if settings.IN_PRODUCTION and not request.is_secure() and request.path not in self.OPEN:
            return problem_response(HttpsRequired(), request)
        return self.get_response(request)
