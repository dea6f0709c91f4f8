"""The list of batches: those of a bank, or of all banks for the centre."""

from __future__ import annotations

from django.urls import reverse

from finance_hub.kernel.models import Person
from finance_hub.web import paging, words
from finance_hub.web.contexts.batches import BatchList, BatchRow
from finance_hub.web.presenters.reports import wording
from loans import queries
from loans.models import LoanReportBatch

PAGE = 30


def batches(place: paging.Place, *, reader: Person) -> BatchList:
    """Newest first."""
    rows = queries.batches().select_related("bank", "job", "declared_by")
    window = paging.window(rows, key="declared_at", descending=True, place=place, size=PAGE)
    return BatchList(
        rows=tuple(_row(batch) for batch in window.rows),
        shows_bank=reader.scope.everything,
        previous_url=_here(window.previous),
        next_url=_here(window.next),
    )


def _row(batch: LoanReportBatch) -> BatchRow:
    return BatchRow(
        number=batch.public_id,
        url=reverse("web:batch", args=[batch.public_id]),
        bank=words.organisation(batch.bank),
        title=wording.title(batch),
        status=wording.state(batch),
        counts=wording.counts(batch),
        file=batch.client_reference,
        when=words.moment(batch.declared_at),
        who=batch.declared_by.full_name,
    )


def _here(place: str | None) -> str | None:
    return f"{reverse('web:batches')}?{place}" if place else None
