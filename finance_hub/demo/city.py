"""The demo city: drawn from a seed, then recorded by its people through the product's own operations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import Max

from finance_hub.demo import (
    calendar,
    closing,
    concentration,
    outlook,
    pipeline,
    policy,
    procedure,
    registry,
    risk,
    targets,
)
from finance_hub.demo.capital import captables, entering, following, prospects, rights
from finance_hub.demo.capital import plan as capital
from finance_hub.demo.capital import policy as of_capital
from finance_hub.demo.chance import chance
from finance_hub.demo.lending import agreements, book, guarantees, reports
from finance_hub.demo.people import People, everybody, settle
from finance_hub.demo.registry import Enterprise
from finance_hub.demo.timeline import Timeline, moment
from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.models import AuditEntry, Firm, Organisation
from finance_hub.kernel.scoping import within

#: What the timeline does, as the audit trail names it; people who log in meanwhile do other things.
ACTS = r"^(firm|fund|deal|holding|round|security|batch|guarantee|agreement|pool|listing|limit|target|month|index|risk|stress)\."


class AnotherCity(RuntimeError):
    """The city in the database is not the one that was asked for."""


@dataclass(frozen=True)
class Size:
    """How many firms and drawdowns the city has."""

    firms: int
    loans: int


def is_empty() -> bool:
    """Whether nobody lives here yet."""
    return not Organisation.objects.exists()


def build(*, seed: int, size: Size, until: datetime = calendar.TODAY) -> int:
    """Record what is not yet recorded of the city up to `until`; returns the number of acts.

    Every month of the city is one transaction. A loading that was interrupted goes on with the month
    in which it was, because the same seed and size draw the same city again. Raises AnotherCity.
    """
    with within(EVERYTHING):
        people = settle(now=moment(calendar.OPENED, hour=7)) if is_empty() else everybody()
        since = _recorded_until()
        timeline = _plan(people, seed=seed, size=size)
    played = 0
    for page in calendar.pages(until=until):
        with within(EVERYTHING):
            played += timeline.play(until=page, since=since)
    return played


def _plan(people: People, *, seed: int, size: Size) -> Timeline:
    timeline = Timeline()
    firms = registry.plan(size.firms, dice=chance(seed, "firms"))
    leading = pipeline.champions(firms)
    funds = capital.plan(firms, champions=leading, dice=chance(seed, "capital"))
    registry.enter(firms, people=people, timeline=timeline, dice=chance(seed, "registry"))
    for fund in funds:
        dice = chance(seed, f"entering {fund.charter.code}")
        entering.enter(fund, people=people, timeline=timeline, dice=dice)
    for fund in funds:
        dice = chance(seed, f"deals {fund.charter.code}")
        looked_at = prospects.look(fund, firms, dice=dice)
        following.follow(fund, looked_at, people=people, timeline=timeline, dice=dice)
    outlook.measure(people=people, timeline=timeline, dice=chance(seed, "index"))
    for fund in funds:
        dice = chance(seed, f"policy {fund.charter.code}")
        of_capital.recognise(fund, people=people, timeline=timeline, dice=dice)
        of_capital.earn(fund, people=people, timeline=timeline, dice=dice)
    captables.tell(funds, people=people, timeline=timeline, dice=chance(seed, "rounds"))
    loans = book.open_book(size.loans, firms, dice=chance(seed, "loans"))
    reports.send(loans, people=people, timeline=timeline, dice=chance(seed, "reports"))
    rights.grant(loans, funds, people=people, timeline=timeline, dice=chance(seed, "rights"))
    agreements.conclude(loans, people=people, timeline=timeline)
    guarantees.guarantee(loans, people=people, timeline=timeline, dice=chance(seed, "guarantees"))
    walks = pipeline.follow(
        firms, leading=leading, people=people, timeline=timeline, dice=chance(seed, "listings")
    )
    procedure.accompany(walks, people=people, timeline=timeline, dice=chance(seed, "procedure"))
    policy.limit(people=people, timeline=timeline)
    concentration.limit(people=people, timeline=timeline)
    risk.look_ahead(people=people, timeline=timeline)
    targets.settle(people=people, timeline=timeline)
    targets.report(people=people, timeline=timeline, dice=chance(seed, "targets"))
    closing.close(people=people, timeline=timeline)
    _require_same(firms)
    return timeline


def _recorded_until() -> datetime:
    """The end of the page that the last recorded act of the city is on; the beginning where none is."""
    acts = AuditEntry.objects.filter(at__lt=_audited(calendar.TODAY), action__regex=ACTS)
    last = acts.aggregate(last=Max("at"))["last"]
    if last is None:
        return moment(calendar.OPENED, hour=0)
    return next(page for page in calendar.pages(until=calendar.TODAY) if _audited(page) > last)


def _audited(at: datetime) -> str:
    """A moment as the audit trail writes it."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _require_same(firms: list[Enterprise]) -> None:
    """The centre's first entries are those of the plan, if there are any."""
    entered = Firm.objects.filter(source="centre").values_list("uscc", flat=True)
    if not set(entered) <= {firm.uscc for firm in firms}:
        raise AnotherCity("a city of another seed or size was begun here; load that one to its end")
