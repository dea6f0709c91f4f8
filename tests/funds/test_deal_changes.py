"""Corrections of steps and edits of the header that are refused, by code."""

from __future__ import annotations

import pytest

from tests.funds.conftest import FIRM, OTHER_FIRM, Desk, made, refused
from tests.funds.following import DAYS, NAME, NEW, Follower


@pytest.fixture
def follower(funded: Desk) -> Follower:
    return Follower(funded)


class TestCorrecting:
    def test_a_step_that_is_not_there_or_was_corrected(self, follower: Follower) -> None:
        deal, other = follower.at("screening"), follower.at("screening")
        foreign = follower.steps(other)[1]["id"]
        for step in ("ds_missing", foreign):
            refused(follower.step(deal, "screening", corrects=step), 422, "step-unknown")
        wrong = follower.steps(deal)[1]["id"]
        made(follower.step(deal, "screening", "2022-06-11", corrects=wrong))
        refused(follower.step(deal, "screening", "2022-06-12", corrects=wrong), 409, "step-already-corrected")

    def test_into_another_stage_where_later_steps_rest_on_it(self, follower: Follower) -> None:
        deal = follower.at("committee")
        first, screening, *_ = (step["id"] for step in follower.steps(deal))
        refused(
            follower.step(deal, "withdrawn", "2022-06-10", corrects=screening, reason="x"),
            409,
            "correction-keeps-the-stage",
        )
        met = made(follower.open())["id"]
        only = follower.steps(met)[0]["id"]
        refused(follower.step(met, "screening", corrects=only), 409, "correction-keeps-the-stage")
        refused(follower.step(deal, "screening", corrects=first), 409, "correction-keeps-the-stage")

    def test_out_of_the_order_of_days(self, follower: Follower) -> None:
        deal = follower.at("committee")
        screening = follower.steps(deal)[1]["id"]
        refused(
            follower.step(deal, "screening", "2022-06-04", corrects=screening), 422, "date-before-last-step"
        )
        refused(
            follower.step(deal, "screening", "2022-06-21", corrects=screening), 422, "date-after-next-step"
        )

    def test_a_decision_away_or_a_payment(self, follower: Follower) -> None:
        deal = follower.at("paid")
        *_, committee, signed, paid = (step["id"] for step in follower.steps(deal))
        refused(follower.step(deal, "committee", corrects=committee), 422, "decision-required")
        refused(follower.step(deal, "paid", corrects=paid), 409, "paid-step-stands")
        bought = made(follower.desk.invest("1.00", DAYS["paid"]))["id"]
        refused(
            follower.step(deal, "signed", corrects=signed, investment=bought), 422, "investment-not-allowed"
        )

    def test_over_a_stage_left_out(self, follower: Follower) -> None:
        deal = follower.at("screening")
        last = follower.steps(deal)[1]["id"]
        skipped = [{"stage": "screening", "reason": "x"}]
        refused(follower.step(deal, "due_diligence", corrects=last), 422, "stage-skipped")
        refused(
            follower.step(deal, "due_diligence", corrects=last, skipped=skipped), 422, "skip-out-of-place"
        )


class TestEditing:
    def test_a_stale_version_hears_who_changed_what_and_when(self, follower: Follower) -> None:
        deal = made(follower.open())["id"]
        assert follower.edit(deal, 1, planned_amount="2500000.00", lead="李某").status_code == 200
        assert follower.edit(deal, 2, note="加急").status_code == 200
        said = refused(follower.edit(deal, 1, lead="周某"), 412, "stale-deal")
        assert "manager_angel 某" in said["detail"]
        changed = {error["pointer"]: error["context"] for error in said["errors"]}
        assert set(changed) == {"#/planned_amount", "#/lead", "#/note"}
        amount = changed["#/planned_amount"]
        assert (amount["old"], amount["new"]) == ("3000000.00", "2500000.00")
        assert (amount["by"], amount["at"][-6:]) == ("manager_angel 某", "+08:00")
        assert (changed["#/note"]["old"], changed["#/note"]["new"]) == ("", "加急")
        assert follower.shown(deal)["lead"] == "李某"

    def test_without_a_version_or_with_none_there_was(self, follower: Follower) -> None:
        deal = made(follower.open())["id"]
        refused(follower.api.patch(f"/deals/{deal}", {"lead": "李某"}), 428, "if-match-missing")
        refused(follower.edit(deal, 7, lead="李某"), 412, "stale-deal")
        refused(follower.api.patch(f"/deals/{deal}", {"lead": "李某"}, If_Match='"x"'), 412, "stale-version")

    def test_into_nothing_new(self, follower: Follower) -> None:
        deal = made(follower.open())["id"]
        for same in ({}, {"lead": NEW["lead"]}, {"uscc": FIRM}, {"planned_amount": "3000000.0"}):
            refused(follower.edit(deal, 1, **same), 422, "nothing-to-change")

    @pytest.mark.parametrize(
        ("change", "code"),
        [
            ({"planned_amount": "0.00"}, "amount-not-positive"),
            ({"source": "bank"}, "referrer-required"),
            ({"firm_name": "另一个名字"}, "firm-has-its-own-name"),
            ({"uscc": OTHER_FIRM}, "firm-unknown"),
            ({"fund": "other"}, "unknown-field"),
            ({"effective_date": "2022-06-06"}, "unknown-field"),
            ({"stage": "paid"}, "unknown-field"),
        ],
    )
    def test_into_what_a_deal_is_not(self, follower: Follower, change: dict[str, str], code: str) -> None:
        deal = made(follower.open())["id"]
        refused(follower.edit(deal, 1, **change), 422, code)

    def test_to_another_firm_once_it_was_screened(self, follower: Follower) -> None:
        deal = made(follower.open())["id"]
        changed = follower.edit(deal, 1, uscc=OTHER_FIRM, firm_name="另一家企业")
        assert changed.json()["firm"]["uscc"] == OTHER_FIRM
        made(follower.step(deal, "screening"))
        refused(follower.edit(deal, 2, uscc=FIRM, firm_name=NAME), 409, "firm-is-settled")
        said = refused(follower.edit(deal, 1, lead="李某"), 412, "stale-deal")
        codes = {error["pointer"]: error["context"] for error in said["errors"]}
        assert (codes["#/uscc"]["old"], codes["#/uscc"]["new"]) == (FIRM, OTHER_FIRM)
