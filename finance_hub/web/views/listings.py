"""`/listings`: the board and the list with the forecast, and an attempt; for the centre's readers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from finance_hub.kernel.problems import NotFound
from finance_hub.rest import files
from finance_hub.web.access import page, person_of
from finance_hub.web.presenters.listings import attempt, board, matrix
from finance_hub.web.presenters.listings import forecast as outlook
from finance_hub.web.presenters.listings.wanted import Wanted
from listings import queries
from tasks.readiness import of_attempt
from tasks.workbook import MEDIA_TYPE


@page("listing.read")
def listings(request: HttpRequest) -> HttpResponse:
    wanted, today, reader = Wanted.read(request.GET), timezone.localdate(), person_of(request)
    if wanted.as_list:
        table = board.listing(wanted, reader=reader, today=today)
        return render(request, "listings/list.html", {"listings": table})
    shown = board.board(wanted, reader=reader, today=today)
    return render(request, "listings/board.html", {"board": shown})


@page("listing.read")
def listing(request: HttpRequest, public_id: str) -> HttpResponse:
    now = timezone.now()
    shown = attempt.listing(public_id, reader=person_of(request), today=timezone.localdate(), now=now)
    return render(request, "listings/listing.html", {"listing": shown})


@page("listing.read")
def forecast(request: HttpRequest) -> HttpResponseBase:
    """The tables of the stored forecast; none where nothing is stored."""
    made = outlook.workbook(made=timezone.now())
    if made is None:
        raise NotFound
    name, content = made
    return files.made(request, content, name=name, content_type=MEDIA_TYPE)


@page("listing.read")
def readiness(request: HttpRequest, public_id: str) -> HttpResponseBase:
    found: Any = queries.attempt(public_id)
    today, now = timezone.localdate(), timezone.now()
    stands = of_attempt(found, as_of=today + timedelta(days=1), known_at=now)
    title = _("Listing standards")
    content = matrix.workbook(stands, title=title, made=now)
    return files.made(
        request, content, name=f"{title} {found.firm.name} {today}.xlsx", content_type=MEDIA_TYPE
    )
