"""`/request-log` and one call of it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from finance_hub.web.access import page, person_of
from finance_hub.web.presenters import requests as present


@page("request.read")
def requests(request: HttpRequest) -> HttpResponse:
    shown = present.log(present.Wanted.read(request.GET), reader=person_of(request))
    return render(request, "requests/list.html", {"requests": shown})


@page("request.read")
def one(request: HttpRequest, request_id: str) -> HttpResponse:
    base = request.build_absolute_uri("/").rstrip("/")
    return render(request, "requests/request.html", {"call": present.one(request_id, base=base)})
