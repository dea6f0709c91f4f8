"""Examples of tolerances, assumptions, joint loss and stress runs."""

from __future__ import annotations

from typing import Any

from tasks.risk.parameters import delivered

_DOCUMENT, _ROWS = delivered()
PARAMETERS = [
    {
        "kind": r.kind,
        "key": r.key,
        "value": f"{r.value.normalize():f}",
        "source": r.source,
        "is_invented": r.is_invented,
    }
    for r in _ROWS
]
NEW_ASSUMPTIONS: dict[str, Any] = {
    "valid_from": "2026-01-01", "document": "风险假设说明（2026年）", "parameters": PARAMETERS,
}  # fmt: skip
_SHOWN = [{**PARAMETERS[0], "label": "正常"}]
DELIVERED = {"document": _DOCUMENT, "parameters": _SHOWN}
ASSUMPTIONS = {
    "id": "ra_01JD3M8Q4T", "valid_from": "2026-01-01", "document": "风险假设说明（2026年）", "parameters": _SHOWN,
    "recorded_at": "2026-01-05T09:30:00+08:00", "recorded_by": "王某",
}  # fmt: skip
NEW_SCENARIO = {
    "code": "manufacturing", "name": "制造业冲击", "name_en": "Shock to manufacturing", "document": "压力测试方案（2026年）",
    "valid_from": "2026-01-01", "industry": "C", "pd_factor": "3", "loading_factor": "1", "listing_pd_factor": "1",
    "listing_lgd_factor": "1", "failing": "", "is_dropped": False,
}  # fmt: skip
SCENARIO = {
    **NEW_SCENARIO, "id": "sc_01JD3M8Q4T", "recorded_at": "2026-01-05T09:30:00+08:00", "recorded_by": "王某",
}  # fmt: skip
BUDGET = {
    "code": "category:seed", "label": "种子类", "limit": "20000000.00", "used": "14000000.00", "used_share": "0.7",
    "realised": "10000000.00", "impaired": "4000000.00", "left": "6000000.00", "committed": "3000000.00",
    "median_write_off": "3500000.00", "write_offs": 7, "losses_left": 1, "status": "within",
    "warning": "再有两笔中位数规模（350.00万元，n＝7）的核销，种子类即超限",
    "history": [{"period": "2026-10", "used": "14000000.00", "limit": "20000000.00", "used_share": "0.7"}],
}  # fmt: skip
_LABEL = {"zh": "融资总额", "en": "Total finance"}
_CURVE = [{"probability": 0.01, "loss": "210000000.00"}]
RESULT = {
    "firms": 120, "expected_failures": 5.2, "exposure": "1500000000.00", "failing": [], "not_reported": [],
    "same_inputs": True, "all_hold": 0.93,
    "books": [
        {
            "code": "total", "label": _LABEL, "method": "lattice", "at_stake": "1200000000.00",
            "expected": "48000000.00", "quantiles": {"0.99": "210000000.00"}, "shortfall": {"0.99": "245000000.00"},
            "curve": _CURVE,
        }
    ],
    "limits": [
        {
            "kind": "tolerance", "code": "fund:qingtong-angel", "label": {"zh": "青桐天使基金", "en": "Qingtong Angel Fund"},
            "limit": "32000000.00", "used": "9000000.00", "room": "23000000.00", "expected": "7000000.00",
            "probability": 0.04, "method": "lattice", "curve": _CURVE, "behind": [],
        }
    ],
    "payers": [{"party": "bank", "label": {"zh": "银行", "en": "Banks"}, "expected": "12000000.00", "in_tail": "60000000.00"}],
    "contributions": [], "sensitivity": [],
}  # fmt: skip
JOINT = {
    "period": "2026-10", "snapshot": "ss_01JD3M8Q4T", "assumptions": ASSUMPTIONS, "scenario": None, "seed": 20261,
    "draws": 100000, "computed_at": "2026-11-05T09:30:00+08:00", "result": RESULT,
}  # fmt: skip
RUN = {
    "id": "sr_01JD3M8Q4T", "period": "2026-10", "snapshot": "ss_01JD3M8Q4T", "assumptions": "ra_01JD3M8Q4T",
    "state": "running", "requested_by": "maker", "requested_at": "2026-11-05T09:30:00+08:00", "finished_at": None,
    "done": 1, "parts": [{"scenario": None, "state": "succeeded", "step": "scenarios"}], "comparison": [],
}  # fmt: skip
