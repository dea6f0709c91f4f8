"""The joint loss against every set of failures gone through, and against the closed form of a pool without end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from itertools import product
from statistics import NormalDist
from typing import Any

import numpy as np
import pytest

from loans.queries import BalanceRow, TierRow
from tasks.engine.loss import vasicek_quantile
from tasks.frames import Frames, RegisteredRow
from tasks.risk import joint
from tasks.risk.parameters import Parameters
from tasks.risk.portfolio import build
from tasks.risk.rooms import limits
from tasks.risk.shocks import Shock
from tests.risk.city import ASSUMED, BANK_A, CITY, MILLION, NAMES, NUMBERS, changed

DRAWS = 100_000
NORMAL = NormalDist()


@pytest.fixture(autouse=True)
def _names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        joint, "firm_names", lambda ids: {pk: NAMES.get(pk, (f"U{pk}", f"{pk}号")) for pk in ids}
    )


def computed(
    frames: Frames = CITY, *, by: Parameters = ASSUMED, shock: Shock | None = None, **how: Any
) -> dict[str, Any]:
    steps: list[str] = []
    asked = {"with_sensitivity": False, "draws": DRAWS} | how
    return joint.compute(frames, by=by, shock=shock or Shock(), step=steps.append, **asked)


def brute_force(lost: Callable[[np.ndarray], np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Every set of failures of the city with its probability: the factor in 4,001 steps, no engine involved."""
    held = build(CITY, by=ASSUMED, shock=Shock())
    factor = np.linspace(-8, 8, 4_001)
    weights = np.exp(-(factor**2) / 2)
    weights /= weights.sum()
    chances = []
    for pd, loading in zip(held.pds, held.loadings, strict=True):
        threshold = NORMAL.inv_cdf(min(max(pd, 1e-300), 1 - 1e-16))
        chances.append([NORMAL.cdf((threshold - loading * z) / (1 - loading**2) ** 0.5) for z in factor])
    sets = np.array(list(product((0, 1), repeat=len(held.firms))))
    probabilities = [
        float(weights @ np.prod([np.array(c) if f else 1 - np.array(c) for f, c in zip(fails, chances, strict=True)], axis=0))
        for fails in sets
    ]  # fmt: skip
    return lost(sets), np.array(probabilities)


def test_the_books_are_those_of_the_brute_force() -> None:
    held = build(CITY, by=ASSUMED, shock=Shock())
    found = {book["code"]: book for book in computed()["books"]}
    for code, (_label, losses) in held.books().items():
        amounts, chances = brute_force(lambda sets, losses=losses: sets @ losses)
        assert float(found[code]["expected"]) == pytest.approx(amounts @ chances / 100, rel=1e-6)
        order = np.argsort(amounts, kind="stable")
        reached = np.cumsum(chances[order])
        for q in ("0.95", "0.99", "0.999"):
            exact = amounts[order][np.searchsorted(reached, float(q) - 1e-9)]
            assert float(found[code]["quantiles"][q]) == pytest.approx(exact / 100, abs=0.01)


def test_the_chances_that_limits_break_are_those_of_the_brute_force() -> None:
    """Drawn 100,000 times: within four standard deviations of the chance of each limit, and of all of them."""
    held = build(CITY, by=ASSUMED, shock=Shock())
    bounds, found = limits(CITY, held), computed()
    holds = None
    for bound, told in zip(bounds, found["limits"], strict=True):
        amounts, chances = brute_force(lambda sets, losses=bound.losses: sets @ losses)
        exact = float(chances[amounts > bound.room].sum())
        assert told["probability"] == pytest.approx(exact, abs=4 * (max(exact, 1e-4) / DRAWS) ** 0.5)
        holds = (amounts <= bound.room) if holds is None else holds & (amounts <= bound.room)
    assert found["all_hold"] == pytest.approx(float(chances[holds].sum()), abs=0.005)
    assert {one["kind"] for one in found["limits"]} == {"tolerance", "cap", "pool"}


def test_what_the_parties_pay_is_what_the_brute_force_pays() -> None:
    """Firm 1 fails with 2 to share: the public parties owe 1.2 and may pay 1.0, the pool a third of it, and has 0.5."""
    found = {row["party"]: Decimal(row["expected"]) for row in computed()["payers"]}
    total = Decimal(next(book for book in computed()["books"] if book["code"] == "total")["expected"])
    assert abs(sum(found.values()) - total) < total * Decimal("0.01")  # drawn against reckoned
    pd = [0.2, 0.3, 0.05, 1.0]
    by_hand = {
        "bank": 0.5 * pd[0] + 1.6 * pd[1] + 0.4 * pd[0] + 0.42 * pd[2],
        "national_fund": 2 / 3 * pd[0] + 0.4 * pd[3],
        "pool": 1 / 3 * pd[0] + 0.2 * pd[3],
        # Its own part, and the 0.2 above the cap that it keeps.
        "guarantor": (0.4 + 0.2) * pd[0] + 0.56 * pd[2] + 0.2 * pd[3],
        "government": 0.42 * pd[2],
        # Three quarters of the angel fund are fiscal; the mother fund is the state's.
        "fiscal": 10.8 * 0.75 * pd[0],
        "social": 10.8 * 0.25 * pd[0],
        "state": 3.6 * pd[0],
    }
    assert found.keys() == by_hand.keys()
    for party, millions in by_hand.items():
        assert float(found[party]) == pytest.approx(millions * 1e6, rel=0.03), party


def test_the_parts_add_up_to_the_whole() -> None:
    found = computed()
    parts = sum(Decimal(row["amount"]) for row in found["contributions"])
    shortfall = Decimal(found["books"][0]["shortfall"]["0.99"])
    assert abs(parts - shortfall) <= Decimal("0.04")
    assert sum(row["share"] for row in found["contributions"]) == pytest.approx(1)
    assert [row["uscc"] for row in found["contributions"]] == ["U1", "U2", "U3", "U4"]


def test_who_breaks_a_limit_is_named() -> None:
    tolerance = next(one for one in computed()["limits"] if one["kind"] == "tolerance")
    assert tolerance["code"] == "fund:angel"
    # Cost 10, worth 12: after losing 10.8 it is impaired by 8.8; 40 % of 10 million are tolerated.
    assert (tolerance["limit"], tolerance["used"], tolerance["room"]) == ("4000000.00", "0.00", "4000000.00")
    assert [(one["uscc"], one["amount"]) for one in tolerance["behind"]] == [("U1", "8800000.00")]


@pytest.mark.parametrize("firms", [2_000])
def test_a_fine_grained_pool_is_vasiceks(firms: int) -> None:
    """Equal loans of one class: the quantile nears that of the pool without end, through this road."""
    ids = range(1, firms + 1)
    frames = replace(
        CITY, holdings=[], stakes=[], guaranteed=[], pledged=[], pools=[], shared=[], rules=[], pipeline=[],
        balances=[BalanceRow(BANK_A, "rd", pk, MILLION) for pk in ids],
        tiers=[TierRow(pk, "substandard", MILLION) for pk in ids], registry=[RegisteredRow(pk, None, "", "", "") for pk in ids],
    )  # fmt: skip
    whole = computed(frames, draws=1_000)["books"][0]
    assert whole["method"] == "quadrature"
    for q in (0.95, 0.99, 0.999):
        exact = vasicek_quantile(0.3, correlation=0.09, quantile=q) * firms * 1_000_000 * 0.5
        assert float(whole["quantiles"][str(q)]) == pytest.approx(exact, rel=0.01)


def test_the_same_seed_gives_the_same_answer() -> None:
    assert computed(draws=2_000) == computed(draws=2_000)
    assert computed(draws=2_000, seed=1)["limits"] != computed(draws=2_000, seed=2)["limits"]


def test_sensitivity_moves_each_assumption_both_ways() -> None:
    found = computed(with_sensitivity=True, draws=5_000)
    rows = {(row["what"], row["change"]): Decimal(row["expected"]) for row in found["sensitivity"]}
    base = Decimal(found["books"][0]["expected"])
    assert set(rows) == {(what, by) for what in ("pd", "lgd", "loading") for by in (-0.1, 0.1)}
    assert abs(rows["lgd", 0.1] - base * Decimal("1.1")) < 1
    assert rows["pd", -0.1] < base < rows["pd", 0.1]
    assert abs(rows["loading", 0.1] - base) < 1  # the mean does not hang on it


def test_a_scenario_is_worse_than_the_base_case() -> None:
    base, shock = computed(), computed(shock=Shock(largest_group_fails=True))
    assert Decimal(shock["books"][0]["expected"]) > Decimal(base["books"][0]["expected"])
    assert [one["uscc"] for one in shock["failing"]] == ["U1", "U2"]
    assert shock["all_hold"] == 0


def test_a_silent_bank_is_named() -> None:
    assert computed(changed(not_reported=[("bank-a", "flow"), ("bank-b", "stock")]), draws=1_000)[
        "not_reported"
    ] == ["bank-a"]


def test_a_month_without_any_exposure() -> None:
    nothing = replace(CITY, holdings=[], stakes=[], balances=[], guaranteed=[])
    with pytest.raises(joint.NothingAtRisk):
        computed(nothing)


def test_whoever_is_told_of_steps_may_stop_it() -> None:
    class Enough(Exception):
        pass

    def step(name: str) -> None:
        if name == "scenarios":
            raise Enough

    with pytest.raises(Enough):
        joint.compute(CITY, by=ASSUMED, shock=Shock(), with_sensitivity=True, step=step)


def test_without_limits_all_of_them_hold() -> None:
    found = computed(changed(rules=[], pools=[], shared=[], guaranteed=[]), draws=1_000)
    assert (found["limits"], found["all_hold"]) == ([], 1.0)
    assert NUMBERS["loading"]["*"] == 0.3
