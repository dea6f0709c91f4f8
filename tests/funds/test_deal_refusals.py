"""What nobody can do with a deal, by code; a refusal leaves no trace."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from finance_hub.kernel import firms
from finance_hub.kernel.models import AuditEntry
from tests.cast import NOW, Api, Cast
from tests.funds.conftest import CITY, FIRM, OTHER_FIRM, Desk, found_fund, made, refused
from tests.funds.following import DAYS, DECISION, NAME, NEW, Follower


@pytest.fixture
def follower(funded: Desk) -> Follower:
    return Follower(funded)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"source": "dream"}, "invalid_choice"),
        ({"instrument": "loan"}, "invalid_choice"),
        ({"planned_amount": "0.00"}, "amount-not-positive"),
        ({"planned_amount": "NaN"}, "amount-format"),
        ({"planned_amount": 3}, "amount-not-a-string"),
        ({"planned_amount": "1000000000000.01"}, "amount-too-large"),
        ({"effective_date": "2999-01-01"}, "date-in-future"),
        ({"source": "referral"}, "referrer-required"),
        ({"source": "bank", "referred_by": " "}, "referrer-required"),
        ({"uscc": OTHER_FIRM[:-1] + "0"}, "uscc-check-character"),
        ({"title": " "}, "blank"),
        ({"lead": ""}, "blank"),
        ({"stage": "paid"}, "unknown-field"),
    ],
)
def test_a_deal_that_is_not_one(follower: Follower, change: dict[str, Any], code: str) -> None:
    refused(follower.open(**change), 422, code)


def test_a_deal_with_nobody_or_with_a_stranger(follower: Follower) -> None:
    nobody = {name: value for name, value in NEW.items() if name not in {"uscc", "firm_name"}}
    refused(follower.api.post("/deals", nobody), 422, "required")
    refused(follower.api.post("/deals", {**nobody, "uscc": OTHER_FIRM}), 422, "firm-unknown")


def test_a_firm_that_only_a_bank_knows_of_is_unknown_to_a_manager(follower: Follower, cast: Cast) -> None:
    """Else the answer would say that the firm has a loan."""
    firms.register(
        code=OTHER_FIRM, name="有贷款的企业", source="bank_report", known_from=NOW.date(), by=None, now=NOW
    )
    nameless = {name: value for name, value in NEW.items() if name != "firm_name"}
    refused(follower.api.post("/deals", {**nameless, "uscc": OTHER_FIRM}), 422, "firm-unknown")
    made(follower.open(uscc=OTHER_FIRM, firm_name="有贷款的企业"))


@pytest.mark.parametrize("votes", [(0, 5), (2, 3), (2, 2)])
def test_a_deal_that_was_voted_down_is_not_signed(follower: Follower, votes: tuple[int, int]) -> None:
    deal = follower.at("due_diligence")
    lost = {**DECISION, "votes_for": votes[0], "votes_against": votes[1]}
    made(follower.step(deal, "committee", decision=lost))
    refused(follower.step(deal, "signed"), 409, "voted-down")
    refused(follower.step(deal, "signed", decision=lost), 409, "voted-down")
    made(follower.step(deal, "signed", decision=DECISION))


def test_a_stage_left_out_without_a_reason(follower: Follower) -> None:
    deal = follower.at("screening")
    said = refused(follower.step(deal, "committee", decision=DECISION), 422, "stage-skipped")
    assert [error["context"]["stage"] for error in said["errors"]] == ["due_diligence"]
    said = refused(
        follower.step(
            deal, "signed", decision=DECISION, skipped=[{"stage": "committee", "reason": "授权内"}]
        ),
        422,
        "stage-skipped",
    )
    assert [error["context"]["stage"] for error in said["errors"]] == ["due_diligence"]
    blank = [{"stage": "due_diligence", "reason": "  "}]
    refused(follower.step(deal, "committee", decision=DECISION, skipped=blank), 422, "blank")
    assert follower.shown(deal)["stage"] == "screening"


@pytest.mark.parametrize(
    "skipped",
    [
        [{"stage": "screening", "reason": "x"}, {"stage": "due_diligence", "reason": "y"}],
        [{"stage": "due_diligence", "reason": "x"}, {"stage": "due_diligence", "reason": "y"}],
        [{"stage": "due_diligence", "reason": "x"}, {"stage": "signed", "reason": "y"}],
    ],
)
def test_a_reason_for_a_stage_that_is_not_left_out(follower: Follower, skipped: list[Any]) -> None:
    deal = follower.at("screening")
    refused(follower.step(deal, "committee", decision=DECISION, skipped=skipped), 422, "skip-out-of-place")
    given = [{"stage": "due_diligence", "reason": "x"}]
    refused(follower.step(deal, "due_diligence", skipped=given), 422, "skip-out-of-place")
    refused(
        follower.step(deal, "withdrawn", "2022-07-01", reason="x", skipped=given), 422, "skip-out-of-place"
    )


def test_a_step_before_the_one_before_it_or_in_the_future(follower: Follower) -> None:
    deal = follower.at("screening")
    refused(follower.step(deal, "due_diligence", "2022-06-09"), 422, "date-before-last-step")
    refused(follower.step(deal, "due_diligence", "2999-01-01"), 422, "date-in-future")
    made(follower.step(deal, "due_diligence", "2022-06-10"))


def test_the_same_stage_twice_and_one_passed_long_ago(follower: Follower) -> None:
    deal = follower.at("due_diligence")
    refused(follower.step(deal, "due_diligence"), 409, "stage-already-reached")
    said = refused(follower.step(deal, "screening", "2022-06-21"), 409, "stage-already-reached")
    assert "corrects" in said["detail"]


@pytest.mark.parametrize("stage", ["held", "exited", "written_off", "reversed"])
def test_what_the_holding_says_is_not_recorded_of_the_deal(follower: Follower, stage: str) -> None:
    refused(follower.step(follower.at("signed"), stage, "2022-08-01"), 422, "invalid_choice")


def test_screening_a_firm_known_by_name_alone(follower: Follower) -> None:
    nameless = {name: value for name, value in NEW.items() if name != "uscc"}
    deal = made(follower.api.post("/deals", nameless))["id"]
    refused(follower.step(deal, "screening"), 422, "firm-required")
    made(follower.step(deal, "withdrawn", "2022-06-06", reason="企业不再融资"))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"conflicts": ""}, "blank"),
        ({"conflicts": "  "}, "blank"),
        ({"conflicts": None}, "null"),
        ({"grounds": ""}, "blank"),
        ({"decided_by": []}, "empty"),
        ({"decided_by": [""]}, "blank"),
        ({"votes_for": -1}, "min_value"),
        ({"votes_against": 201}, "max_value"),
        ({"votes_for": "4"}, "not-an-integer"),
    ],
)
def test_a_decision_that_is_not_recorded_whole(follower: Follower, change: dict[str, Any], code: str) -> None:
    deal = follower.at("due_diligence")
    refused(follower.step(deal, "committee", decision={**DECISION, **change}), 422, code)
    without = {name: value for name, value in DECISION.items() if name not in change}
    refused(follower.step(deal, "committee", decision=without), 422, "required")


def test_a_decision_that_is_not_recorded_at_all(follower: Follower) -> None:
    deal = follower.at("due_diligence")
    refused(follower.step(deal, "committee"), 422, "decision-required")
    refused(follower.step(deal, "declined", "2022-07-01", reason="x"), 422, "decision-required")
    # Signed past the committee: then the signing is the decision.
    past = [{"stage": "committee", "reason": "授权额度内"}]
    refused(follower.step(deal, "signed", skipped=past), 422, "decision-required")
    made(follower.step(deal, "signed", skipped=past, decision=DECISION))


@pytest.mark.parametrize("stage", ["declined", "withdrawn"])
def test_giving_up_without_a_reason_twice_or_after_signing(follower: Follower, stage: str) -> None:
    deal = follower.at("screening")
    refused(follower.step(deal, stage, "2022-07-01", decision=DECISION), 422, "reason-required")
    refused(follower.step(deal, stage, "2022-07-01", decision=DECISION, reason=" "), 422, "reason-required")
    made(follower.step(deal, stage, "2022-07-01", decision=DECISION, reason="x"))
    refused(follower.step(deal, stage, "2022-07-02", decision=DECISION, reason="x"), 409, "deal-closed")
    refused(follower.step(deal, "due_diligence", "2022-07-02"), 409, "deal-closed")
    refused(follower.step(deal, "reopened", "2022-07-02"), 422, "reason-required")
    for settled in ("signed", "paid"):
        bound = follower.at(settled)
        late = follower.step(bound, stage, "2022-08-01", decision=DECISION, reason="x")
        refused(late, 409, "deal-signed")


def test_reopening_what_was_not_given_up(follower: Follower) -> None:
    refused(
        follower.step(follower.at("screening"), "reopened", "2022-07-01", reason="x"), 409, "deal-not-closed"
    )


class TestPaying:
    def test_without_an_investment_or_with_none_there_is(self, follower: Follower) -> None:
        deal = follower.at("signed")
        refused(follower.step(deal, "paid"), 422, "investment-required")
        refused(follower.step(deal, "paid", investment="he_missing"), 422, "investment-unknown")
        bought = made(follower.desk.invest("1.00", DAYS["paid"]))["id"]
        early = follower.at("committee")
        refused(follower.step(early, "signed", investment=bought), 422, "investment-not-allowed")

    def test_with_an_exit_or_a_reversal(self, follower: Follower) -> None:
        deal = follower.at("signed")
        bought = made(follower.desk.invest("3.00", DAYS["paid"]))
        sold = made(follower.desk.exit(bought["holding"], cash="1.00", cost="1.00", on=DAYS["paid"]))
        refused(follower.step(deal, "paid", investment=sold["id"]), 422, "not-an-investment")
        other = made(follower.desk.invest("1.00", DAYS["paid"]))
        back = made(follower.desk.reverse_deal(other["id"], DAYS["paid"]))
        refused(follower.step(deal, "paid", investment=back["id"]), 422, "not-an-investment")
        refused(follower.step(deal, "paid", investment=other["id"]), 422, "investment-reversed")

    def test_with_an_investment_of_another_fund_or_firm(
        self, follower: Follower, api: Callable[[str], Api]
    ) -> None:
        deal = follower.at("signed")
        elsewhere = made(follower.desk.invest("1.00", DAYS["paid"], uscc=OTHER_FIRM, firm_name="另一家"))
        refused(follower.step(deal, "paid", investment=elsewhere["id"]), 422, "investment-in-another-firm")
        for code, manager, answer in (
            ("second", "angel-manager", "investment-of-another-fund"),
            ("industry", "industry-manager", "investment-unknown"),
        ):
            desk = found_fund(api, code=code, manager=manager, tier="industry", name=code)
            for kind in ("commitment", "call", "contribution"):
                made(desk.event(kind, "9.00", "2022-06-01", investor=CITY))
            bought = made(desk.invest("1.00", DAYS["paid"], uscc=FIRM, firm_name=NAME))
            refused(follower.step(deal, "paid", investment=bought["id"]), 422, answer)

    def test_with_an_investment_in_a_sub_fund(self, follower: Follower, api: Callable[[str], Api]) -> None:
        found_fund(api, code="sub", tier="sub", name="子基金")
        bought = made(follower.desk.invest("1.00", DAYS["paid"], sub_fund="sub"))
        deal = follower.at("signed")
        refused(follower.step(deal, "paid", investment=bought["id"]), 422, "investment-in-another-firm")

    def test_on_another_day_or_before_signing(self, follower: Follower) -> None:
        deal = follower.at("signed")
        bought = made(follower.desk.invest("1.00", DAYS["paid"]))["id"]
        refused(follower.step(deal, "paid", "2022-07-21", investment=bought), 422, "paid-on-another-day")
        early = made(follower.desk.invest("1.00", "2022-07-09"))["id"]
        refused(follower.step(deal, "paid", "2022-07-10", investment=early), 422, "investment-before-signing")
        made(follower.step(deal, "paid", investment=bought))
        refused(follower.pay(deal, early), 422, "investment-before-signing")

    def test_twice_with_one_investment(self, follower: Follower) -> None:
        first, second = follower.at("paid"), follower.at("signed")
        tied = follower.api.get(f"/deals/{first}/payments").json()["data"][0]["investment"]
        refused(follower.step(second, "paid", investment=tied), 409, "investment-already-tied")
        refused(follower.pay(first, tied), 409, "investment-already-tied")
        assert follower.shown(second)["stage"] == "signed"

    def test_a_further_tranche_before_the_first(self, follower: Follower) -> None:
        bought = made(follower.desk.invest("1.00", DAYS["paid"]))["id"]
        refused(follower.pay(follower.at("signed"), bought), 409, "deal-not-paid")


def test_a_refusal_writes_neither_fact_nor_audit_entry(follower: Follower) -> None:
    deal = follower.at("screening")
    before = (AuditEntry.objects.count(), follower.steps(deal))
    skipped = [{"stage": stage, "reason": "x"} for stage in ("due_diligence", "committee", "signed")]
    late = follower.step(deal, "paid", skipped=skipped, decision=DECISION, investment="he_missing")
    refused(late, 422, "investment-unknown")
    assert (AuditEntry.objects.count(), follower.steps(deal)) == before


def test_a_repeated_post_enters_once(follower: Follower) -> None:
    first, again = (follower.api.post("/deals", NEW, key="k") for _ in range(2))
    assert (made(first)["id"], again["Idempotent-Replayed"]) == (again.json()["id"], "true")
    body = {"stage": "screening", "effective_date": DAYS["screening"]}
    path = f"/deals/{first.json()['id']}/steps"
    one, two = (follower.api.post(path, body, key="s") for _ in range(2))
    assert made(one)["id"] == two.json()["id"]
