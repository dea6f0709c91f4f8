"""What a stored figure lacks: reporters whose data had not come, and contradictions that stood open, as known then."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Count, Q

from finance_hub.kernel.periods import Month
from loans import quality
from loans.models import Finding
from loans.quality.rule import Severity
from tasks.models import Snapshot
from tasks.obstacles import Lack, lacks_of
from tasks.records import SOURCES

#: Scopes whose key begins with a reporter's code: what others lack does not touch them.
_OF_REPORTER = {
    "bank", "bank_product", "bank_overdue", "guarantor", "guarantor_firm", "guarantor_group", "reporter",
}  # fmt: skip
_ERRORS = [rule.code for rule in quality.RULES if rule.severity is Severity.ERROR]
_OF_BANKS = {"flow", "stock"}


class Gaps:
    """Of one snapshot; `of` answers for one figure."""

    def __init__(self, lacks: Iterable[Lack], errors: dict[str, int]) -> None:
        self._lacks, self._errors = tuple(lacks), errors

    def of(self, code: str, scope: str, key: str) -> tuple[Lack, ...]:
        """Reporters without whom the figure is incomplete."""
        source = SOURCES.get((code, scope))
        wanted = source.lacks if source else ()
        whose = key.split(":")[0] if scope in _OF_REPORTER else ""
        return tuple(one for one in self._lacks if one.dataset in wanted and whose in ("", one.code))

    def errors(self, code: str, scope: str, key: str) -> int:
        """Open findings of the weight `error` on what the figure is computed from."""
        source = SOURCES.get((code, scope))
        if source is None or not _OF_BANKS & set(source.lacks):
            return 0
        if scope in _OF_REPORTER:
            return self._errors.get(key.split(":")[0], 0)
        return sum(self._errors.values())


def gaps_of(snapshot: Snapshot) -> Gaps:
    """Two queries; wants full scope."""
    return Gaps(lacks_of(snapshot), _open_errors(Month.of(snapshot.month), snapshot.known_at))


def _open_errors(month: Month, known_at: datetime) -> dict[str, int]:
    still = Q(resolved_at=None) | Q(resolved_at__gt=known_at)
    found = Finding.objects.filter(still, period=month.first, rule__in=_ERRORS, first_seen_at__lte=known_at)
    counted = found.values_list("bank__code").annotate(number=Count("pk")).order_by("bank__code")
    return dict(counted)
