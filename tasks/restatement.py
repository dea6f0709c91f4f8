"""What changed between two snapshots, and the records that changed it.

The lines behind a figure are read twice, as known then and as known now; what differs is the effect of what was
recorded meanwhile: a new row counts with its amount, the revision that it took the place of with the opposite. Of a
plain sum these effects add up to the difference, to the cent.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection

from finance_hub.kernel import scoping
from finance_hub.kernel.periods import Month
from finance_hub.kernel.problems import NotFound
from tasks.catalogue import BY_CODE
from tasks.models import Figure, Snapshot
from tasks.records import SOURCES, Reading, Source
from tasks.records.reading import Line, Totals, page, sums
from tasks.records.recorded import Period


class Change(NamedTuple):
    """A figure of the catalogue that has another value, or another reason for none, in the later snapshot."""

    code: str
    scope: str
    key: str
    label: str
    label_en: str
    old: Decimal | None
    old_reason: str
    new: Decimal | None
    new_reason: str

    @property
    def difference(self) -> Decimal | None:
        """None where one of the two has no value."""
        return None if self.old is None or self.new is None else self.new - self.old

    @property
    def kind(self) -> str:
        if self.old is None and self.new is None:
            return "reason"
        if self.old is None:
            return "appeared"
        return "vanished" if self.new is None else "value"

    @property
    def place(self) -> list[Any]:
        return [self.code, self.scope, self.key]


_BOTH = """
SELECT coalesce(n.code, o.code) AS code, coalesce(n.scope, o.scope) AS scope, coalesce(n.key, o.key) AS key,
       coalesce(n.label, o.label) AS label, coalesce(n.label_en, o.label_en) AS label_en,
       o.value AS old, coalesce(o.reason, 'not-listed') AS old_reason,
       n.value AS new, coalesce(n.reason, 'not-listed') AS new_reason
  FROM (SELECT * FROM tasks_figure WHERE snapshot_id = %(old)s) o
  FULL JOIN (SELECT * FROM tasks_figure WHERE snapshot_id = %(new)s) n
    ON n.code = o.code AND n.scope = o.scope AND n.key = o.key
 WHERE coalesce(n.code, o.code) = ANY(%(known)s)
   AND (o.value IS DISTINCT FROM n.value OR o.reason IS DISTINCT FROM n.reason)
   AND (%(code)s = '' OR coalesce(n.code, o.code) = %(code)s)
   AND (%(scope)s::text IS NULL OR coalesce(n.scope, o.scope) = %(scope)s)
   AND (%(key)s::text IS NULL OR coalesce(n.key, o.key) = %(key)s)
"""


def changes(
    old: Snapshot,
    new: Snapshot,
    *,
    code: str = "",
    scope: str | None = None,
    key: str | None = None,
    after: Sequence[Any] | None = None,
    limit: int,
) -> list[Change]:
    """Figures that differ, by code, scope and key, of one code, scope or key where given; wants full scope."""
    scoping.current()
    facts = {**_facts(old, new, code=code, scope=scope, key=key), "limit": limit}
    beyond = ""
    if after:
        facts |= dict(zip(("after_code", "after_scope", "after_key"), after, strict=True))
        beyond = (
            "WHERE (code, scope, key) > (%(after_code)s::text, %(after_scope)s::text, %(after_key)s::text)"
        )
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT * FROM ({_BOTH}) c {beyond} ORDER BY code, scope, key LIMIT %(limit)s",  # noqa: S608 - ours
            facts,
        )
        return [Change(*row) for row in cursor.fetchall()]


def count(old: Snapshot, new: Snapshot, *, code: str = "") -> int:
    scoping.current()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM ({_BOTH}) c", _facts(old, new, code=code))  # noqa: S608 - ours
        return int(cursor.fetchone()[0])


def _facts(
    old: Snapshot, new: Snapshot, *, code: str, scope: str | None = None, key: str | None = None
) -> dict[str, Any]:
    return {"old": old.pk, "new": new.pk, "code": code, "scope": scope, "key": key, "known": list(BY_CODE)}


def change_of(old: Snapshot, new: Snapshot, figure: tuple[str, str, str]) -> Change | None:
    """How one figure changed; None where it is the same in both."""
    code, scope, key = figure
    found = changes(old, new, code=code, scope=scope, key=key, limit=1)
    return found[0] if found else None


def effects(
    old: Snapshot,
    new: Snapshot,
    figure: tuple[str, str, str],
    *,
    after: Sequence[Any] | None = None,
    limit: int,
) -> list[Line]:
    """What each record did to a figure (code, scope, key), the largest first; wants full scope. Raises NotFound."""
    statement, parameters = _difference(old, new, figure)
    return page(statement, parameters, after=after, limit=limit)


def effect_totals(old: Snapshot, new: Snapshot, figure: tuple[str, str, str]) -> Totals:
    """Raises NotFound."""
    return sums(*_difference(old, new, figure))


def source_of(code: str, scope: str) -> Source:
    """Raises NotFound."""
    found = SOURCES.get((code, scope))
    if found is None:
        raise NotFound
    return found


def reading_of(snapshot: Snapshot) -> Reading:
    return Reading(Month.of(snapshot.month), snapshot.known_at)


def between(old: Snapshot, new: Snapshot) -> Period:
    """What was recorded after the older one and reaches into the later month; empty where it was taken later."""
    return Period(old.known_at, new.known_at, Month.of(max(old.month, new.month)))


def figure_in(snapshot: Snapshot, figure: tuple[str, str, str]) -> Figure | None:
    code, scope, key = figure
    return Figure.objects.filter(snapshot=snapshot, code=code, scope=scope, key=key).first()


def _difference(old: Snapshot, new: Snapshot, figure: tuple[str, str, str]) -> tuple[str, dict[str, Any]]:
    code, scope, key = figure
    lines = source_of(code, scope).lines
    then = re.sub(r"%\((\w+)\)s", r"%(then_\1)s", lines)
    statement = f"""
SELECT part, record, id, ref, min(about) AS about, min(who) AS who, min(day) AS day, min(recorded_at) AS recorded_at,
       sum(sign * amount) AS amount
  FROM (SELECT 1 AS sign, l.* FROM ({lines}) l WHERE l.key = %(key)s
        UNION ALL SELECT -1, l.* FROM ({then}) l WHERE l.key = %(key)s) twice
 GROUP BY part, record, id, ref HAVING sum(sign * amount) <> 0"""  # noqa: S608 - statements of ours
    before = {f"then_{name}": value for name, value in reading_of(old).parameters().items()}
    return statement, {**reading_of(new).parameters(), **before, "key": key}
