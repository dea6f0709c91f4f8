"""The matters of an issue: those that its figures ask for, those that people raised, and what came of the last ones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from django.db.models import QuerySet

from finance_hub.kernel.periods import Month
from finance_hub.kernel.text import Text
from tasks import queries
from tasks.briefing.content import Matter, Standing, matters_of
from tasks.briefing.origin import plain
from tasks.models import Matter as Raised
from tasks.models import MatterOutcome, MatterStanding, Snapshot

#: Drafted by rule from what a month itself lacks; whether it still does, the month says as it is known now.
_OF_ITS_MONTH = ("not-reported", "difference")
_GONE = Text("已消除", "no longer so")


class Agenda(NamedTuple):
    """The matters of an issue, and those of earlier ones as they stand in its month."""

    own: tuple[Matter, ...]
    carried: tuple[Matter, ...]


def of(snapshot: Snapshot) -> Agenda:
    month = Month.of(snapshot.month)
    drafted = matters_of(snapshot)
    mine = [one for one in raised(month) if one.standing is not Standing.DROPPED]
    return Agenda((*drafted, *mine), (*_drafted_before(snapshot, drafted), *carried(month)))


def raised(month: Month) -> list[Matter]:
    """Raised for the issue of the month, by due date, with what has come of them by then."""
    return [_said(one, month) for one in _rows().filter(month=month.first)]


def carried(month: Month) -> list[Matter]:
    """Raised for earlier issues and not settled before the month."""
    earlier = _rows().filter(month__lt=month.first)
    return [_said(one, month) for one in earlier if _settled(one, month - 1) is None]


def _rows() -> QuerySet[Raised]:
    return Raised.objects.prefetch_related("outcomes").order_by("due", "pk")


def _last(matter: Raised, month: Month) -> MatterOutcome | None:
    told = [one for one in matter.outcomes.all() if one.month <= month.first]
    return max(told, key=lambda one: one.pk, default=None)


def _settled(matter: Raised, month: Month) -> MatterOutcome | None:
    last = _last(matter, month)
    return last if last and last.standing != MatterStanding.OPEN else None


def _said(matter: Raised, month: Month) -> Matter:
    last = _last(matter, month)
    return Matter(
        code=matter.public_id,
        what={"zh-hans": matter.text, "en": matter.text_en},
        owner=Text(matter.owner, matter.owner_en),
        due=matter.due,
        standing=Standing(last.standing) if last else Standing.OPEN,
        outcome=Text(last.text, last.text_en) if last else Text("", ""),
    )


def _drafted_before(snapshot: Snapshot, drafted: tuple[Matter, ...]) -> Iterator[Matter]:
    """What the rules drafted for the last issue: done where the rule finds it no more."""
    before = Month.of(snapshot.month) - 1
    issue = queries.briefing_of(before)
    if issue is None or issue.approved_at is None:
        return
    known = Snapshot.objects.filter(month=before.first, known_at__lte=snapshot.known_at)
    latest = known.order_by("known_at", "pk").last() or issue.snapshot
    told = matters_of(issue.snapshot)
    again = told if latest == issue.snapshot else matters_of(latest)
    still = {
        *(one.code for one in drafted if one.code.split("|")[0] not in _OF_ITS_MONTH),
        *(one.code for one in again if one.code.split("|")[0] in _OF_ITS_MONTH),
    }
    for one in told:
        # As the last issue said it: its numbers are no figures of this month.
        quoted = replace(one, what={language: plain(words) for language, words in one.what.items()})
        yield quoted if one.code in still else replace(quoted, standing=Standing.DONE, outcome=_GONE)
