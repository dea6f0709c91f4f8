"""`/reporting`: who has reported the month."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from finance_hub.kernel.periods import Month, UnableToReadMonth
from finance_hub.web.access import page
from finance_hub.web.presenters.reports.reporting import reporting as present


@page("month.read")
def reporting(request: HttpRequest) -> HttpResponse:
    shown = present(_asked(request.GET.get("month")), now=timezone.now())
    return render(request, "reporting/list.html", {"reporting": shown})


def _asked(text: str | None) -> Month | None:
    try:
        return Month.parse(text) if text else None
    except UnableToReadMonth as fault:
        raise Http404 from fault
