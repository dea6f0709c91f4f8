"""Who bears what is lost together: caps, pools, several guarantees on one loan; and nothing is lost or made up."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finance_hub.kernel.money import split_fen
from funds.queries import HoldingRow
from loans.queries import BalanceRow, CoverRow, PledgedRow, RoomRow
from tasks.exposure import bearing
from tasks.exposure.assembly import Exposure, Exposures, Facts, Terms, assemble
from tasks.exposure.bearing import Borne, Caps, public
from tasks.exposure.covered import Covered, paid_by
from tasks.exposure.lgd import LgdRow, Rate, lgds, lost, shares
from tasks.exposure.lines import Code

DAY = date(2026, 10, 31)
NATIONAL = (("bank", 2_000), ("national_fund", 4_000), ("re_guarantor", 2_000), ("guarantor", 2_000))
POOLED = (("pool", 5_400), ("bank", 2_600), ("insurer", 1_600), ("other", 400))
NO_CAPS = Caps({}, {})
RATES = lgds(
    LgdRow(key, Decimal(part))
    for key, part in (
        ("equity", "0.9"),
        ("loan", "0.4"),
        ("patent", "0.6"),
        ("trademark", "0.7"),
        ("guarantee", "0.5"),
        ("claim", "0.75"),
    )
)


def cover(
    number: int = 1, *, outstanding: int = 100_00, balance: int | None = None, **changes: Any
) -> CoverRow:
    facts: dict[str, Any] = {
        "guarantee_id": number, "firm_id": 1, "guarantor_id": 9, "is_insurance": False, "bank_id": 5,
        "contract_no": "HT-1", "outstanding": outstanding, "balance": balance, "parties": NATIONAL,
        "keeper": "guarantor", "terms_id": 7, "agreement_id": 3, "pool_id": None, "paid_public": 0,
        "paid_otherwise": 0, "written_off": 0,
    }  # fmt: skip
    return CoverRow(**facts | changes)


def looked_at(
    covers: Sequence[CoverRow], *, caps: Caps = NO_CAPS, insurers: bool = True, **facts: Any
) -> Exposure:
    return assemble(Facts(covers=list(covers), **facts), Terms(caps, RATES, insurers))


def borne(losses: Sequence[tuple[CoverRow, int]], *, caps: Caps) -> list[Borne]:
    """Of one firm."""
    return bearing.borne([(1, *loss) for loss in losses], caps=caps)


def room(fen: int, terms: int = 7, agreement: int = 3) -> Caps:
    return Caps({terms: RoomRow(terms, agreement, fen)}, {})


class TestOneLoss:
    def test_without_caps_everybody_bears_its_share(self) -> None:
        [parts] = borne([(cover(), 100_00)], caps=NO_CAPS)
        assert parts == {"bank": 20_00, "national_fund": 40_00, "re_guarantor": 20_00, "guarantor": 20_00}
        assert public(parts) == 80_00

    def test_the_cap_of_the_year_binds_the_public_parties_but_the_guarantor_keeps_the_rest(self) -> None:
        """30.00 of room for 60.00, 2 : 1; the other 30.00 stay with the guarantor, who is public money too."""
        [parts] = borne([(cover(), 100_00)], caps=room(30_00))
        assert parts == {"bank": 20_00, "national_fund": 20_00, "re_guarantor": 10_00, "guarantor": 50_00}
        assert public(parts) == 80_00

    def test_what_the_pool_cannot_pay_stays_with_a_bank_that_keeps_the_rest(self) -> None:
        row = cover(parties=POOLED, keeper="bank", pool_id=2)
        [parts] = borne([(row, 100_00)], caps=Caps({}, {2: 14_00}))
        assert parts == {"pool": 14_00, "bank": 66_00, "insurer": 16_00, "other": 4_00}
        assert public(parts) == 14_00

    def test_a_pool_that_nobody_has_paid_into_bears_nothing(self) -> None:
        [parts] = borne([(cover(parties=POOLED, keeper="insurer", pool_id=2), 100_00)], caps=NO_CAPS)
        assert parts == {"pool": 0, "bank": 26_00, "insurer": 70_00, "other": 4_00}

    def test_two_losses_share_one_room_and_one_pool(self) -> None:
        """Of two versions of one agreement the second finds what the first has left of its own room."""
        caps = Caps({7: RoomRow(7, 3, 70_00), 8: RoomRow(8, 3, 90_00)}, {})
        first, second = borne([(cover(), 100_00), (cover(2, terms_id=8), 100_00)], caps=caps)
        assert first["national_fund"] + first["re_guarantor"] == 60_00
        assert second["national_fund"] + second["re_guarantor"] == 30_00
        pooled = [cover(at, parties=POOLED, keeper="bank", pool_id=2, terms_id=None) for at in (1, 2)]
        drawn = [
            parts["pool"] for parts in borne([(row, 100_00) for row in pooled], caps=Caps({}, {2: 60_00}))
        ]
        assert drawn == [54_00, 6_00]

    def test_a_guarantee_with_shares_of_its_own_has_no_cap(self) -> None:
        own = cover(parties=(("bank", 2_000), ("government", 0), ("guarantor", 8_000)), keeper="bank",
                    terms_id=None, agreement_id=None)  # fmt: skip
        assert borne([(own, 100_01)], caps=room(0)) == [{"bank": 20_00, "guarantor": 80_01}]


class TestOneYuanOnce:
    def test_a_guarantee_covers_no_more_than_the_balance(self) -> None:
        shown = looked_at(
            [cover(outstanding=200_00, balance=50_00)], balances=[BalanceRow(5, "rd", 1, 50_00)]
        )
        assert (shown.public.cost, shown.finance.cost) == (40_00, 50_00)

    def test_two_guarantees_on_one_loan_cover_it_once(self) -> None:
        shown = looked_at(
            [cover(1, outstanding=70_00, balance=100_00), cover(2, outstanding=70_00, balance=100_00)]
        )
        assert [one.whole for one in shown.covered] == [70_00, 30_00]

    def test_a_repaid_loan_under_a_guarantee_is_nothing(self) -> None:
        assert looked_at([cover(balance=0)]).covered == ()

    def test_an_overpaid_loan_does_not_make_the_second_guarantee_larger(self) -> None:
        shown = looked_at([cover(1, balance=-5_00), cover(2, balance=-5_00)])
        assert shown.public.cost == 0

    def test_a_loan_that_nobody_reports_is_its_guarantee(self) -> None:
        shown = looked_at([cover()])
        line = shown.line(Code.GUARANTEES)
        assert (line.public.cost, line.finance.cost, shown.finance.cost) == (80_00, 100_00, 100_00)
        assert shown.line(Code.SHARED).public.cost == 0

    def test_an_insurers_own_part_is_no_public_money(self) -> None:
        policy = cover(parties=POOLED, keeper="insurer", pool_id=2, is_insurance=True)
        line = looked_at([policy], caps=Caps({}, {2: 100_00})).line(Code.INSURANCE)
        assert (line.public.cost, line.finance.cost) == (54_00, 100_00)

    def test_without_insurers_insurance_is_not_zero_but_not_recorded(self) -> None:
        assert looked_at([], insurers=False).line(Code.INSURANCE).reason == "not-recorded"

    def test_subsidies_are_in_no_total(self) -> None:
        shown = looked_at([], subsidies={1: 12_34})
        assert (shown.line(Code.SUBSIDIES).public.cost, shown.public.cost, shown.finance.cost) == (
            12_34,
            0,
            0,
        )


class TestClaims:
    def test_what_insurers_paid_is_finance_but_not_public(self) -> None:
        shown = looked_at([cover(outstanding=0, paid_public=60_00, paid_otherwise=20_00)])
        line = shown.line(Code.COMPENSATION)
        assert (line.public.cost, line.finance.cost) == (60_00, 80_00)
        assert (line.public.loss, line.finance.loss) == (45_00, 60_00)

    def test_a_write_off_is_taken_from_both_in_proportion(self) -> None:
        assert paid_by(cover(paid_public=60_00, paid_otherwise=20_00, written_off=40_00)) == (30_00, 10_00)

    def test_no_claim_is_below_zero(self) -> None:
        assert paid_by(cover(paid_public=60_00, paid_otherwise=20_00, written_off=81_00)) == (0, 0)


class TestLosses:
    def test_a_loan_loses_by_what_secures_it(self) -> None:
        """Of 3.00 at bank 5 a third stands behind a patent: 0.60 and 40 % of 2.00; 1.00 at bank 6 loses 40 %."""
        shown = looked_at(
            [],
            balances=[BalanceRow(5, "ip_pledge", 1, 2_00), BalanceRow(5, "rd", 1, 1_00), BalanceRow(6, "rd", 1, 1_00)],
            pledged=[PledgedRow(5, 1, "patent", 1_00)],
        )  # fmt: skip
        assert shown.line(Code.LOANS).finance == (4_00, 4_00, 1_40 + 40)

    def test_a_guaranteed_part_loses_as_its_loan_does(self) -> None:
        """Half of 2.00 is secured: 50 % of it are lost, and of the 1.00 that is guaranteed; four fifths are public."""
        shown = looked_at(
            [cover(outstanding=1_00, balance=2_00)],
            balances=[BalanceRow(5, "ip_pledge", 1, 2_00)],
            pledged=[PledgedRow(5, 1, "patent", 1_00)],
        )
        assert shown.line(Code.SHARED).public == (80, 80, 40)
        assert shown.line(Code.LOANS).finance.loss == 1_00

    def test_pledges_of_more_than_is_owed_are_cut_to_it(self) -> None:
        assert shares({"patent": 3_00, "trademark": 1_00}, 2_00) == {
            "patent": Fraction(3, 4), "trademark": Fraction(1, 4), "loan": 0,
        }  # fmt: skip
        assert shares({}, 0) == shares({}, -5) == {"loan": 1}

    def test_without_a_set_the_loss_is_not_known(self) -> None:
        assert lgds([]) is None
        assert lgds([LgdRow("loan", Decimal("0.4"))]) == {"loan": Rate(2, 5)}
        assert lgds([LgdRow("loan", Decimal("0.4")), LgdRow("equity", Decimal("0.75"))]) == {
            "loan": Rate(8, 20), "equity": Rate(15, 20),
        }  # fmt: skip
        shown = assemble(Facts(covers=[cover()]), Terms(NO_CAPS, None, has_insurers=True))
        assert (shown.public.cost, shown.public.loss, shown.finance.loss) == (80_00, None, None)

    @pytest.mark.parametrize(("fen", "gone"), [(0, 0), (1, 0), (2, 1), (100, 45), (10**15, 45 * 10**13)])
    def test_halves_of_a_fen_go_up(self, fen: int, gone: int) -> None:
        assert lost(fen, Rate(9, 20)) == gone


amounts = st.integers(min_value=0, max_value=10**12)
kinds = st.sampled_from([(NATIONAL, "guarantor", None), (POOLED, "bank", 2), (POOLED, "insurer", 2)])
rows = st.lists(st.tuples(amounts, st.none() | amounts, kinds, st.booleans()), max_size=5)


def drawn(found: Sequence[Any]) -> list[CoverRow]:
    return [
        cover(at, outstanding=whole, balance=balance, parties=parties, keeper=keeper, pool_id=pool,
              is_insurance=insured, contract_no=f"HT-{at % 2}")
        for at, (whole, balance, (parties, keeper, pool), insured) in enumerate(found, 1)
    ]  # fmt: skip


class TestProperties:
    @given(
        st.integers(min_value=0, max_value=10**15),
        st.lists(st.integers(min_value=0, max_value=10_000), min_size=2, max_size=5).filter(any),
    )
    def test_a_loss_without_caps_is_split_by_largest_remainders(self, loss: int, shares: list[int]) -> None:
        parties = tuple((f"party {at}", share) for at, share in enumerate(shares))
        [parts] = borne([(cover(parties=parties, agreement_id=None, terms_id=None), loss)], caps=NO_CAPS)
        assert [parts.get(party, 0) for party, _ in parties] == split_fen(loss, shares)

    @given(rows, st.lists(st.integers(min_value=1, max_value=3), min_size=5, max_size=5), amounts, amounts)
    def test_many_firms_at_once_are_as_each_by_itself(
        self, found: Sequence[Any], firms: list[int], left: int, held: int
    ) -> None:
        covers = [row._replace(firm_id=firm) for row, firm in zip(drawn(found), firms, strict=False)]
        balances = [BalanceRow(5, "rd", firm, 10**9 + firm) for firm in set(firms)]
        facts = Facts(covers=covers, balances=balances, pledged=[PledgedRow(5, 2, "patent", 7_00)])
        terms = Terms(Caps({7: RoomRow(7, 3, left)}, {2: held}), RATES, has_insurers=True)
        alone = Exposures(facts, terms, unit=lambda firm: firm)
        assert alone.units == sorted(set(firms))
        for firm in alone.units:
            assert alone.of(firm) == assemble(facts.of({firm}), terms)
        pair = Exposures(facts.of({1, 2}), terms, unit=lambda _: 9)
        assert pair.units == ([9] if {1, 2} & set(firms) else [])
        assert pair.of(9) == assemble(facts.of({1, 2}), terms)
        public = alone.costs(alone.public)
        assert public == {firm: alone.of(firm).public.cost for firm in alone.units}

    @given(rows, amounts, amounts)
    def test_parts_add_up_and_no_cap_is_passed(self, found: Sequence[Any], left: int, held: int) -> None:
        covers = drawn(found)
        caps = Caps({7: RoomRow(7, 3, left)}, {2: held})
        parts = borne([(row, row.outstanding) for row in covers], caps=caps)
        assert [sum(one.values()) for one in parts] == [row.outstanding for row in covers]
        assert all(part >= 0 for one in parts for part in one.values())
        assert sum(one.get("pool", 0) for one in parts) <= held
        limited = ("pool", "national_fund", "re_guarantor", "government")
        assert sum(one.get(party, 0) for one in parts for party in limited) <= left

    @given(rows, amounts)
    def test_public_money_is_never_more_than_the_finance(self, found: Sequence[Any], held: int) -> None:
        covers = drawn(found)
        balances = {row.contract_no: row.balance for row in covers if row.balance is not None}
        # The balance of a contract is one, whatever the guarantees on it.
        covers = [row._replace(balance=balances.get(row.contract_no)) for row in covers]
        owed = [BalanceRow(5, "rd", 1, sum(balances.values()))]
        shown = looked_at(covers, caps=Caps({}, {2: held}), balances=owed)
        assert 0 <= shown.public.cost <= shown.finance.cost
        assert 0 <= (shown.public.loss or 0) <= (shown.finance.loss or 0) + len(covers)

    @given(rows)
    def test_without_caps_a_group_is_the_sum_of_its_firms(self, found: Sequence[Any]) -> None:
        covers = [row._replace(contract_no=f"HT-{at}", pool_id=None) for at, row in enumerate(drawn(found))]
        alone = [looked_at([row]).public.cost for row in covers]
        assert looked_at(covers).public.cost == sum(alone)


def test_a_stake_without_a_value_is_worth_its_cost() -> None:
    stake = HoldingRow(1, 1, 1, None, 100, 0, 0, 0, 0, 100, None, None, DAY, 100)
    line = looked_at([], direct=[stake]).line(Code.EQUITY)
    assert line.public == (100, 100, 90)


def test_a_covered_loan_says_who_bears_it() -> None:
    [one] = looked_at([cover()]).covered
    assert isinstance(one, Covered)
    assert (one.code, one.public, one.loss, public(one.lost)) == (Code.GUARANTEES, 80_00, 50_00, 40_00)
