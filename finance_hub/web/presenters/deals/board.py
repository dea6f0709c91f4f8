"""The board: a column for each stage with its newest deals, and what came to an end folded below."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from finance_hub.kernel.access import may
from finance_hub.kernel.models import Person
from finance_hub.web import words
from finance_hub.web.contexts import deals as contexts
from finance_hub.web.contexts.reports import Link
from finance_hub.web.presenters.deals import wanted as asked
from finance_hub.web.presenters.deals import wording
from finance_hub.web.presenters.deals.wanted import Wanted
from finance_hub.web.presenters.funds import wording as of_funds
from funds.models.deals import Standing
from funds.queries import boards
from funds.queries.pipeline import Rung

#: How many cards a column shows.
MOST_OPEN, MOST_ENDED = 8, 4
OPEN = Standing.values[:7]


def board(wanted: Wanted, *, reader: Person, today: date) -> contexts.Board:
    """Four queries, however many deals there are."""
    found = boards.sought(wanted.sought)
    counted = boards.rungs(found)
    cards = boards.newest(found, most=MOST_OPEN)
    piles = {
        rung.standing: _pile(rung, cards.get(rung.standing, []), wanted, today=today) for rung in counted
    }
    ended = [rung for rung in counted if rung.standing not in OPEN]
    gone = sum(rung.deals for rung in ended)
    said = ngettext("%(count)s came to an end", "%(count)s came to an end", gone)
    return contexts.Board(
        found=found_said(sum(rung.deals for rung in counted)),
        filter=wanted.filter(asked.funds()),
        views=wanted.views(may_record=may(reader.role, "fund.record")),
        open=tuple(piles[standing] for standing in OPEN),
        ended=tuple(piles[rung.standing] for rung in ended),
        ended_said=said % {"count": words.count(gone)},
    )


def found_said(count: int) -> str:
    return ngettext("%(count)s deal", "%(count)s deals", count) % {"count": words.count(count)}


def _pile(rung: Rung, found: list[Any], wanted: Wanted, *, today: date) -> contexts.Pile:
    most = MOST_OPEN if rung.standing in OPEN else MOST_ENDED
    left = rung.deals - min(most, len(found))
    more = _("%(count)s more") % {"count": words.count(left)}
    url = wanted.listed(rung.standing).url()
    return contexts.Pile(
        key=rung.standing,
        title=wording.standing(rung.standing),
        count=words.count(rung.deals),
        amount=words.money(rung.planned_amount) if rung.deals else "",
        exact=of_funds.exact(rung.planned_amount) if rung.deals else "",
        cards=tuple(_card(deal, today=today) for deal in found[:most]),
        more=Link(more, url, wording.standing(rung.standing)) if left else None,
    )


def _card(deal: Any, *, today: date) -> contexts.Card:
    return contexts.Card(
        title=deal.title,
        url=address(deal.public_id),
        firm=deal.called,
        fund=of_funds.name(deal.fund),
        amount=words.money(deal.planned_amount),
        exact=of_funds.exact(deal.planned_amount),
        lead=deal.lead,
        age=wording.age(deal, today=today),
        quiet=wording.quiet(deal, today=today),
    )


def address(public_id: str) -> str:
    return reverse("web:deal", args=[public_id])
