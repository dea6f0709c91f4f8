"""Who would get what of a fund if it were realised on the day."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from finance_hub.web import words
from finance_hub.web.contexts.grids import Cell, Grid, Heading, Line
from finance_hub.web.presenters.funds import wording
from finance_hub.web.presenters.funds.moment import Moment
from funds.models import Fund
from tasks.catalogue.waterfalls import NothingToDistribute, Outcome, TermsNotAgreed, outcome
from tasks.engine.waterfall import Party, Tier


def waterfall(of: Fund, moment: Moment) -> Grid:
    """By tier, for the investors and for the manager; empty with the reason where there is no answer."""
    when: dict[str, Any] = {"as_of": moment.as_of, "known_at": moment.known_at}
    try:
        found = outcome(of, **when)
    except (TermsNotAgreed, NothingToDistribute) as refused:
        return _grid((), empty=words.say(refused.title) + words.say(words.STOP))
    return _grid((*_tiers(found), *_sums(found)), notes=tuple(_notes(found)))


def _grid(lines: Iterable[Line], *, empty: str = "", notes: tuple[str, ...] = ()) -> Grid:
    return Grid(
        key="waterfall",
        title=_("If the fund were realised on the day"),
        headings=(
            Heading(_("Step of the distribution")),
            wording.number(_("Investors")),
            wording.number(_("Manager")),
        ),
        lines=tuple(lines),
        empty=empty,
        unit=words.table_unit(),
        notes=notes,
    )


def _tiers(found: Outcome) -> list[Line]:
    names = {
        Tier.RETURN_OF_CAPITAL: _("Return of capital"),
        Tier.PREFERRED_RETURN: _("Preferred return"),
        Tier.CATCH_UP: _("Catch-up"),
        Tier.SPLIT: _("Split"),
    }
    amounts = {(row.tier, row.to): row.amount for row in found.payments}
    return [
        Line((Cell(name), *(wording.amount(amounts.get((tier, to))) for to in Party)))
        for tier, name in names.items()
        if any((tier, to) in amounts for to in Party)
    ]


def _sums(found: Outcome) -> list[Line]:
    due = found.carry_due
    rest = [
        (_("Cash that no sale of the day brings"), found.cash, None),
        (_("Carry of earlier proceeds, due less paid"), -due, due),
    ]
    return [
        *(
            Line((Cell(name), wording.amount(investors), wording.amount(manager)))
            for name, investors, manager in rest
            if investors
        ),
        Line(
            (Cell(_("In all")), wording.amount(found.investors), wording.amount(found.manager)), is_total=True
        ),
    ]


def _notes(found: Outcome) -> Iterable[str]:
    if found.clawback is not None:
        yield _(
            "Deal by deal: every holding sold at its worth, fees and expenses allotted by cost. The manager earned "
            "%(earned)s of earlier proceeds and was paid %(paid)s."
        ) % {"earned": words.money(found.carry_before), "paid": words.money(found.carry_paid)}
        back = {"amount": words.money(found.clawback.amount)}
        if found.terms.clawback:
            yield _("At the end the manager would give %(amount)s back.") % back
        else:
            yield _("A clawback of %(amount)s would be due, which is not agreed.") % back
    if found.concession is not None:
        yield _("Of %(receives)s, fiscal capital would give up %(amount)s of its gain.") % {
            "receives": words.money(found.concession.receives),
            "amount": words.money(found.concession.given_up),
        }
