"""The rows of a batch, outcome by outcome, a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from finance_hub.web import paging, words
from finance_hub.web.contexts.batches import Cell, Rows, Tab
from finance_hub.web.presenters.reports import wording
from finance_hub.web.presenters.reports.rejected import bad_cells, downloads
from loans.faults import sentence
from loans.models import BatchState, LoanReportBatch, Outcome, RowOutcome
from loans.queries.batches import facts_of

PAGE = 50


def rows(batch: LoanReportBatch, *, outcome: str, place: paging.Place) -> Rows:
    """`outcome` is one of `Outcome`. Accepted rows are the facts themselves once they are applied; those of a
    file that was sent before are the facts of its first batch."""
    repeated = batch.repeats if outcome == Outcome.UNCHANGED else None
    if repeated or (outcome == Outcome.ACCEPTED and batch.state != BatchState.VALIDATED):
        columns, shown, window = _facts(repeated or batch, place)
    else:
        columns, shown, window = _kept(batch, outcome, place)
    return Rows(
        title=wording.title(batch),
        batch_url=reverse("web:batch", args=[batch.public_id]),
        reference=batch.public_id,
        tabs=tuple(_tab(batch, code, current=code == outcome) for code in Outcome.values),
        found=_found(_count(batch, outcome)),
        columns=_cells(columns),
        rows=tuple(_cells(row, like=columns) for row in shown),
        downloads=downloads(batch, outcome),
        previous_url=_here(batch, outcome, window.previous),
        next_url=_here(batch, outcome, window.next),
    )


def _cells(texts: Sequence[str], *, like: Sequence[str] = ()) -> tuple[Cell, ...]:
    """Cells of a row, or of the headings themselves; those under amounts and numbers stand to the right."""
    to_the_right = {_("Row"), _("Line"), _("Revision"), _("Amount"), _("Balance"), _("Days overdue")}
    return tuple(
        Cell(text, heading in to_the_right) for text, heading in zip(texts, like or texts, strict=True)
    )


Shown = tuple[tuple[str, ...], tuple[tuple[str, ...], ...], paging.Window[Any]]


def _kept(batch: LoanReportBatch, outcome: str, place: paging.Place) -> Shown:
    found: QuerySet[RowOutcome] = RowOutcome.objects.filter(batch=batch, outcome=outcome)
    window = paging.window(found, key="pk", descending=False, place=place, size=PAGE, unique=True)
    if outcome == Outcome.REJECTED:
        columns = (_("Row"), _("Line"), _("Contract"), _("Column"), _("Value sent"), _("What is wrong"))
        cells = bad_cells(window.rows, batch=batch)
        shown = ((c.row, c.line, c.contract, f"{c.column} {c.cell}".strip(), c.value, c.fault) for c in cells)
        return columns, tuple(shown), window
    head = (_("Row"), _("Line"), _("Your row id"), _("Contract"))
    if outcome == Outcome.WARNING:
        return (*head, _("What to look at")), tuple((*_who(row), _said(row)) for row in window.rows), window
    return head, tuple(_who(row) for row in window.rows), window


def _who(row: RowOutcome) -> tuple[str, ...]:
    numbers = (row.row_number, row.line_number)
    return (
        *(words.DASH if n is None else words.count(n) for n in numbers),
        row.client_row_id,
        row.contract_no,
    )


def _said(row: RowOutcome) -> str:
    said = [words.say(sentence(error["code"], error.get("context", {}))) for error in row.errors]
    return words.say(words.SEMICOLON).join(said)


def _facts(batch: LoanReportBatch, place: paging.Place) -> Shown:
    found = facts_of(batch).select_related("drawdown__contract")
    window = paging.window(found, key="row_number", descending=False, place=place, size=PAGE, unique=True)
    head = (_("Row"), _("Your row id"), _("Contract"), _("Drawdown"), _("Revision"))
    if batch.dataset == "flow":
        events = tuple((*_fact(row), *_event(row)) for row in window.rows)
        return (*head, _("Event"), _("Kind"), _("Date"), _("Amount")), events, window
    positions = tuple((*_fact(row), *_position(row)) for row in window.rows)
    return (*head, _("Balance"), _("Days overdue"), _("Class")), positions, window


def _fact(row: Any) -> tuple[str, ...]:
    drawdown = row.drawdown
    contract = drawdown.contract.contract_no
    return words.count(row.row_number), row.client_row_id, contract, drawdown.drawdown_no, str(row.revision)


def _event(row: Any) -> tuple[str, ...]:
    return row.external_event_id, row.record_type, row.value_date.isoformat(), words.yuan(row.amount)


def _position(row: Any) -> tuple[str, ...]:
    return words.yuan(row.balance), words.count(row.overdue_days), row.five_tier


def _count(batch: LoanReportBatch, outcome: str) -> int:
    name = "warnings" if outcome == Outcome.WARNING else outcome
    return int((batch.result or {}).get(name, 0))


def _found(count: int) -> str:
    return ngettext("%(count)s row", "%(count)s rows", count) % {"count": words.count(count)}


def _tab(batch: LoanReportBatch, outcome: str, *, current: bool) -> Tab:
    said = {
        "accepted": _("Accepted"),
        "rejected": _("Rejected"),
        "unchanged": _("Unchanged"),
        "warning": _("Warnings"),
    }
    label = f"{said[outcome]} {words.count(_count(batch, outcome))}"
    return Tab(label, _address(batch, outcome), current)


def _address(batch: LoanReportBatch, outcome: str) -> str:
    return reverse("web:batch_rows", args=[batch.public_id]) + f"?outcome={outcome}"


def _here(batch: LoanReportBatch, outcome: str, place: str | None) -> str | None:
    return f"{_address(batch, outcome)}&{place}" if place else None
