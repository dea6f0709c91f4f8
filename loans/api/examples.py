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
