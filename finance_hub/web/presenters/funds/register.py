"""The list of funds, with totals that count the money of a sub-fund once."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from finance_hub.kernel.models import Person
from finance_hub.web import words
from finance_hub.web.contexts.funds import FundList
from finance_hub.web.contexts.grids import Cell, Grid, Heading, Line
from finance_hub.web.presenters.funds import wording
from finance_hub.web.presenters.funds.moment import Moment
from funds import codes, queries
from funds.queries import Glance


def funds(moment: Moment, *, reader: Person) -> FundList:
    """Four queries, however many funds there are."""
    found = queries.glances(as_of=moment.as_of, known_at=moment.known_at)
    shows_manager = reader.scope.everything
    here = reverse("web:funds")
    said = ngettext("%(count)s fund", "%(count)s funds", len(found)) % {"count": words.count(len(found))}
    return FundList(
        found=said,
        chooser=moment.chooser(here),
        grid=Grid(
            key="funds",
            title=_("Funds"),
            headings=_headings(shows_manager=shows_manager),
            lines=_lines(found, moment, shows_manager=shows_manager),
            empty=_(
                "No fund is registered for you. The finance centre registers funds and names their managers."
            ),
            unit=words.table_unit(),
            notes=_notes(found),
        ),
    )


def _headings(*, shows_manager: bool) -> tuple[Heading, ...]:
    manager = (Heading(_("Manager")),) if shows_manager else ()
    named = (
        _("Planned size"), _("Committed"), _("Paid in"), _("Distributed"), _("NAV"), _("Uncalled"), _("Holdings"),
    )  # fmt: skip
    return (Heading(_("Fund")), Heading(_("Tier")), *manager, *map(wording.number, named))


def _lines(found: Sequence[Glance], moment: Moment, *, shows_manager: bool) -> tuple[Line, ...]:
    lines = [_line(one, moment, shows_manager=shows_manager) for one in found]
    counted = _counted(found)
    if len(counted) > 1:
        lines.append(_total(counted, shows_manager=shows_manager))
    return tuple(lines)


def _line(one: Glance, moment: Moment, *, shows_manager: bool) -> Line:
    name = Cell(
        wording.name(one.fund),
        url=moment.address(reverse("web:fund", args=[one.fund.code])),
        note=one.fund.code,
    )
    manager = (Cell(words.organisation(one.fund.manager)),) if shows_manager else ()
    return Line(
        (name, Cell(words.say(codes.TIERS[one.fund.tier]), is_tight=True), *manager, *_amounts(one)),
    )


def _amounts(one: Glance) -> tuple[Cell, ...]:
    planned, position = wording.amount(one.fund.planned_size), one.position
    if position is None:
        missing = Cell(words.DASH, is_number=True, note=words.reason("not-reported"))
        return (planned, missing, *[Cell(words.DASH, is_number=True)] * 5)
    at_cost = _("%(count)s at cost") % {"count": words.count(one.at_cost)} if one.at_cost else ""
    return (
        planned,
        *wording.amounts(position.committed, position.contributed, position.distributed),
        wording.amount(one.nav),
        wording.amount(position.uncalled),
        Cell(words.count(one.holdings), is_number=True, note=at_cost),
    )


def _counted(found: Sequence[Glance]) -> list[Glance]:
    """The funds whose sums add up: sub-funds count only where their parents are not in sight."""
    return [one for one in found if one.fund.tier != "sub"] or list(found)


def _total(counted: Sequence[Glance], *, shows_manager: bool) -> Line:
    known = [(one.position, one.nav) for one in counted if one.position is not None and one.nav is not None]
    sums = [
        sum((getattr(position, name) for position, _nav in known), Decimal(0))
        for name in ("committed", "contributed", "distributed", "uncalled")
    ]
    nav = sum((nav for _position, nav in known), Decimal(0))
    planned = sum((one.fund.planned_size for one in counted), Decimal(0))
    blank = (Cell(""),) * (2 if shows_manager else 1)
    return Line(
        (
            Cell(_("Total")),
            *blank,
            *wording.amounts(planned, *sums[:3], nav, sums[3]),
            Cell(words.count(sum(one.holdings for one in counted)), is_number=True),
        ),
        is_total=True,
    )


def _notes(found: Sequence[Glance]) -> tuple[str, ...]:
    counted = _counted(found)
    silent = [wording.name(one.fund) for one in counted if one.position is None]
    notes = []
    if len(counted) > 1 and len(counted) < len(found):
        notes.append(_("The total leaves the sub-funds out: their money is that of the funds above them."))
    if len(counted) > 1 and silent:
        named = {"funds": words.listed(silent)}
        notes.append(
            _("Nothing is entered yet for %(funds)s: the total counts its planned size alone.") % named
        )
    if any(one.at_cost for one in found):
        notes.append(_("A holding that was not valued since its last deal counts in the NAV at its cost."))
    if found:
        notes.append(_("Rounded parts may differ slightly from totals."))
    return tuple(notes)
