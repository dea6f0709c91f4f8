"""Limits on concentration: those in force with what they leave, and every one ever proposed."""

from __future__ import annotations

from decimal import Decimal

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from finance_hub.kernel.access import may
from finance_hub.kernel.models import Person
from finance_hub.web import tables as shared
from finance_hub.web import words
from finance_hub.web.contexts.chrome import Status
from finance_hub.web.contexts.grids import Grid
from finance_hub.web.contexts.reports import Link
from finance_hub.web.tables import Column, Row, Table
from tasks import concentration_limits, wording
from tasks.exposure.dimensions import DIMENSIONS
from tasks.models import ConcentrationLimit, Figure
from tasks.models.concentration import Measure
from tasks.queries import FigureSet

CODES = {
    Measure.TOP_SHARE: "share",
    Measure.FUND_SHARE: "share",
    Measure.HHI: "index",
    Measure.AMOUNT: "amount",
}


def grids(figures: FigureSet | None, *, reader: Person) -> tuple[Grid, ...]:
    """Those in force in the month of the figures, none without any, and the history."""
    held = _held()
    standing = _in_force(figures, held)
    excel = (Link(_("Excel"), reverse("web:exposure_table", args=[standing.key])),) if standing.rows else ()
    return (shared.grid(standing, actions=excel), shared.grid(_history(held, reader=reader)))


def tables(figures: FigureSet) -> tuple[Table, ...]:
    held = _held()
    return (_in_force(figures, held), _history(held, reader=None))


def _held() -> list[ConcentrationLimit]:
    return list(concentration_limits.limits().order_by("-valid_from", "-pk"))


def what(limit: ConcentrationLimit) -> str:
    """What is limited, in words: "firm · share of the 10 largest"."""
    name = words.say(DIMENSIONS[limit.dimension])
    return f"{name} · {measure(limit)}"


def measure(limit: ConcentrationLimit) -> str:
    if limit.measure == Measure.TOP_SHARE:
        if limit.top_n == 1:
            return _("share of the largest")
        return _("share of the %(n)s largest") % {"n": limit.top_n}
    if limit.measure == Measure.FUND_SHARE:
        fund = (
            limit.fund.name_en
            if limit.fund and words.language() == "en"
            else str(limit.fund and limit.fund.name)
        )
        return _("largest part of the net assets of %(fund)s") % {"fund": fund}
    return "HHI" if limit.measure == Measure.HHI else _("amount of the largest")


def shown(limit: ConcentrationLimit, number: Decimal) -> str:
    """A number in the unit of the limit's measure."""
    if limit.measure == Measure.AMOUNT:
        return words.money(number)
    if limit.measure == Measure.HHI:
        return wording.number(number, places=4)
    return f"{wording.number(number, places=2)}%"


def _in_force(figures: FigureSet | None, held: list[ConcentrationLimit]) -> Table:
    by_id = {limit.public_id: limit for limit in held}
    rows = []
    for part in dict.fromkeys(CODES.values()):
        for figure in figures.all(f"concentration.{part}_value", "limit") if figures else []:
            left = figures.get(f"concentration.{part}_headroom", "limit", figure.key) if figures else None
            if figure.key in by_id:
                rows.append(_standing(by_id[figure.key], figure, left))
    return Table(
        key="limits",
        title=_("Limits in force"),
        columns=(
            Column(_("What is limited")), Column(_("Stands at")), Column(_("Warning")), Column(_("Limit")),
            Column(_("Left")), Column(_("Owner")), Column(_("Document")),
        ),
        rows=tuple(rows),
        empty=_("No limit was in force when the figures of this month were taken. A maker proposes one, an approver "
                "approves it; it is measured with the next figures."),
    )  # fmt: skip


def _standing(limit: ConcentrationLimit, value: Figure, left: Figure | None) -> Row:
    scale = 100 if CODES[Measure(limit.measure)] == "share" else 1
    at = None if value.value is None else value.value * scale
    rest = None if left is None or left.value is None else left.value * scale
    return Row(
        (
            what(limit),
            words.reason(value.reason) if at is None else shown(limit, at),
            shown(limit, limit.warning),
            shown(limit, limit.limit),
            words.DASH if rest is None else shown(limit, rest),
            limit.owner_unit,
            limit.document,
        ),
        statuses=(_state(limit, at),),
    )


def _state(limit: ConcentrationLimit, at: Decimal | None) -> Status:
    if at is None:
        return Status(_("not measured"), "none")
    if at > limit.limit:
        return Status(_("limit passed"), "alert")
    return Status(_("watched"), "watch") if at > limit.warning else Status(_("within the limit"), "ok")


def _history(held: list[ConcentrationLimit], *, reader: Person | None) -> Table:
    return Table(
        key="limit-history",
        title=_("Every limit, the latest first"),
        columns=(
            Column(_("What is limited")), Column(_("Warning")), Column(_("Limit")), Column(_("From"), "day"),
            Column(_("Until"), "day"), Column(_("Owner")), Column(_("Document")), Column(_("Proposed by")),
            Column(_("Approved by")),
        ),
        rows=tuple(_row(limit, reader) for limit in held),
        empty=_("No limit on concentration was ever proposed."),
    )  # fmt: skip


def _row(limit: ConcentrationLimit, reader: Person | None) -> Row:
    waits = limit.approved_at is None
    links: tuple[Link, ...] = ()
    if (
        waits
        and reader is not None
        and may(reader.role, "tolerance.approve")
        and limit.proposed_by_id != reader.pk
    ):
        links = (Link(_("Approve"), reverse("web:limit_approve", args=[limit.public_id])),)
    by = ""
    if limit.approved_by is not None and limit.approved_at is not None:
        by = f"{limit.approved_by.full_name} {timezone.localdate(limit.approved_at).isoformat()}"
    return Row(
        (
            what(limit),
            shown(limit, limit.warning),
            shown(limit, limit.limit),
            limit.valid_from,
            limit.valid_to,
            limit.owner_unit,
            limit.document,
            limit.proposed_by.full_name,
            by,
        ),
        statuses=(Status(_("waits for approval"), "watch"),) if waits else (),
        links=links,
    )
