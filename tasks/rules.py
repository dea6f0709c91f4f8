"""The rules that figures are held against: tolerances and limits on concentration, as approved and in force."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from tasks.models import ConcentrationLimit, ToleranceRule


class Rule(NamedTuple):
    """A tolerance rule in force; percentages as text."""

    public_id: str
    fund_id: int | None
    base: str
    netting: bool
    timing: str
    limit_pct: str
    document: str
    scope: str = "fund"
    key: str = ""
    warning_pct: str = "80.00"
    owner: str = ""


class LapsedRule(NamedTuple):
    """A rule that has ended, and that no other has followed."""

    public_id: str
    scope: str
    fund_id: int | None
    key: str
    ended_on: date


class ConcentrationRule(NamedTuple):
    """A limit on concentration in force; numbers as text, in the unit of its measure."""

    public_id: str
    dimension: str
    measure: str
    top_n: int | None
    fund_id: int | None
    limit: str
    warning: str
    document: str


#: What a rule is set on; the rule that began last is the one in force there.
_SET_ON = ("scope", "fund_id", "key")


def _latest(as_of: date, known_at: datetime) -> list[ToleranceRule]:
    """Of every scope the rule approved by `known_at` that began last before `as_of`, ended or not."""
    begun = ToleranceRule.objects.filter(approved_at__lte=known_at, valid_from__lt=as_of)
    return list(begun.order_by(*_SET_ON, "-valid_from").distinct(*_SET_ON))


def in_force(as_of: date, known_at: datetime) -> list[Rule]:
    """In force on the last day before `as_of`; the latest of each scope."""
    return [
        Rule(
            r.public_id, r.fund_id, r.base, r.netting, r.timing, str(r.limit_pct), r.document, r.scope, r.key,
            str(r.warning_pct), r.owner,
        )
        for r in _latest(as_of, known_at)
        if r.valid_to is None or r.valid_to >= as_of
    ]  # fmt: skip


def lapsed(as_of: date, known_at: datetime) -> list[LapsedRule]:
    return [
        LapsedRule(r.public_id, r.scope, r.fund_id, r.key, r.valid_to)
        for r in _latest(as_of, known_at)
        if r.valid_to is not None and r.valid_to < as_of
    ]


def concentration_limits(as_of: date, known_at: datetime) -> list[ConcentrationRule]:
    """Approved by `known_at` and in force on the last day before `as_of`; of what they limit the latest."""
    limits = ConcentrationLimit.objects.filter(approved_at__lte=known_at, valid_from__lt=as_of)
    what = ("dimension", "measure", "top_n", "fund_id")
    latest = limits.order_by(*what, "-valid_from", "-pk").distinct(*what)
    return [
        ConcentrationRule(
            one.public_id, one.dimension, one.measure, one.top_n, one.fund_id, str(one.limit), str(one.warning),
            one.document,
        )
        for one in latest
        if one.valid_to is None or one.valid_to >= as_of
    ]  # fmt: skip
