"""The terms of a fund: a row for each day from which something else is agreed, never changed."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction

from finance_hub.kernel import audit, ids
from finance_hub.kernel.models import Person
from finance_hub.kernel.problems import refuse
from funds.models import FundTerms
from funds.models.terms import PAIRED
from funds.operations.rules import lock_fund


def record_terms(
    *, fund: str, valid_from: date, document: str, by: Person, now: datetime, **agreed: Any
) -> FundTerms:
    """What is agreed for the fund from a day on, by the fields of `FundTerms`; what is left out is not agreed.

    A second row of the same day takes the place of the first. Raises NotFound, InvalidFields.
    """
    _require_paired(agreed)
    _require_an_end(agreed)
    with transaction.atomic():
        held = lock_fund(fund)
        _require_days(valid_from, agreed, since=held.established_on)
        terms = FundTerms.objects.create(
            public_id=ids.new("ft"), fund=held, valid_from=valid_from, document=document, recorded_at=now,
            recorded_by=by, **agreed,
        )  # fmt: skip
        audit.record(
            "fund.terms", actor=by, subject=f"fund:{fund}", at=now, terms=terms.public_id, document=document,
            valid_from=valid_from.isoformat(),
            agreed={name: str(value) for name, value in agreed.items() if value is not None},
        )  # fmt: skip
    return terms


def _require_paired(agreed: dict[str, Any]) -> None:
    for pair in PAIRED:
        missing = [name for name in pair if agreed.get(name) is None]
        if len(missing) == 1:
            other = next(name for name in pair if name not in missing)
            raise refuse(
                f"#/{missing[0]}",
                "required",
                "填写了 {other} 时须同时填写",
                "It goes together with {other}",
                other=other,
            )


def _require_an_end(agreed: dict[str, Any]) -> None:
    """A manager that catches up by no more than the share it shall reach never reaches it."""
    catch_up, carry = agreed.get("catch_up_pct"), agreed.get("carried_interest_pct")
    target = agreed.get("catch_up_target_pct")
    if (catch_up or target is not None) and carry is None:
        raise refuse(
            "#/carried_interest_pct",
            "required",
            "约定追补时须约定收益分成",
            "A catch-up wants a carried interest",
        )
    if target is not None and target > carry:
        raise refuse(
            "#/catch_up_target_pct",
            "target-above-carry",
            "不能高于收益分成比例",
            "It is above the carried interest",
        )
    if catch_up and catch_up <= (carry if target is None else target):
        raise refuse(
            "#/catch_up_pct",
            "catch-up-never-ends",
            "追补比例须高于其目标比例",
            "It must be above the share that the manager catches up to",
        )


def _require_days(valid_from: date, agreed: dict[str, Any], *, since: date) -> None:
    if valid_from < since:
        raise refuse(
            "#/valid_from",
            "date-before-establishment",
            "日期早于基金成立日 {established_on}",
            "The date is before the fund was established, {established_on}",
            established_on=since.isoformat(),
        )
    investing, ends = agreed.get("investment_ends_on"), agreed.get("ends_on")
    for name, day in (("investment_ends_on", investing), ("ends_on", ends)):
        if day and day <= since:
            raise refuse(
                f"#/{name}",
                "date-before-establishment",
                "日期不晚于基金成立日",
                "It is not after the founding",
            )
    if investing and ends and investing > ends:
        raise refuse(
            "#/investment_ends_on",
            "period-after-life",
            "投资期晚于存续期届满",
            "The investment period ends after the fund does",
        )
