"""Examples of the batch road, shown in the OpenAPI document."""

from __future__ import annotations

from typing import Any

_ID = "lb_01JD3M8Q4TZ7X9KT2VNC4H6WEA"
_URL = f"/api/v1/loan-report-batches/{_ID}"
_SHA256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

NEW: dict[str, Any] = {
    "period": "2026-10",
    "dataset": "flow",
    "acceptance": "valid_rows",
    "client_reference": "BJ-2026-10-F1",
    "format": "ndjson",
    "content_sha256": _SHA256,
    "control_totals": {"rows": 0, "disbursed": "0.00", "repaid": "0.00"},
}
DECLARED: dict[str, Any] = {
    "id": _ID,
    "state": "uploading",
    "upload_url": f"{_URL}/content",
    "expires_at": "2026-11-05T18:00:00+08:00",
}
_TOTALS = {"rows": 100_000, "disbursed": "1523000000.00", "repaid": "411250000.50"}
APPLIED: dict[str, Any] = {
    "id": _ID,
    "state": "applied",
    "bank": "bank-a",
    "period": "2026-10",
    "dataset": "flow",
    "acceptance": "valid_rows",
    "dry_run": False,
    "format": "ndjson+gzip",
    "client_reference": "BJ-2026-10-F1",
    "content_sha256": _SHA256,
    "progress": {"rows_read": 100_000, "rows_total": 100_000},
    "result": {"accepted": 99_981, "unchanged": 12, "rejected": 7, "warnings": 31},
    "control_totals": {
        "declared": _TOTALS,
        "computed": _TOTALS,
        "applied": {"rows": 99_981, "disbursed": "1522400000.00", "repaid": "411250000.50"},
    },
    "error": None,
    "part": None,
    "approval": None,
    "attempt": 1,
    "declared_at": "2026-11-03T09:10:00+08:00",
    "expires_at": "2026-11-05T09:10:00+08:00",
    "submitted_at": "2026-11-03T09:12:44+08:00",
    "applied_at": "2026-11-03T09:13:21+08:00",
    "finished_at": "2026-11-03T09:13:21+08:00",
    "links": {
        "content": f"{_URL}/content",
        "accepted": f"{_URL}/results?outcome=accepted",
        "rejected": f"{_URL}/results?outcome=rejected",
        "unchanged": f"{_URL}/results?outcome=unchanged",
        "warning": f"{_URL}/results?outcome=warning",
        "reconciliation": "/api/v1/reconciliations/2026-10",
    },
}
VALIDATING: dict[str, Any] = {
    **APPLIED,
    "state": "validating",
    "result": None,
    "control_totals": {"declared": _TOTALS, "computed": None, "applied": None},
    "applied_at": None,
    "finished_at": None,
}
AWAITING: dict[str, Any] = {
    **VALIDATING,
    "state": "awaiting_approval",
    "period": "2025-09",
    "approval": {"state": "awaited", "reason": None, "decided_at": None},
}
DECISION: dict[str, Any] = {"reason": "已核对银行来函（2026）017 号"}
_DECIDED = {**DECISION, "decided_at": "2026-11-04T10:00:00+08:00"}
APPROVED: dict[str, Any] = {
    **AWAITING,
    "state": "validating",
    "approval": {"state": "approved", **_DECIDED},
}
REFUSED: dict[str, Any] = {
    **AWAITING,
    "state": "rejected",
    "approval": {"state": "refused", **_DECIDED},
    "error": {
        "code": "approval-refused",
        "message": "理由：已核对银行来函（2026）017 号",
        "message_en": "The reason: 已核对银行来函（2026）017 号",
        "errors": [],
    },
    "finished_at": "2026-11-04T10:00:00+08:00",
}
ROWS: dict[str, Any] = {
    "period": "2026-10",
    "acceptance": "valid_rows",
    "client_reference": "BJ-2026-10-F2",
    "rows": [
        {
            "client_row_id": "a1", "contract_no": "HT-2026-0091", "drawdown_no": "JJ-0001",
            "external_event_id": "E-55120", "revision": 1, "record_type": "disbursement",
            "uscc": "91330483MA2B9PTN02", "firm_name": "桐乡示例科技股份有限公司",
            "value_date": "2026-10-17", "amount": "3000000.00", "currency": "CNY", "product": "rd",
            "annual_rate_pct": "3.4500", "maturity_date": "2027-10-16", "repayment_method": "bullet",
        },
        {
            "client_row_id": "a2", "contract_no": "HT-2026-0091", "drawdown_no": "JJ-0001",
            "external_event_id": "E-55121", "revision": 1, "record_type": "repayment",
            "uscc": "91330483MA2B9PTN02", "firm_name": "桐乡示例科技股份有限公司",
            "value_date": "2026-10-28", "amount": "5000000.00", "currency": "CNY",
        },
    ],
}  # fmt: skip
_SUMS = {"rows": 2, "disbursed": "3000000.00", "repaid": "5000000.00"}
REPORTED: dict[str, Any] = {
    **APPLIED,
    "format": "ndjson",
    "client_reference": "BJ-2026-10-F2",
    "progress": {"rows_read": 2, "rows_total": 2},
    "result": {"accepted": 1, "unchanged": 0, "rejected": 1, "warnings": 0},
    "control_totals": {
        "declared": _SUMS,
        "computed": _SUMS,
        "applied": {"rows": 1, "disbursed": "3000000.00", "repaid": "0.00"},
    },
    "rows": [
        {"row_number": 1, "client_row_id": "a1", "contract_no": "HT-2026-0091", "outcome": "accepted",
         "errors": [], "warnings": []},
        {"row_number": 2, "client_row_id": "a2", "contract_no": "HT-2026-0091", "outcome": "rejected",
         "errors": [{"code": "repayment-exceeds-balance", "pointer": "#/amount",
                     "message": "还款 5000000.00 大于余额 3000000.00",
                     "message_en": "5000000.00 exceeds the outstanding balance 3000000.00",
                     "context": {"amount": "5000000.00", "balance": "3000000.00"}}],
         "warnings": []},
    ],
}  # fmt: skip
