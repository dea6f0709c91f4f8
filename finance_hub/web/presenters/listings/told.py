"""What is recorded of an attempt and its firm: parties, papers, financial years, facts, and every entry of the stages."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from finance_hub.web import words
from finance_hub.web.contexts.chrome import Status
from finance_hub.web.contexts.grids import Cell, Grid, Heading, Line
from finance_hub.web.contexts.reports import Link
from finance_hub.web.presenters.listings import wording
from listings import queries
from listings.models.figures import FRACTIONS, IN_YUAN
from tasks import wording as of_figures

MOST_HISTORY = 50
MONEY = ("revenue", "net_profit", "net_profit_less_non_recurring", "rd", "operating_cash_flow")
COUNTS = ("invention_patents", "rd_staff", "staff")


def parties(found: Any, *, may_record: bool, today: date) -> Grid:
    at_work = {party.pk for party in queries.in_force(found, on=today).values()}
    return Grid(
        key="parties",
        title=_("Parties"),
        headings=(Heading(_("Role")), Heading(_("Name")), Heading(_("Since")), _source(), _end()),
        lines=tuple(
            Line((
                Cell(wording.role(one.role), is_tight=True),
                Cell(one.name, statuses=() if one.pk in at_work else (Status(_("former"), "none"),)),
                Cell(words.day(one.effective_date), is_tight=True),
                Cell(one.source),
                _back(found, one, one.name, may_record=may_record),
            ))
            for one in queries.parties(found)
        ),
        empty=_("No sponsor, law firm or auditor is recorded. The centre's maker records them from what is published."),
        actions=_act(found, "party", _("Record a party"), may_record=may_record),
    )  # fmt: skip


def filings(found: Any, *, may_record: bool) -> Grid:
    return Grid(
        key="filings",
        title=_("Papers of the procedure"),
        headings=(Heading(_("Paper")), Heading(_("Date")), Heading(_("Period to")), _source(), _end()),
        lines=tuple(
            Line((
                Cell(wording.filing(one.kind)),
                Cell(words.day(one.effective_date), is_tight=True),
                Cell(words.day(one.period_end) if one.period_end else "", is_tight=True),
                Cell(one.source),
                _back(found, one, wording.filing(one.kind), may_record=may_record),
            ))
            for one in queries.filings(found)
        ),
        empty=_("No letter, reply or audited figures are recorded. Time limits that depend on them stay unknown."),
        actions=_act(found, "filing", _("Record a paper"), may_record=may_record),
    )  # fmt: skip


def years(found: Any, *, may_record: bool) -> Grid:
    """A row for each year, the last first; what nobody reported is a dash."""
    names = (*MONEY, "roe", *COUNTS, "unqualified_opinion")
    return Grid(
        key="years",
        title=_("Financial years"),
        headings=(Heading(_("Year")), *(Heading(wording.measured(name), is_number=True) for name in names), _end()),
        lines=tuple(
            Line((
                Cell(str(one.year), note=_("corrected") if one.corrects_id else "", is_tight=True),
                *(_figure(one, name) for name in names),
                _year_acts(found, one, may_record=may_record),
            ))
            for one in queries.years(found.firm)
        ),
        empty=_("No financial year of the firm is recorded. The centre's maker records them from its audit reports."),
        unit=words.table_unit(),
        notes=(_("A dash is not reported; it counts for no standard and against none."),),
        actions=_act(found, "year", _("Record a financial year"), may_record=may_record),
    )  # fmt: skip


def statements(found: Any, *, may_record: bool) -> Grid:
    return Grid(
        key="statements",
        title=_("Facts for the standards"),
        headings=(
            Heading(_("Fact")), Heading(pgettext("listing", "Value"), is_number=True), Heading(_("As of")), _source(), _end(),
        ),
        lines=tuple(
            Line((
                Cell(wording.measured(one.name)),
                Cell(_value(one), is_number=True),
                Cell(words.day(one.effective_date), is_tight=True),
                Cell(one.source),
                _back(found, one, wording.measured(one.name), may_record=may_record),
            ))
            for one in queries.statements(found.firm)
        ),
        empty=_("Nothing is stated of the firm yet: its expected market cap, its capital, what makes it one for the board."),
        actions=_act(found, "statement", _("State a fact"), may_record=may_record),
    )  # fmt: skip


def history(found: Any) -> Grid:
    """Every entry of the stages, the last recorded first."""
    rows = list(queries.ever_recorded(found).order_by("-pk")[:MOST_HISTORY])
    return Grid(
        key="history",
        title=_("Everything recorded of the stages"),
        headings=(Heading(_("Recorded")), Heading(_("Entry")), Heading(_("Date")), Heading(_("Reason"))),
        lines=tuple(
            Line((
                Cell(words.moment(one.recorded_at), note=one.recorded_by.full_name, is_tight=True),
                Cell(wording.stage(one.stage), statuses=_marks(one)),
                Cell(words.day(one.effective_date), is_tight=True),
                Cell(one.reason),
            ))
            for one in rows
        ),
    )  # fmt: skip


def _marks(one: Any) -> tuple[Status, ...]:
    if one.taken_back:
        return (Status(_("taken back"), "watch"),)
    return (Status(_("correction"), "info"),) if one.corrects_id else ()


def _figure(one: Any, name: str) -> Cell:
    value = getattr(one, name)
    if value is None:
        return Cell(words.DASH, is_number=True)
    if isinstance(value, bool):
        return Cell(_("yes") if value else _("no"), is_number=True)
    if name in MONEY:
        return Cell(
            of_figures.in_table(value, language=words.language()), is_number=True, exact=words.yuan(value)
        )
    return Cell(of_figures.percent(value) if name == "roe" else words.count(value), is_number=True)


def _value(one: Any) -> str:
    if one.number is None:
        return _("yes") if one.holds else _("no")
    unit = "yuan" if one.name in IN_YUAN else "ratio" if one.name in FRACTIONS else "count"
    return wording.quantity(Decimal(one.number), unit)


def _source() -> Heading:
    return Heading(pgettext("listing", "Source"))


def _end() -> Heading:
    return Heading("", meaning=_("What can be done"))


def _act(found: Any, form: str, label: str, *, may_record: bool) -> tuple[Link, ...]:
    return (Link(label, reverse("web:listing_record", args=[found.public_id, form])),) if may_record else ()


def _back(found: Any, one: Any, name: str, *, may_record: bool) -> Cell:
    if not may_record:
        return Cell("")
    url = reverse("web:listing_take_back", args=[found.public_id, one.public_id])
    return Cell("", links=(Link(pgettext("listing", "Take back"), url, name),), is_tight=True)


def _year_acts(found: Any, one: Any, *, may_record: bool) -> Cell:
    if not may_record:
        return Cell("")
    correct = reverse("web:listing_year", args=[found.public_id, one.year])
    back = reverse("web:listing_take_back", args=[found.public_id, one.public_id])
    return Cell(
        "",
        links=(
            Link(_("Correct"), correct, str(one.year)),
            Link(pgettext("listing", "Take back"), back, str(one.year)),
        ),
        is_tight=True,
    )
