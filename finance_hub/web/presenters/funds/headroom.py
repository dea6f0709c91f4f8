"""What every cap of a fund's terms leaves, in money and in days."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from finance_hub.web import words
from finance_hub.web.contexts.chrome import Status
from finance_hub.web.contexts.grids import Cell, Grid, Heading, Line
from finance_hub.web.presenters.funds import wording
from finance_hub.web.presenters.funds.cut import Cut
from finance_hub.web.presenters.funds.moment import Moment
from funds import codes, queries
from funds.models import Fund

#: From this part of a cap on, and this many days before an end, it is to be watched.
NEARLY = Decimal("0.9")
SOON = 180


def headroom(of: Fund, moment: Moment, cut: Cut) -> tuple[Grid, Grid]:
    """The caps in force, the fullest first, and the deadlines, the soonest first."""
    when: dict[str, Any] = {"as_of": moment.as_of, "known_at": moment.known_at}
    caps, deadlines = queries.headroom(of, **when), queries.deadlines(of, **when)
    return _caps(caps, cut), _deadlines(deadlines, cut)


def _caps(found: Sequence[queries.Headroom], cut: Cut) -> Grid:
    return Grid(
        key="headroom",
        title=_("Headroom of each cap"),
        headings=(
            Heading(_("Cap")),
            Heading(_("About")),
            wording.number(_("Used")),
            wording.number(_("Limit")),
            wording.number(_("Left")),
            Heading(_("Basis")),
        ),
        lines=tuple(_cap(row) for row in cut.rows("headroom", found)),
        empty=_("No cap is agreed, or nothing is held that one is about."),
        unit=words.table_unit(),
        notes=(*_notes(found), *cut.notes("headroom", found)),
        actions=cut.actions("headroom", found),
    )


def _notes(found: Sequence[queries.Headroom]) -> tuple[str, ...]:
    if not found:
        return ()
    if any(row.binds for row in found):
        return (_("An investment above a cap is refused."),)
    return (_("A cap that is passed is shown in the red; the terms do not say that an entry is refused."),)


def _cap(row: queries.Headroom) -> Line:
    name = {
        "firm": _("One firm"),
        "sub_fund": _("Share of a sub-fund"),
        "recycling": _("Recycling (called again)"),
    }[row.cap]
    basis = _("%(share)s of %(base)s") % {
        "share": f"{row.pct.normalize():f}%",
        "base": words.say(codes.BASES[row.base]),
    }
    return Line(
        (
            Cell(name, statuses=_state(row)),
            Cell(words.say(row.subject)),
            wording.amount(row.used),
            wording.amount(row.limit, reason=words.reason("no-denominator")),
            wording.amount(row.room, reason=words.reason("no-denominator")),
            Cell(basis, note=row.document),
        )
    )


def _state(row: queries.Headroom) -> tuple[Status, ...]:
    if row.limit is None or row.room is None:
        return ()
    if row.room < 0:
        return (Status(_("passed"), "alert"),)
    if row.room == 0:
        return (Status(_("at the cap"), "watch"),)
    return (Status(_("nearly full"), "watch"),) if row.used >= row.limit * NEARLY else ()


def _deadlines(found: Sequence[queries.Deadline], cut: Cut) -> Grid:
    return Grid(
        key="deadlines",
        title=_("Time left"),
        headings=(
            Heading(_("Period")),
            Heading(_("About")),
            Heading(_("Since")),
            Heading(_("Until")),
            wording.number(_("Days left")),
            Heading(_("Basis")),
        ),
        lines=tuple(_deadline(row) for row in cut.rows("deadlines", found)),
        empty=_("The terms set no time."),
        notes=cut.notes("deadlines", found),
        actions=cut.actions("deadlines", found),
    )


def _deadline(row: queries.Deadline) -> Line:
    name = {
        "investment_period": _("Investment period"),
        "life": _("Life"),
        "extended_life": _("Life with extensions"),
        "project": _("Time of a project"),
    }[row.limit]
    state: tuple[Status, ...] = ()
    if row.left < 0:
        state = (Status(_("past"), "alert"),)
    elif row.left <= SOON:
        state = (Status(_("ends soon"), "watch"),)
    return Line(
        (
            Cell(name, statuses=state),
            Cell(words.say(row.subject)),
            Cell(words.day(row.since), is_tight=True),
            Cell(words.day(row.until), is_tight=True),
            Cell(words.count(row.left), is_number=True),
            Cell(row.document),
        )
    )
