"""Whether an agreement covers a new guarantee: its terms, its caps, and the pool behind it.

The agreement's row is locked first, then the guarantee's, then the pool's: two writers wait for one
another and never in a circle.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.days import today
from finance_hub.kernel.models import Firm, Organisation
from finance_hub.kernel.problems import FieldError, Problem, refuse
from finance_hub.kernel.scoping import within
from finance_hub.kernel.text import Text
from loans.models import Agreement, AgreementTerms, Pool
from loans.queries import agreements as queries
from loans.queries import pools


class NoTermsInForce(Problem):
    code = "no-terms-in-force"
    status = 422
    title = Text("分险协议在该日没有生效的条款", "The agreement has no approved terms in force on that day")


class AboveBorrowerCap(Problem):
    code = "borrower-cap-exceeded"
    status = 422
    title = Text("超过单户限额", "It exceeds the cap of a single borrower")
    detail = Text("单户限额 {cap}，已用 {used}", "The cap is {cap}, of which {used} is used")


class AboveGroupCap(Problem):
    code = "group-cap-exceeded"
    status = 422
    title = Text("超过集团限额", "It exceeds the cap of a group of related firms")
    detail = Text("集团限额 {cap}，已用 {used}", "The cap is {cap}, of which {used} is used")


class AboveYearlyCap(Problem):
    code = "yearly-cap-exceeded"
    status = 422
    title = Text("超过年度担保额上限", "It exceeds what may be guaranteed in a year")
    detail = Text("年度上限 {cap}，当年已用 {used}", "The cap is {cap}, of which {used} is used in the year")


class PoolWithoutLimits(Problem):
    code = "pool-without-limits"
    status = 422
    title = Text("资金池没有已批准的限额", "The pool has no approved limits in force")


class PoolFuseBlown(Problem):
    code = "pool-fuse-blown"
    status = 422
    title = Text("资金池对该银行已熔断", "The pool is closed to new guarantees for this bank")
    detail = Text(
        "该行{measure_zh}为 {value}%，熔断线为 {line}%",
        "The bank's {measure} is {value} %, the line is {line} %",
    )


class PoolLeverageExceeded(Problem):
    code = "pool-leverage-exceeded"
    status = 422
    title = Text("超过资金池放大倍数", "It exceeds the leverage of the pool")
    detail = Text(
        "资金池最多承载 {carries}，已承载 {carried}",
        "The pool carries at most {carries}, and carries {carried}",
    )


MEASURES = {
    "npl_ratio": Text("不良率", "NPL ratio"), "compensation_ratio": Text("代偿率", "compensation ratio"),
}  # fmt: skip


def lock(code: str, *, bank: Organisation) -> Agreement:
    """The agreement in scope, its row locked. Raises InvalidFields (`agreement`)."""
    held = Agreement.objects.select_for_update().filter(code=code).first()
    if held is None or held.bank_id not in {None, bank.pk}:
        raise refuse(
            "#/agreement",
            "agreement-unknown",
            "没有适用的分险协议",
            "There is no such agreement for this bank",
        )
    return held


def require_cover(
    agreement: Agreement,
    *,
    firm: Firm,
    bank: Organisation,
    principal: Decimal,
    day: date,
    fee_rate_pct: Decimal | None,
    now: datetime,
) -> dict[str, Any]:
    """The columns of a guarantee that begins on `day`: its terms and their three sums.

    Wants the agreement locked. Raises NoTermsInForce, InvalidFields (`fee_rate_pct`), AboveBorrowerCap,
    AboveGroupCap, AboveYearlyCap and what `require_pool` raises.
    """
    terms = queries.terms_in_force(agreement, day=day, known_at=now)
    if terms is None:
        raise NoTermsInForce(errors=_at(NoTermsInForce, "#/agreement"))
    if terms.fee_rate_max_pct is not None and (fee_rate_pct or 0) > terms.fee_rate_max_pct:
        raise refuse(
            "#/fee_rate_pct",
            "fee-rate-above-maximum",
            "担保费率高于协议上限 {most}%",
            "The fee rate is above the agreement's {most} %",
            most=str(terms.fee_rate_max_pct),
        )
    _require_caps(terms, firm=firm, principal=principal, day=day)
    if terms.pool:
        require_pool(terms.pool, bank=bank, principal=principal, now=now)
    return {"terms": terms} | sums(terms)


def sums(terms: AgreementTerms) -> dict[str, Decimal]:
    """The shares of the bank, of the public parties, and of everybody else, in percent."""
    shares = queries.shares(terms)
    bank = sum((s.share_pct for s in shares if s.party == "bank"), Decimal(0))
    public = sum((s.share_pct for s in shares if s.party in queries.PUBLIC), Decimal(0))
    return {
        "bank_share_pct": bank, "government_share_pct": public, "guarantor_share_pct": 100 - bank - public,
    }  # fmt: skip


def _require_caps(terms: AgreementTerms, *, firm: Firm, principal: Decimal, day: date) -> None:
    used = queries.use(terms.agreement, firm=firm, year=day.year)
    for problem, cap, so_far in (
        (AboveBorrowerCap, terms.borrower_cap, used.borrower),
        (AboveGroupCap, terms.group_cap, used.group),
        (AboveYearlyCap, terms.yearly_cap, used.year),
    ):
        if cap is not None and so_far + principal > cap:
            raise problem(errors=_at(problem, "#/principal"), cap=cap, used=so_far)


def require_pool(pool: Pool, *, bank: Organisation, principal: Decimal, now: datetime) -> None:
    """The pool, as known now, carries `principal` more for the bank; its row stays locked.

    Looks at everybody's guarantees under the pool. Raises PoolWithoutLimits, PoolFuseBlown,
    PoolLeverageExceeded.
    """
    as_of = today(now) + timedelta(days=1)
    with within(EVERYTHING):
        Pool.objects.select_for_update().get(pk=pool.pk)
        stands = next(row for row in pools.pool_frame(as_of, now) if row.pool_id == pool.pk)
        fuses = pools.fuse_frame(as_of, now)
    if stands.leverage_limit is None:
        raise PoolWithoutLimits
    for fuse in fuses:
        if (fuse.pool_id, fuse.bank_id) == (pool.pk, bank.pk) and fuse.blown:
            raise _blown(fuse)
    carries = Decimal(stands.balance * stands.leverage_limit) / 10_000
    carried = Decimal(stands.guaranteed) / 100
    if carried + principal > carries:
        raise PoolLeverageExceeded(
            errors=_at(PoolLeverageExceeded, "#/principal"),
            carries=f"{carries:.2f}",
            carried=f"{carried:.2f}",
        )


def _blown(fuse: pools.FuseRow) -> PoolFuseBlown:
    measure = MEASURES[str(fuse.measure)]
    return PoolFuseBlown(
        measure=measure.en, measure_zh=measure.zh, value=f"{(fuse.value or 0) * 100:.2f}",
        line=f"{Decimal(fuse.line or 0) / 100:.2f}",
    )  # fmt: skip


def _at(problem: type[Problem], pointer: str) -> tuple[FieldError, ...]:
    return (FieldError(problem.code, pointer, problem.title),)
