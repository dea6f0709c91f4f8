"""Every stored figure computed a second time, in plain SQL from the facts as known then, and held against it.

Money and counts agree to the cent, ratios to 1e-8 in NUMERIC; a rate is right where the flows, discounted just above
and just below it, are worth something of opposite signs, or nothing to the cent. What no SQL can give is named by
`NOT_BY_SQL`, with the reason.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection

from finance_hub.kernel.periods import Month
from tasks.catalogue import ENTRIES, Unit
from tasks.models import Snapshot
from tasks.records import SOURCES, Adds, Reading, Source
from tasks.records.facts import silent

#: Half a unit of the eighth place to which ratios are kept, and what binary division may add to it.
_RATIO = Decimal("1e-8")
_CENT = Decimal("0.01")
Key = tuple[str, str]


class Difference(NamedTuple):
    """A stored figure and what the facts give; None is no value."""

    snapshot: str
    code: str
    scope: str
    key: str
    stored: Decimal | None
    computed: Decimal | None

    def __str__(self) -> str:
        place = " ".join(part for part in (self.code, self.scope, self.key) if part)
        return f"{self.snapshot} {place}: {_said(self.stored)} is stored, {_said(self.computed)} computed"


def not_by_sql() -> dict[Key, str]:
    """{(code, scope): why} of the figures that are not computed again."""
    return {key: source.why.en for key, source in SOURCES.items() if source.adds is Adds.NOT}


def differences(snapshot: Snapshot) -> Iterator[Difference]:
    """Every figure of a snapshot that the facts do not give; wants full scope."""
    reading = Reading(Month.of(snapshot.month), snapshot.known_at)
    parameters = reading.parameters()
    stored: dict[Key, dict[str, Any]] = {}
    for figure in snapshot.figures.order_by("code", "scope", "position"):
        stored.setdefault((figure.code, figure.scope), {})[figure.key] = figure
    quiet = _all_silent(parameters)
    for entry in ENTRIES:
        place = (entry.code, entry.scope.value)
        source = SOURCES[place]
        if source.adds is Adds.NOT or (place not in stored and entry.code not in {c for c, _ in stored}):
            continue
        figures = stored.get(place, {})
        if source.adds is Adds.RATE:
            yield from _unbalanced(source, figures, snapshot, place, parameters)
            continue
        computed = _computed(source, parameters)
        whole = entry.unit is Unit.YUAN or entry.unit is Unit.COUNT
        for key in {**figures, **computed}:
            found, given = figures.get(key), computed.get(key)
            if found is None:
                if given and abs(given) >= _CENT:
                    yield Difference(snapshot.public_id, *place, key, None, given)
            elif found.value is None:
                excused = found.reason == "not-reported" and quiet & set(source.lacks)
                if given is not None and not excused:
                    yield Difference(snapshot.public_id, *place, key, None, given)
            elif not _agree(found.value, given, source, whole=whole):
                yield Difference(snapshot.public_id, *place, key, found.value, given)


def _agree(stored: Decimal, given: Decimal | None, source: Source, *, whole: bool) -> bool:
    if given is None:
        return source.adds is Adds.SUM and stored == 0
    return abs(stored - given) < _CENT if whole else abs(stored - given) <= _RATIO


def _computed(source: Source, parameters: dict[str, Any]) -> dict[str, Decimal | None]:
    """{key: value}; a ratio without a denominator has none."""
    if source.adds is Adds.RULE:
        statement = source.rule
    elif source.adds is Adds.RATIO:
        statement = f"""
SELECT key, coalesce(sum(amount) FILTER (WHERE part = 'over'), 0)
              / nullif(sum(amount) FILTER (WHERE part = 'under'), 0)
  FROM ({source.lines}) lines GROUP BY key"""
    else:
        statement = f"SELECT key, round(sum(amount), 2) FROM ({source.lines}) lines GROUP BY key"
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return dict(cursor.fetchall())


#: What flows are worth at a rate, discounted by years of 365 days from the first one.
_WORTH = """
SELECT r.key, sum(l.amount * power(1 + r.rate - 0.000000006, (f.first - l.day) / 365.0)),
       sum(l.amount * power(1 + r.rate, (f.first - l.day) / 365.0)),
       sum(l.amount * power(1 + r.rate + 0.000000006, (f.first - l.day) / 365.0))
  FROM jsonb_to_recordset(%(rates)s::jsonb) AS r (key text, rate numeric)
  JOIN ({lines}) l ON l.key = r.key
  JOIN (SELECT key, min(day) AS first FROM ({lines}) x GROUP BY key) f ON f.key = r.key
 GROUP BY r.key
"""


def _unbalanced(
    source: Source, figures: dict[str, Any], snapshot: Snapshot, place: Key, parameters: dict[str, Any]
) -> Iterator[Difference]:
    import orjson

    rates = [{"key": key, "rate": str(f.value)} for key, f in figures.items() if f.value is not None]
    with connection.cursor() as cursor:
        told = parameters | {"rates": orjson.dumps(rates).decode()}
        cursor.execute(_WORTH.replace("{lines}", source.lines), told)
        worth = {key: tuple(values) for key, *values in cursor.fetchall()}
    for rate in rates:
        below, at, above = worth.get(rate["key"], (Decimal(1), Decimal(1), Decimal(1)))
        if abs(at) >= _CENT and below * above > 0:
            yield Difference(snapshot.public_id, *place, rate["key"], Decimal(rate["rate"]), None)


def _all_silent(parameters: dict[str, Any]) -> set[str]:
    """Data sets that no bank at all has sent."""
    found = set()
    with connection.cursor() as cursor:
        for dataset in ("flow", "stock"):
            cursor.execute(
                "SELECT NOT EXISTS (SELECT FROM kernel_organisation"
                f" WHERE kind = 'bank' AND id NOT IN {silent(dataset)})",
                parameters,
            )
            if cursor.fetchone()[0]:
                found.add(dataset)
    return found


def _said(value: Decimal | None) -> str:
    return "nothing" if value is None else f"{value.normalize():f}"
