"""What every entry of a fund obeys: a day that has come, an amount that is money, a fund in sight."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from finance_hub.kernel import days
from finance_hub.kernel.problems import FieldError, NotFound, Problem, refuse
from funds.models import Fund

#: Far above any fund of a city, and low enough that sums over a fund's whole life fit int64 fen.
MOST = Decimal(10) ** 12


def lock_fund(code: str) -> Fund:
    """The fund in scope, its row locked until commit: entries of one fund queue here. Raises NotFound."""
    fund = Fund.objects.select_for_update(no_key=True).filter(code=code).first()
    if fund is None:
        raise NotFound
    return fund


def require_day(
    day: date, *, now: datetime, since: date | None = None, pointer: str = "#/effective_date"
) -> None:
    """Refuses what `days.require_day` does and, with `since`, a day before the fund's founding."""
    days.require_day(day, now=now, pointer=pointer)
    if since and day < since:
        raise refuse(
            pointer,
            "date-before-establishment",
            "日期早于基金成立日 {established_on}",
            "The date is before the fund was established, {established_on}",
            established_on=since.isoformat(),
        )


def require_amount(amount: Decimal, *, pointer: str = "#/amount", may_be_zero: bool = False) -> None:
    """Refuses what is not yuan with two places, is negative or zero, or above MOST."""
    if not amount.is_finite() or amount != amount.quantize(Decimal("0.01")):
        raise refuse(pointer, "amount-scale", "金额最多两位小数", "An amount has at most two decimal places")
    if amount < 0 and may_be_zero:
        raise refuse(pointer, "amount-negative", "金额不能为负", "The amount must not be negative")
    if amount <= 0 and not may_be_zero:
        raise refuse(pointer, "amount-not-positive", "金额须大于零", "The amount must be greater than zero")
    if amount > MOST:
        raise refuse(pointer, "amount-too-large", "金额超出范围", "The amount is out of range")


def require_room(
    problem: type[Problem], *, amount: Decimal, room: Decimal, pointer: str, **said: str
) -> None:
    """Raises `problem`, pointing at the field and saying what it says, where the amount is above what is left."""
    if amount <= room:
        return
    said |= {"amount": f"{amount:.2f}", "room": f"{max(room, Decimal(0)):.2f}"}
    words = (problem.detail or problem.title).fill(**said)
    raise problem(errors=(FieldError(problem.code, pointer, words, said),), **said)
