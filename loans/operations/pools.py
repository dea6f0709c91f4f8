"""Pools and their limits: proposed by one person of the centre and approved by another, never edited."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from finance_hub.kernel import audit
from finance_hub.kernel.models import Person
from finance_hub.kernel.problems import NotFound, Problem, SelfApproval, refuse
from finance_hub.kernel.text import Text
from loans.models import Pool, PoolLimits
from loans.operations.pool_events import lock


class PoolExists(Problem):
    code = "pool-exists"
    status = 409
    title = Text("资金池代码已被使用", "The code of the pool is taken")


class LimitsAlreadyApproved(Problem):
    code = "pool-limits-already-approved"
    status = 409
    title = Text("该版本限额已批准", "This version of the limits is approved already")


def found(*, code: str, name: str, name_en: str, by: Person, now: datetime) -> Pool:
    """A new pool; it carries nothing before its limits are approved. Raises PoolExists."""
    with transaction.atomic():
        facts = {"name": name, "name_en": name_en, "recorded_at": now}
        pool, fresh = Pool.objects.get_or_create(code=code, defaults=facts)
        if not fresh:
            raise PoolExists
        audit.record("pool.found", actor=by, subject=f"pool:{code}", at=now, name=name)
    return pool


def limit(
    pool: str,
    *,
    leverage_limit: Decimal,
    fuse_measure: str,
    fuse_line_pct: Decimal,
    document: str,
    valid_from: date,
    by: Person,
    now: datetime,
) -> PoolLimits:
    """A new version of the pool's limits, for another person to approve. Raises NotFound, InvalidFields."""
    if not 0 < leverage_limit < 10_000:
        raise refuse(
            "#/leverage_limit", "multiple-out-of-range", "须大于 0 且小于 10000", "above 0, below 10000"
        )
    if not 0 < fuse_line_pct <= 100:
        raise refuse(
            "#/fuse_line_pct",
            "percentage-out-of-range",
            "须大于 0 且不超过 100",
            "must be above 0, at most 100",
        )
    with transaction.atomic():
        held = lock(pool)
        made = PoolLimits.objects.create(
            pool=held, version=PoolLimits.objects.filter(pool=held).count() + 1, valid_from=valid_from,
            document=document, leverage_limit=leverage_limit, fuse_measure=fuse_measure,
            fuse_line_pct=fuse_line_pct, proposed_by=by, proposed_at=now,
        )  # fmt: skip
        audit.record(
            "pool.propose_limits", actor=by, subject=f"pool:{pool}", at=now, version=made.version,
            leverage_limit=str(leverage_limit), fuse_measure=fuse_measure, fuse_line_pct=str(fuse_line_pct),
        )  # fmt: skip
    return made


def approve(pool: str, *, version: int, by: Person, now: datetime) -> PoolLimits:
    """Raises NotFound, LimitsAlreadyApproved, SelfApproval."""
    limits = PoolLimits.objects.filter(pool__code=pool, version=version).first()
    if limits is None:
        raise NotFound
    if limits.proposed_by_id == by.pk:
        raise SelfApproval
    with transaction.atomic():
        waiting = PoolLimits.objects.filter(pk=limits.pk, approved_at=None)
        if not waiting.update(approved_by=by, approved_at=now):
            raise LimitsAlreadyApproved
        audit.record("pool.approve_limits", actor=by, subject=f"pool:{pool}", at=now, version=version)
    limits.refresh_from_db()
    return limits
