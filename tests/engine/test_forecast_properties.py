"""The forecast against enumeration, a product limit by the book, a simulation, and for any road."""

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.engine.forecast import Candidate, Prior, Spell, Stage, Stages, listings_by, poisson_binomial
from tests.engine.roads import AS_OF, day

PROBABILITIES = st.lists(st.floats(0, 1), max_size=8)
NAMES = ("inquiry", "committee", "registered")


@given(PROBABILITIES)
def test_the_numbers_are_those_of_every_outcome(probabilities: list[float]) -> None:
    counted = [0.0] * (len(probabilities) + 1)
    for happened in product((False, True), repeat=len(probabilities)):
        counted[sum(happened)] += math.prod(
            p if yes else 1 - p for p, yes in zip(probabilities, happened, strict=True)
        )
    assert poisson_binomial(probabilities) == pytest.approx(counted, abs=1e-12)


@pytest.mark.parametrize("p", [0.0, 0.07, 0.5, 1.0])
def test_equal_probabilities_are_binomial(p: float) -> None:
    n = 40
    assert poisson_binomial([p] * n) == pytest.approx(
        [math.comb(n, k) * p**k * (1 - p) ** (n - k) for k in range(n + 1)], abs=1e-14
    )


def test_a_thousand_firms_still_add_up_to_one() -> None:
    assert math.fsum(poisson_binomial([n / 1000 for n in range(1000)])) == pytest.approx(1, abs=1e-12)


def priors(stage: str) -> st.SearchStrategy[Prior]:
    return st.builds(
        lambda conversion, least, more, strength: Prior(stage, conversion, least, least + more, strength, "assumed"),
        st.floats(0, 1), st.integers(0, 20), st.floats(0.1, 60), st.sampled_from((0, 0.5, 1, 5)),
    )  # fmt: skip


def spells(stage: str) -> st.SearchStrategy[list[Spell]]:
    return st.lists(
        st.builds(Spell, st.just(stage), st.integers(0, 50), st.sampled_from((True, False, None))), max_size=8
    )


ROADS = st.tuples(*(st.builds(Stage.of, priors(name), spells(name)) for name in NAMES)).map(
    lambda road: Stages(AS_OF, road)
)
STANDING = st.tuples(st.sampled_from(NAMES), st.integers(0, 80))
DAYS = st.integers(0, 150)


def standing(stages: Stages, places: Sequence[tuple[str, int]]) -> list[Candidate]:
    return [Candidate(number, stage, day(spent), stages) for number, (stage, spent) in enumerate(places)]


@settings(max_examples=60)
@given(
    stages=ROADS,
    places=st.lists(STANDING, max_size=5),
    extra=STANDING,
    days=DAYS,
    more=DAYS,
    order=st.randoms(),
)
def test_what_holds_on_any_road(
    stages: Stages, places: Any, extra: Any, days: int, more: int, order: Any
) -> None:
    """It adds up, in any order; more time and one more candidate never make a number of listings less likely."""
    candidates = standing(stages, [*places, extra])
    deadline = AS_OF + timedelta(days=days)
    result = listings_by(candidates, deadline=deadline)
    assert math.fsum(result.pmf) == pytest.approx(1, abs=1e-12)
    assert min(result.pmf) >= 0
    assert result.expected == pytest.approx(math.fsum(n * p for n, p in enumerate(result.pmf)), abs=1e-12)
    assert result.expected == pytest.approx(math.fsum(result.at_least(n) for n in range(1, 7)), abs=1e-12)
    order.shuffle(candidates)
    assert listings_by(candidates, deadline=deadline) == result
    fewer = listings_by(standing(stages, places), deadline=deadline)
    later = listings_by(candidates, deadline=deadline + timedelta(days=more))
    for n in range(len(candidates) + 1):
        assert fewer.at_least(n) <= result.at_least(n) + 1e-12
        assert result.at_least(n) <= later.at_least(n) + 1e-12


@settings(max_examples=60)
@given(stages=ROADS, spent=st.integers(0, 80), days=DAYS)
def test_the_next_stage_is_never_further_from_the_listing(stages: Stages, spent: int, days: int) -> None:
    deadline = AS_OF + timedelta(days=days)
    chances = [
        listings_by([Candidate("F", stage, day(ago), stages)], deadline=deadline).expected
        for before, stage in zip(NAMES, [*NAMES[1:], "listed"], strict=True)
        for stage, ago in ((before, spent), (stage, 0))
    ]
    for stays, went_on in zip(chances[::2], chances[1::2], strict=True):
        assert stays <= went_on + 1e-12


@given(prior=priors("inquiry"), history=spells("inquiry"), spent=st.integers(0, 60))
def test_the_time_in_a_stage_is_the_product_limit(prior: Prior, history: list[Spell], spent: int) -> None:
    """Recounted day by day from the spells, in fractions, with the prior's firms beside them."""
    hazard, strength = Fraction(prior.hazard), Fraction(prior.strength)
    staying, expected = Fraction(1), []
    for days in range(spent, spent + 40):
        assumed = strength * (1 - hazard) ** max(0, days - prior.least_days)
        watched = sum(
            spell.days > days or (spell.days == days and spell.went_on is not None) for spell in history
        )
        gone = sum(spell.days == days and spell.went_on is not None for spell in history)
        own = hazard if days >= prior.least_days else Fraction(0)
        leaves = (assumed * own + gone) / (assumed + watched) if watched else own
        expected.append(float(staying * leaves))
        staying *= 1 - leaves
    leaving = Stage.of(prior, history).leaving(spent=spent, days=39)
    assert leaving.tolist() == pytest.approx(expected, abs=1e-12)


def test_a_simulation_agrees() -> None:
    """Firms that draw how long they stay, and whether they go on, from those who were there before them."""
    seen = {
        "inquiry": ([30, 45, 45, 60, 90, 120], 4), "committee": ([5, 7, 7, 14, 30], 4),
        "registered": ([10, 20, 25, 60], 4),
    }  # fmt: skip
    road = tuple(
        Stage.of(
            Prior(name, 0.5, 0, 10, 0, "assumed"),
            [Spell(name, days, number < on) for number, days in enumerate(stays)],
        )
        for name, (stays, on) in seen.items()
    )
    stages = Stages(AS_OF, road)
    random, draws, horizon = np.random.default_rng(7), 200_000, 120
    for start, spent in (("inquiry", 0), ("inquiry", 45), ("committee", 6), ("registered", 21)):
        total, alive = np.zeros(draws), np.ones(draws, dtype=bool)
        for name in NAMES[NAMES.index(start) :]:
            stays, on = seen[name]
            already = spent if name == start else 0
            possible = [days for days in stays if days >= already]
            total += random.choice(possible, size=draws) - already
            alive &= random.random(draws) < on / len(stays)
        simulated = float(np.mean(alive & (total <= horizon)))
        candidate = Candidate("F", start, day(spent), stages)
        result = listings_by([candidate], deadline=AS_OF + timedelta(days=horizon))
        assert result.expected == pytest.approx(simulated, abs=4 * math.sqrt(0.25 / draws))


@given(prior=priors("inquiry"), days=st.integers(1, 300))
def test_a_prior_stays_for_its_mean(prior: Prior, days: int) -> None:
    """Firms leave with probability 1 in the end, after `mean_days` on average."""
    steady = replace(prior, conversion=1.0)
    leaving = Stage(steady).leaving(spent=0, days=prior.least_days + 4000)
    assert math.fsum(leaving) == pytest.approx(1, abs=1e-9)
    assert float(leaving @ np.arange(len(leaving))) == pytest.approx(prior.mean_days, abs=1e-6)
    assert leaving[: prior.least_days].sum() == 0
    # Without memory: who has stayed past the least days stays on as if just there.
    assert Stage(steady).leaving(spent=prior.least_days + days, days=30).tolist() == pytest.approx(
        Stage(steady).leaving(spent=prior.least_days, days=30).tolist()
    )
