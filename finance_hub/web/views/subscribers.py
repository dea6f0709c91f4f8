"""`/subscribers`: the list of those who are told of a published issue, and what was sent to them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from finance_hub.kernel.problems import InvalidFields
from finance_hub.web import notices, refusals
from finance_hub.web.access import FORM, page, person_of
from finance_hub.web.contexts.chrome import FieldError
from finance_hub.web.presenters import subscribers as present
from tasks import subscribers as held


@page("subscriber.read")
def subscribers(request: HttpRequest) -> HttpResponse:
    return _shown(request)


@page("subscriber.manage", methods=FORM)
def add(request: HttpRequest) -> HttpResponse:
    """A GET comes from reloading after a refusal: back to the list."""
    if request.method != "POST":
        return redirect("web:subscribers")
    said = {name: request.POST.get(name, "").strip() for name in ("name", "address", "language")}
    try:
        held.add(**said, by=person_of(request), now=timezone.now())
    except (InvalidFields, held.AddressHeld) as refused:
        return _shown(
            request,
            errors=refusals.field_errors(refused, otherwise="address"),
            said=said,
            status=refused.status,
        )
    notices.leave(request, "subscriber-added")
    return redirect("web:subscribers")


@page("subscriber.manage", methods=("POST",))
def switch(request: HttpRequest, public_id: str) -> HttpResponse:
    held.switch(
        public_id, is_active=request.POST.get("active") == "yes", by=person_of(request), now=timezone.now()
    )
    return redirect("web:subscribers")


def _shown(
    request: HttpRequest,
    *,
    errors: tuple[FieldError, ...] = (),
    said: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    shown = present.subscribers(reader=person_of(request), errors=errors, said=said or {})
    return render(request, "subscribers/page.html", {"subscribers": shown}, status=status)
