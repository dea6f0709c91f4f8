"""Local investment is recognised 认定 for a fund, taken back, or recognised otherwise: by rows that name each other."""

from __future__ import annotations

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db import connection, transaction

from finance_hub.kernel import audit, ids
from finance_hub.kernel.models import Person
from finance_hub.kernel.money import CENT
from finance_hub.kernel.problems import NotFound, Problem
from finance_hub.kernel.text import Text
from funds.models import Fund, LocalInput, Recognition, ReinvestmentRules
from funds.operations.investees import firm_for
from funds.operations.reinvestment.cases import RouteNotRecognised, require_case
from funds.operations.reversing import AlreadyReversed, ReversalOfAReversal, require_not_before
from funds.operations.rules import lock_fund, require_amount, require_day
from funds.queries.reinvestment import rules_in_force


class NoReinvestmentRules(Problem):
    code = "no-reinvestment-rules"
    status = 409
    title = Text("该日没有返投认定规则", "No rules of recognition are in force for the fund on that day")


class InputCountsElsewhere(Problem):
    code = "input-counts-elsewhere"
    status = 409
    title = Text(
        "同一笔资金已为另一只基金认定", "The same money is recognised for another fund: it counts only once"
    )


def recognise(
    *,
    fund: str,
    uscc: str,
    reference: str,
    route: str,
    base: Decimal,
    effective_date: date,
    evidence: str,
    firm_name: str | None = None,
    by: Person,
    now: datetime,
) -> Recognition:
    """Recognise money that reached the city through a firm, known by the `reference` of what proves it.

    Naming a reference again is another case of the same money: the highest one counts. The factor is that of
    the rules in force on the day. Raises NotFound, InvalidFields, NoReinvestmentRules, RouteNotRecognised,
    InputCountsElsewhere.
    """
    require_amount(base, pointer="#/base")
    with transaction.atomic():
        held = lock_fund(fund)
        require_day(effective_date, now=now, since=held.established_on)
        firm = firm_for(uscc, name=firm_name, known_from=effective_date, by=by, now=now)
        place, _ = LocalInput.objects.get_or_create(
            fund=held, firm=firm, reference=reference.strip(), defaults={"public_id": ids.new("li")}
        )
        case = _enter(
            place, held, route=route, base=base, effective_date=effective_date, evidence=evidence, by=by, now=now
        )  # fmt: skip
        audit.record("fund.recognise", actor=by, subject=f"fund:{fund}", at=now, **_facts(case))
    return case


def reverse_recognition(
    *, fund: str, recognition: str, effective_date: date, evidence: str, by: Person, now: datetime
) -> Recognition:
    """Take back the case with public id `recognition` from a day on; `evidence` says why.

    Raises NotFound, InvalidFields, AlreadyReversed, ReversalOfAReversal.
    """
    with transaction.atomic():
        first = _first(lock_fund(fund), recognition)
        require_day(effective_date, now=now)
        require_not_before(effective_date, first.effective_date)
        reversal = _take_back(first, on=effective_date, evidence=evidence, by=by, now=now)
        audit.record("fund.reverse_recognition", actor=by, subject=f"fund:{fund}", at=now, **_facts(reversal))
    return reversal


def correct_recognition(
    *,
    fund: str,
    recognition: str,
    route: str,
    base: Decimal,
    effective_date: date,
    evidence: str,
    by: Person,
    now: datetime,
) -> Recognition:
    """Put another case of the same money in the place of the one with public id `recognition`: that one is taken
    back on its own day. Raises NotFound, InvalidFields, AlreadyReversed, ReversalOfAReversal, NoReinvestmentRules,
    RouteNotRecognised.
    """
    require_amount(base, pointer="#/base")
    with transaction.atomic():
        held = lock_fund(fund)
        first = _first(held, recognition)
        require_day(effective_date, now=now, since=held.established_on)
        _take_back(first, on=first.effective_date, evidence=evidence, by=by, now=now)
        case = _enter(
            first.input, held, route=route, base=base, effective_date=effective_date, evidence=evidence,
            corrects=first, by=by, now=max(now, first.recorded_at),
        )  # fmt: skip
        audit.record(
            "fund.correct_recognition", actor=by, subject=f"fund:{fund}", at=now, corrects=recognition,
            **_facts(case),
        )  # fmt: skip
    return case


def _enter(
    place: LocalInput,
    fund: Fund,
    *,
    route: str,
    base: Decimal,
    effective_date: date,
    now: datetime,
    **said: Any,
) -> Recognition:
    rules = rules_in_force(fund, day=effective_date, known_at=now)
    if rules is None:
        raise NoReinvestmentRules
    factor = rules.factor(route)
    if factor is None:
        raise RouteNotRecognised(document=rules.document)
    require_case(place, fund, route=route, base=base, day=effective_date)
    _require_own(place)
    recognised = (base * factor).quantize(CENT, rounding=ROUND_HALF_UP)
    return _insert(
        place, rules, route, base, factor, recognised, effective_date=effective_date, at=now, **said
    )


def _require_own(place: LocalInput) -> None:
    """Raises InputCountsElsewhere. The lock is the one that the database takes when it looks itself."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 20))", [f"{place.firm_id}|{place.reference}"]
        )
    others = Recognition.objects.filter(
        input__firm=place.firm_id, input__reference=place.reference, reverses=None, reversed_by=None
    ).exclude(input__fund=place.fund_id)
    if others.exists():
        raise InputCountsElsewhere


def _first(fund: Fund, public_id: str) -> Recognition:
    """The case of the fund, not taken back. Raises NotFound, ReversalOfAReversal, AlreadyReversed."""
    found = Recognition.objects.select_related("input__firm", "rules", "recorded_by")
    first = found.filter(input__fund=fund, public_id=public_id).first()
    if first is None:
        raise NotFound
    if first.reverses_id is not None:
        raise ReversalOfAReversal
    if Recognition.objects.filter(reverses=first).exists():
        raise AlreadyReversed
    return first


def _take_back(first: Recognition, *, on: date, evidence: str, by: Person, now: datetime) -> Recognition:
    return _insert(
        first.input, first.rules, first.route, first.base, first.factor, first.recognised, effective_date=on,
        evidence=evidence, reverses=first, by=by, at=max(now, first.recorded_at),
    )  # fmt: skip


def _insert(
    place: LocalInput, rules: ReinvestmentRules, route: str, base: Decimal, factor: Decimal, recognised: Decimal,
    *, by: Person, at: datetime, **facts: Any,
) -> Recognition:  # fmt: skip
    return Recognition.objects.create(
        public_id=ids.new("rc"), input=place, rules=rules, route=route, base=base, factor=factor,
        recognised=recognised, recorded_by=by, recorded_at=at, **facts,
    )  # fmt: skip


def _facts(case: Recognition) -> dict[str, Any]:
    return {
        "recognition": case.public_id, "firm": case.input.firm.uscc, "reference": case.input.reference,
        "route": case.route, "base": f"{case.base:.2f}", "recognised": f"{case.recognised:.2f}",
        "effective_date": case.effective_date.isoformat(),
    }  # fmt: skip
