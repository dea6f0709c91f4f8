"""Terms of a fund as its manager enters them, over HTTP."""

from __future__ import annotations

from typing import Any

from tests.funds.conftest import Desk

AGREED = {
    "valid_from": "2022-06-01", "document": "合伙协议", "fee_base": "commitment", "fee_rate_pct": "2",
    "preferred_return_pct": "8", "compounding": "annually", "carried_interest_pct": "20", "order": "european",
    "firm_cap_pct": "20", "firm_cap_base": "paid_in",
}  # fmt: skip


def agree(desk: Desk, **changes: Any) -> Any:
    body = {name: value for name, value in {**AGREED, **changes}.items() if value != "-"}
    return desk.api.post(f"/funds/{desk.fund}/terms", body)
