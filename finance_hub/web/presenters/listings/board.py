"""The board: a column for each stage with its newest attempts, and what came to an end folded below; and the list."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from finance_hub.kernel.access import may
from finance_hub.kernel.models import Person
from finance_hub.web import paging, words
from finance_hub.web.contexts import listings as contexts
from finance_hub.web.contexts.firms import Column
from finance_hub.web.contexts.grids import Cell, Line
from finance_hub.web.contexts.reports import Link
from finance_hub.web.presenters.listings import forecast, wording
from finance_hub.web.presenters.listings.wanted import Wanted
from listings.queries import boards
from listings.stages import ROAD

#: How many cards a column shows.
MOST = 6
PAGE = 50
OPEN = (*ROAD[:-1], "suspended", "listed")
ENDED = ("withdrawn", "rejected")


def board(wanted: Wanted, *, reader: Person, today: date) -> contexts.Board:
    found = wanted.found()
    counted, cards = boards.counted(found), boards.newest(found, most=MOST)
    piles = {
        stage: _pile(stage, counted[stage], cards.get(stage, []), wanted, today=today) for stage in counted
    }
    gone = sum(counted[stage] for stage in ENDED)
    said = ngettext(
        "%(count)s attempt ended without a listing", "%(count)s attempts ended without a listing", gone
    )
    return contexts.Board(
        found=found_said(sum(counted.values())),
        filter=wanted.filter(),
        views=wanted.views(may_record=may(reader.role, "listing.record")),
        open=tuple(piles[stage] for stage in OPEN),
        ended=tuple(piles[stage] for stage in ENDED),
        ended_said=said % {"count": words.count(gone)},
        forecast=forecast.forecast(),
    )


def listing(wanted: Wanted, *, reader: Person, today: date) -> contexts.ListingList:
    """The attempts as a table, by how long they have been in their stage; a page at a time."""
    found = wanted.found().prefetch_related(None)
    window = paging.window(found, key="since", descending=not wanted.oldest, place=wanted.place, size=PAGE)
    since = Column(
        pgettext("deal", "Since"), wanted.turned().url(), "ascending" if wanted.oldest else "descending"
    )
    return contexts.ListingList(
        found=found_said(found.count()),
        filter=wanted.filter(),
        views=wanted.views(may_record=may(reader.role, "listing.record")),
        columns=(
            Column(_("Firm")), Column(_("Board")), Column(_("Attempt")), Column(pgettext("listing", "Stage")), since,
        ),
        lines=tuple(_line(attempt, today=today) for attempt in window.rows),
        previous_url=wanted.url(place=window.previous) if window.previous else None,
        next_url=wanted.url(place=window.next) if window.next else None,
    )  # fmt: skip


def found_said(count: int) -> str:
    return ngettext("%(count)s attempt", "%(count)s attempts", count) % {"count": words.count(count)}


def _pile(stage: str, count: int, found: list[Any], wanted: Wanted, *, today: date) -> contexts.Pile:
    left = count - len(found)
    more = _("%(count)s more") % {"count": words.count(left)}
    return contexts.Pile(
        key=stage,
        title=wording.stage(stage),
        count=words.count(count),
        cards=tuple(_card(attempt, today=today) for attempt in found),
        more=Link(more, wanted.listed(stage).url(), wording.stage(stage)) if left else None,
    )


def _card(attempt: Any, *, today: date) -> contexts.Card:
    return contexts.Card(
        title=attempt.firm.name,
        url=wording.address(attempt.public_id),
        board=wording.board(attempt.board),
        since=words.day(attempt.since),
        age=wording.age(attempt, today=today),
        quiet=wording.quiet(attempt, today=today),
    )


def _line(attempt: Any, *, today: date) -> Line:
    quiet = wording.quiet(attempt, today=today)
    return Line((
        Cell(attempt.firm.name, url=wording.address(attempt.public_id)),
        Cell(wording.board(attempt.board), is_tight=True),
        Cell(words.count(attempt.sequence), is_tight=True),
        Cell("", statuses=(wording.standing(attempt.current),), is_tight=True),
        Cell(
            words.day(attempt.since), note=wording.age(attempt, today=today), statuses=(quiet,) if quiet else (),
            is_tight=True,
        ),
    ))  # fmt: skip
