"""A small city whose every figure can be checked by hand: two funds and a sub-fund, two banks, three firms.

Angel fund: 50 million subscribed (30 fiscal, 20 social), 20 called and paid in, 10 and 5 million invested in
firms 1 and 2 and 2 million in firm 3; firm 3 written off; firm 1 worth 12, firm 2 never valued; 1 million paid
out, 0.5 million fee. Cash = 20 - 17 - 1 - 0.5 = 1.5; NAV = 1.5 + 12 + 5 = 18.5.
"""

from __future__ import annotations

import re
from dataclasses import fields, replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from finance_hub.kernel.periods import Month
from funds.queries import CapitalRow, DealRow, FlowRow, FundRow, HoldingRow
from listings.queries import AttemptRow
from loans.queries import (
    BalanceRow,
    CoverRow,
    FuseRow,
    GuaranteeRow,
    IssuanceRow,
    NetAssetsRow,
    OverdueRow,
    PoolRow,
    PositionRow,
)
from tasks import catalogue
from tasks.catalogue import BY_CODE, ENTRIES, Point
from tasks.frames import Frames, Product, Reporter
from tasks.rules import Rule
from tasks.target_facts import TargetFact

YUAN = 100
MILLION = 1_000_000 * YUAN
ANGEL, MOTHER, SUB = 1, 2, 3
BANK_A, BANK_B, GUARANTOR = 11, 12, 13
FIRM_1, FIRM_2, FIRM_3 = 101, 102, 103
SHARES = (("bank", 2_000), ("government", 2_500), ("guarantor", 5_500))


def fund(pk: int, code: str, tier: str, planned: int) -> FundRow:
    return FundRow(pk, code, f"{code}基金", f"{code} fund", tier, planned * MILLION, date(2024, 1, 1))


def holding(pk: int, firm: int, cost: int, *, lost: int = 0, worth: int | None = None) -> HoldingRow:
    valued = None if worth is None else date(2026, 9, 30)
    return HoldingRow(
        holding_id=pk, fund_id=ANGEL, firm_id=firm, sub_fund_id=None, invested_fen=cost * MILLION,
        cost_exited_fen=0, cost_written_off_fen=lost * MILLION, proceeds_fen=0, income_fen=0,
        remaining_cost_fen=(cost - lost) * MILLION,
        fair_value_fen=None if worth is None else worth * MILLION,
        valued_on=valued, last_deal_on=date(2025, 6, 30),
    )  # fmt: skip


CITY = Frames(
    month=Month(2026, 10),
    reporters=[
        Reporter(BANK_A, "bank", "bank-a", "甲银行", "Bank A"),
        Reporter(BANK_B, "bank", "bank-b", "乙银行", "Bank B"),
        Reporter(GUARANTOR, "guarantor", "guarantor", "担保公司", "Guarantor"),
    ],
    products=[Product("rd", "研发贷", "R&D loan"), Product("ip_pledge", "知识产权质押贷", "IP-pledge loan")],
    funds=[fund(ANGEL, "angel", "angel", 100), fund(MOTHER, "mother", "mother", 1000), fund(SUB, "sub", "sub", 300)],
    capital=[
        CapitalRow(ANGEL, "fiscal", "commitment", 30 * MILLION),
        CapitalRow(ANGEL, "social", "commitment", 20 * MILLION),
        CapitalRow(ANGEL, "fiscal", "call", 20 * MILLION),
        CapitalRow(ANGEL, "fiscal", "contribution", 20 * MILLION),
        CapitalRow(ANGEL, "fiscal", "distribution", 1 * MILLION),
        CapitalRow(ANGEL, None, "fee", MILLION // 2),
        CapitalRow(SUB, "fiscal", "commitment", 7 * MILLION),
    ],
    flows=[
        FlowRow(ANGEL, date(2024, 10, 31), 20 * MILLION, 0),
        FlowRow(ANGEL, date(2025, 10, 31), 0, 1 * MILLION),
    ],
    holdings=[
        holding(1, FIRM_1, 10, worth=12),
        holding(2, FIRM_2, 5),
        holding(3, FIRM_3, 2, lost=2),
    ],
    investments=[DealRow(2, ANGEL, FIRM_2, None, 5 * MILLION, 5 * MILLION, date(2026, 10, 9))],
    exits=[],
    write_offs=[DealRow(3, ANGEL, FIRM_3, None, 2 * MILLION, 0, date(2026, 10, 20))],
    balances=[
        BalanceRow(BANK_A, "rd", FIRM_1, 3 * MILLION),
        BalanceRow(BANK_A, "ip_pledge", FIRM_2, 4 * MILLION),
        BalanceRow(BANK_B, "rd", FIRM_1, 2 * MILLION),
    ],
    issuance=[
        IssuanceRow(BANK_A, "rd", Month(2026, 10).first, FIRM_1, 1 * MILLION, 0, 0, 1),
        IssuanceRow(BANK_B, "rd", Month(2026, 10).first, FIRM_1, 0, MILLION // 4, 0, 1),
    ],
    positions=[
        PositionRow(BANK_A, "rd", "normal", "none", 3 * MILLION, 1),
        PositionRow(BANK_A, "ip_pledge", "substandard", "91-180", 1 * MILLION, 1),
        PositionRow(BANK_A, "ip_pledge", "normal", "none", 3 * MILLION, 1),
    ],
    guarantees=[
        GuaranteeRow(
            guarantor_id=GUARANTOR, firm_id=FIRM_1, customer="small_micro", group_id=7, outstanding=2 * MILLION,
            outstanding_elsewhere=0, compensated=0, interest=0, recovered=0, released=1 * MILLION, claim=0,
            compensated_year=0, released_year=0, government_share=MILLION // 2, live=1,
        ),
        GuaranteeRow(
            guarantor_id=GUARANTOR, firm_id=FIRM_3, customer="other", group_id=None, outstanding=1 * MILLION,
            outstanding_elsewhere=1 * MILLION, compensated=1 * MILLION, interest=0, recovered=MILLION // 4,
            released=0, claim=MILLION * 3 // 4, compensated_year=MILLION, released_year=0,
            government_share=MILLION // 4, live=1,
        ),
    ],
    covers=[
        CoverRow(
            guarantee_id=1, firm_id=FIRM_1, guarantor_id=GUARANTOR, is_insurance=False, bank_id=BANK_A, contract_no="HT-1",
            outstanding=2 * MILLION, balance=3 * MILLION, parties=SHARES, keeper="bank", terms_id=None,
            agreement_id=None, pool_id=None, paid_public=0, paid_otherwise=0, written_off=0,
        ),
        CoverRow(
            guarantee_id=2, firm_id=FIRM_3, guarantor_id=GUARANTOR, is_insurance=False, bank_id=BANK_B, contract_no="HT-9",
            outstanding=MILLION, balance=None, parties=SHARES, keeper="bank", terms_id=None, agreement_id=None,
            pool_id=None, paid_public=MILLION * 3 // 4, paid_otherwise=0, written_off=0,
        ),
    ],
    overdue_guaranteed=[OverdueRow(GUARANTOR, BANK_A, MILLION // 2), OverdueRow(GUARANTOR, BANK_B, MILLION)],
    net_assets=[NetAssetsRow(GUARANTOR, date(2026, 9, 30), 10 * MILLION)],
    pools=[PoolRow(1, "pool", "资金池", "Pool", balance=2 * MILLION, guaranteed=3 * MILLION, leverage_limit=1_000)],
    fuses=[FuseRow(1, BANK_A, "npl_ratio", bad=MILLION, total=20 * MILLION, line=500),
           FuseRow(1, BANK_B, "npl_ratio", bad=None, total=None, line=500)],
    pipeline=[
        AttemptRow(1, FIRM_1, "star", "inquiry", date(2026, 5, 1)),
        AttemptRow(2, FIRM_1, "beijing", "withdrawn", date(2025, 5, 1)),
        AttemptRow(3, FIRM_2, "chinext", "listed", date(2026, 3, 2)),
        AttemptRow(4, FIRM_3, "star", "cultivation", date(2026, 1, 1)),
    ],
    rules=[Rule("tr_1", ANGEL, "principal-paid", True, "realised-and-impaired", "40.00", "文件")],
    targets=[
        TargetFact("T1", "fund_size_qingtong_angel", "100000000", "CNY", "=", date(2022, 1, 1), None, "computed", None, None),
        TargetFact("T2", "new_listings", "4", "firms", ">=", date(2022, 1, 1), None, "computed", None, None),
        TargetFact("T3", "rank", "10", "rank", "<=", date(2022, 1, 1), None, "reported", "8", date(2026, 9, 30)),
        TargetFact("T4", "teams", "2", "teams", ">=", date(2022, 1, 1), None, "reported", None, None),
    ],
    not_reported=[("bank-b", "stock")],
)  # fmt: skip


@pytest.fixture(autouse=True)
def _names(monkeypatch: pytest.MonkeyPatch) -> None:
    from tasks.catalogue import concentration, exposure, guarantees, month

    named = {FIRM_1: ("U1", "一号"), FIRM_2: ("U2", "二号"), FIRM_3: ("U3", "三号")}
    for module in (guarantees, exposure, concentration, month):
        monkeypatch.setattr(module, "firm_names", lambda ids: {pk: named[pk] for pk in ids})
    for module in (guarantees, exposure, concentration):
        monkeypatch.setattr(module, "group_names", lambda ids: {pk: f"集团{pk}" for pk in ids})


def compute(frames: Frames, code: str, scope: str = "") -> dict[str, Point]:
    entry = next(entry for entry in BY_CODE[code] if entry.scope == scope)
    return {point.key: point for point in entry.compute(frames)}


def values(frames: Frames, code: str, scope: str = "") -> dict[str, Any]:
    """{key: the value as a plain decimal, or the reason}."""
    return {key: p.reason if p.value is None else p.value for key, p in compute(frames, code, scope).items()}


def yuan(millions: str) -> Decimal:
    return Decimal(millions) * 1_000_000


@pytest.mark.parametrize(
    ("code", "scope", "expected"),
    [
        ("fund.subscribed", "fund", {"angel": yuan("50"), "mother": 0, "sub": yuan("7")}),
        ("fund.subscribed", "", {"": yuan("50")}),
        ("fund.planned", "", {"": yuan("1100")}),
        ("fund.subscribed", "capital", {"fiscal": yuan("30"), "state": 0, "social": yuan("20")}),
        ("fund.paid_in", "fund", {"angel": yuan("20"), "mother": 0, "sub": 0}),
        ("fund.invested", "", {"": yuan("17")}),
        ("fund.nav", "fund", {"angel": yuan("18.5"), "mother": 0, "sub": 0}),
        ("fund.dpi", "fund", {"angel": Decimal("0.05"), "mother": "no-denominator", "sub": "no-denominator"}),
        (
            "fund.tvpi",
            "fund",
            {"angel": Decimal("0.975"), "mother": "no-denominator", "sub": "no-denominator"},
        ),
        ("fund.firms", "fund", {"angel": 2, "mother": 0, "sub": 0}),
        ("deals.invested", "", {"": yuan("5")}),
        ("deals.investments", "", {"": 1}),
        ("deals.written_off", "", {"": yuan("2")}),
        ("loans.balance", "", {"": yuan("9")}),
        ("loans.balance", "bank", {"bank-a": yuan("7"), "bank-b": yuan("2")}),
        ("loans.balance", "product", {"rd": yuan("5"), "ip_pledge": yuan("4")}),
        (
            "loans.balance",
            "bank_product",
            {
                "bank-a:rd": yuan("3"),
                "bank-a:ip_pledge": yuan("4"),
                "bank-b:rd": yuan("2"),
                "bank-b:ip_pledge": 0,
            },
        ),
        ("loans.disbursed", "", {"": yuan("1")}),
        ("loans.repaid", "bank", {"bank-a": 0, "bank-b": yuan("0.25")}),
        ("loans.firms", "", {"": 2}),
        (
            "loans.five_tier",
            "five_tier",
            {"normal": yuan("6"), "special_mention": 0, "substandard": yuan("1"), "doubtful": 0, "loss": 0},
        ),
        # 1 of 7 million; bank B has not reported its positions.
        ("loans.npl_ratio", "", {"": Decimal("0.14285714")}),
        ("loans.npl_ratio", "bank", {"bank-a": Decimal("0.14285714"), "bank-b": "not-reported"}),
        ("loans.stock_flow_difference", "bank", {"bank-a": 0, "bank-b": "not-reported"}),
        ("reporting.complete", "", {"": 1}),
        ("reporting.due", "", {"": 2}),
        ("guarantees.outstanding", "", {"": yuan("3")}),
        # 1 compensated of 1 released and 1 ended by compensation.
        ("guarantees.compensation_ratio", "", {"": Decimal("0.5")}),
        # All of it in this year, in which nothing else was released.
        ("guarantees.compensation_ratio_year", "", {"": 1}),
        ("guarantees.recovery_ratio", "", {"": Decimal("0.25")}),
        # 75 % of 2 million for a small firm, and 1 million.
        ("guarantees.liability", "", {"": yuan("2.5")}),
        ("guarantees.liability", "guarantor", {"guarantor": yuan("2.5")}),
        ("guarantees.leverage", "guarantor", {"guarantor": Decimal("0.25")}),
        # 1.5 of 10 million; firm 3 stands at the bound of 10 %, the group of firm 1 at that of 15 %.
        ("guarantees.above_single_limit", "guarantor_firm", {"guarantor:U1": Decimal("0.15")}),
        ("guarantees.above_group_limit", "guarantor_group", {}),
        ("guarantees.policy_share", "", {"": Decimal("0.66666667")}),
        # Bank B has not reported its positions.
        ("guarantees.overdue_not_compensated", "", {"": yuan("0.5")}),
        ("pools.balance", "pool", {"pool": yuan("2")}),
        ("pools.leverage", "pool", {"pool": Decimal("1.5")}),
        ("pools.fuse", "pool_bank", {"pool:bank-a": Decimal("0.05"), "pool:bank-b": "not-reported"}),
        ("pools.fuses_blown", "", {"": 1}),
        # Firm 1: 10, and 80 % of the 2 guaranteed of its loan; firm 2: 5; firm 3: 80 % of the 1 guaranteed elsewhere, and
        # 1 compensated - 0.25 recovered.
        ("exposure.largest_public", "firm", {"U1": yuan("11.6"), "U2": yuan("5"), "U3": yuan("1.55")}),
        ("exposure.public", "", {"": yuan("18.15")}),
        # The loans of 5 and 4 are finance; of firm 3 the whole guarantee of 1 and the 0.75.
        ("exposure.largest_finance", "firm", {"U1": yuan("15"), "U2": yuan("9"), "U3": yuan("1.75")}),
        ("exposure.finance", "", {"": yuan("25.75")}),
        ("exposure.public_loss", "", {"": "no-assumptions"}),
        # 40 % of 17 million paid; 2 lost, nothing impaired: firm 1 gained, firm 2 stands at cost.
        ("tolerance.limit", "fund", {"angel": yuan("6.8")}),
        ("tolerance.used", "fund", {"angel": yuan("2")}),
        ("tolerance.used_share", "fund", {"angel": Decimal("0.29411765")}),
        ("pipeline.under_way", "", {"": 2}),
        ("pipeline.listed", "", {"": 1}),
        ("target.value", "target", {"T1": yuan("50"), "T2": 1, "T3": 8, "T4": "not-reported"}),
        (
            "target.progress",
            "target",
            {"T1": Decimal("0.5"), "T2": Decimal("0.25"), "T3": "undefined", "T4": "not-reported"},
        ),
    ],
)
def test_every_figure_is_as_computed_by_hand(code: str, scope: str, expected: dict[str, Any]) -> None:
    assert values(CITY, code, scope) == expected


def test_irr_balances_the_investors_flows() -> None:
    """-20 on 2024-10-31, +1 a year later, NAV 18.5 two years later: the rate is about -1.28 %."""
    rate = compute(CITY, "fund.irr", "fund")["angel"].value
    assert rate is not None
    r = float(rate)
    years = (date(2026, 10, 31) - date(2024, 10, 31)).days / 365
    assert -20 + 1 / (1 + r) + 18.5 / (1 + r) ** years == pytest.approx(0, abs=1e-6)
    assert r == pytest.approx(-0.0128, abs=5e-4)


def test_a_fund_without_flows_has_no_irr_and_says_so() -> None:
    assert compute(CITY, "fund.irr", "fund")["mother"].value is None


def test_a_history_under_one_year_shows_no_annual_rate() -> None:
    young = replace(CITY, flows=[FlowRow(ANGEL, date(2026, 3, 1), 20 * MILLION, 0)])
    assert values(young, "fund.irr", "fund")["angel"] == "under-one-year"


def test_the_pipeline_counts_a_firm_once_where_it_is_furthest() -> None:
    found = values(CITY, "pipeline.firms", "stage")
    assert {stage: n for stage, n in found.items() if n} == {"cultivation": 1, "inquiry": 1}


class TestMissingIsNotZero:
    def test_a_bank_without_its_events_has_no_balance_and_is_not_in_the_total(self) -> None:
        silent = replace(CITY, not_reported=[("bank-b", "flow"), ("bank-b", "stock")])
        assert values(silent, "loans.balance", "bank") == {"bank-a": yuan("7"), "bank-b": "not-reported"}
        assert values(silent, "loans.balance") == {"": yuan("7")}
        # What it lent does not vanish from the exposure: it is what was last known.
        assert values(silent, "exposure.largest_finance", "firm")["U1"] == yuan("15")

    def test_nobody_reported_at_all(self) -> None:
        nobody = [(bank, dataset) for bank in ("bank-a", "bank-b") for dataset in ("flow", "stock")]
        silent = replace(CITY, positions=[], not_reported=nobody)
        assert values(silent, "loans.balance") == {"": "not-reported"}
        assert values(silent, "loans.npl_ratio") == {"": "not-reported"}
        assert set(values(silent, "loans.five_tier", "five_tier").values()) == {"not-reported"}

    def test_no_guarantee_ever_released_has_no_compensation_ratio(self) -> None:
        assert values(replace(CITY, guarantees=[]), "guarantees.compensation_ratio") == {"": "no-denominator"}

    def test_a_guarantor_without_net_assets_has_no_leverage_and_breaks_no_bound(self) -> None:
        silent = replace(CITY, net_assets=[])
        assert values(silent, "guarantees.leverage", "guarantor") == {"guarantor": "not-reported"}
        assert values(silent, "guarantees.above_single_limit", "guarantor_firm") == {}

    def test_nobody_reported_positions_so_nothing_is_known_to_be_overdue(self) -> None:
        silent = replace(CITY, not_reported=[("bank-a", "stock"), ("bank-b", "stock")])
        assert values(silent, "guarantees.overdue_not_compensated") == {"": "not-reported"}

    def test_an_empty_city_computes_without_error(self) -> None:
        empty = Frames(Month(2026, 10), *([] for _ in range(len(fields(Frames)) - 1)))
        points = [point for entry in ENTRIES for point in entry.compute(empty)]
        assert all((point.value is None) != (point.reason == "") for point in points)


class TestParts:
    @pytest.mark.parametrize("code", ["loans.balance", "loans.disbursed", "loans.repaid"])
    def test_the_cuts_add_up_to_the_total(self, code: str) -> None:
        total = values(CITY, code)[""]
        assert all(
            sum(values(CITY, code, cut).values()) == total for cut in ("bank", "product", "bank_product")
        )

    def test_the_lines_of_the_largest_firms_add_up(self) -> None:
        lines = values(CITY, "exposure.largest_line", "firm_line")
        assert {key: amount for key, amount in lines.items() if amount} == {
            "U1|equity": yuan("10"), "U1|loans_shared": yuan("1.6"), "U1|insurance": "not-recorded",
            "U2|equity": yuan("5"), "U2|insurance": "not-recorded",
            "U3|guarantees": yuan("0.8"), "U3|compensation": yuan("0.75"), "U3|insurance": "not-recorded",
        }  # fmt: skip
        assert len(lines) == 3 * 6
        assert sum(v for v in lines.values() if v != "not-recorded") == yuan("18.15")


class TestLiability:
    """75 % up to and including the bound, of all that a household owes with a guarantor; else 100 %."""

    @pytest.mark.parametrize(
        ("customer", "owed", "weighed"),
        [
            ("small_micro", "5000000.00", "3750000.00"),
            ("small_micro", "5000000.01", "5000000.01"),
            ("farmer", "2000000.00", "1500000.00"),
            ("farmer", "2000000.01", "2000000.01"),
            ("other", "1.00", "1.00"),
            ("small_micro", "0.01", "0.01"),  # 0.75 of a fen
        ],
    )
    def test_weighs_by_customer_and_household(self, customer: str, owed: str, weighed: str) -> None:
        row = CITY.guarantees[0]._replace(customer=customer, outstanding=int(Decimal(owed) * 100))
        assert values(replace(CITY, guarantees=[row]), "guarantees.liability") == {"": Decimal(weighed)}

    def test_two_kinds_of_one_household_are_added_up_for_the_bound(self) -> None:
        row = CITY.guarantees[0]._replace(outstanding=3 * MILLION)
        whole = replace(CITY, guarantees=[row, row._replace(customer="other")])
        assert values(whole, "guarantees.liability") == {"": yuan("6")}

    def test_a_group_above_15_percent_is_listed_with_its_share(self) -> None:
        second = CITY.guarantees[0]._replace(firm_id=FIRM_2, outstanding=MILLION)
        whole = replace(CITY, guarantees=[CITY.guarantees[0], second])
        found = values(whole, "guarantees.above_group_limit", "guarantor_group")
        assert found == {"guarantor:7": Decimal("0.225")}


class TestFingerprint:
    def test_same_facts_same_fingerprint(self) -> None:
        assert CITY.fingerprint(catalogue="1") == replace(CITY).fingerprint(catalogue="1")

    def test_one_fen_more_changes_it(self) -> None:
        more = [CITY.balances[0]._replace(balance=3 * MILLION + 1), *CITY.balances[1:]]
        assert replace(CITY, balances=more).fingerprint(catalogue="1") != CITY.fingerprint(catalogue="1")

    def test_another_catalogue_changes_it(self) -> None:
        assert CITY.fingerprint(catalogue="2") != CITY.fingerprint(catalogue="1")


class TestTheCatalogue:
    def test_a_code_has_one_entry_per_scope_and_one_unit(self) -> None:
        pairs = [(entry.code, entry.scope) for entry in ENTRIES]
        assert len(pairs) == len(set(pairs))
        assert all(len({entry.unit for entry in entries}) == 1 for entries in BY_CODE.values())

    def test_every_entry_is_worded_in_both_languages(self) -> None:
        for entry in ENTRIES:
            assert entry.name.zh
            assert entry.definition.zh
            assert entry.name.en
            assert not re.search(r"[\u4e00-\u9fff]", entry.definition.en + entry.name.en), entry.code

    def test_keys_within_an_entry_are_unique(self) -> None:
        for entry in catalogue.ENTRIES:
            keys = [point.key for point in entry.compute(CITY)]
            assert len(keys) == len(set(keys)), entry.code
