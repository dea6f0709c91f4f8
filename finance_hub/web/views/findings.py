"""`/findings`: what is odd in what was reported."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from finance_hub.web.access import page, person_of
from finance_hub.web.presenters import findings as present


@page("finding.read")
def findings(request: HttpRequest) -> HttpResponse:
    wanted = present.Wanted.read(request.GET)
    shown = present.findings(wanted, reader=person_of(request), now=timezone.now())
    return render(request, "findings/list.html", {"findings": shown})
