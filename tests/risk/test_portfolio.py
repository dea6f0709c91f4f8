"""What each firm's failure costs, reckoned by hand for the city of four firms."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from listings.queries import AttemptRow
from loans.queries import GuaranteedRow, PledgedRow, TierRow
from tasks.frames import RegisteredRow
from tasks.risk.firms import largest_group, standings
from tasks.risk.portfolio import Portfolio, build
from tasks.risk.shocks import Shock
from tests.risk.city import (
    ANGEL,
    ASSUMED,
    BANK_A,
    CITY,
    F1,
    F2,
    F3,
    F4,
    MILLION,
    MOTHER,
    NONE,
    TERMS,
    changed,
)


def made(frames: object = CITY, shock: Shock | None = None) -> Portfolio:
    return build(frames, by=ASSUMED, shock=shock or Shock())  # type: ignore[arg-type]


def in_millions(column: object) -> list[float]:
    return (np.asarray(column) / MILLION).round(9).tolist()


def test_every_instrument_of_a_firm_by_hand() -> None:
    held = made()
    assert held.firms == [F1, F2, F3, F4]
    # 12 + half of 8 + 5; 3; 2 elsewhere; 1 claimed.
    assert in_millions(held.exposures) == [21, 3, 2, 1]
    assert in_millions(held.funds[ANGEL]) == [10.8, 0, 0, 0]
    assert in_millions(held.funds[MOTHER]) == [3.6, 0, 0, 0]
    # 5 x 50 %; a third of 3 at 60 % and the rest at 50 %.
    assert in_millions(held.loans) == [2.5, 1.6, 0, 0]
    assert in_millions(held.uncovered) == [0.5, 1.6, 0, 0]
    assert in_millions(held.terms[TERMS]) == [2, 0, 0, 0]
    assert in_millions(held.guarantees) == [0, 0, 1.4, 0.8]
    assert [in_millions(held.own[p]) for p in ("bank", "government", "guarantor")] == [
        [0, 0, 0.42, 0], [0, 0, 0.42, 0], [0, 0, 0.56, 0],
    ]  # fmt: skip
    # The 80 % that others than the bank paid, as 4 : 2 : 2.
    assert {party: in_millions(losses)[3] for party, losses in held.claims.items()} == {
        "national_fund": 0.4, "pool": 0.2, "guarantor": 0.2,
    }  # fmt: skip
    assert in_millions(held.total) == [16.9, 1.6, 1.4, 0.8]


def test_the_probability_is_that_of_the_worst_class_or_stage() -> None:
    """Seed equity beats a normal loan; substandard beats normal; no class reported; compensated is lost."""
    assert made().pds.tolist() == [0.2, 0.3, 0.05, 1.0]
    assert made().loadings.tolist() == [0.5, 0.3, 0.3, 0.5]


def test_a_firm_without_debts_or_a_stage() -> None:
    frames = changed(
        balances=[], guaranteed=[], tiers=[], registry=[RegisteredRow(F1, None, "", "", "")], pipeline=[]
    )
    assert made(frames).pds.tolist() == [0.12]


@pytest.mark.parametrize(
    ("stage", "pd"),
    [
        ("cultivation", 0.2), ("share_reform", 0.2), ("tutoring_filed", 0.03), ("inquiry", 0.03),
        ("suspended", 0.03), ("listed", 0.2), ("withdrawn", 0.2),
    ],
)  # fmt: skip
def test_on_the_way_to_a_listing_is_a_stage(stage: str, pd: float) -> None:
    frames = changed(pipeline=[AttemptRow(1, F1, "star", stage, CITY.month.first)])
    assert made(frames).pds[0] == pd


def test_what_is_owed_to_a_bank_whose_report_is_late_does_not_vanish() -> None:
    """As in the exposure: it is what was last known, and the result names the bank."""
    held = made(changed(not_reported=[("bank-a", "flow")]))
    assert in_millions(held.loans) == [2.5, 1.6, 0, 0]


def test_a_guarantee_of_more_than_is_owed_covers_what_is_owed() -> None:
    held = made(changed(guaranteed=[GuaranteedRow(F1, BANK_A, TERMS, NONE, 20 * MILLION, 0, 0)]))
    assert in_millions(held.terms[TERMS]) == [2.5, 0]
    assert in_millions(held.uncovered) == [0, 1.6]


def test_pledges_of_more_than_is_owed_are_cut_to_it() -> None:
    held = made(changed(pledged=[PledgedRow(BANK_A, F2, "patent", 9 * MILLION)]))
    assert in_millions(held.loans)[1] == 1.8


def test_the_money_of_outside_investors_is_nobodys_here() -> None:
    """The sub-fund's other half appears nowhere, and neither does the sub-fund as a holder."""
    assert set(made().funds) == {ANGEL, MOTHER}
    assert in_millions(made().equity) == [14.4, 0, 0, 0]


class TestShocks:
    def test_an_industry_alone_is_hit(self) -> None:
        assert made(shock=Shock(pd=2, industry="C")).pds.tolist() == [0.4, 0.3, 0.05, 1.0]
        assert made(shock=Shock(pd=2)).pds.tolist() == [0.4, 0.6, 0.1, 1.0]

    def test_the_listing_window_closes_for_those_on_their_way(self) -> None:
        frames = changed(pipeline=[AttemptRow(1, F1, "star", "inquiry", CITY.month.first)])
        held = made(frames, Shock(listing_pd=5, listing_lgd=1.1))
        assert held.pds[0] == pytest.approx(0.15)
        assert in_millions(held.funds[ANGEL])[0] == pytest.approx(12 * 0.99)
        assert made(shock=Shock(listing_pd=5, listing_lgd=1.1)).pds[0] == 0.2

    def test_the_largest_group_fails(self) -> None:
        """Firms 1 and 2 have one controller, and with 24 million the most."""
        held = made(shock=Shock(largest_group_fails=True))
        assert held.failing == {F1, F2}
        assert held.pds.tolist() == [1.0, 1.0, 0.05, 1.0]

    def test_without_groups_it_is_the_largest_firm(self) -> None:
        frames = changed(registry=[replace_group(firm) for firm in CITY.registry])
        assert made(frames, Shock(largest_group_fails=True)).failing == {F1}
        assert largest_group({}, {}) == frozenset()

    def test_nothing_passes_one(self) -> None:
        held = made(shock=Shock(all_pd=100, all_lgd=100, loading=100))
        assert set(held.pds) == {1.0}
        assert set(held.loadings) == {0.99}
        assert in_millions(held.total) == [21, 3, 2, 1]

    def test_a_move_multiplies_what_is_assumed(self) -> None:
        moved = made(shock=Shock().moved("pd", 0.1).moved("lgd", -0.1).moved("loading", 0.1))
        assert moved.pds.tolist() == pytest.approx([0.22, 0.33, 0.055, 1.0])
        assert in_millions(moved.uncovered) == pytest.approx([0.45, 1.44, 0, 0])
        assert moved.loadings.tolist() == pytest.approx([0.55, 0.33, 0.33, 0.55])


def replace_group(firm: RegisteredRow) -> RegisteredRow:
    return firm._replace(group_id=None)


def test_the_worst_class_of_several_banks_counts() -> None:
    frames = replace(CITY, tiers=[TierRow(F1, "loss", 1), TierRow(F1, "normal", 9 * MILLION)])
    assert standings(frames, indebted=[F1], claimed=[])[F1].tier == "loss"
