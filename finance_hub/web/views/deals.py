"""`/deals`: the board and the list, a deal, and its documents; for the manager and the centre's readers."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.html import escape

from finance_hub.kernel import scoping
from finance_hub.rest import files
from finance_hub.web.access import page, person_of
from finance_hub.web.presenters.deals import board, firm_said, listing
from finance_hub.web.presenters.deals import deal as one
from finance_hub.web.presenters.deals.wanted import Wanted
from funds.operations.pipeline import documents
from funds.queries import pipeline


@page("fund.read")
def deals(request: HttpRequest) -> HttpResponse:
    wanted, today, reader = Wanted.read(request.GET), timezone.localdate(), person_of(request)
    if wanted.as_list:
        table = listing.listing(wanted, reader=reader, today=today)
        return render(request, "deals/list.html", {"deals": table})
    shown = board.board(wanted, reader=reader, today=today)
    return render(request, "deals/board.html", {"board": shown})


@page("fund.read")
def deal(request: HttpRequest, public_id: str) -> HttpResponse:
    shown = one.deal(public_id, reader=person_of(request), today=timezone.localdate())
    return render(request, "deals/deal.html", {"deal": shown})


@page("fund.record")
def firm(request: HttpRequest) -> HttpResponse:
    """What the register says of a credit code while somebody types it."""
    said = firm_said.firm_said(request.GET.get("uscc", ""), reader=person_of(request))
    return HttpResponse(escape(said))


@page("fund.read", own_transactions=True)
def document(request: HttpRequest, public_id: str, document: str) -> HttpResponseBase:
    """No transaction is open while the file goes out."""
    with scoping.within(person_of(request).scope):
        found = pipeline.document(pipeline.deal(public_id), document)
    return files.serve(
        request, path=documents.path_of(found.sha256), sha256=found.sha256, name=found.name, inline=False,
        content_type=found.media_type,
    )  # fmt: skip
