"""Rows and sums of a batch, to the fen, for those who compare them with their books."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from finance_hub.web import words
from finance_hub.web.contexts.batches import SumLine, Sums
from loans.models import BatchState, LoanReportBatch, Outcome

Totals = Mapping[str, Any]
#: The order of the columns; each data set has some of them. The database keeps none.
NAMES = ("rows", "disbursed", "repaid", "balance")


def name(code: str) -> str:
    """The heading of a control total."""
    said = {"rows": _("Rows"), "disbursed": _("Paid out"), "repaid": _("Repaid"), "balance": _("Balance")}
    return said[code]


def kinds(batch: LoanReportBatch) -> Sums | None:
    """A preview: new, changed, unchanged and rejected rows add up to the file."""
    if batch.result is None or batch.computed_totals is None or "kinds" not in batch.result:
        return totals(batch)
    found: Mapping[str, Totals] = batch.result["kinds"]
    rest = _less(batch.computed_totals, list(found.values()))
    lines = (
        _line(_("New"), found["new"], meaning=_("not held yet")),
        _line(_("Changed"), found["changed"], meaning=_("held in an earlier revision; replaced")),
        _line(
            _("Unchanged"),
            found["unchanged"],
            meaning=_("held already, exactly so"),
            url=_rows(batch, Outcome.UNCHANGED) if found["unchanged"]["rows"] else None,
        ),
        _line(
            _("Rejected"),
            rest,
            meaning=_("wrong; left out"),
            url=_rows(batch, Outcome.REJECTED) if rest["rows"] else None,
        ),
        _line(_("The whole file"), batch.computed_totals, is_total=True),
    )
    return _table(batch, lines)


def totals(batch: LoanReportBatch) -> Sums | None:
    """Declared, computed and applied totals; None before the file was read."""
    if batch.computed_totals is None:
        return None
    lines = []
    if batch.declared_totals:
        lines.append(_line(_("Declared"), batch.declared_totals, meaning=_("by the sender")))
    lines.append(_line(_("Computed"), batch.computed_totals, meaning=_("from the file")))
    if batch.state == BatchState.APPLIED and batch.applied_totals:
        url = _rows(batch, Outcome.ACCEPTED) if batch.applied_totals["rows"] else None
        lines.append(_line(_("Applied"), batch.applied_totals, meaning=_("new facts of the centre"), url=url))
    return _table(batch, tuple(lines))


def _table(batch: LoanReportBatch, lines: tuple[SumLine, ...]) -> Sums:
    found = batch.computed_totals or {}
    columns = tuple(name(code) for code in NAMES if code in found)
    return Sums(columns, lines, unit=_("yuan"))


def _line(
    label: str, found: Totals, *, meaning: str = "", url: str | None = None, is_total: bool = False
) -> SumLine:
    cells = tuple(_cell(code, found[code]) for code in NAMES if code in found)
    return SumLine(label, meaning, cells, url, is_total)


def _cell(code: str, value: Any) -> str:
    return words.count(value) if code == "rows" else words.yuan(Decimal(value))


def _less(whole: Totals, parts: list[Totals]) -> dict[str, Any]:
    """What is left of the totals of the file: its rejected rows."""
    return {
        code: value - sum(part[code] for part in parts)
        if code == "rows"
        else Decimal(value) - sum((Decimal(part[code]) for part in parts), Decimal(0))
        for code, value in whole.items()
    }


def _rows(batch: LoanReportBatch, outcome: str) -> str:
    return reverse("web:batch_rows", args=[batch.public_id]) + f"?outcome={outcome}"
