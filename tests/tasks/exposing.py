"""The firm of `docs/exposure.md`, made through the API: first what was known on 5 August, then what came since."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.utils import timezone

from finance_hub.kernel.models import Organisation
from tasks.risk.parameters import delivered
from tests.cast import Api
from tests.funds.conftest import CITY, FIRM, Desk, found_fund, made
from tests.loans.bank import disbursement, position, repayment, send
from tests.loans.covered import agree, cover

Speak = Callable[[str], Api]
AUGUST = datetime(2026, 8, 5, 1, 30, tzinfo=UTC)
KNOWN_THEN = "2026-08-05T09:30:00%2B08:00"
MOTHER = "母基金"
PLEDGE = {
    "type": "patent", "certificate_no": "ZL202310000001.2", "registration_no": "Y2026330000001",
    "appraised_value": "4000000.00", "share_pct": "100.00",
}  # fmt: skip
LOAN = {
    "product": "ip_pledge", "pledges": [PLEDGE], "uscc": FIRM, "firm_name": "桐乡示例科技有限公司",
    "contract_no": "HT-1", "drawdown_no": "JJ-1",
}  # fmt: skip


def paid(desk: Desk, investor: str, *, committed: str, amount: str) -> None:
    made(desk.event("commitment", committed, "2026-01-05", investor=investor))
    for kind in ("call", "contribution"):
        made(desk.event(kind, amount, "2026-01-06", investor=investor))


def sub_fund(api: Speak, code: str, *, holder: str = "mother") -> Desk:
    """20 of 50 million committed and 10 of 33.33 million paid in by the mother fund."""
    desk = found_fund(api, code=code, tier="sub")
    body = {"name": MOTHER, "capital": "state", "holder": holder}
    made(desk.api.post(f"/funds/{code}/investors", body))
    paid(desk, MOTHER, committed="20000000.00", amount="10000000.00")
    paid(desk, CITY, committed="30000000.00", amount="23333333.33")
    return desk


def hold(desk: Desk, cost: str, *, worth: str, on: str = "2026-03-10", uscc: str = FIRM) -> str:
    holding = str(made(desk.invest(cost, on, uscc=uscc, firm_name="桐乡示例科技有限公司"))["holding"])
    made(desk.value(holding, at=worth, on="2026-06-30"))
    return holding


def enter_delivered(api: Speak, *, valid_from: str = "2026-01-01") -> None:
    """The set of assumptions that comes with the product: equity 90 %, loans 40 %, those against patents and guarantees
    60 %, claims 75 %."""
    document, parameters = delivered()
    rows = [{**row._asdict(), "value": str(row.value)} for row in parameters]
    body = {"valid_from": valid_from, "document": document, "parameters": rows}
    made(api("maker").post("/risk-assumptions", body))


class Known:
    """What was recorded by 5 August; `later` records the rest."""

    def __init__(self, api: Speak) -> None:
        self.api = api
        enter_delivered(api)
        Organisation.objects.filter(kind="bank").update(reports_since=date(2026, 7, 1))
        self.angel = found_fund(api)
        paid(self.angel, CITY, committed="50000000.00", amount="20000000.00")
        self.stake = hold(self.angel, "3000000.00", worth="4500000.01")
        self.mother = found_fund(api, code="mother", tier="mother")
        paid(self.mother, CITY, committed="100000000.00", amount="50000000.00")
        self.sub = sub_fund(api, "sub-a")
        self.sub_stake = hold(self.sub, "5000000.01", worth="7000000.00")
        made(self.mother.invest("10000000.00", "2026-01-06", sub_fund="sub-a"))
        agree(api, valid_from="2024-01-01", compensation_cap_pct="100.00")
        guarantor = api("guarantor_a")
        firm = {"uscc": FIRM, "firm_name": "桐乡示例科技有限公司"}
        self.live = cover(guarantor, "DB-1", principal="2000000.00", contract_no="HT-1", start_date="2026-07-06",
                          end_date="2027-07-05", **firm)  # fmt: skip
        self.lost = cover(guarantor, "DB-2", principal="1000000.00", contract_no="HT-9", start_date="2026-01-10",
                          end_date="2027-01-09", **firm)  # fmt: skip
        drawn = disbursement("E-1", "2000000.00", value_date="2026-07-06", maturity_date="2027-07-05", **LOAN)
        assert send(api("bank_a"), [drawn], period="2026-07").result["accepted"] == 1

    def later(self) -> None:
        made(self.angel.invest("200000.00", "2026-07-15"))
        guarantor = self.api("guarantor_a")
        claim = {"default_date": "2026-06-01", "principal": "600000.01", "effective_date": "2026-09-01"}
        paid_out = made(guarantor.post(f"{self.lost}/claims", claim))
        back = {
            "claim": paid_out["id"],
            "amount": "100000.00",
            "cost": "1000.00",
            "effective_date": "2026-10-10",
        }
        made(guarantor.post(f"{self.lost}/recoveries", back))
        rows = [repayment("E-2", "500000.00", uscc=FIRM, firm_name="桐乡示例科技有限公司")]
        assert send(self.api("bank_a"), rows).result["accepted"] == 1
        stands = [position("1500000.00", uscc=FIRM)]
        assert send(self.api("bank_a"), stands, dataset="stock").state == "applied"


def known(api: Speak, monkeypatch: pytest.MonkeyPatch) -> Known:
    """All of it, the first part recorded on 5 August."""
    for name in ("maker", "approver", "manager_angel", "guarantor_a", "bank_a"):
        api(name)  # keys of today: one of August would have expired
    with monkeypatch.context() as patch:
        patch.setattr(timezone, "now", lambda: AUGUST)
        made_then = Known(api)
    made_then.later()
    return made_then


def exposure(api: Speak, query: str = "", *, uscc: str = FIRM) -> dict[str, Any]:
    answer = api("maker").get(f"/firms/{uscc}/exposure?as_of=2026-10-31{query}")
    assert answer.status_code == 200, answer.content
    found: dict[str, Any] = answer.json()
    return found


def public(shown: dict[str, Any], measure: str = "cost", *, part: str = "public") -> dict[str, str | None]:
    """{line: what it adds to the public exposure, or the reason why nobody knows}."""
    return {
        line["code"]: line["reason"] if line[part] is None else line[part][measure] for line in shown["lines"]
    }
