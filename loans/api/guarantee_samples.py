"""Examples of the API of guarantees, as the description shows them and the tests check them."""

from __future__ import annotations

from typing import Any

_AT = "2026-11-03T09:13:21+08:00"
NEW: dict[str, Any] = {
    "guarantee_no": "DB-2026-0017",
    "uscc": "91330483MA2B9PTN02",
    "bank": "bank-a",
    "contract_no": "HT-2026-0091",
    "principal": "3000000.00",
    "start_date": "2026-10-17",
    "end_date": "2027-10-16",
    "bank_share_pct": "20.00",
    "government_share_pct": "60.00",
    "guarantor_share_pct": "20.00",
    "firm_name": "桐乡示例科技股份有限公司",
    "customer": "small_micro",
    "fee_rate_pct": "0.8000",
}
SHOWN: dict[str, Any] = {
    **NEW,
    "id": "gu_01JD3M8Q4TZ7X9KT2VNC4H6WEA",
    "guarantor": "guarantor-a",
    "agreement": None,
    "terms_version": None,
    "instrument": "guarantee",
    "outstanding": "2000000.00",
    "released": "1000000.00",
    "compensated": "0.00",
    "interest_compensated": "0.00",
    "recovered": "0.00",
    "written_off": "0.00",
    "claim": "0.00",
    "fees_paid": "0.00",
    "recorded_at": _AT,
}
EVENT = {"kind": "release", "amount": "1000000.00", "effective_date": "2026-10-31"}
EVENT_SHOWN = {**EVENT, "id": "ge_01JD3M8Q4TZ7X9KT2VNC4H6WEA", "reverses": None, "recorded_at": _AT}
REVERSAL = {"effective_date": "2026-11-02"}
EVENT_REVERSED = {
    **EVENT_SHOWN, **REVERSAL, "id": "ge_01JD3M8Q4TZ7X9KT2VNC4H6WEB", "reverses": EVENT_SHOWN["id"],
}  # fmt: skip
CLAIM: dict[str, Any] = {
    "default_date": "2026-07-01", "principal": "1000000.00", "interest": "0.00", "effective_date": "2026-10-09",
}  # fmt: skip
CLAIM_SHOWN: dict[str, Any] = {
    **CLAIM,
    "id": "gc_01JD3M8Q4TZ7X9KT2VNC4H6WEA",
    "shares": [
        {"party": "bank", "name": "", "principal": "200000.00", "interest": "0.00"},
        {"party": "national_fund", "name": "", "principal": "400000.00", "interest": "0.00"},
        {"party": "re_guarantor", "name": "", "principal": "200000.00", "interest": "0.00"},
        {"party": "guarantor", "name": "", "principal": "200000.00", "interest": "0.00"},
    ],
    "reverses": None,
    "recorded_at": _AT,
}
CLAIM_REVERSED = {**CLAIM_SHOWN, "id": "gc_01JD3M8Q4TZ7X9KT2VNC4H6WEB", "reverses": CLAIM_SHOWN["id"]}
RECOVERY: dict[str, Any] = {
    "claim": CLAIM_SHOWN["id"], "amount": "101000.00", "cost": "1000.00", "effective_date": "2026-10-30",
}  # fmt: skip
RECOVERY_SHOWN: dict[str, Any] = {
    **RECOVERY,
    "id": "gr_01JD3M8Q4TZ7X9KT2VNC4H6WEA",
    "shares": [
        {"party": "bank", "name": "", "amount": "20000.00"},
        {"party": "national_fund", "name": "", "amount": "40000.00"},
        {"party": "re_guarantor", "name": "", "amount": "20000.00"},
        {"party": "guarantor", "name": "", "amount": "20000.00"},
    ],
    "reverses": None,
    "recorded_at": _AT,
}
RECOVERY_REVERSED = {
    **RECOVERY_SHOWN, "id": "gr_01JD3M8Q4TZ7X9KT2VNC4H6WEB", "reverses": RECOVERY_SHOWN["id"],
}  # fmt: skip
WHOLE: dict[str, Any] = {
    **SHOWN,
    "fees_due": "10915.07",
    "events": [EVENT_SHOWN],
    "claims": [CLAIM_SHOWN],
    "recoveries": [RECOVERY_SHOWN],
}
