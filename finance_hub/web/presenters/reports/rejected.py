"""Rejected rows as a clerk can mend them: the column and the value as written, and what is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from finance_hub.web import words
from finance_hub.web.contexts.batches import BadCell, Rejected
from finance_hub.web.contexts.reports import Link
from loans.faults import sentence
from loans.intake import results, sent
from loans.models import LoanReportBatch, Outcome, RowOutcome
from loans.queries.batches import outcomes_after

FIRST = 50
#: A cell that is longer is cut: an unclosed quote may have swallowed half the file.
LONGEST = 80
DOWNLOADS = ("xlsx", "csv")


def rejected(batch: LoanReportBatch) -> Rejected | None:
    """The first rejected rows, None where there are none."""
    count = (batch.result or {}).get("rejected", 0)
    if not count:
        return None
    first = outcomes_after(batch, outcome=Outcome.REJECTED, after=0, most=FIRST)
    said = ngettext("%(count)s row is rejected.", "%(count)s rows are rejected.", count)
    rows_url = reverse("web:batch_rows", args=[batch.public_id]) + f"?outcome={Outcome.REJECTED}"
    return Rejected(
        cells=tuple(bad_cells(first, batch=batch)),
        downloads=downloads(batch, Outcome.REJECTED),
        more=said % {"count": words.count(count)},
        more_url=rows_url if count > FIRST else None,
    )


def downloads(batch: LoanReportBatch, outcome: str) -> tuple[Link, ...]:
    address = reverse("web:batch_file", args=[batch.public_id])
    return tuple(Link(format.upper(), f"{address}?outcome={outcome}&format={format}") for format in DOWNLOADS)


def bad_cells(rows: Iterable[RowOutcome], *, batch: LoanReportBatch) -> Iterator[BadCell]:
    """One line a fault: a row may have several. Of a workbook the cell is named as well, as in `C17`."""
    places = results.places_of(batch)
    for row in rows:
        for error in row.errors:
            found = sent.at(error["pointer"], original=row.original, columns=batch.columns)
            place = places.get(error["pointer"], "")
            yield BadCell(
                row=words.count(row.row_number or 0),
                line=words.count(row.line_number) if row.line_number else words.DASH,
                contract=row.contract_no,
                column=found.column or _("the whole row"),
                cell=f"{place}{row.line_number}" if place and row.line_number else "",
                value=shortened(found.value),
                fault=words.say(sentence(error["code"], error.get("context", {}))),
            )


def shortened(value: str) -> str:
    return value if len(value) <= LONGEST else value[: LONGEST - 1] + "…"
