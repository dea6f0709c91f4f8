"""Funds and their investors come into being."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal

from django.db import IntegrityError, transaction

from finance_hub.kernel import audit
from finance_hub.kernel.models import Organisation, Person
from finance_hub.kernel.problems import Problem, refuse
from finance_hub.kernel.text import Text
from funds.models import Fund, Investor
from funds.operations.investees import holder_of
from funds.operations.rules import lock_fund, require_amount, require_day


class FundCodeTaken(Problem):
    code = "fund-code-taken"
    status = 409
    title = Text("基金代码已被使用", "The fund code is taken")


class InvestorAlreadyAdded(Problem):
    code = "investor-already-added"
    status = 409
    title = Text("该基金已有同名出资人", "The fund has an investor of this name already")


def create_fund(
    *,
    code: str,
    name: str,
    name_en: str,
    tier: str,
    manager: str,
    planned_size: Decimal,
    established_on: date,
    amac_code: str = "",
    ndrc_code: str = "",
    by: Person,
    now: datetime,
) -> Fund:
    """A fund, run by the organisation with code `manager`. Raises FundCodeTaken, InvalidFields."""
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,39}", code, re.ASCII):
        raise refuse(
            "#/code",
            "fund-code-format",
            "代码由小写字母、数字和连字符组成",
            "A code is made of lower-case letters, digits and hyphens",
        )
    require_amount(planned_size, pointer="#/planned_size")
    require_day(established_on, now=now, pointer="#/established_on")
    facts = {
        "name": name, "name_en": name_en, "tier": tier, "manager": _manager(manager),
        "planned_size": planned_size, "established_on": established_on,
        "amac_code": amac_code, "ndrc_code": ndrc_code, "recorded_at": now,
    }  # fmt: skip
    with transaction.atomic():
        fund, fresh = Fund.objects.get_or_create(code=code, defaults=facts)
        if not fresh:
            raise FundCodeTaken
        audit.record("fund.create", actor=by, subject=f"fund:{code}", at=now, tier=tier, manager=manager)
    return fund


def add_investor(
    *, fund: str, name: str, capital: str, holder: str | None = None, by: Person, now: datetime
) -> Investor:
    """A limited partner of the fund with code `fund`; `holder` is the code of the fund of ours that it is.

    Raises NotFound, InvalidFields, InvestorAlreadyAdded, HoldingWouldCloseACircle.
    """
    with transaction.atomic():
        held = lock_fund(fund)
        facts = {
            "capital": capital, "holder": holder_of(held, code=holder) if holder else None, "recorded_at": now,
        }  # fmt: skip
        try:
            with transaction.atomic():
                investor, fresh = Investor.objects.get_or_create(fund=held, name=name, defaults=facts)
        except IntegrityError as taken:  # the same fund under another name
            raise InvestorAlreadyAdded from taken
        if not fresh:
            raise InvestorAlreadyAdded
        audit.record(
            "fund.add_investor", actor=by, subject=f"fund:{fund}", at=now, name=name, capital=capital,
            holder=holder or "",
        )  # fmt: skip
    return investor


def _manager(code: str) -> Organisation:
    manager = Organisation.objects.filter(code=code, kind="fund_manager").first()
    if manager is None:
        raise refuse(
            "#/manager", "not-a-fund-manager", "没有这家基金管理机构", "There is no such fund manager"
        )
    return manager
