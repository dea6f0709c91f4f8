"""Which targets are whose: the units that the plan prints, as the centre has said which organisations they are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from finance_hub.kernel.access import Role
from finance_hub.kernel.models import Person
from finance_hub.kernel.problems import NotFound
from tasks import target_facts
from tasks.models import ResponsibleUnit, Target, UnitAssignment
from tasks.models.targets import Tracking


def units_of(person: Person) -> frozenset[str]:
    """The printed names that the person's organisation goes by; of several assignments the last holds."""
    last = UnitAssignment.objects.order_by("unit_id", "-recorded_at", "-pk").distinct("unit_id")
    return frozenset(
        one.unit.name for one in last.select_related("unit") if one.organisation_id == person.organisation_id
    )


def units() -> list[dict[str, str | None]]:
    """Every unit that the plan prints, with the code of the organisation that it is said to be."""
    last = UnitAssignment.objects.order_by("unit_id", "-recorded_at", "-pk").distinct("unit_id")
    known = dict(last.values_list("unit_id", "organisation__code"))
    return [
        {"unit": unit.name, "name_en": unit.name_en, "organisation": known.get(unit.pk)}
        for unit in ResponsibleUnit.objects.order_by("pk")
    ]


def responsible(targets: Sequence[Target], lead_units: Mapping[str, str]) -> dict[str, frozenset[str]]:
    """{code: the units that answer for it, its lead unit as decided among them}; a metric that stands twice is
    answered for by the units of both places."""
    of_metric: defaultdict[str, set[str]] = defaultdict(set)
    for target in targets:
        of_metric[target.duplicate_of_id or target.pk] |= {
            lead_units[target.pk], *target.co_responsible_units
        } - {""}  # fmt: skip
    return {target.pk: frozenset(of_metric[target.duplicate_of_id or target.pk]) for target in targets}


def sees_all(person: Person) -> bool:
    """Everybody but a department, which sees what it answers for."""
    return person.role != Role.DEPARTMENT


def theirs(person: Person, *, known_at: datetime) -> frozenset[str]:
    """The codes of the targets that a person reads."""
    targets = list(Target.objects.order_by("position"))
    if sees_all(person):
        return frozenset(target.pk for target in targets)
    units = units_of(person)
    decided = target_facts.terms(targets, known_at=known_at)
    answering = responsible(targets, {code: one.lead_unit for code, one in decided.items()})
    return frozenset(code for code, named in answering.items() if named & units)


def require_theirs(code: str, person: Person, *, known_at: datetime) -> Target:
    """Raises NotFound, of what is not there and of what is another unit's alike."""
    target = Target.objects.filter(pk=code).first()
    if target is None or not (sees_all(person) or code in theirs(person, known_at=known_at)):
        raise NotFound
    return target


def reportable(code: str, *, by: Person, known_at: datetime) -> Target:
    """The target that a report of this code is of: the one of its metric that counts. Raises NotFound."""
    target = require_theirs(code, by, known_at=known_at)
    return target.duplicate_of or target


def is_computed(target: Target, *, known_at: datetime) -> bool:
    """Whether its value comes from our own records at that moment."""
    if target.tracking == Tracking.COMPUTED:
        return True
    decided = target_facts.terms([target], known_at=known_at)[target.pk]
    return decided.complete and target.metric in target_facts.COUNTED
