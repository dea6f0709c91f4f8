"""`/funds`, one of them, and a holding of it: for its manager and the centre's readers."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from finance_hub.web.access import page, person_of
from finance_hub.web.presenters.funds import fund as one
from finance_hub.web.presenters.funds import holding as stake
from finance_hub.web.presenters.funds import register
from finance_hub.web.presenters.funds.moment import Moment


@page("fund.read")
def funds(request: HttpRequest) -> HttpResponse:
    moment = Moment.read(request.GET, now=timezone.now())
    shown = register.funds(moment, reader=person_of(request))
    return render(request, "funds/list.html", {"funds": shown}, status=422 if moment.errors else 200)


@page("fund.read")
def fund(request: HttpRequest, code: str) -> HttpResponse:
    moment = Moment.read(request.GET, now=timezone.now())
    shown = one.fund(code, request.GET, moment, reader=person_of(request))
    return render(request, "funds/fund.html", {"fund": shown}, status=422 if shown.errors else 200)


@page("fund.read")
def holding(request: HttpRequest, code: str, holding: str) -> HttpResponse:
    moment = Moment.read(request.GET, now=timezone.now())
    shown = stake.holding(code, holding, moment, reader=person_of(request))
    return render(request, "funds/holding.html", {"holding": shown}, status=422 if moment.errors else 200)
