"""A small city whose every figure can be checked by hand: two funds and a sub-fund, two banks, three firms.

Angel fund: 50 million subscribed (30 fiscal, 20 social), 20 called and paid in, 10 and 5 million invested in
firms 1 and 2 and 2 million in firm 3; firm 3 written off; firm 1 worth 12, firm 2 never valued; 1 million paid
out, 0.5 million fee. Cash = 20 - 17 - 1 - 0.5 = 1.5; NAV = 1.5 + 12 + 5 = 18.5.
"""

from __future__ import annotations

from dataclasses import fields
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
from tasks.catalogue import BY_CODE, Point
from tasks.frames import Frames, Product, Reporter
from tasks.rules import Rule
from tasks.target_facts import TargetFact

YUAN = 100
MILLION = 1_000_000 * YUAN
ANGEL, MOTHER, SUB = 1, 2, 3
BANK_A, BANK_B, GUARANTOR = 11, 12, 13
FIRM_1, FIRM_2, FIRM_3 = 101, 102, 103
SHARES = (("bank", 2_000), ("government", 2_500), ("guarantor", 5_500))

#: Of October 2026 nothing is recorded.
EMPTY = Frames(Month(2026, 10), *([] for field in fields(Frames)[1:] if field.init))


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
        worth_fen=(cost - lost if worth is None else worth) * MILLION,
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
def names(monkeypatch: pytest.MonkeyPatch) -> None:
    """Firms and groups have names."""
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
