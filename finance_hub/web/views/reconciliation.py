"""`/reports/reconciliation`: a bank compares a month with what the centre holds, and says so."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.http.request import QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from finance_hub.kernel.periods import Month, UnableToReadMonth
from finance_hub.kernel.problems import NotFound, Problem
from finance_hub.web import notices, words
from finance_hub.web.access import FORM, page, person_of
from finance_hub.web.contexts.chrome import FieldError
from finance_hub.web.presenters.reports.reconciliation import reconciliation as present
from loans.operations.reconciliations import confirm
from loans.queries.reconciliation import AMOUNTS, reconcile


@page("reconciliation.confirm", methods=FORM)
def reconciliation(request: HttpRequest) -> HttpResponse:
    """What is agreed to is what was shown: other totals in the meantime are shown again."""
    if request.method != "POST":
        return _shown(request, _month(request.GET))
    month, person, now = _month(request.POST), person_of(request), timezone.now()
    if request.POST.get("agree") != "yes":
        error = FieldError("agree", _("Tick the box to confirm that the totals agree with your books."))
        return _shown(request, month, errors=(error,), status=422)
    held = reconcile(person.organisation, month, known_at=now)
    if request.POST.get("content") != held.sha256:
        return _shown(
            request, month, refusal=_("The totals have changed since: compare them again."), status=409
        )
    amounts = (*AMOUNTS, "stock_balance")
    totals = {name: getattr(held.total, name) for name in amounts if getattr(held.total, name) is not None}
    try:
        confirm(month, totals=totals, by=person, now=now)
    except Problem as refused:
        return _shown(request, month, refusal=words.say(refused.said), status=refused.status)
    notices.leave(request, "month-reconciled")
    return redirect(f"{reverse('web:reconciliation')}?month={month}")


def _shown(
    request: HttpRequest,
    month: Month,
    *,
    errors: tuple[FieldError, ...] = (),
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    bank = person_of(request).organisation
    shown = present(bank, month, now=timezone.now(), errors=errors, refusal=refusal)
    return render(request, "reports/reconciliation.html", {"reconciliation": shown}, status=status)


def _month(said: QueryDict) -> Month:
    try:
        return Month.parse(said.get("month", ""))
    except UnableToReadMonth as fault:
        raise NotFound from fault
