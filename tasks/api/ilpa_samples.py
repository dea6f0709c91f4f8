"""Example answers of the API of ILPA's templates."""

from __future__ import annotations

from typing import Any

from funds import ilpa

_HEAD: dict[str, Any] = {
    "fund": {"code": "qingtong-angel", "name": "青桐天使基金", "name_en": "Qingtong Angel Fund"},
    "quarter": "2026-Q3",
    "as_of": "2026-09-30",
    "known_at": "2026-11-05T09:30:00+08:00",
}
_HOLDING = "ho_01JD3M8Q4TZ7X9KT2VNC4H6WEA"
TYPES: dict[str, Any] = {
    "version": "2026-11",
    "data": [
        {
            "code": "distribution.capital_recallable", "name": "返还本金（可再催缴）", "name_en": "Return of capital, recallable",
            "side": "distribution", "unfunded": 1, "paid_in": 0, "distributed": 1, "inside": True,
            "recallable": True, "with_facility": 1, "without_facility": 1, "methods": ["granular", "gross_up"],
            "source": "notice-1.1", "confidence": "high",
        }
    ],
    "sources": [
        {
            "code": "notice-1.1", "name": "ILPA Capital Call & Distribution Notice Best Practices, version 1.1",
            "published": "2016-09-01", "url": "https://ilpa.org/resource/capital-call-distribution-template/",
        }
    ],
}  # fmt: skip
_AMOUNTS = {
    "nav_begin": "76000000.00", "contributions": "15000000.00", "cash_flows": "15000000.00", "fees": "-600000.00",
    "net_operating_income": "-600000.00", "unrealised": "4000000.00", "nav_end": "94400000.00",
    "nav_end_gross": "94400000.00", "unfunded_begin": "25000000.00", "contributed_inside": "-15000000.00",
    "unfunded_end": "10000000.00", "commitment": "100000000.00",
}  # fmt: skip
_UNTOLD = {line.code: "not-recorded" for line in ilpa.lines() if not line.held}
REPORTING: dict[str, Any] = {
    "template": "ILPA Reporting Template",
    "version": "2.0",
    **_HEAD,
    "columns": [
        {
            "span": "quarter",
            "party": "fund",
            "investor": None,
            "lines": {
                line.code: _AMOUNTS.get(line.code, "0.00") if line.held else None for line in ilpa.lines()
            },
            "reasons": _UNTOLD,
        }
    ],
    "schedule": [
        {
            "holding": _HOLDING, "uscc": "91330483MA2B9PTN02", "name": "某某科技有限公司", "sub_fund": None,
            "first_on": "2024-03-01", "invested": "60000000.00", "exited": "0.00", "written_off": "0.00",
            "remaining": "60000000.00", "proceeds": "0.00", "income": "0.00", "worth": "84000000.00",
            "basis": "fair_value", "valued_on": "2026-06-30",
        }
    ],
    "cash": "10400000.00",
    "nav": "94400000.00",
    "underlying": [],
}  # fmt: skip
_RESULT = {"irr": "0.1482", "irr_reason": None, "multiple": "1.4", "multiple_reason": None}
_NET = {**_RESULT, "paid": "90000000.00", "got": "0.00", "nav": "94400000.00"}
_NONE = {
    "irr": None, "irr_reason": "too-few-flows", "multiple": None, "multiple_reason": "no-denominator",
    "investments": 0, "at_cost": 0, "invested": "0.00", "got": "0.00", "worth": "0.00",
}  # fmt: skip
_ALL = {
    **_RESULT,
    "investments": 1,
    "at_cost": 0,
    "invested": "60000000.00",
    "got": "0.00",
    "worth": "84000000.00",
}
PERFORMANCE: dict[str, Any] = {
    "template": "ILPA Performance Template",
    "version": "1.1",
    **_HEAD,
    "methodology": "gross_up",
    "has_facility": False,
    "net": [{**_NET, "view": "with_facility"}, {**_NET, "view": "without_facility"}],
    "before_accrued": {**_NET, "view": "with_facility"},
    "gross": [{**_NONE, "kind": "realised"}, {**_ALL, "kind": "unrealised"}, {**_ALL, "kind": "total"}],
    "investments": [{**_RESULT, "holding": _HOLDING, "is_realised": False, "basis": "fair_value"}],
    "transactions": [
        {
            "id": "fe_01JD3M8Q4TZ7X9KT2VNC4H6WEA", "effective_date": "2026-02-20", "investor": "市财政局",
            "type": "call.capital", "candidates": ["call.investments", "call.management_fees"],
            "untold": "台账不记缴款的用途", "amount": "6000000.00", "unfunded": "-6000000.00",
            "paid_in": "6000000.00", "distributed": "0.00", "with_facility": "-6000000.00",
            "without_facility": "-6000000.00",
        }
    ],
    "movements": [
        {
            "id": "he_01JD3M8Q4TZ7X9KT2VNC4H6WEA", "effective_date": "2024-03-01", "holding": _HOLDING,
            "type": "investment.cost", "cash": "-60000000.00",
        }
    ],
}  # fmt: skip
