"""Examples of rows handed in, and of what becomes of them."""

from __future__ import annotations

from typing import Any

_ROW = {
    "kind": "fee",
    "amount": "1000000.00",
    "effective_date": "2023-01-10",
    "note": "2022 年度管理费",
}
_FINGERPRINT = "9f2a1d6c0e4b8a7753c1e0f8b6d2a49c5e7f3b1a8d6c4e2f0a9b7c5d3e1f8a6b"
NEW_IMPORT = {
    "sheet": "ledger",
    "rows": [_ROW, {**_ROW, "amount": "1,000", "effective_date": "2023-02-10"}],
    "dry_run": True,
}
IMPORT: dict[str, Any] = {
    "sheet": "ledger",
    "dry_run": True,
    "fingerprint": _FINGERPRINT,
    "counts": {"new": 1, "unchanged": 0, "refused": 1},
    "totals": [
        {"kind": "fee", "column": "amount", "outcome": "new", "rows": 1, "amount": "1000000.00", "unread": 0},
        {
            "kind": "fee",
            "column": "amount",
            "outcome": "refused",
            "rows": 1,
            "amount": "1000.00",
            "unread": 0,
        },
    ],
    "rows": [
        {"row": 1, "outcome": "new", "entry": None, "errors": []},
        {
            "row": 2,
            "outcome": "refused",
            "entry": None,
            "errors": [
                {
                    "code": "cash-short",
                    "pointer": "#/amount",
                    "message": "需要 1000.00 元，该日起基金现金最低为 0.00 元",
                    "context": {"amount": "1000.00", "room": "0.00"},
                }
            ],
        },
    ],
}
