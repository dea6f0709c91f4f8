"""What a failure takes of a tolerance, rule by rule; and the columns of payers against the split of a single claim."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from finance_hub.kernel.money import yuan
from loans.queries import SharedRow
from loans.sharing import split_room
from tasks.engine.sharing import split_loss
from tasks.risk.payers import UNKNOWN, by_investors, under_agreements
from tasks.risk.portfolio import build
from tasks.risk.rooms import PUBLIC, Limit, limits
from tasks.risk.shocks import Shock
from tasks.rules import Rule
from tests.risk.city import ANGEL, ASSUMED, CITY, F1, MILLION, changed, holding


def tolerance(rule: Rule, **frames: object) -> Limit:
    city = changed(rules=[rule], **frames)
    found = limits(city, build(city, by=ASSUMED, shock=Shock()))
    return next(one for one in found if one.kind == "tolerance")


def rule(
    *,
    netting: bool = False,
    timing: str = "realised",
    scope: str = "fund",
    fund: int | None = ANGEL,
    key: str = "",
) -> Rule:
    return Rule("tr", fund, "principal-paid", netting, timing, "40.00", "文件", scope, key)


@pytest.mark.parametrize(
    ("said", "takes", "room"),
    [
        # Cost 10 and worth 12 lose 10.8: 1.2 come back, 8.8 of cost are lost.
        (rule(timing="realised-and-impaired"), 8.8, 4.0),
        (rule(timing="realised"), 8.8, 4.0),
        (rule(timing="liquidation"), 8.8, 4.0),
        (rule(timing="realised", netting=True), 8.8, 4.0),
    ],
)
def test_what_the_failure_of_firm_1_takes(said: Rule, takes: float, room: float) -> None:
    found = tolerance(said)
    assert (found.losses / MILLION).round(9).tolist() == [takes, 0, 0, 0]
    assert found.room / MILLION == room


def test_gains_so_far_are_room_where_they_offset() -> None:
    """Half of 10 sold for 9: a gain of 4. Remaining cost 5, worth 6, loses 5.4: 4.4 of cost."""
    half = holding(1, ANGEL, F1, 10)._replace(
        cost_exited_fen=5 * MILLION, proceeds_fen=9 * MILLION, remaining_cost_fen=5 * MILLION,
        fair_value_fen=6 * MILLION, worth_fen=6 * MILLION, valued_on=CITY.month.first,
    )  # fmt: skip
    netted = tolerance(rule(netting=True), holdings=[half])
    assert (netted.room / MILLION, round(netted.losses[0] / MILLION, 9)) == (8.0, 4.4)
    # Without netting the gain of the same holding is used up first.
    plain = tolerance(rule(), holdings=[half])
    assert (plain.room / MILLION, round(plain.losses[0] / MILLION, 9)) == (4.0, pytest.approx(0.4))


def test_an_exceeded_tolerance_has_no_room() -> None:
    lost = holding(1, ANGEL, F1, 10)._replace(
        cost_written_off_fen=9 * MILLION, remaining_cost_fen=MILLION, worth_fen=MILLION
    )
    found = tolerance(rule(), holdings=[lost])
    assert found.room == -5 * MILLION


def test_a_stake_in_a_sub_fund_loses_firm_by_firm() -> None:
    """The mother fund's stake in the sub-fund: half of 8 at 90 %."""
    found = tolerance(rule(scope="category", fund=None, key="sub_fund"))
    assert (found.losses / MILLION).round(9).tolist() == [3.6, 0, 0, 0]


@pytest.mark.parametrize(("scope", "fund", "key", "room"), [
    ("tier", None, "angel", 4.0), ("category", None, "seed", 7.2), ("category", ANGEL, "seed", 4.0),
    ("vintage", None, "2024", 9.2),
])  # fmt: skip
def test_rooms_by_scope(scope: str, fund: int | None, key: str, room: float) -> None:
    """40 % of what was paid in the scope: 10 of the angel fund, 8 of the sub-fund's seed, 5 for the stake."""
    assert tolerance(rule(scope=scope, fund=fund, key=key)).room / MILLION == room


PARTS = st.lists(st.sampled_from(sorted(PUBLIC | {"other"})), unique=True, max_size=3)


@settings(max_examples=60)
@given(
    losses=st.lists(st.integers(0, 10**10), min_size=1, max_size=5), parties=PARTS,
    room=st.none() | st.integers(0, 10**10), pool=st.integers(0, 10**10), keeper=st.sampled_from(["bank", "guarantor"]),
)  # fmt: skip
def test_columns_pay_what_a_single_claim_would(
    losses: list[int], parties: list[str], room: int | None, pool: int, keeper: str
) -> None:
    """Each scenario on its own, split by the engine with the room shared out first: the same to the cent."""
    each = 7_000 // max(1, len(parties))
    parts = (
        ("bank", 10_000 - each * len(parties) - 1_000),
        ("guarantor", 1_000),
        *((p, each) for p in parties),
    )
    shared = SharedRow(1, "ag", "协议", keeper, 5, room, parts)
    paid = under_agreements({1: np.array(losses, dtype=np.float64)}, [shared], pools={5: float(pool)})
    shares = {party: Decimal(part) / 10_000 for party, part in parts}
    for at, fen in enumerate(losses):
        loss, caps = yuan(fen), {}
        if room is not None:
            owed = {p: (loss * share).quantize(Decimal("0.01")) for p, share in shares.items() if p in PUBLIC}
            caps |= split_room(yuan(room), parts=owed) if owed and sum(owed.values()) > yuan(room) else {}
        if "pool" in shares:
            caps["pool"] = min(caps.get("pool", yuan(pool)), yuan(pool))
        whole = split_loss(loss, shares=shares, caps=caps, keeper=keeper)
        for party, amount in whole.items():
            assert abs(paid[party][at] / 100 - float(amount)) <= 0.03, (party, at)
        assert sum(column[at] for column in paid.values()) == pytest.approx(fen, abs=1e-3)


def test_two_versions_of_an_agreement_share_its_cap_and_its_pool() -> None:
    """10 and 30 owed by public parties, 20 of room: half of each; the pool has 5 of its 10."""
    old = SharedRow(1, "ag", "协议", "bank", 5, 20, (("bank", 5_000), ("government", 5_000)))
    new = SharedRow(2, "ag", "协议", "bank", 5, 20, (("bank", 2_500), ("pool", 5_000), ("government", 2_500)))
    paid = under_agreements({1: np.array([20.0]), 2: np.array([40.0])}, [old, new], pools={5: 5.0})
    assert {party: column.tolist() for party, column in paid.items()} == {
        "bank": [10 + 5 + 10 + 15 + 5], "government": [5 + 5], "pool": [5],
    }  # fmt: skip


def test_a_fund_whose_investors_nobody_recorded() -> None:
    paid = by_investors({ANGEL: np.array([10.0])}, replace(CITY, capital=[]))
    assert {party: column.tolist() for party, column in paid.items()} == {UNKNOWN: [10.0]}


def test_a_holding_that_is_gone_takes_nothing_more() -> None:
    """Written off in full: what it lost is counted, and its firm's failure costs the rule nothing."""
    gone = holding(1, ANGEL, F1, 10)._replace(
        cost_written_off_fen=10 * MILLION, remaining_cost_fen=0, worth_fen=0
    )
    for timing in ("realised", "realised-and-impaired", "liquidation"):
        assert tolerance(rule(timing=timing), holdings=[gone]).losses.tolist() == [0, 0, 0, 0]
