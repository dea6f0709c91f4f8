"""Tolerance rules: proposed by one person, approved by another, never edited."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.db import IntegrityError, transaction

from finance_hub.kernel import audit, ids
from finance_hub.kernel.models import Person
from finance_hub.kernel.problems import NotFound, Problem, SelfApproval, refuse
from finance_hub.kernel.text import Text
from funds.models import Fund, Holding
from funds.models.funds import Tier
from tasks.models import ToleranceRule, ToleranceScope
from tasks.models.tolerance import CATEGORIES, SIZED


class RuleAlreadyApproved(Problem):
    code = "rule-already-approved"
    status = 409
    title = Text("该规则已批准", "This rule is approved already")


class RuleOverlaps(Problem):
    code = "rule-overlaps"
    status = 409
    title = Text("该范围自同日起已有批准的规则", "The scope has an approved rule from the same day")


def propose(
    *,
    fund_code: str | None,
    base: str,
    netting: bool,
    timing: str,
    limit_pct: Decimal,
    document: str,
    valid_from: date,
    valid_to: date | None,
    by: Person,
    now: datetime,
    scope: str = ToleranceScope.FUND.value,
    key: str = "",
    warning_pct: Decimal = Decimal(80),
    owner: str,
) -> ToleranceRule:
    """`limit_pct` and `warning_pct` are above 0 and at most 100, with two places.

    Raises InvalidFields (`fund`, `key`, `base`, `limit_pct`, `warning_pct`, `owner`, `valid_to`).
    """
    for name, percentage in (("limit_pct", limit_pct), ("warning_pct", warning_pct)):
        if not 0 < percentage <= 100:
            raise refuse(
                f"#/{name}",
                "percentage-out-of-range",
                "须大于 0 且不超过 100",
                "must be above 0, at most 100",
            )
        if percentage != round(percentage, 2):
            raise refuse(f"#/{name}", "too-many-places", "最多两位小数", "has at most two decimal places")
    if not owner.strip():
        raise refuse("#/owner", "required", "须写明责任部门", "names the unit that answers for it")
    fund = Fund.objects.filter(code=fund_code).first() if fund_code else None
    if fund_code and fund is None:
        raise refuse("#/fund", "does_not_exist", "没有这只基金", "No fund has this code")
    _require_scope(ToleranceScope(scope), fund=fund, key=key)
    if base == "size" and scope not in SIZED:
        raise refuse(
            "#/base", "scope-has-no-size", "类别和单个项目没有规模，请以实缴投资本金为基数",
            "A category or a project has no size: use the principal paid",
        )  # fmt: skip
    if valid_to is not None and valid_to <= valid_from:
        raise refuse("#/valid_to", "ends-before-it-begins", "须晚于开始日期", "must be after valid_from")
    with transaction.atomic():
        rule = ToleranceRule.objects.create(
            public_id=ids.new("tr"),
            scope=scope,
            fund=fund,
            key=key,
            base=base,
            netting=netting,
            timing=timing,
            limit_pct=limit_pct,
            warning_pct=warning_pct,
            owner=owner,
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


def _require_scope(scope: ToleranceScope, *, fund: Fund | None, key: str) -> None:
    """Raises InvalidFields (`fund`, `key`)."""
    if scope is ToleranceScope.FUND and fund is None:
        raise refuse("#/fund", "required", "以基金为范围的规则须指明基金", "A rule on a fund names it")
    if scope in (ToleranceScope.TIER, ToleranceScope.VINTAGE) and fund is not None:
        raise refuse(
            "#/fund", "fund-has-no-part", "以层级或设立年份为范围的规则不指明单只基金",
            "A rule on a tier or a vintage names no single fund",
        )  # fmt: skip
    if key and not _fits(scope, key):
        raise refuse("#/key", "key-does-not-fit", "与适用范围不符", "does not fit the scope")


def _fits(scope: ToleranceScope, key: str) -> bool:
    if scope is ToleranceScope.PROJECT:
        return Holding.objects.filter(public_id=key).exists()
    known = {ToleranceScope.TIER: Tier.values, ToleranceScope.CATEGORY: CATEGORIES}
    return key in known.get(scope, ()) or (
        scope is ToleranceScope.VINTAGE and len(key) == 4 and key.isascii() and key.isdigit()
    )


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
