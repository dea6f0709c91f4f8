"""Losses against closed forms, against every set of failures, and against failures drawn one by one."""

import math
from statistics import NormalDist
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.engine.arrays import Floats
from tasks.engine.loss import joint_losses, loss_distribution, vasicek_quantile
from tests.engine.published import cases

NORMAL = NormalDist()


class Pool(NamedTuple):
    exposures: Floats
    pds: Floats
    lgds: Floats
    loadings: Floats


def lumpy(n: int, *, spread: float = 1.5) -> Pool:
    """A few of it make up much of it."""
    draw = np.random.default_rng(n)
    return Pool(
        draw.lognormal(0, spread, n), draw.choice([0.02, 0.1, 0.3], n), draw.choice([0.45, 0.8], n),
        draw.choice([0.3, 0.5], n),
    )  # fmt: skip


def drawn(pool: Pool, *, scenarios: int) -> tuple[Floats, Floats]:
    """The definition itself: asset values of every firm in every scenario. Losses, and each firm's part in the worst 1 %."""
    draw = np.random.default_rng(7)
    lost = pool.exposures * pool.lgds
    thresholds = np.array([NORMAL.inv_cdf(pd) for pd in pool.pds])
    failed = np.empty((scenarios, len(lost)), dtype=bool)
    for start in range(0, scenarios, 5_000):
        some = slice(start, min(start + 5_000, scenarios))
        common = draw.standard_normal((some.stop - start, 1))
        own = draw.standard_normal((some.stop - start, len(lost)))
        failed[some] = pool.loadings * common + np.sqrt(1 - pool.loadings**2) * own < thresholds
    losses = failed @ lost
    worst = np.argsort(losses)[-scenarios // 100 :]
    return losses, failed[worst].mean(axis=0) * lost


@pytest.mark.parametrize("case", cases("risk", "vasicek_irb_risk_weight_pct_other_retail"))
def test_risk_weights_of_retail(case: dict[str, Any]) -> None:
    pd, lgd = case["input"]["pd"], case["input"]["lgd"]
    decay = (1 - math.exp(-35 * pd)) / (1 - math.exp(-35))
    correlation = 0.03 * decay + 0.16 * (1 - decay)
    stressed = vasicek_quantile(pd, correlation=correlation, quantile=case["input"]["confidence"])
    assert 100 * lgd * (stressed - pd) * 12.5 == pytest.approx(case["expected"], abs=case["tolerance"])


@pytest.mark.parametrize("case", cases("risk", "vasicek_irb_risk_weight_pct"))
def test_risk_weights_of_firms(case: dict[str, Any]) -> None:
    pd, lgd, turnover = (case["input"][name] for name in ("pd", "lgd", "turnover_meur"))
    decay = (1 - math.exp(-50 * pd)) / (1 - math.exp(-50))
    correlation = 0.12 * decay + 0.24 * (1 - decay) - 0.04 * (1 - (turnover - 5) / 45)
    stressed = vasicek_quantile(pd, correlation=correlation, quantile=case["input"]["confidence"])
    slope = (0.11852 - 0.05478 * math.log(pd)) ** 2
    maturity = (1 + (case["input"]["maturity"] - 2.5) * slope) / (1 - 1.5 * slope)
    weight = 100 * lgd * (stressed - pd) * maturity * 12.5
    assert weight == pytest.approx(case["expected"], abs=case["tolerance"])


class TestVasicek:
    def test_of_no_correlation_and_of_no_risk(self) -> None:
        assert vasicek_quantile(0.02, correlation=0, quantile=0.999) == pytest.approx(0.02)
        assert vasicek_quantile(0, correlation=0.2, quantile=0.999) == 0
        assert vasicek_quantile(1, correlation=0.2, quantile=0.001) == 1

    @pytest.mark.parametrize(
        ("pd", "correlation", "quantile"),
        [(-0.1, 0.1, 0.9), (1.1, 0.1, 0.9), (0.1, 1, 0.9), (0.1, -0.1, 0.9), (0.1, 0.1, 0), (0.1, 0.1, 1), (math.nan, 0.1, 0.9)],
    )  # fmt: skip
    def test_refuses(self, pd: float, correlation: float, quantile: float) -> None:
        with pytest.raises(ValueError, match="pd in"):
            vasicek_quantile(pd, correlation=correlation, quantile=quantile)


class TestByHand:
    def test_two_firms_that_have_nothing_in_common(self) -> None:
        law = loss_distribution([100, 50], [0.1, 0.2], [0.5, 1], [0, 0])
        # Either costs 50: 0.1 · 0.8 + 0.9 · 0.2 = 0.26; both, 0.02.
        assert (law.mean, law.method) == (pytest.approx(15), "enumeration")
        assert law.exceedance(0) == pytest.approx(0.28)
        assert law.exceedance(50) == pytest.approx(0.02)
        assert law.exceedance(100) == 0
        assert [law.quantile(q) for q in (0.5, 0.72, 0.73, 0.98, 0.981, 0.999)] == [0, 0, 50, 50, 100, 100]
        # The worst 4 %: 2 % of 100 and 2 % of 50; of these 50s, 0.08 / 0.26 are the first firm's.
        assert law.shortfall(0.96) == pytest.approx(75)
        parts = law.contributions_at(0.96)
        assert parts == pytest.approx([25 + 25 * 0.08 / 0.26, 25 + 25 * 0.18 / 0.26])

    @pytest.mark.parametrize("loading", [0.1, 0.5, 0.9])
    def test_two_firms_that_fail_half_of_the_time(self, loading: float) -> None:
        law = loss_distribution([1, 1], 0.5, 1, loading)
        assert law.exceedance(1) == pytest.approx(0.25 + math.asin(loading**2) / (2 * math.pi), abs=1e-6)

    def test_nothing_can_be_lost(self) -> None:
        for law in (loss_distribution([], [], [], []), loss_distribution([0] * 20, 0.1, 1, 0.3)):
            assert (law.mean, law.quantile(0.999), law.exceedance(0), law.contributions.sum()) == (0, 0, 0, 0)

    def test_what_is_sure_is_lost(self) -> None:
        law = loss_distribution([10, 20, 5], [1, 0, 1], 1, 0.4)
        assert law.quantile(0.001) == pytest.approx(15)
        assert law.contributions == pytest.approx([10, 0, 5])


class TestFinePools:
    @pytest.mark.parametrize(
        ("pd", "loading", "n"),
        [(0.001, 0.2, 4_000_000), (0.02, 0.35, 400_000), (0.05, 0.45, 400_000), (0.3, 0.6, 400_000), (0.02, -0.35, 400_000)],
    )  # fmt: skip
    def test_the_quantile_is_the_closed_form(self, pd: float, loading: float, n: int) -> None:
        law = loss_distribution(np.full(n, 1 / n), pd, 1, loading)
        assert law.method == "quadrature"
        for quantile in (0.5, 0.9, 0.99, 0.999, 0.9999):
            expected = vasicek_quantile(pd, correlation=loading**2, quantile=quantile)
            assert law.quantile(quantile) == pytest.approx(expected, rel=3e-4)
            assert law.exceedance(expected) == pytest.approx(1 - quantile, rel=5e-3)

    def test_without_correlation_it_is_normal(self) -> None:
        law = loss_distribution(np.ones(40_000), 0.1, 1, 0)
        assert law.quantile(0.99) == pytest.approx(4_000 + 60 * NORMAL.inv_cdf(0.99), abs=1)


class TestAgainstEveryFailureDrawn:
    @pytest.mark.parametrize(
        ("pool", "method"),
        [(lumpy(12), "enumeration"), (lumpy(60), "lattice"), (lumpy(250), "lattice"), (lumpy(1_200, spread=0.3), "quadrature")],
        ids=["12", "60", "250", "1200"],
    )  # fmt: skip
    def test_quantiles_and_parts(self, pool: Pool, method: str) -> None:
        law = loss_distribution(*pool)
        losses, parts = drawn(pool, scenarios=20_000)
        assert law.method == method
        for quantile in (0.5, 0.9, 0.99):
            at = law.quantile(quantile)
            assert law.exceedance(at) <= 1 - quantile + 1e-6
            # Four standard errors of the share that was drawn above, and the lattice's width.
            error = 4 * math.sqrt(quantile * (1 - quantile) / len(losses))
            width = 1e-3 * float((pool.exposures * pool.lgds).sum())
            assert (losses > at + width).mean() <= 1 - quantile + error
            assert (losses >= at - width).mean() >= 1 - quantile - error
        assert law.shortfall(0.99) == pytest.approx(np.sort(losses)[-200:].mean(), rel=0.02)
        assert law.contributions_at(0.99) == pytest.approx(parts, abs=0.03 * parts.sum())
        assert law.contributions_at(0.99).sum() == pytest.approx(law.shortfall(0.99), rel=1e-9)
        assert law.mean == pytest.approx(losses.mean(), rel=0.03)

    def test_one_giant_among_many(self) -> None:
        """What stands alone is exact: without the giant's failure nobody loses half of it."""
        pool = Pool(np.r_[1_000.0, np.ones(2_000)], np.full(2_001, 0.01), np.ones(2_001), np.full(2_001, 0.2))
        law = loss_distribution(*pool)
        assert law.method == "lattice"
        assert law.exceedance(900) == pytest.approx(0.01, rel=1e-3)
        assert law.contributions_at(0.995)[0] == pytest.approx(1_000, rel=1e-3)

    def test_methods_agree_where_they_meet(self) -> None:
        pool = lumpy(12)
        padded = Pool(*(np.r_[column, np.full(3, 1e-9)] for column in pool))
        exact, near = loss_distribution(*pool), loss_distribution(*padded)
        assert (exact.method, near.method) == ("enumeration", "lattice")
        width = 6e-4 * float((pool.exposures * pool.lgds).sum())
        for quantile in (0.3, 0.8, 0.95, 0.999):
            assert near.quantile(quantile) == pytest.approx(exact.quantile(quantile), abs=width)
        assert near.contributions[:12] == pytest.approx(exact.contributions, abs=2 * width)


class TestSimulation:
    def test_it_is_what_was_reckoned(self) -> None:
        pool = lumpy(12)
        exact, drawn = loss_distribution(*pool), loss_distribution(*pool, seed=5, scenarios=200_000)
        assert drawn.method == "simulation"
        for x in (0.1, 0.2, 0.4):
            at = x * float((pool.exposures * pool.lgds).sum())
            assert drawn.exceedance(at) == pytest.approx(exact.exceedance(at), abs=4e-3)
        assert drawn.contributions_at(0.95) == pytest.approx(exact.contributions_at(0.95), rel=0.05)

    def test_a_seed_is_a_result(self) -> None:
        pool = lumpy(40)
        first, again, other = (loss_distribution(*pool, seed=seed, scenarios=5_000) for seed in (1, 1, 2))
        assert first.shortfall(0.9) == again.shortfall(0.9) != other.shortfall(0.9)

    def test_one_failure_hits_all_that_a_firm_has(self) -> None:
        """The fund holds the firm's shares, the bank its loan: neither loses without the other."""
        joint = joint_losses(
            {"fund": np.array([80.0, 0]), "loans": np.array([40.0, 60])},
            pds=np.array([0.1, 0.2]), loadings=np.array([0.0, 0.0]), seed=3,
        )  # fmt: skip
        fund, loans = joint.totals["fund"], joint.totals["loans"]
        assert set(zip(fund.tolist(), loans.tolist(), strict=True)) == {(0, 0), (80, 40), (0, 60), (80, 100)}
        limits = {"fund": 50.0, "loans": 50.0}
        assert joint.exceeding(limits) == pytest.approx({"fund": 0.1, "loans": 0.2}, abs=4e-3)
        assert joint.all_hold(limits) == pytest.approx(0.9 * 0.8, abs=5e-3)
        assert joint.contributions("loans", fund > 50) == pytest.approx([40, 60 * 0.2], abs=1)
        assert joint.contributions("fund", fund > 100).sum() == 0

    def test_firms_of_very_unlike_probabilities(self) -> None:
        pds = np.array([1e-6, 0.0, 0.003, 0.04, 0.3, 0.9, 1.0])
        joint = joint_losses(
            {"all": np.ones(7)}, pds=pds, loadings=np.full(7, 0.4), seed=1, scenarios=100_000
        )
        found = joint.contributions("all", np.ones(100_000))
        assert found == pytest.approx(pds, abs=4e-3)
        assert (found[1], found[6]) == (0, 1)

    @pytest.mark.parametrize(("books", "scenarios"), [({}, 10), ({"fund": np.ones(2)}, 0)])
    def test_refuses_nothing_to_draw(self, books: dict[str, Floats], scenarios: int) -> None:
        with pytest.raises(ValueError, match="a book and a scenario"):
            joint_losses(books, pds=np.full(2, 0.1), loadings=np.zeros(2), seed=1, scenarios=scenarios)


class TestRefusals:
    @pytest.mark.parametrize(
        ("columns", "words"),
        [
            (([1, 2], [0.1], [1, 1], [0, 0, 0]), "one length"),
            (([[1, 2]], 0.1, 1, 0), "one dimension"),
            (([-1, 2], 0.1, 1, 0), "not negative"),
            (([math.inf, 2], 0.1, 1, 0), "finite"),
            (([math.nan, 2], 0.1, 1, 0), "finite"),
            (([1, 2], 1.1, 1, 0), "default are in"),
            (([1, 2], math.nan, 1, 0), "default are in"),
            (([1, 2], 0.1, -0.1, 0), "given default"),
            (([1, 2], 0.1, 1, 1), "loadings"),
            (([1, 2], 0.1, 1, math.nan), "loadings"),
        ],
    )
    def test_of_columns(self, columns: tuple[Any, ...], words: str) -> None:
        with pytest.raises(ValueError, match=words):
            loss_distribution(*columns)

    @pytest.mark.parametrize("q", [0, 1, -0.1, math.nan])
    def test_of_levels(self, q: float) -> None:
        law = loss_distribution([1, 2], 0.1, 1, 0.2)
        for ask in (law.quantile, law.shortfall, law.contributions_at):
            with pytest.raises(ValueError, match="quantile is in"):
                ask(q)


POOLS = st.lists(
    st.tuples(st.integers(0, 10**8), st.floats(0, 1), st.floats(0, 1), st.floats(-0.95, 0.95)), min_size=1, max_size=7
)  # fmt: skip


class TestProperties:
    @settings(max_examples=30)
    @given(pool=POOLS, q=st.floats(0.01, 0.9999))
    def test_the_parts_are_the_whole(self, pool: list[tuple[float, ...]], q: float) -> None:
        law = loss_distribution(*zip(*pool, strict=True))
        assert law.contributions_at(q).sum() == pytest.approx(law.shortfall(q), rel=1e-9, abs=1e-9)
        assert law.shortfall(q) >= law.quantile(q) * (1 - 1e-9)

    @settings(max_examples=30)
    @given(pool=POOLS, q=st.floats(0.01, 0.9999), scale=st.sampled_from([0.01, 3.0, 1e8]))
    def test_a_larger_unit_is_a_smaller_number(
        self, pool: list[tuple[float, ...]], q: float, scale: float
    ) -> None:
        exposures, *rest = zip(*pool, strict=True)
        law, scaled = (
            loss_distribution(exposures, *rest),
            loss_distribution([x * scale for x in exposures], *rest),
        )
        assert scaled.mean == pytest.approx(scale * law.mean)
        assert scaled.shortfall(q) == pytest.approx(scale * law.shortfall(q), rel=1e-6)

    @settings(max_examples=30)
    @given(pool=POOLS, q=st.floats(0.01, 0.9999), data=st.data())
    def test_order_and_what_cannot_be_lost_change_nothing(
        self, pool: list[tuple[float, ...]], q: float, data: st.DataObject
    ) -> None:
        law = loss_distribution(*zip(*pool, strict=True))
        mixed = data.draw(st.permutations([*pool, (0, 0.5, 0.5, 0.3)]))
        other = loss_distribution(*zip(*mixed, strict=True))
        assert other.shortfall(q) == pytest.approx(law.shortfall(q), rel=1e-6, abs=1e-6)
