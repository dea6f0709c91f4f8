"""Whom a fund invests in: a firm of the registry, or another fund, without closing a circle."""

from __future__ import annotations

from collections import deque
from datetime import date, datetime

from django.db import connection

from finance_hub.kernel import firms, ids, scoping
from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.models import Firm, Person
from finance_hub.kernel.problems import FieldError, NotFound, Problem, refuse
from finance_hub.kernel.text import Text
from funds.models import Fund, Holding, Investor

#: Stakes in funds queue here: two opened at the same moment could close a circle between them.
CIRCLE_LOCK = 0x66756E64
_OUT_OF_SIGHT = Text("其他管理人的基金", "a fund of another manager")


class HoldingWouldCloseACircle(Problem):
    """Names the funds of the circle, each the holder of the next; one out of sight has no name here."""

    code = "holding-would-close-a-circle"
    status = 409
    title = Text("将形成循环持有", "The funds would hold each other in a circle")
    detail = Text("将形成循环持有：{circle}", "The funds would hold each other in a circle: {circle}")


def open_holding(
    fund: Fund,
    *,
    uscc: str | None,
    firm_name: str | None,
    sub_fund: str | None,
    known_from: date,
    by: Person,
    now: datetime,
) -> Holding:
    """The fund's one holding in the firm or sub-fund, opened at its first investment.

    Call with the fund's row locked. Raises NotFound, InvalidFields, HoldingWouldCloseACircle.
    """
    if (uscc is None) == (sub_fund is None):
        raise refuse(
            "#/uscc",
            "one-investee",
            "须且只能指明一家企业或一只子基金",
            "Name either a firm or a sub-fund, and only one",
        )
    firm = firm_for(uscc, name=firm_name, known_from=known_from, by=by, now=now) if uscc is not None else None
    sub = _sub_fund(fund, code=sub_fund) if sub_fund is not None else None
    holding, _ = Holding.objects.get_or_create(
        fund=fund, firm=firm, sub_fund=sub, defaults={"public_id": ids.new("ho")}
    )
    # The caller has the fund already; the copy that get() loads would be one more query.
    holding.fund = fund
    return holding


def firm_for(uscc: str, *, name: str | None, known_from: date, by: Person, now: datetime) -> Firm:
    """The firm of a code; one that the scope may not know of is, like an unknown one, named and registered.

    Raises InvalidFields (`uscc-…`, `firm-unknown`).
    """
    firms.require_uscc(uscc)
    known = firms.visible(scoping.current()).filter(uscc=uscc).first()
    if known:
        return known
    if name is None:
        raise refuse(
            "#/uscc",
            "firm-unknown",
            "企业未登记；请同时填写企业名称",
            "The registry does not know the firm: give its name too",
        )
    try:
        return firms.register(code=uscc, name=name, source="deal", known_from=known_from, by=by, now=now)
    except firms.FirmAlreadyRegistered:
        # Somebody registered it between the look and the entry, or it is kept from this scope.
        return Firm.objects.get(uscc=uscc)


def _sub_fund(fund: Fund, *, code: str) -> Fund:
    sub = Fund.objects.filter(code=code).first()
    if sub is None:
        raise NotFound
    _require_no_circle(fund, sub, pointer="#/sub_fund")
    return sub


def holder_of(fund: Fund, *, code: str) -> Fund:
    """The fund with this code, whoever manages it, as an investor of `fund`.

    Raises InvalidFields where there is none, HoldingWouldCloseACircle.
    """
    with scoping.within(EVERYTHING):
        holder = Fund.objects.filter(code=code).first()
    if holder is None:
        raise refuse("#/holder", "fund-unknown", "没有这只基金", "There is no such fund")
    _require_no_circle(holder, fund, pointer="#/holder")
    return holder


def _require_no_circle(holder: Fund, held: Fund, *, pointer: str) -> None:
    """Raises HoldingWouldCloseACircle where `held` holds its holder already, directly or not."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CIRCLE_LOCK])
    way = _ways_from(held).get(holder.pk)
    if way is None:
        return
    seen = {fund.pk: Text(fund.name, fund.name_en) for fund in Fund.objects.filter(pk__in=way)}
    names = [seen.get(pk, _OUT_OF_SIGHT) for pk in (holder.pk, *way)]
    circle = Text(*(" → ".join(said) for said in zip(*names, strict=True)))
    words = HoldingWouldCloseACircle.detail.fill(circle=circle)
    error = FieldError(HoldingWouldCloseACircle.code, pointer, words)
    raise HoldingWouldCloseACircle(errors=(error,), circle=circle)


def reached_from(fund: Fund) -> set[int]:
    """The fund and all that it holds, directly or not, whoever manages them: a circle passes managers."""
    return set(_ways_from(fund))


def _ways_from(fund: Fund) -> dict[int, list[int]]:
    """To each that is reached from the fund the shortest way, both ends included, each holding the next."""
    with scoping.within(EVERYTHING):
        edges = {
            *Holding.objects.filter(sub_fund__isnull=False).values_list("fund_id", "sub_fund_id"),
            *Investor.objects.filter(holder__isnull=False).values_list("holder_id", "fund_id"),
        }
        held: dict[int, list[int]] = {}
        for holder, sub in edges:
            held.setdefault(holder, []).append(sub)
    ways, ahead = {fund.pk: [fund.pk]}, deque([fund.pk])
    while ahead:
        here = ahead.popleft()
        for sub in held.get(here, []):
            if sub not in ways:
                ways[sub] = [*ways[here], sub]
                ahead.append(sub)
    return ways
