"""`/briefings/<id>/read`: an edition for the screen."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from finance_hub.web.access import page
from finance_hub.web.presenters import edition as present
from tasks import publication


@page("briefing.read")
def read(request: HttpRequest, public_id: str) -> HttpResponse:
    return render(request, "edition/page.html", {"edition": present.edition(publication.find(public_id))})
