"""The pages shown when a request cannot be answered; they ask nothing of the database."""

from __future__ import annotations

import sys

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from finance_hub.rest.errors import AWAY, Unavailable
from finance_hub.web.contexts.chrome import Failure


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: the role does not include it."""
    return _page(request, 403)


def unproven(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form that does not prove where it comes from; the reason is for the log and not for the reader."""
    return _page(request, 403, template="unproven")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404, the same for what does not exist and what is not the reader's."""
    return _page(request, 404)


def broken(request: HttpRequest) -> HttpResponse:
    """500; 503 where a server behind is away or was kept busy: then the same again may do."""
    if not isinstance(sys.exc_info()[1], AWAY):
        return _page(request, 500)
    answer = _page(request, 503)
    answer["Retry-After"] = str(Unavailable.retry_after)
    return answer


def _page(request: HttpRequest, status: int, *, template: str = "") -> HttpResponse:
    # Rendered without the request: context processors may ask the very database that failed.
    reference = str(request.META.get("finance_hub.request_id", ""))
    context = {"error": Failure(reference=reference, home_url="/")}
    return render(None, f"errors/{template or status}.html", context, status=status)
