"""Examples of the answers about snapshots and records."""

from __future__ import annotations

from typing import Any

SNAPSHOT: dict[str, Any] = {
    "id": "ss_01JD3M8Q4T",
    "period": "2026-09",
    "known_at": "2026-10-12T09:00:00+08:00",
    "taken_at": "2026-10-12T09:00:00+08:00",
    "fingerprint": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "not_reported": [],
}
_LINE: dict[str, Any] = {
    "record": "loan_event",
    "ref": "E-55120 r2",
    "about": "HT-2026-0091 · JJ-0001",
    "reporter": "yunhe-bank",
    "day": "2026-09-17",
    "recorded_at": "2026-10-20T10:15:00+08:00",
    "part": "",
    "amount": "3200000",
}
_FIGURE: dict[str, Any] = {
    "code": "loans.balance",
    "scope": "bank",
    "key": "yunhe-bank",
    "label": "运河银行",
    "unit": "yuan",
    "value": "3200000",
    "reason": None,
    "notes": [],
    "not_reported": [],
    "open_errors": 0,
}
_END: dict[str, Any] = {"next_cursor": None, "has_more": False}
RECORDS: dict[str, Any] = {
    "snapshot": "ss_01JD9P2K7V",
    "figure": _FIGURE,
    "adds": "sum",
    "note": "",
    "count": 1,
    "total": "3200000",
    "over": "0",
    "under": "0",
    "data": [_LINE],
    **_END,
}
_BETWEEN: dict[str, Any] = {
    "from_snapshot": "ss_01JD3M8Q4T",
    "to_snapshot": "ss_01JD9P2K7V",
    "from_period": "2026-09",
    "to_period": "2026-09",
}
_CHANGE: dict[str, Any] = {
    "code": "loans.balance",
    "scope": "bank",
    "key": "yunhe-bank",
    "label": "运河银行",
    "unit": "yuan",
    "kind": "value",
    "old": "3000000",
    "old_reason": None,
    "new": "3200000",
    "new_reason": None,
    "difference": "200000",
}
RESTATEMENT: dict[str, Any] = {**_BETWEEN, "count": 1, "data": [_CHANGE], **_END}
EFFECTS: dict[str, Any] = {
    **_BETWEEN,
    "figure": _CHANGE,
    "adds": "sum",
    "note": "",
    "count": 2,
    "total": "200000",
    "data": [_LINE, {**_LINE, "ref": "E-55120 r1", "amount": "-3000000"}],
    **_END,
}
RECORDED: dict[str, Any] = {
    **_BETWEEN,
    "count": 1,
    "data": [{**_LINE, "moves": ["loans.balance", "loans.disbursed"]}],
    **_END,
}
