"""Example requests and answers of the API of the funds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def listed(*rows: Mapping[str, Any]) -> dict[str, Any]:
    return {"data": list(rows), "next_cursor": None, "has_more": False}


_ENTERED = {"recorded_at": "2026-11-05T09:30:00+08:00", "recorded_by": "王某"}

NEW_FUND = {
    "code": "qingtong-angel",
    "name": "青桐天使基金",
    "name_en": "Qingtong Angel Fund",
    "tier": "angel",
    "manager": "angel-manager",
    "planned_size": "100000000.00",
    "established_on": "2022-06-01",
}
FUND = {
    **NEW_FUND,
    "manager": {"code": "angel-manager", "name": "天使基金管理公司", "name_en": "Angel Fund Management"},
    "amac_code": "",
    "ndrc_code": "",
}
POSITION = {
    "committed": "100000000.00",
    "released": "0.00",
    "called": "60000000.00",
    "contributed": "50000000.00",
    "outside": "0.00",
    "distributed": "0.00",
    "recallable": "0.00",
    "carry": "0.00",
    "fees": "1000000.00",
    "expenses": "0.00",
    "invested": "30000000.00",
    "proceeds": "0.00",
    "income": "0.00",
    "uncalled": "40000000.00",
    "unfunded": "50000000.00",
    "cash": "19000000.00",
}
_OF_THE_FUND = ("carry", "fees", "expenses", "invested", "proceeds", "income", "cash")
INVESTOR = {"name": "市财政局", "capital": "fiscal", "holder": None}

NEW_EVENT = {
    "kind": "commitment",
    "amount": "100000000.00",
    "effective_date": "2022-06-01",
    "investor": "市财政局",
    "note": "合伙协议",
}
_PLAIN = {"nature": "", "recallable": False, "outside_commitment": False, "moved": "", "notice": ""}
EVENT = {"id": "fe_01JD3M8Q4T", **NEW_EVENT, **_ENTERED, **_PLAIN, "reverses": None, "corrects": None}
NEW_REVERSAL = {"effective_date": "2022-06-02", "note": "金额录入有误"}
REVERSAL = {**EVENT, **NEW_REVERSAL, "id": "fe_01JD3M8Q5B", "reverses": "fe_01JD3M8Q4T"}
NEW_NOTICE = {
    "kind": "call",
    "amount": "30000000.00",
    "effective_date": "2022-07-01",
    "note": "第一期出资",
}
NOTICE = {
    "notice": "fn_01JD3M8Q4T",
    "events": [{**EVENT, **NEW_NOTICE, "notice": "fn_01JD3M8Q4T"}],
}
NEW_TRANSFER = {
    "seller": "市财政局",
    "buyer": "城投集团",
    "amount": "20000000.00",
    "effective_date": "2024-03-01",
    "note": "份额划转",
}
TRANSFER = {
    "notice": "fn_01JD3M8Q5B",
    "events": [
        {**EVENT, "amount": "20000000.00", "notice": "fn_01JD3M8Q5B", "moved": "out"},
        {**EVENT, "amount": "20000000.00", "notice": "fn_01JD3M8Q5B", "moved": "in", "investor": "城投集团"},
    ],
}
NEW_CORRECTION = {"amount": "98000000.00", "effective_date": "2022-06-01", "note": "金额录入有误"}
CORRECTION = {**EVENT, **NEW_CORRECTION, "id": "fe_01JD3M8Q6C", "corrects": "fe_01JD3M8Q4T"}
ACCOUNT = {
    **{name: amount for name, amount in POSITION.items() if name not in _OF_THE_FUND},
    "investor": "市财政局",
    "capital": "fiscal",
    "by_nature": {},
}
_UNFUNDED = {
    "begin": "70000000.00",
    "committed": "0.00",
    "released": "0.00",
    "contributed": "20000000.00",
    "recallable": "0.00",
    "transferred": "0.00",
    "end": "50000000.00",
}
ROLL_FORWARD = {
    "unfunded": _UNFUNDED,
    "nav": {
        "begin": "29000000.00",
        "contributed": "20000000.00",
        "distributed": "0.00",
        "carry": "0.00",
        "fees": "1000000.00",
        "expenses": "0.00",
        "income": "0.00",
        "realised": "0.00",
        "unrealised": "4000000.00",
        "end": "52000000.00",
    },
    "investors": [
        {
            "investor": "市财政局",
            "unfunded": _UNFUNDED,
            "capital_account": {
                "begin": "29000000.00",
                "contributed": "20000000.00",
                "distributed": "0.00",
                "transferred": "0.00",
                "result": "3000000.00",
                "end": "52000000.00",
            },
        }
    ],
}

NEW_INVESTMENT = {
    "uscc": "91330483MA2B9PTN02",
    "firm_name": "桐乡示例科技有限公司",
    "amount": "3000000.00",
    "effective_date": "2022-09-15",
    "note": "A 轮",
}
INVESTEE = {"uscc": "91330483MA2B9PTN02", "firm_name": "桐乡示例科技有限公司", "sub_fund": None}
_DEAL = {
    **_ENTERED,
    "fund": "qingtong-angel",
    "holding": "ho_01JD3M8Q4T",
    "investee": INVESTEE,
    "route": "",
    "reverses": None,
}
INVESTMENT = {
    **_DEAL,
    "id": "he_01JD3M8Q4T",
    "kind": "investment",
    "cash": "3000000.00",
    "cost": "3000000.00",
    "effective_date": "2022-09-15",
    "note": "A 轮",
}
NEW_EXIT = {
    "holding": "ho_01JD3M8Q4T",
    "cash": "2500000.00",
    "cost": "1000000.00",
    "route": "transfer",
    "effective_date": "2026-10-20",
    "note": "老股转让",
}
EXIT = {**_DEAL, **NEW_EXIT, "id": "he_01JD3M8Q5B", "kind": "exit"}
NEW_WRITE_OFF = {
    "holding": "ho_01JD3M8Q4T",
    "cost": "500000.00",
    "effective_date": "2026-10-21",
    "note": "项目清算",
}
WRITE_OFF = {**_DEAL, **NEW_WRITE_OFF, "id": "he_01JD3M8Q6C", "kind": "write_off", "cash": "0.00"}
NEW_RECEIPT = {
    "holding": "ho_01JD3M8Q4T",
    "kind": "recovery",
    "cash": "120000.00",
    "effective_date": "2026-10-28",
    "note": "破产清算分配",
}
RECEIPT = {**_DEAL, **NEW_RECEIPT, "id": "he_01JD3M8Q8E", "cost": "0.00"}
DEAL_REVERSAL = {
    **WRITE_OFF,
    "id": "he_01JD3M8Q7D",
    "effective_date": "2026-10-22",
    "reverses": "he_01JD3M8Q6C",
}
HOLDING = {
    "id": "ho_01JD3M8Q4T",
    "fund": "qingtong-angel",
    "investee": INVESTEE,
    "invested": "3000000.00",
    "cost_exited": "1000000.00",
    "cost_written_off": "500000.00",
    "proceeds": "2500000.00",
    "income": "0.00",
    "remaining_cost": "1500000.00",
    "fair_value": "4000000.00",
    "method": "latest_round",
    "valued_on": "2026-10-31",
    "last_deal_on": "2026-10-21",
    "last_round_on": "2024-03-15",
    "stale": [],
}
NEW_VALUATION = {
    "holding": "ho_01JD3M8Q4T",
    "fair_value": "4000000.00",
    "method": "latest_round",
    "effective_date": "2026-10-31",
}
VALUATION = {"id": "va_01JD3M8Q4T", **NEW_VALUATION, **_ENTERED, "fund": "qingtong-angel"}
NEW_TERMS = {
    "valid_from": "2022-06-01",
    "document": "合伙协议",
    "fee_base": "paid_in",
    "fee_rate_pct": "2.0000",
    "order": "european",
    "preferred_return_pct": "8.0000",
    "compounding": "annually",
    "catch_up_pct": "100.0000",
    "carried_interest_pct": "20.0000",
    "firm_cap_pct": "20.0000",
    "firm_cap_base": "commitment",
    "reinvestment_multiple": "1.5000",
    "reinvestment_base": "paid_in",
    "ends_on": "2032-05-31",
}
_NOT_AGREED = (
    "fee_offset_pct", "clawback", "concession_pct", "concession_floor_pct", "recycling_limit_pct",
    "catch_up_target_pct", "sub_fund_share_cap_pct", "caps_bind", "project_years", "investment_ends_on", "extension_years",
    "valuation_days",
)  # fmt: skip
TERMS = {
    "id": "ft_01JD3M8Q4T",
    **dict.fromkeys(_NOT_AGREED),
    "day_count": "ACT/365F",
    "reinvestment_rules": "",
    **NEW_TERMS,
    **_ENTERED,
}
HEADROOM = {
    "cap": "firm",
    "subject": "桐乡示例科技有限公司",
    "pct": "20.0000",
    "base": "commitment",
    "used": "3000000.00",
    "limit": "20000000.00",
    "room": "17000000.00",
    "binds": True,
    "document": "合伙协议",
}
DEADLINE = {
    "limit": "life",
    "subject": "青桐天使基金",
    "since": "2022-06-01",
    "until": "2032-05-31",
    "used": 1613,
    "left": 2039,
    "document": "合伙协议",
}
