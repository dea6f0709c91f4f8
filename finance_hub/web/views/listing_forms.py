"""The forms of the centre's maker: each page is one operation, entered once however often it is sent."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from finance_hub.kernel import scoping
from finance_hub.kernel.problems import NotFound
from finance_hub.web import entering
from finance_hub.web.access import FORM, page, person_of
from finance_hub.web.presenters.funds.forms import Form
from finance_hub.web.presenters.listings import figure_forms, forms
from listings import queries
from listings.stages import FINAL

RECORDS: dict[str, Callable[[Any, datetime], Form]] = {
    **forms.OF_ATTEMPT,
    "year": figure_forms.year,
    "statement": figure_forms.statement,
}


@page("listing.record", methods=FORM, own_transactions=True)
def new(request: HttpRequest) -> HttpResponse:
    return entering.one_step(request, forms.new(timezone.now()))


@page("listing.record", methods=FORM, own_transactions=True)
def record(request: HttpRequest, public_id: str, form: str) -> HttpResponse:
    """No form of what the attempt takes no more; what is sent all the same is refused with its reason."""

    def build(found: Any, now: datetime) -> Form:
        if form not in RECORDS or (request.method != "POST" and not _takes(found, form)):
            raise NotFound
        return RECORDS[form](found, now)

    return entering.one_step(request, _built(request, public_id, build))


def _takes(found: Any, form: str) -> bool:
    """No stage once it has ended; once it was taken back only figures, which are the firm's."""
    if found.current is None:
        return form not in forms.OF_ATTEMPT
    return form != "stage" or found.current not in FINAL


@page("listing.record", methods=FORM, own_transactions=True)
def stage(request: HttpRequest, public_id: str, event: str, form: str) -> HttpResponse:
    def build(found: Any, now: datetime) -> Form:
        named = queries.ever_recorded(found).filter(public_id=event).first()
        if named is None or form not in forms.OF_STAGE:
            raise NotFound
        return forms.OF_STAGE[form](found, named, now)

    return entering.one_step(request, _built(request, public_id, build))


@page("listing.record", methods=FORM, own_transactions=True)
def year(request: HttpRequest, public_id: str, year: int) -> HttpResponse:
    def build(found: Any, now: datetime) -> Form:
        held = queries.years(found.firm).filter(year=year).first() if year < 10_000 else None
        if held is None:
            raise NotFound
        return figure_forms.correct_year(found, held, now)

    return entering.one_step(request, _built(request, public_id, build))


@page("listing.record", methods=FORM, own_transactions=True)
def take_back(request: HttpRequest, public_id: str, entry: str) -> HttpResponse:
    return entering.one_step(
        request, _built(request, public_id, lambda found, now: forms.take_back(found, entry, now))
    )


def _built(request: HttpRequest, public_id: str, build: Callable[[Any, datetime], Form]) -> Form:
    with scoping.within(person_of(request).scope):
        return build(queries.attempt(public_id), timezone.now())
