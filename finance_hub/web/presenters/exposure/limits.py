"""Limits on concentration: those in force with what they leave, and every one ever proposed."""

from __future__ import annotations

from decimal import Decimal

from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from finance_hub.kernel.access import may
from finance_hub.kernel.models import Person
from finance_hub.kernel.periods import Month
from finance_hub.web import tables as shared
from finance_hub.web import words
from finance_hub.web.contexts.chrome import Status
from finance_hub.web.contexts.grids import Grid
from finance_hub.web.contexts.reports import Link
from finance_hub.web.tables import Column, Measured, Missing, Row, Table
from tasks import concentration_limits
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
    standing, history = _in_force(figures, held), _history(held, reader=reader)

    def shown(table: Table) -> Grid:
        if figures is None or not table.rows:
            return shared.grid(table)
        month = urlencode({"month": str(Month.of(figures.snapshot.month))})
        url = f"{reverse('web:exposure_table', args=[table.key])}?{month}"
        return shared.grid(table, actions=(Link(_("Excel"), url, table.title),))

    return (shown(standing), shown(history))


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


def measured(limit: ConcentrationLimit, number: Decimal) -> Measured:
    """A number as the limit has it, which writes shares in per cent, in the unit of its measure."""
    if limit.measure == Measure.AMOUNT:
        return Measured(number, "yuan")
    if limit.measure == Measure.HHI:
        return Measured(number, "index", places=4)
    return Measured(number / 100, "ratio")


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
            Column(_("What is limited")), Column(_("Stands at"), "index"), Column(_("Watched from"), "index"),
            Column(_("Limit"), "index"), Column(_("Left"), "index"), Column(_("Owner"), "word"), Column(_("Document")),
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
            Missing(value.reason) if at is None else measured(limit, at),
            measured(limit, limit.warning),
            measured(limit, limit.limit),
            None if rest is None else measured(limit, rest),
            limit.owner_unit,
            limit.document,
        ),
        statuses=(_state(limit, at),),
    )


def _state(limit: ConcentrationLimit, at: Decimal | None) -> Status:
    if at is None:
        return Status(_("not measured"), "none")
    if at > limit.limit:
        return Status(_("alarm"), "alert")
    return Status(_("watch"), "watch") if at > limit.warning else Status(_("normal"), "ok")


def _history(held: list[ConcentrationLimit], *, reader: Person | None) -> Table:
    return Table(
        key="limit-history",
        title=_("Every limit, the latest first"),
        columns=(
            Column(_("What is limited")), Column(_("Watched from"), "index"), Column(_("Limit"), "index"),
            Column(_("In force from"), "day"), Column(_("Until"), "day"), Column(_("Owner"), "word"), Column(_("Document")),
            Column(_("Proposed by"), "word"), Column(_("Approved by"), "word"), Column(_("Approved on"), "day"),
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
    return Row(
        (
            what(limit),
            measured(limit, limit.warning),
            measured(limit, limit.limit),
            limit.valid_from,
            limit.valid_to,
            limit.owner_unit,
            limit.document,
            limit.proposed_by.full_name,
            limit.approved_by.full_name if limit.approved_by else None,
            timezone.localdate(limit.approved_at) if limit.approved_at else None,
        ),
        statuses=(Status(pgettext("limit", "waits for approval"), "watch"),) if waits else (),
        links=links,
    )
