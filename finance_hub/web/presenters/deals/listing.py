"""The deals as a table, by how long they have stood where they do; a page at a time."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from finance_hub.kernel.access import may
from finance_hub.kernel.models import Person
from finance_hub.web import paging, words
from finance_hub.web.contexts import deals as contexts
from finance_hub.web.contexts.firms import Column
from finance_hub.web.contexts.grids import Cell, Line
from finance_hub.web.presenters.deals import wanted as asked
from finance_hub.web.presenters.deals import wording
from finance_hub.web.presenters.deals.board import address, found_said
from finance_hub.web.presenters.deals.wanted import Wanted
from finance_hub.web.presenters.funds import wording as of_funds
from funds import codes
from funds.queries import boards

PAGE = 50


def listing(wanted: Wanted, *, reader: Person, today: date) -> contexts.DealList:
    found = boards.sought(wanted.sought)
    window = paging.window(
        found, key="step_date", descending=not wanted.oldest, place=wanted.place, size=PAGE
    )
    return contexts.DealList(
        found=found_said(found.count()),
        filter=wanted.filter(asked.funds()),
        views=wanted.views(may_record=may(reader.role, "fund.record")),
        columns=_columns(wanted),
        lines=tuple(_line(deal, today=today) for deal in window.rows),
        unit=words.table_unit(),
        previous_url=wanted.url(place=window.previous) if window.previous else None,
        next_url=wanted.url(place=window.next) if window.next else None,
    )


def _columns(wanted: Wanted) -> tuple[Column, ...]:
    since = Column(
        pgettext("deal", "Since"), wanted.turned().url(), "ascending" if wanted.oldest else "descending"
    )
    return (
        Column(_("Title")), Column(_("Firm")), Column(_("Fund")), Column(pgettext("deal", "Stage")), since, Column(_("Lead")),
        Column(_("Instrument")), Column(_("Planned amount")), Column(pgettext("deal", "Paid")),
    )  # fmt: skip


def _line(deal: Any, *, today: date) -> Line:
    quiet = wording.quiet(deal, today=today)
    return Line(
        (
            Cell(deal.title, url=address(deal.public_id)),
            Cell(deal.called),
            Cell(of_funds.name(deal.fund)),
            Cell(wording.standing(deal.standing), is_tight=True),
            Cell(
                words.day(deal.step_date), note=wording.age(deal, today=today),
                statuses=(quiet,) if quiet else (), is_tight=True,
            ),
            Cell(deal.lead, is_tight=True),
            Cell(words.say(codes.INSTRUMENTS[deal.instrument]), is_tight=True),
            *of_funds.amounts(deal.planned_amount, deal.paid_amount),
        )
    )  # fmt: skip
