"""Tolerance rules: proposed by one person, approved by another, never edited."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.db import IntegrityError, transaction

from finance_hub.kernel import audit, ids
from finance_hub.kernel.models import Person
from finance_hub.kernel.problems import NotFound, Problem, SelfApproval, refuse
from finance_hub.kernel.text import Text
from funds.models import Fund
from tasks.models import ToleranceRule


class RuleAlreadyApproved(Problem):
    code = "rule-already-approved"
    status = 409
    title = Text("该规则已批准", "This rule is approved already")


class RuleOverlaps(Problem):
    code = "rule-overlaps"
    status = 409
    title = Text("该基金自同日起已有批准的规则", "The fund has an approved rule from the same day")


def propose(
    *,
    fund_code: str,
    base: str,
    netting: bool,
    timing: str,
    limit_pct: Decimal,
    document: str,
    valid_from: date,
    valid_to: date | None,
    by: Person,
    now: datetime,
) -> ToleranceRule:
    """`limit_pct` is above 0 and at most 100. Raises NotFound (fund), InvalidFields (`limit_pct`, `valid_to`)."""
    if not 0 < limit_pct <= 100:
        raise refuse(
            "#/limit_pct", "percentage-out-of-range", "须大于 0 且不超过 100", "must be above 0, at most 100"
        )
    fund = Fund.objects.filter(code=fund_code).first()
    if fund is None:
        raise NotFound
    if valid_to is not None and valid_to <= valid_from:
        raise refuse("#/valid_to", "ends-before-it-begins", "须晚于开始日期", "must be after valid_from")
    with transaction.atomic():
        rule = ToleranceRule.objects.create(
            public_id=ids.new("tr"),
            fund=fund,
            base=base,
            netting=netting,
            timing=timing,
            limit_pct=limit_pct,
            document=document,
            valid_from=valid_from,
            valid_to=valid_to,
            proposed_by=by,
            proposed_at=now,
        )
        audit.record(
            "limit.propose", actor=by, subject=f"rule:{rule.public_id}", at=now, limit_pct=str(limit_pct)
        )
    return rule


def approve(public_id: str, *, by: Person, now: datetime) -> ToleranceRule:
    """Raises NotFound, RuleAlreadyApproved, SelfApproval, RuleOverlaps."""
    rule = ToleranceRule.objects.filter(public_id=public_id).first()
    if rule is None:
        raise NotFound
    if rule.proposed_by_id == by.pk:
        raise SelfApproval
    try:
        with transaction.atomic():
            waiting = ToleranceRule.objects.filter(pk=rule.pk, approved_at=None)
            if not waiting.update(approved_by=by, approved_at=now):
                raise RuleAlreadyApproved
            audit.record("limit.approve", actor=by, subject=f"rule:{public_id}", at=now)
    except IntegrityError as clash:
        raise RuleOverlaps from clash
    return ToleranceRule.objects.select_related("fund").get(pk=rule.pk)
