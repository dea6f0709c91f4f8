"""银政担: who bears a loss, and who gets a recovery."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.engine.sharing import UnableToShareError, largest_remainder, split_loss, split_recovery

# 财金〔2024〕60号, a 小巨人: the local share is what the others leave.
PLAN = {
    "bank": Decimal("0.2"),
    "national": Decimal("0.4"),
    "province": Decimal("0.2"),
    "guarantor": Decimal("0.2"),
}
HALVES = {"fund": Decimal("0.5"), "bank": Decimal("0.5")}
FEN = st.integers(0, 10**12).map(lambda fen: Decimal(fen) / 100)


@st.composite
def _shares(draw: st.DrawFn) -> dict[str, Decimal]:
    cuts = sorted(draw(st.lists(st.integers(0, 10_000), min_size=1, max_size=5)))
    parts = [b - a for a, b in zip([0, *cuts], [*cuts, 10_000], strict=True)]
    return {f"party {at}" if at else "bank": Decimal(part) / 10_000 for at, part in enumerate(parts)}


def test_the_example_of_the_national_plan() -> None:
    assert split_loss(Decimal(100), shares=PLAN, caps={}) == {
        "bank": Decimal(20), "national": Decimal(40), "province": Decimal(20), "guarantor": Decimal(20),
    }  # fmt: skip


def test_zhongshan_to_the_cent() -> None:
    shares = {
        "fund": Decimal("0.54"),
        "bank": Decimal("0.26"),
        "insurer": Decimal("0.16"),
        "appraiser": Decimal("0.04"),
    }
    # Exact: 0.5454, 0.2626, 0.1616, 0.0404; the cent left over belongs to the largest fraction.
    assert split_loss(Decimal("1.01"), shares=shares) == {
        "fund": Decimal("0.55"), "bank": Decimal("0.26"), "insurer": Decimal("0.16"),
        "appraiser": Decimal("0.04"),
    }  # fmt: skip


def test_of_equal_fractions_the_first_party_takes_the_cent() -> None:
    assert split_loss(Decimal("0.01"), shares=HALVES) == {"fund": Decimal("0.01"), "bank": Decimal("0.00")}


def test_above_a_pools_balance_the_bank_keeps_the_loss() -> None:
    parts = split_loss(Decimal(1000), shares=HALVES, caps={"fund": Decimal("120.50")})
    assert parts == {"fund": Decimal("120.50"), "bank": Decimal("879.50")}


def test_an_empty_pool_pays_nothing() -> None:
    parts = split_loss(Decimal(1000), shares=HALVES, caps={"fund": Decimal(0), "bank": None})
    assert parts == {"fund": Decimal(0), "bank": Decimal(1000)}


def test_without_a_bank_the_guarantor_keeps_the_rest() -> None:
    shares = {"national": Decimal("0.4"), "province": Decimal("0.4"), "guarantor": Decimal("0.2")}
    parts = split_loss(Decimal(100), shares=shares, caps={"national": Decimal(10), "province": Decimal(15)})
    assert parts == {"national": Decimal(10), "province": Decimal(15), "guarantor": Decimal(75)}


def test_the_agreement_may_name_another_keeper() -> None:
    parts = split_loss(Decimal(100), shares=PLAN, caps={"national": Decimal(0)}, keeper="guarantor")
    assert parts == {
        "bank": Decimal(20), "national": Decimal(0), "province": Decimal(20), "guarantor": Decimal(60),
    }  # fmt: skip


def test_the_only_party_without_a_cap_keeps_the_rest() -> None:
    shares = {"pool": Decimal("0.7"), "城商行": Decimal("0.3")}
    assert split_loss(Decimal(10), shares=shares, caps={"pool": Decimal(1)})["城商行"] == Decimal(9)


def test_shares_and_amounts_may_be_plain_numbers() -> None:
    assert split_loss(100, shares={"bank": 0.3, "fund": 0.7}) == {"bank": Decimal(30), "fund": Decimal(70)}


@pytest.mark.parametrize("loss", [Decimal(-1), Decimal("0.001"), Decimal("NaN"), Decimal("Infinity")])
def test_a_loss_that_is_no_money_is_refused(loss: Decimal) -> None:
    with pytest.raises(UnableToShareError, match="loss"):
        split_loss(loss, shares=HALVES)


@pytest.mark.parametrize(
    "shares",
    [
        {},
        {"bank": Decimal("0.99")},
        {"bank": Decimal("0.5"), "fund": Decimal("0.51")},
        {"bank": Decimal("1.2"), "fund": Decimal("-0.2")},
        {"bank": Decimal("0.3333"), "fund": Decimal("0.3333"), "guarantor": Decimal("0.3333")},
    ],
)
def test_shares_that_are_no_whole_are_refused(shares: Mapping[str, Decimal]) -> None:
    with pytest.raises(UnableToShareError, match="exactly 1"):
        split_loss(Decimal(100), shares=shares)


@pytest.mark.parametrize(
    ("terms", "why"),
    [
        ({"caps": {"stranger": Decimal(1)}}, "has a share"),
        ({"caps": {"fund": Decimal(-1)}}, "cap of fund"),
        ({"caps": {"fund": Decimal(1), "bank": Decimal(1)}}, "do not say"),
        ({"caps": {"fund": Decimal(1)}, "keeper": "fund"}, "cannot keep"),
        ({"caps": {"fund": Decimal(1)}, "keeper": "stranger"}, "cannot keep"),
    ],
)
def test_terms_that_leave_a_loss_with_nobody_are_refused(terms: Any, why: str) -> None:
    with pytest.raises(UnableToShareError, match=why):
        split_loss(Decimal(100), shares=HALVES, **terms)


def test_caps_that_are_not_reached_need_no_keeper() -> None:
    parts = split_loss(Decimal(100), shares=HALVES, caps={"fund": Decimal(50), "bank": Decimal(50)})
    assert parts == {"fund": Decimal(50), "bank": Decimal(50)}


@given(loss=FEN, shares=_shares(), cap=FEN)
def test_a_split_adds_up_to_the_cent_and_respects_caps(
    loss: Decimal, shares: dict[str, Decimal], cap: Decimal
) -> None:
    caps = dict.fromkeys((party for party in shares if party != "bank"), cap)
    parts = split_loss(loss, shares=shares, caps=caps)
    assert sum(parts.values()) == loss
    assert list(parts) == list(shares)
    assert all(parts[party] <= cap for party in caps)
    assert all(part >= 0 and part == round(part, 2) for part in parts.values())


@given(loss=FEN, shares=_shares())
def test_no_part_is_a_cent_off_its_exact_share(loss: Decimal, shares: dict[str, Decimal]) -> None:
    parts = split_loss(loss, shares=shares)
    assert all(abs(parts[party] - loss * share) < Decimal("0.01") for party, share in shares.items())


def test_a_recovery_flows_back_as_the_loss_was_borne() -> None:
    paid = split_loss(Decimal(1000), shares=HALVES, caps={"fund": Decimal(250)})
    assert split_recovery(Decimal(101), payments=paid, cost=Decimal(1)) == {
        "fund": Decimal(25),
        "bank": Decimal(75),
    }


def test_a_recovery_that_costs_all_it_brings_gives_nothing() -> None:
    assert split_recovery(Decimal(5), payments={"bank": Decimal(10)}, cost=Decimal(5)) == {"bank": Decimal(0)}


@pytest.mark.parametrize(
    ("recovery", "cost", "why"),
    [
        (Decimal("100.01"), Decimal(0), "more is recovered"),
        (Decimal(5), Decimal("5.01"), "above the recovery"),
        (Decimal(-1), Decimal(0), "recovery"),
        (Decimal(1), Decimal(-1), "cost"),
        (Decimal("0.005"), Decimal(0), "recovery"),
    ],
)
def test_a_recovery_that_cannot_be_is_refused(recovery: Decimal, cost: Decimal, why: str) -> None:
    with pytest.raises(UnableToShareError, match=why):
        split_recovery(recovery, payments={"bank": Decimal(60), "fund": Decimal(40)}, cost=cost)


@given(loss=FEN.filter(bool), shares=_shares(), part=st.fractions(0, 1))
def test_a_recovery_adds_up_and_pays_nobody_more_than_was_borne(
    loss: Decimal, shares: Any, part: Any
) -> None:
    payments = split_loss(loss, shares=shares)
    recovery = Decimal(int(loss * 100 * part.numerator / part.denominator)) / 100
    back = split_recovery(recovery, payments=payments)
    assert sum(back.values()) == recovery
    assert all(back[party] <= payments[party] for party in payments)


@pytest.mark.parametrize("weights", [{}, {"a": Decimal(0)}, {"a": Decimal(2), "b": Decimal(-1)}])
def test_weights_that_weigh_nothing_are_refused(weights: dict[str, Decimal]) -> None:
    with pytest.raises(UnableToShareError, match="weight"):
        largest_remainder(Decimal(1), weights=weights)
