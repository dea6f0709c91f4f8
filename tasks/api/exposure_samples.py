"""What exposures and batons look like, for the document of the API."""

from __future__ import annotations

from typing import Any

from tasks.exposure.lines import LINES, Code


def _amounts(cost: str, fair_value: str, loss: str) -> dict[str, str]:
    return {"cost": cost, "fair_value": fair_value, "loss": loss}


_ZERO = _amounts("0.00", "0.00", "0.00")


def _line(
    code: Code,
    public: dict[str, str] | None,
    finance: dict[str, str] | None,
    *records: dict[str, Any],
    reason: str = "",
) -> dict[str, Any]:
    words = LINES[code]
    return {
        "code": code.value, "name": words.name.zh, "counts": words.counts.zh, "leaves_out": words.leaves_out.zh,
        "public": public, "finance": finance, "reason": reason or None, "incomplete": None,
        "records": [{"through": None, "fair_value": None, "oldest_report": None, **record} for record in records],
    }  # fmt: skip


_STAKE = _amounts("3000000.00", "4500000.00", "4050000.00")
_LOAN = _amounts("2000000.00", "2000000.00", "800000.00")
_SHARE = _amounts("1600000.00", "1600000.00", "640000.00")
FIRM: dict[str, Any] = {
    "as_of": "2026-10-31",
    "known_at": "2026-11-05T09:30:00+08:00",
    "basis": "paid_in",
    "firms": [{"uscc": "91330483MA2B9PTN02", "name": "桐乡示例科技股份有限公司"}],
    "totals": {
        "public": _amounts("4600000.00", "6100000.00", "4690000.00"),
        "finance": _amounts("5000000.00", "6500000.00", "4850000.00"),
    },
    "lines": [
        _line(
            Code.EQUITY, _STAKE, _STAKE,
            {"kind": "holding", "id": "ho_01JD3M8Q4T", "of": "qingtong-angel", "amount": "3000000.00",
             "fair_value": "4500000.00", "oldest_report": "2026-09-30"},
        ),
        _line(Code.THROUGH, _ZERO, _ZERO),
        _line(
            Code.LOANS, _ZERO, _LOAN,
            {"kind": "contract", "id": "HT-1", "of": "yunhe-bank", "amount": "2000000.00"},
        ),
        _line(
            Code.SHARED, _SHARE, _ZERO,
            {"kind": "guarantee", "id": "gu_01JD3M8Q4T", "of": "tongxiang-guarantee", "amount": "1600000.00"},
        ),
        _line(Code.GUARANTEES, _ZERO, _ZERO),
        _line(Code.INSURANCE, None, None, reason="not-recorded"),
        _line(Code.COMPENSATION, _ZERO, _ZERO),
        _line(Code.SUBSIDIES, _ZERO, _ZERO),
    ],
    "borne_by": [
        {"party": "bank", "amount": "400000.00"},
        {"party": "guarantor", "amount": "400000.00"},
        {"party": "re_guarantor", "amount": "400000.00"},
        {"party": "national_fund", "amount": "800000.00"},
    ],
    "assumed": {
        "id": "ra_01JD3M8Q4T",
        "valid_from": "2026-01-01",
        "document": "科创金融风险参数（2026年版）",
        "parameters": [
            {"kind": "lgd", "key": "equity", "label": "股权", "value": "0.9", "is_invented": False,
             "source": "巴塞尔委员会《统一资本计量和资本标准的国际协议》（2006）第355段，股权违约损失率 90%"}
        ],
    },
    "not_reported": [],
}  # fmt: skip
BATON: dict[str, Any] = {
    "as_of": "2026-10-31",
    "steps": [
        {"step": "angel", "date": "2024-03-01", "days": 0},
        {"step": "loan", "date": "2024-11-20", "days": 264},
        {"step": "round", "date": "2025-06-30", "days": 486},
        {"step": "listing", "date": None, "days": 974},
    ],
}
