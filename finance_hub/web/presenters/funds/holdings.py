"""What a fund holds: cost, value and how old the value is, said in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from finance_hub.web import words
from finance_hub.web.contexts.chrome import Status
from finance_hub.web.contexts.grids import Cell, Grid, Heading, Line
from finance_hub.web.contexts.reports import Link
from finance_hub.web.presenters.funds import wording
from finance_hub.web.presenters.funds.moment import Moment
from funds import codes, queries
from funds.models import Fund
from funds.queries import staleness
from tasks.wording import number


def holdings(of: Fund, moment: Moment, *, may_record: bool) -> Grid:
    """Those with cost left first, the largest first; one query."""
    rows: Any = queries.holdings(as_of=moment.as_of, known_at=moment.known_at).filter(fund=of)
    found = sorted(rows, key=lambda row: (-row.remaining_cost, -row.invested, row.pk))
    invest = Link(_("Record an investment"), reverse("web:fund_record", args=[of.code, "investment"]))
    actions = (Heading("", meaning=_("What to do")),) if may_record else ()
    return Grid(
        key="holdings",
        title=_("Holdings"),
        headings=(*_headings(), *actions),
        lines=tuple(_line(row, of, moment, may_record=may_record) for row in found),
        empty=_empty(may_record=may_record),
        unit=words.table_unit(),
        notes=_notes(found),
        actions=(invest,) if may_record else (),
    )


def _headings() -> tuple[Heading, ...]:
    return (
        Heading(_("Investee")),
        wording.number(_("Cost paid")),
        wording.number(_("Cost left")),
        wording.number(_("Fair value")),
        Heading(_("Method")),
        Heading(_("Valued on")),
        wording.number(_("Proceeds")),
        wording.number("MOIC"),
    )


def _empty(*, may_record: bool) -> str:
    if may_record:
        return _("The fund holds nothing yet. Record its first investment once money is paid in.")
    return _("The fund holds nothing yet.")


def _notes(found: Sequence[Any]) -> tuple[str, ...]:
    if not found:
        return ()
    return (
        _("MOIC: proceeds, income and what is left, for each yuan of cost. A value from before the last deal does not count: "
          "the cost left stands for it."),
    )  # fmt: skip


def _line(row: Any, of: Fund, moment: Moment, *, may_record: bool) -> Line:
    valued = Cell(
        words.day(row.valued_on) if row.valued_on else words.DASH,
        statuses=age(row, moment.day),
        is_tight=True,
    )
    return Line(
        (
            Cell(wording.investee(row), url=address(of, row.public_id)),
            *wording.amounts(row.invested, row.remaining_cost),
            _fair_value(row),
            Cell(words.say(codes.METHODS[row.method]) if row.method else words.DASH),
            valued,
            wording.amount(row.proceeds),
            moic(row),
            *((Cell("", links=acts(of, row)),) if may_record else ()),
        )
    )


def _fair_value(row: Any) -> Cell:
    """None of what is wholly exited: its last value is of a stake that is no more."""
    if not row.remaining_cost:
        return wording.amount(None)
    if row.fair_value is None:
        return wording.amount(None, reason=_("not valued yet"))
    return wording.amount(row.fair_value)


def age(row: Any, day: date) -> tuple[Status, ...]:
    """What is wrong with the age of a value, in words; nothing of a holding without cost left."""
    if not row.remaining_cost:
        return (Status(_gone(row), "none"),)
    too_old = (
        _("older than 6 months")
        if row.fresh_days is None
        else _("older than %(days)s days") % {"days": row.fresh_days}
    )
    said = {
        staleness.NOT_VALUED: _("not valued yet"),
        staleness.OLDER_THAN_DEAL: _("older than the last deal"),
        staleness.OLDER_THAN_ROUND: _("older than the last round"),
        staleness.TOO_OLD: too_old,
    }
    return tuple(Status(said[reason], "watch") for reason in queries.stale(row, day=day))


def _gone(row: Any) -> str:
    """How the last of a holding went."""
    if not row.cost_exited:
        return _("wholly written off")
    return _("exited and written off") if row.cost_written_off else _("wholly exited")


def moic(row: Any) -> Cell:
    """None of a holding that was never valued and still has cost: its cost would pass for a value."""
    if row.fair_value is None and row.remaining_cost:
        return Cell(words.DASH, is_number=True, note=_("not valued yet"))
    left = queries.worth(
        row.remaining_cost, row.fair_value, valued_on=row.valued_on, last_deal_on=row.last_deal_on
    )
    if not row.invested:
        return Cell(words.DASH, is_number=True, note=words.reason("no-denominator"))
    return Cell(number(Decimal((row.proceeds + row.income + left) / row.invested), places=2), is_number=True)


def address(of: Fund, holding: str) -> str:
    return reverse("web:fund_holding", args=[of.code, holding])


def acts(of: Fund, holding: Any) -> tuple[Link, ...]:
    """What the manager can enter for a measured holding: of one that is gone, only what still comes back."""
    named = [("value", _("Value")), ("exit", _("Exit")), ("write-off", _("Write off"))]
    shown = [*(named if holding.remaining_cost else ()), ("receipt", _("Cash received"))]
    return tuple(
        Link(label, reverse("web:fund_holding_record", args=[of.code, holding.public_id, form]))
        for form, label in shown
    )
