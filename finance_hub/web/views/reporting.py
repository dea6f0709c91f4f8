"""`/reporting`: who has reported the month, and its closing by two people."""

from __future__ import annotations

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from finance_hub.kernel import scoping
from finance_hub.kernel.periods import Month, UnableToReadMonth
from finance_hub.kernel.problems import NotFound
from finance_hub.web import entering
from finance_hub.web.access import FORM, page, person_of
from finance_hub.web.presenters.funds.forms import Form
from finance_hub.web.presenters.reports import closing
from finance_hub.web.presenters.reports.reporting import reporting as present


@page("month.read")
def reporting(request: HttpRequest) -> HttpResponse:
    shown = present(_asked(request.GET.get("month")), now=timezone.now(), reader=person_of(request))
    return render(request, "reporting/list.html", {"reporting": shown})


@page("month.propose_close", methods=FORM, own_transactions=True)
def propose_close(request: HttpRequest, period: str) -> HttpResponse:
    return _closing(request, period, closing.propose)


@page("month.close", methods=FORM, own_transactions=True)
def close(request: HttpRequest, period: str) -> HttpResponse:
    return _closing(request, period, closing.close)


def _closing(request: HttpRequest, period: str, form: Callable[..., Form]) -> HttpResponse:
    month = _asked(period)
    if month is None:
        raise NotFound
    with scoping.within(person_of(request).scope):
        built = form(month, now=timezone.now())
    return entering.one_step(request, built)


def _asked(text: str | None) -> Month | None:
    try:
        return Month.parse(text) if text else None
    except UnableToReadMonth as fault:
        raise Http404 from fault
