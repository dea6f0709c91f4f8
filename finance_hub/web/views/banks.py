"""`/banks/<code>`: a bank's monthly statement, for itself and for the centre."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from finance_hub.web.access import page, person_of
from finance_hub.web.presenters import banks as present


@page("bank.read")
def bank(request: HttpRequest, code: str) -> HttpResponse:
    return render(request, "banks/page.html", {"bank": present.bank(code, scope=person_of(request).scope)})
