"""Reports of target values by the units that answer for them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from finance_hub.kernel import audit
from finance_hub.kernel.models import Person
from finance_hub.kernel.periods import SHANGHAI
from finance_hub.kernel.problems import NotFound, Problem, refuse
from finance_hub.kernel.text import Text
from tasks.models import Target, TargetReport


class TargetIsComputed(Problem):
    code = "target-is-computed"
    status = 409
    title = Text("该目标由系统计算，不接受填报", "This target is computed here and takes no reports")


def report(
    code: str, *, as_of: date, value: Decimal, evidence: str, by: Person, now: datetime
) -> TargetReport:
    """Append a value with its evidence. Raises NotFound, TargetIsComputed, InvalidFields (`as_of`)."""
    target = Target.objects.filter(code=code).first()
    if target is None:
        raise NotFound
    if target.tracking == "computed":
        raise TargetIsComputed
    if as_of > now.astimezone(SHANGHAI).date():
        raise refuse("#/as_of", "date-in-future", "日期不能在未来", "the date must not be in the future")
    with transaction.atomic():
        made = TargetReport.objects.create(
            target=target, as_of=as_of, value=value, evidence=evidence, reported_by=by, recorded_at=now
        )
        audit.record("target.report", actor=by, subject=f"target:{code}", at=now, value=str(value))
    return made
