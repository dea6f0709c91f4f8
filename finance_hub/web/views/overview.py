"""`/`: a month at a glance."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from finance_hub.kernel.periods import Month, UnableToReadMonth
from finance_hub.web.access import page
from finance_hub.web.contexts.overview import NoFigures
from finance_hub.web.presenters.overview import overview as present


@page("figure.read", or_home=True)
def overview(request: HttpRequest) -> HttpResponse:
    shown = present(_asked(request.GET.get("month")), now=timezone.now())
    template = "overview/empty.html" if isinstance(shown, NoFigures) else "overview/page.html"
    return render(request, template, {"overview": shown})


def _asked(text: str | None) -> Month | None:
    try:
        return Month.parse(text) if text else None
    except UnableToReadMonth as fault:
        raise Http404 from fault
