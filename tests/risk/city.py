"""A city small enough for every set of failures to be gone through: two funds, two banks, four firms.

Firm 1 has angel equity of 10 million (worth 12), a loan of 5 at bank A of which 4 are guaranteed under an agreement
(bank 20 %, national fund 40 %, pool 20 %, guarantor 20 %; cap 1, pool 0.5) and a part of a sub-fund of which the
mother fund holds half (8, so 4). Firm 2 has a loan of 3 at bank A, substandard, a third of it secured by patents.
Firm 3 has a guarantee of 2 on a loan elsewhere with shares of its own, 30/30/40. Firm 4 owes 1 that was compensated
for it under the agreement.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from finance_hub.kernel.periods import Month
from funds.queries import CapitalRow, FundRow, HoldingRow, StakeRow
from listings.queries import AttemptRow
from loans.queries import BalanceRow, GuaranteedRow, PledgedRow, PoolRow, SharedRow, TierRow
from tasks.frames import Frames, RegisteredRow, Reporter
from tasks.risk.parameters import Parameters
from tasks.rules import Rule

MILLION = 100_000_000
ANGEL, MOTHER, SUB = 1, 2, 3
BANK_A, BANK_B = 11, 12
F1, F2, F3, F4 = 101, 102, 103, 104
POOL, TERMS = 21, 31
OWN = ("30.00", "30.00", "40.00")
NONE = ("0", "0", "0")

#: Nobody's numbers: far enough apart to tell which one was used.
NUMBERS = {
    "pd_class": {
        "normal": 0.02, "special_mention": 0.1, "substandard": 0.3, "doubtful": 0.6, "loss": 1.0, "unclassified": 0.05,
    },
    "pd_stage": {
        "seed": 0.2, "startup": 0.15, "growth": 0.08, "expansion": 0.04, "mature": 0.01, "unstaged": 0.12,
        "pre_listing": 0.03,
    },
    "lgd": {
        "equity": 0.9, "loan": 0.5, "patent": 0.6, "trademark": 0.6, "copyright": 0.6, "layout_design": 0.6,
        "data_ip": 0.6, "guarantee": 0.7, "claim": 0.8,
    },
    "loading": {"*": 0.3, "C": 0.5},
}  # fmt: skip
ASSUMED = Parameters(NUMBERS)


def holding(
    pk: int, fund: int, firm: int | None, cost: int, *, sub: int | None = None, worth: int | None = None
) -> HoldingRow:
    return HoldingRow(
        holding_id=pk, fund_id=fund, firm_id=firm, sub_fund_id=sub, invested_fen=cost * MILLION, cost_exited_fen=0,
        cost_written_off_fen=0, proceeds_fen=0, income_fen=0, remaining_cost_fen=cost * MILLION,
        fair_value_fen=None if worth is None else worth * MILLION,
        valued_on=None if worth is None else date(2026, 9, 30), last_deal_on=date(2025, 6, 30),
        worth_fen=(cost if worth is None else worth) * MILLION,
    )  # fmt: skip


def _fund(pk: int, code: str) -> FundRow:
    return FundRow(pk, code, f"{code}基金", f"{code} fund", code, 100 * MILLION, date(2024, 1, 1))


CITY = Frames(
    month=Month(2026, 10),
    reporters=[Reporter(BANK_A, "bank", "bank-a", "甲银行", "Bank A"), Reporter(BANK_B, "bank", "bank-b", "乙银行", "Bank B")],
    products=[],
    funds=[_fund(ANGEL, "angel"), _fund(MOTHER, "mother"), _fund(SUB, "sub")],
    capital=[
        CapitalRow(ANGEL, "fiscal", "contribution", 15 * MILLION),
        CapitalRow(ANGEL, "social", "contribution", 5 * MILLION),
        CapitalRow(MOTHER, "state", "contribution", 10 * MILLION),
        CapitalRow(SUB, "state", "contribution", 5 * MILLION),
        CapitalRow(SUB, "social", "contribution", 5 * MILLION),
    ],
    flows=[],
    holdings=[
        holding(1, ANGEL, F1, 10, worth=12),
        holding(2, MOTHER, None, 5, sub=SUB),
        holding(3, SUB, F1, 8),
    ],
    investments=[], exits=[], write_offs=[],
    balances=[BalanceRow(BANK_A, "rd", F1, 5 * MILLION), BalanceRow(BANK_A, "ip_pledge", F2, 3 * MILLION)],
    issuance=[], positions=[], guarantees=[], overdue_guaranteed=[], net_assets=[],
    pools=[PoolRow(POOL, "pool", "资金池", "Pool", balance=MILLION // 2, guaranteed=0, leverage_limit=1_000)],
    fuses=[],
    pipeline=[AttemptRow(1, F1, "star", "cultivation", date(2026, 1, 1))],
    rules=[Rule("tr_1", ANGEL, "principal-paid", False, "realised-and-impaired", "40.00", "文件")],
    targets=[],
    not_reported=[],
    stakes=[StakeRow(MOTHER, SUB, *(5 * MILLION, 10 * MILLION) * 3, date(2026, 9, 30))],
    registry=[
        RegisteredRow(F1, 7, "C39", "", "seed"), RegisteredRow(F2, 7, "I65", "", "growth"), RegisteredRow(F3, None, "", "", ""),
        RegisteredRow(F4, None, "C35", "", "mature"),
    ],
    tiers=[TierRow(F1, "normal", 5 * MILLION), TierRow(F2, "normal", MILLION), TierRow(F2, "substandard", 2 * MILLION)],
    pledged=[PledgedRow(BANK_A, F2, "patent", MILLION)],
    guaranteed=[
        GuaranteedRow(F1, BANK_A, TERMS, NONE, 4 * MILLION, 0, 0),
        GuaranteedRow(F3, BANK_B, None, OWN, 0, 2 * MILLION, 0),
        GuaranteedRow(F4, BANK_A, TERMS, NONE, 0, 0, MILLION),
    ],
    shared=[
        SharedRow(TERMS, "ag", "银政担协议", "guarantor", POOL, MILLION,
                  (("bank", 2_000), ("national_fund", 4_000), ("pool", 2_000), ("guarantor", 2_000))),
    ],
)  # fmt: skip

NAMES = {F1: ("U1", "一号"), F2: ("U2", "二号"), F3: ("U3", "三号"), F4: ("U4", "四号")}


def changed(**frames: Any) -> Frames:
    return replace(CITY, **frames)


def yuan(millions: str) -> Decimal:
    return Decimal(millions) * 1_000_000
