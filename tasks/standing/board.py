"""Every target as its reader sees it: the stored figures of the last month, and what is owed today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import groupby

from finance_hub.kernel import days
from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.models import Person
from finance_hub.kernel.periods import Month
from finance_hub.kernel.scoping import within
from tasks import target_facts
from tasks.engine import progress
from tasks.models import Figure, Snapshot, Target, TargetReport
from tasks.standing import rights
from tasks.target_facts import TargetFact

CODES = ("target.value", "target.progress", "target.expected", "target.ahead", "target.counted")
#: Metric → the codes of the figures that forecast it. Of the others no model is known, and a
#: straight line is none.
FORECASTS = {"new_listings": ("listing.expected", "listing.at_least_target")}


@dataclass(frozen=True)
class Standing:
    """A target with its stored figures by code, empty where no month is computed. `status` is one of
    `progress.STATUSES`, None of a given of the plan and where no month is computed. `due` is the day on which the
    oldest report that is missing was due, `fact` what is known of the target today, `then` what its
    figures hold, as known at `known_at`."""

    target: Target
    fact: TargetFact
    then: TargetFact | None
    known_at: datetime | None
    figures: dict[str, Figure]
    status: str | None
    units: frozenset[str]
    due: date | None
    days_overdue: int
    waiting: int

    def value(self, code: str) -> Decimal | None:
        found = self.figures.get(code)
        return found.value if found else None

    def reason(self, code: str) -> str:
        found = self.figures.get(code)
        return found.reason if found else "not-computed"

    @property
    def newer(self) -> tuple[Decimal, date] | None:
        """The report in force today, with the day that it is of, where the figures do not hold it."""
        fact, then = self.fact, self.then
        if fact.reported is None or fact.reported_as_of is None or target_facts.is_computed(fact):
            return None
        if then is not None and (then.reported, then.reported_as_of) == (fact.reported, fact.reported_as_of):
            return None
        return Decimal(fact.reported), fact.reported_as_of


@dataclass(frozen=True)
class Owed:
    """A unit with the targets whose reports it owes, those owed longest first."""

    unit: str
    unit_en: str
    standings: tuple[Standing, ...]


@dataclass(frozen=True)
class Board:
    """In the plan's order; `month` and `snapshot` are None where no month is computed."""

    today: date
    month: Month | None
    snapshot: Snapshot | None
    standings: tuple[Standing, ...]

    def one(self, code: str) -> Standing | None:
        return next((one for one in self.standings if one.target.pk == code), None)

    def scored(self) -> list[Standing]:
        """Each metric once, without what is a given of the plan."""
        return [one for one in self.standings if target_facts.is_scored(one.fact)]

    def owed(self) -> list[Owed]:
        """By lead unit, in the plan's order; those that owe nothing are left out."""
        late = [one for one in self.standings if one.due is not None]
        first = {one.fact.lead_unit: number for number, one in reversed(list(enumerate(late)))}
        by_unit = sorted(late, key=lambda one: (first[one.fact.lead_unit], one.due, one.target.position))
        return [
            Owed(unit, rows[0].fact.lead_unit_en, tuple(rows))
            for unit, found in groupby(by_unit, key=lambda one: one.fact.lead_unit)
            for rows in [list(found)]
        ]


def board(reader: Person, *, now: datetime) -> Board:
    """The targets that the reader reads. Figures are those of the newest month that is computed."""
    today = days.today(now)
    targets = list(Target.objects.order_by("position"))
    with within(EVERYTHING):  # a department reads the figures of its own targets
        snapshot = Snapshot.objects.order_by("-month", "-known_at", "-pk").first()
        figures = _figures(snapshot) if snapshot else {}
    month = Month.of(snapshot.month) if snapshot else None
    facts = {fact.code: fact for fact in target_facts.read(today + timedelta(days=1), now)}
    known_at = snapshot.known_at if snapshot else None
    then = {f.code: f for f in target_facts.read(month.end, known_at)} if known_at and month else {}
    answering = rights.responsible(targets, {code: fact.lead_unit for code, fact in facts.items()})
    seen = rights.theirs(reader, known_at=now)
    pending = _pending()
    return Board(
        today,
        month,
        snapshot,
        tuple(
            _standing(
                target, facts[target.pk], then.get(target.pk), figures.get(target.pk, {}), known_at=known_at, today=today,
                status=_status(then[target.pk], figures.get(target.pk, {}), month.last) if month else None,
                units=answering[target.pk], waiting=pending.get(target.duplicate_of_id or target.pk, 0),
            )
            for target in targets
            if target.pk in seen
        ),
    )  # fmt: skip


def forecasts(standing: Standing, snapshot: Snapshot | None) -> list[Figure]:
    """The stored figures of a model that forecasts the target; none where there is no model."""
    codes = FORECASTS.get(standing.target.metric)
    if codes is None or snapshot is None:
        return []
    with within(EVERYTHING):
        found = Figure.objects.filter(snapshot=snapshot, code__in=codes).exclude(value=None)
        return sorted(found, key=lambda figure: (figure.position, codes.index(figure.code)))


def _standing(
    target: Target, fact: TargetFact, then: TargetFact | None, figures: dict[str, Figure], *,
    known_at: datetime | None, today: date, status: str | None, units: frozenset[str], waiting: int,
) -> Standing:  # fmt: skip
    due = None
    if not target_facts.is_computed(fact):
        due = progress.first_missing(
            cadence=fact.cadence, begins=fact.baseline_date, deadline=fact.deadline, delivered=fact.delivered,
            today=today,
        )  # fmt: skip
    days = (today - due).days if due else 0
    return Standing(target, fact, then, known_at, figures, status, units, due, days, waiting)


def _status(fact: TargetFact, figures: dict[str, Figure], day: date) -> str | None:
    if not figures or fact.kind == "context":
        return None
    value, line = (figures[code].value if code in figures else None for code in CODES[:3:2])
    return progress.status(
        value, line, target=Decimal(fact.value), comparison=fact.comparison,
        deadline=target_facts.period_of(fact, day)[1], day=day,
    )  # fmt: skip


def _figures(snapshot: Snapshot) -> dict[str, dict[str, Figure]]:
    found: dict[str, dict[str, Figure]] = {}
    for figure in Figure.objects.filter(snapshot=snapshot, scope="target", code__in=CODES):
        found.setdefault(figure.key, {})[figure.code] = figure
    return found


def _pending() -> dict[str, int]:
    found: dict[str, int] = {}
    undecided = TargetReport.objects.filter(decision=None)
    for target, original in undecided.values_list("target_id", "target__duplicate_of_id"):
        found[original or target] = found.get(original or target, 0) + 1
    return found
