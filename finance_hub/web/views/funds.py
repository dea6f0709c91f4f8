"""`/funds`, one of them, and a holding of it: for its manager and the centre's readers."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from finance_hub.kernel.problems import InvalidFields, NotFound
from finance_hub.rest import files
from finance_hub.web.access import page, person_of
from finance_hub.web.presenters.funds import fund as one
from finance_hub.web.presenters.funds import holding as stake
from finance_hub.web.presenters.funds import register
from finance_hub.web.presenters.funds.moment import Moment
from tasks.ilpa import WORKBOOKS, Subject
from tasks.workbook import MEDIA_TYPE


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
def ilpa(request: HttpRequest, code: str, template: str) -> HttpResponseBase:
    """A workbook as the API gives it; an address that asks for no quarter of the fund is none."""
    now = timezone.now()
    moment = Moment.read(request.GET, now=now)
    if template not in WORKBOOKS:
        raise NotFound
    try:
        subject = Subject.read(code, request.GET.get("quarter", ""), known_at=moment.known_at, now=now)
    except InvalidFields as refused:
        raise NotFound from refused
    content = WORKBOOKS[template](subject)
    return files.made(request, content, name=subject.file_name(template), content_type=MEDIA_TYPE)


@page("fund.read")
def holding(request: HttpRequest, code: str, holding: str) -> HttpResponse:
    moment = Moment.read(request.GET, now=timezone.now())
    shown = stake.holding(code, holding, moment, reader=person_of(request))
    return render(request, "funds/holding.html", {"holding": shown}, status=422 if moment.errors else 200)
