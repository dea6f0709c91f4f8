"""`/verify`: whether a file is a briefing of ours, by upload, or by the beginning of a hash as a page's code has it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from finance_hub.kernel import scoping
from finance_hub.web import refusals, uploads
from finance_hub.web.access import FORM, page, person_of
from finance_hub.web.contexts.chrome import FieldError
from finance_hub.web.presenters import verify as present
from tasks import verification
from tasks.verification.verdict import MOST_BYTES


@page("briefing.read", methods=FORM, own_transactions=True, takes_file=MOST_BYTES)
def verify(request: HttpRequest) -> HttpResponse:
    """Nothing is open while the file comes in."""
    if request.method != "POST":
        return _shown(request)
    sent = uploads.sent(request)
    if refused := uploads.refusal(request):
        return _shown(request, errors=refusals.field_errors(refused, otherwise="file"))
    if sent is None:
        return _shown(request, errors=(FieldError("file", _("Choose a file.")),))
    name, body = sent
    with body:
        content = body.read(MOST_BYTES)
    with scoping.within(person_of(request).scope):
        verdict = present.verdict(verification.of_content(content), name=name)
    return render(request, "verify/page.html", {"verify": present.form(verdict=verdict)})


@page("briefing.read")
def named(request: HttpRequest, prefix: str) -> HttpResponse:
    """Where the code on a page leads: what the archive holds under the beginning of a hash."""
    return render(request, "verify/page.html", {"verify": present.form(found=present.found(prefix.lower()))})


def _shown(request: HttpRequest, errors: tuple[FieldError, ...] = ()) -> HttpResponse:
    return render(
        request, "verify/page.html", {"verify": present.form(errors=errors)}, status=422 if errors else 200
    )
