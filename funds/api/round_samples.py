"""Example requests and answers of the API of rounds, rights to shares, and ownership."""

from __future__ import annotations

from typing import Any

from funds.api.samples import INVESTEE

_ENTERED = {"recorded_at": "2026-11-05T09:30:00+08:00", "recorded_by": "王某"}
_USCC, _NAME = "91330483MA2B9PTN02", "桐乡示例科技有限公司"

NEW_ROUND = {
    "uscc": _USCC,
    "name": "A 轮",
    "effective_date": "2024-03-15",
    "raised": "20000000.00",
    "pre_money": "80000000.00",
    "new_shares": 2500000,
    "shares_after": 12500000,
    "lead_investor": "某某创投",
    "document": "A 轮增资协议",
}
ROUND = {
    "id": "ro_01JD3M8Q4T",
    **NEW_ROUND,
    **_ENTERED,
    "organisation": "angel-manager",
    "firm_name": _NAME,
    "post_money": "100000000.00",
    "price": "8.000000",
    "reverses": None,
    "taken_back_by": None,
    "note": "",
}
ROUND_REVERSAL = {**ROUND, "id": "ro_01JD3M8Q5B", "reverses": "ro_01JD3M8Q4T", "note": "股数录入有误"}
NEW_UNITS = {"shares": 1000000, "round": "ro_01JD3M8Q4T"}
UNITS = {
    "id": "hu_01JD3M8Q4T",
    **_ENTERED,
    "holding": "ho_01JD3M8Q4T",
    "kind": "bought",
    "shares": 1000000,
    "event": "he_01JD3M8Q4T",
    "round": "ro_01JD3M8Q4T",
    "security": None,
    "reverses": None,
    "effective_date": "2024-03-15",
    "note": "",
}
UNITS_REVERSAL = {
    **UNITS, "id": "hu_01JD3M8Q5B", "reverses": "hu_01JD3M8Q4T", "effective_date": "2024-04-01",
}  # fmt: skip
NEW_CONVERTIBLE = {
    "investment": "he_01JD3M8Q6C",
    "annual_rate_pct": "6.0000",
    "cap": "90000000.00",
    "discount_pct": "20.0000",
    "ends_on": "2025-06-30",
    "document": "可转债投资协议",
}
CONVERTIBLE: dict[str, Any] = {
    "id": "se_01JD3M8Q4T",
    **NEW_CONVERTIBLE,
    **_ENTERED,
    "kind": "convertible",
    "fund": "qingtong-angel",
    "uscc": _USCC,
    "firm_name": _NAME,
    "effective_date": "2023-07-01",
    "state": "outstanding",
    "used_shares": 0,
    "principal": "3000000.00",
    "shares": None,
    "share_pct": None,
    "strike": None,
    "bank": None,
    "reference": "",
    "note": "",
}
NEW_WARRANT = {
    "fund": "qingtong-angel",
    "uscc": _USCC,
    "effective_date": "2024-05-10",
    "ends_on": "2027-05-09",
    "share_pct": "1.0000",
    "strike": "8.000000",
    "bank": "bank-a",
    "reference": "RG-2024-000017",
    "document": "认股选择权协议",
}
WARRANT: dict[str, Any] = {
    **CONVERTIBLE,
    **NEW_WARRANT,
    "id": "se_01JD3M8Q5B",
    "kind": "warrant",
    "state": "live",
    "investment": None,
    "principal": None,
    "annual_rate_pct": None,
    "cap": None,
    "discount_pct": None,
}
SECURITY_REVERSAL = {
    "id": "se_01JD3M8Q7D",
    **_ENTERED,
    "kind": "warrant",
    "fund": "qingtong-angel",
    "uscc": _USCC,
    "effective_date": "2024-06-01",
    "reverses": "se_01JD3M8Q5B",
    "note": "",
}
NEW_CONVERSION = {"round": "ro_01JD3M8Q4T", "effective_date": "2024-03-15"}
CONVERSION = {
    "principal": "3000000.00",
    "interest": "127232.88",
    "price": "6.400000",
    "shares": 488630,
}
CONVERTED = {
    **UNITS, "kind": "converted", "shares": 488630, "event": None, "security": "se_01JD3M8Q4T",
}  # fmt: skip
NEW_EXERCISE = {"shares": 125000, "effective_date": "2026-05-20"}
_PART = {
    "holding": "ho_01JD3M8Q4T",
    "fund": "qingtong-angel",
    "shares": 1000000,
    "total_shares": 12500000,
    "pct": "8.0000",
    "reason": None,
}
OWNERSHIP = {
    **_PART,
    "investee": INVESTEE,
    "path": [
        {
            "effective_date": "2022-09-15",
            "what": ["bought"],
            "rounds": ["天使轮"],
            "shares": 1000000,
            "total_shares": 10000000,
            "pct": "10.0000",
        },
        {
            "effective_date": "2024-03-15",
            "what": ["diluted"],
            "rounds": ["A 轮"],
            "shares": 1000000,
            "total_shares": 12500000,
            "pct": "8.0000",
        },
    ],
    "proposal": {
        "fair_value": "8000000.00",
        "method": "latest_round",
        "round": "ro_01JD3M8Q4T",
        "round_date": "2024-03-15",
        "price": "8.000000",
    },
}
WHOLE = {
    "data": [_PART],
    "shares": 1000000,
    "total_shares": 12500000,
    "pct": "8.0000",
    "others": 11500000,
}
