"""The three verdicts against brute force: every completion of what is missing, judged by the plain formulas.

A verdict may wait for a figure that, seen together with others, could no longer change it (revenue stands in
a threshold and under R&D): each limb is judged on its own. It is never given too early, and over conditions
that ask for each figure once it is never given too late.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from listings import standards
from tasks.engine.readiness import (
    FACTS,
    AllOf,
    AnyOf,
    Condition,
    Financials,
    Kind,
    Limb,
    Standard,
    Unit,
    Verdict,
    assess,
    read,
)  # fmt: skip
from tests.engine.firms import (
    AS_OF,
    Draft,
    branches,
    comfortable,
    figures_of,
    financials,
    measured,
    placed,
    step,
)

PUBLISHED = [each for row in standards.published() if (each := read(row)).in_force(AS_OF)]
YES_NO = sorted(name for name, unit in FACTS.items() if unit is Unit.YES_NO)
NUMBERS = [Decimal(n) for n in ("0.01", "9999999.99", "150000000", "1000000000000")]


def definite(condition: Condition, draft: Draft) -> bool:
    """Whether a firm of which everything is known meets it."""
    if isinstance(condition, Limb):
        had = measured(draft, condition.metric)
        return {">": had > condition.value, ">=": had >= condition.value, "=": had == condition.value}[
            condition.op
        ]
    each = [definite(part, draft) for part in condition.parts]
    return all(each) if isinstance(condition, AllOf) else any(each)


def completions(draft: Draft, lacking: list[tuple[str, int | None]]) -> Iterator[Draft]:
    """The draft with all that it lacks filled in, in many ways."""
    choices = [_choices(name) for name, _ in lacking]
    for values in product(*choices):
        full = draft | dict(zip(lacking, values, strict=True))
        for (name, year), value in full.items():
            if name == "rd_staff" and value > full["staff", year]:
                break
        else:
            yield full


def _choices(name: str) -> list[Any]:
    if FACTS.get(name) is Unit.YES_NO or name == "unqualified_opinion":
        return [True, False]
    if name in ("staff", "rd_staff", "invention_patents"):
        return [1, 100, 10**6]
    signed = name.startswith(("net_profit", "operating"))
    return [Decimal(-(10**13)), *NUMBERS] if signed else NUMBERS


def verdict_of(condition: Condition, known: Financials) -> Verdict:
    standard = Standard("ONE", "star", Kind.FINANCIAL, condition, date(2019, 1, 1))
    (found,) = assess(known, standards=[standard], as_of=AS_OF)
    assert bool(found.missing) == (found.verdict is Verdict.UNKNOWN)
    assert bool(found.failing) == (found.verdict is Verdict.FAILS)
    return found.verdict


def _required(outcomes: set[bool]) -> Verdict:
    return Verdict.UNKNOWN if len(outcomes) == 2 else Verdict.MEETS if True in outcomes else Verdict.FAILS


@settings(max_examples=150)
@given(data=st.data())
def test_no_completion_contradicts_a_verdict(data: Any) -> None:
    standard = data.draw(st.sampled_from(PUBLISHED))
    way = data.draw(st.sampled_from(branches(standard.condition)))
    draft = comfortable(way)
    for limb in data.draw(st.lists(st.sampled_from(way), max_size=3)):
        if not isinstance(limb.value, bool):
            draft = placed(
                draft, limb.metric, limb.value - data.draw(st.sampled_from((-1, 0, 1))) * step(limb.metric)
            )
    needed = sorted({figure for limb in way for figure in figures_of(limb.metric)}, key=str)
    lacking = data.draw(st.lists(st.sampled_from(needed), max_size=3, unique=True))
    if ("staff", 2025) in lacking or ("rd_staff", 2025) in lacking:
        draft |= {("staff", 2025): 10**6, ("rd_staff", 2025): 1}
    known = {figure: value for figure, value in draft.items() if figure not in lacking}
    verdict = verdict_of(standard.condition, financials(known))
    outcomes = {definite(standard.condition, full) for full in completions(known, lacking)}
    assert verdict in (_required(outcomes), Verdict.UNKNOWN)


@st.composite
def read_once(draw: Any) -> Condition:
    """A tree over facts in which each stands once."""
    parts: list[Condition] = [
        Limb(name, "=", draw(st.booleans())) for name in draw(st.permutations(YES_NO))[:6]
    ]
    while len(parts) > 1:
        taken = draw(st.integers(2, min(3, len(parts))))
        parts = [draw(st.sampled_from((AllOf, AnyOf)))(tuple(parts[:taken])), *parts[taken:]]
        parts = draw(st.permutations(parts))
    return parts[0]


@settings(max_examples=150)
@given(condition=read_once(), facts=st.dictionaries(st.sampled_from(YES_NO), st.booleans()))
def test_a_condition_of_separate_facts_is_decided_as_soon_as_it_can_be(
    condition: Condition, facts: dict[str, bool]
) -> None:
    draft: Draft = {(name, None): value for name, value in facts.items()}
    names = {limb.metric for way in branches(condition) for limb in way}
    lacking = [(name, None) for name in sorted(names - set(facts))]
    outcomes = {definite(condition, full) for full in completions(draft, lacking)}
    assert verdict_of(condition, financials(draft)) is _required(outcomes)


ALONE = ["net_profit_each_of_2y", "net_profit_sum_2y", "revenue_sum_3y", "unqualified_opinion_each_of_3y"]


@pytest.mark.parametrize("metric", ALONE)
def test_a_limb_alone_is_decided_as_soon_as_it_can_fail(metric: str) -> None:
    """All subsets of what it needs, at amounts around the threshold: a failure is said as soon as it is sure."""
    limb = Limb(metric, "=", True) if metric.startswith("unq") else Limb(metric, ">=", Decimal(10**8))
    needed = figures_of(metric)
    values = [None, True, False] if metric.startswith("unq") else [None, Decimal(10**7), Decimal(10**9)]
    for given_ in product(values, repeat=len(needed)):
        known = {figure: value for figure, value in zip(needed, given_, strict=True) if value is not None}
        lacking = [figure for figure in needed if figure not in known]
        outcomes = {definite(limb, full) for full in completions(known, lacking)}
        expected = _required(outcomes)
        # Two of three years may already be enough, but a year that nobody reported may not have been.
        if lacking and expected is Verdict.MEETS:
            expected = Verdict.UNKNOWN
        assert verdict_of(limb, financials(known)) is expected, known
