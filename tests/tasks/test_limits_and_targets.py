"""Tolerance rules need two people."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from finance_hub.kernel import ids
from finance_hub.kernel.problems import SelfApproval
from funds.models import Fund
from tasks import limits
from tasks.models import ToleranceRule
from tests.cast import NOW, Cast

RULE = {
    "fund": "angel",
    "base": "principal-paid",
    "netting": True,
    "timing": "realised-and-impaired",
    "limit_pct": "40.00",
    "owner": "市财政局",
    "document": "市科创基金管理办法（测试）",
    "valid_from": "2025-01-01",
}


@pytest.fixture
def angel(everything: Cast) -> Fund:
    return Fund.objects.create(
        code="angel",
        name="天使基金",
        name_en="Angel Fund",
        tier="angel",
        manager=everything.organisation("angel-manager"),
        planned_size=Decimal("100000000.00"),
        established_on=date(2022, 6, 1),
    )


class TestRules:
    def test_one_proposes_and_another_approves(self, angel: Fund, api: Any) -> None:
        proposed = api("maker").post("/limits-of-risk", RULE)
        assert proposed.status_code == 201, proposed.content
        assert proposed.json()["approved_by"] is None
        approved = api("approver").post(f"/limits-of-risk/{proposed.json()['id']}/approve")
        assert (approved.status_code, approved.json()["approved_by"]) == (200, "approver")

    def test_the_proposer_cannot_approve(self, angel: Fund, everything: Cast) -> None:
        rule = limits.propose(
            fund_code="angel", base="size", netting=False, timing="realised", limit_pct=Decimal(30),
            owner="市财政局", document="文件", valid_from=date(2025, 1, 1), valid_to=None, by=everything["approver"], now=NOW,
        )  # fmt: skip
        with pytest.raises(SelfApproval):
            limits.approve(rule.public_id, by=everything["approver"], now=NOW)

    def test_the_maker_may_not_approve(self, angel: Fund, api: Any) -> None:
        proposed = api("maker").post("/limits-of-risk", RULE).json()
        assert api("maker").post(f"/limits-of-risk/{proposed['id']}/approve").json()["code"] == "forbidden"

    def test_a_rule_is_approved_once(self, angel: Fund, api: Any) -> None:
        proposed = api("maker").post("/limits-of-risk", RULE).json()
        api("approver").post(f"/limits-of-risk/{proposed['id']}/approve")
        again = api("second_approver").post(f"/limits-of-risk/{proposed['id']}/approve")
        assert (again.status_code, again.json()["code"]) == (409, "rule-already-approved")

    def test_two_rules_from_the_same_day_are_refused(self, angel: Fund, api: Any) -> None:
        first, second = (api("maker").post("/limits-of-risk", RULE).json()["id"] for _ in range(2))
        api("approver").post(f"/limits-of-risk/{first}/approve")
        clash = api("approver").post(f"/limits-of-risk/{second}/approve")
        assert (clash.status_code, clash.json()["code"]) == (409, "rule-overlaps")

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("base", "invested"),
            ("timing", "soon"),
            ("limit_pct", "1e2"),
            ("limit_pct", 40),
            ("limit_pct", "-1"),
            ("limit_pct", "100.01"),
            ("limit_pct", "40.001"),
            ("limit_pct", "0.001"),
            ("warning_pct", "79.999"),
            ("warning_pct", "80.00001"),
            ("owner", ""),
            ("owner", " "),
            ("fund", "none"),
            ("netting", "yes"),
            ("document", ""),
            ("valid_from", "2025-1-1"),
            ("valid_to", "2024-12-31"),
        ],
    )
    def test_a_bad_rule_names_its_field(self, angel: Fund, api: Any, field: str, value: Any) -> None:
        answer = api("maker").post("/limits-of-risk", {**RULE, field: value})
        assert answer.status_code == 422, answer.content
        assert [error["pointer"] for error in answer.json()["errors"]] == [f"#/{field}"]
        assert not ToleranceRule.objects.exists()

    def test_a_rule_without_an_owner_names_it(self, angel: Fund, api: Any) -> None:
        answer = api("maker").post("/limits-of-risk", {k: v for k, v in RULE.items() if k != "owner"})
        assert [(e["pointer"], e["code"]) for e in answer.json()["errors"]] == [("#/owner", "required")]

    def test_two_places_are_kept_as_sent(self, angel: Fund, api: Any) -> None:
        made = (
            api("maker").post("/limits-of-risk", {**RULE, "limit_pct": "40.25", "warning_pct": "79.5"}).json()
        )
        assert (made["limit_pct"], made["warning_pct"]) == ("40.25", "79.50")


def test_public_ids_are_prefixed_and_ordered() -> None:
    made = [ids.new("tr") for _ in range(3)]
    assert all(one.startswith("tr_") and len(one) == 29 for one in made)
