"""`/firms` and `/firms/<uscc>`."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers

from finance_hub.web.access import page, person_of
from finance_hub.web.presenters import firm as one
from finance_hub.web.presenters import firms as register
from finance_hub.web.presenters.exposure.asking import Asked


@page("firm.read")
def firms(request: HttpRequest) -> HttpResponse:
    """The whole page, or its table alone when htmx asks while somebody types."""
    found = register.firms(register.Wanted.read(request.GET), today=timezone.localdate())
    part = request.headers.get("HX-Request") == "true"
    response = render(request, "firms/_results.html" if part else "firms/list.html", {"firms": found})
    patch_vary_headers(response, ["HX-Request"])
    return response


@page("firm.read")
def firm(request: HttpRequest, uscc: str) -> HttpResponse:
    asked = Asked.read(request.GET, now=timezone.now())
    shown = one.firm(uscc, asked, reader=person_of(request))
    return render(request, "firms/firm.html", {"firm": shown}, status=422 if shown.errors else 200)
