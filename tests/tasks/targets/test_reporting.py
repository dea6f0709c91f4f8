"""A unit reports its own targets, another person decides, and nothing is rewritten."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from finance_hub.kernel.models import AuditEntry
from finance_hub.kernel.problems import SelfApproval
from tasks import target_facts, targets
from tasks.models import TargetReport
from tests.cast import NOW, Cast
from tests.tasks.targets.conftest import INSTITUTES

Tell = Callable[..., TargetReport]
BODY = {"as_of": "2026-09-30", "value": "33", "evidence": "统计月报第9期"}
LATER = NOW + timedelta(hours=1)
NOVEMBER = date(2026, 11, 6)


def in_force(code: str, *, known_at: Any = LATER) -> str | None:
    return next(f.reported for f in target_facts.read(NOVEMBER, known_at) if f.code == code)


class TestAReport:
    def test_waits_until_another_person_approves_it(self, bureau: Cast, api: Any) -> None:
        made = api("department").post(f"/targets/{INSTITUTES}/reports", BODY)
        assert (made.status_code, made.json()["state"]) == (201, "waiting"), made.content
        report = made.json()["id"]
        assert in_force(INSTITUTES) is None
        approved = api("approver").post(f"/targets/{INSTITUTES}/reports/{report}/approve")
        assert (approved.status_code, approved.json()["state"]) == (200, "approved"), approved.content
        listed = api("department").get(f"/targets/{INSTITUTES}/reports").json()
        assert [(one["value"], one["decided_by"]) for one in listed] == [("33", "approver")]

    def test_is_not_approved_by_its_reporter(self, tell: Tell, bureau: Cast, api: Any) -> None:
        made = tell("S3-3-02", "40", by="maker", waits=True)
        refused = api("maker").post(f"/targets/S3-3-02/reports/{made.public_id}/approve")
        assert (refused.status_code, refused.json()["code"]) == (403, "self-approval")
        with pytest.raises(SelfApproval):
            targets.reject(made.public_id, reason="x", by=bureau["maker"], now=NOW)

    def test_that_is_sent_back_keeps_the_reason_and_is_never_in_force(self, tell: Tell, api: Any) -> None:
        made = tell(INSTITUTES, "33", waits=True)
        url = f"/targets/{INSTITUTES}/reports/{made.public_id}/reject"
        assert api("approver").post(url, {"reason": ""}).status_code == 422
        sent = api("approver").post(url, {"reason": "证据缺页"})
        assert (sent.json()["state"], sent.json()["reason"]) == ("rejected", "证据缺页")
        assert in_force(INSTITUTES) is None

    def test_is_decided_once(self, tell: Tell, api: Any) -> None:
        made = tell(INSTITUTES, "33")
        for act, body in (("approve", {}), ("reject", {"reason": "x"})):
            again = api("second_approver").post(f"/targets/{INSTITUTES}/reports/{made.public_id}/{act}", body)
            assert (again.status_code, again.json()["code"]) == (409, "report-already-decided")

    def test_a_department_cannot_approve(self, tell: Tell, api: Any) -> None:
        made = tell(INSTITUTES, "33", by="maker", waits=True)
        answer = api("department").post(f"/targets/{INSTITUTES}/reports/{made.public_id}/approve")
        assert answer.status_code == 403

    def test_of_a_duplicate_is_of_the_target_that_counts(self, bureau: Cast, api: Any) -> None:
        made = api("department").post("/targets/S3-4-04/reports", BODY)
        assert (made.status_code, made.json()["target"]) == (201, "S2-03")
        assert api("approver").post(f"/targets/S2-03/reports/{made.json()['id']}/approve").status_code == 200
        now = timezone.now()
        assert in_force("S2-03", known_at=now) == in_force("S3-4-04", known_at=now) == "33.0000"

    @pytest.mark.parametrize(
        ("change", "pointer"),
        [
            ({"as_of": "2099-01-01"}, "#/as_of"),
            ({"value": "many"}, "#/value"),
            ({"value": "NaN"}, "#/value"),
            ({"value": 33}, "#/value"),
            ({"value": "-1"}, "#/value"),
            ({"evidence": ""}, "#/evidence"),
            ({"approved": True}, "#/approved"),
        ],
    )
    def test_with_a_bad_field_names_it(
        self, bureau: Cast, api: Any, change: dict[str, Any], pointer: str
    ) -> None:
        answer = api("department").post(f"/targets/{INSTITUTES}/reports", {**BODY, **change})
        assert answer.status_code == 422, answer.content
        assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
        assert not TargetReport.objects.exists()

    @pytest.mark.parametrize("value", ["0", "1.5"])
    def test_of_a_rank_is_a_whole_place(self, bureau: Cast, api: Any, value: str) -> None:
        answer = api("department").post("/targets/S3-1-01/reports", {**BODY, "value": value})
        assert [error["code"] for error in answer.json()["errors"]] == ["not-a-rank"]

    @pytest.mark.parametrize(
        ("code", "said"), [("S3-8-04", "target-is-computed"), ("S3-3-01", "target-is-given")]
    )
    def test_of_what_takes_none_is_refused(self, bureau: Cast, api: Any, code: str, said: str) -> None:
        answer = api("maker").post(f"/targets/{code}/reports", BODY)
        assert (answer.status_code, answer.json()["code"]) == (409, said)


class TestRights:
    @pytest.mark.parametrize("code", ["S3-6-09", "S2-01", "S9-99", "S3-8-01"])
    def test_a_department_finds_no_target_of_another_unit(self, bureau: Cast, api: Any, code: str) -> None:
        """Another unit's, one without a unit, one that is not there, one of the centre's: the same answer. S3-6-09 and
        S3-8-01 name the bureau among those that help, so only the two others are absent."""
        answer = api("department").post(f"/targets/{code}/reports", BODY)
        assert answer.status_code == {"S3-6-09": 201, "S3-8-01": 409}.get(code, 404)

    def test_a_department_without_a_unit_reads_nothing(self, everything: Cast, api: Any) -> None:
        assert api("department").get("/targets").json() == []
        for path in ("/targets/S2-03", "/targets/S2-03/reports"):
            assert api("department").get(path).status_code == 404
        assert api("department").get("/target-questions").json() == []

    def test_a_department_reads_what_it_answers_for(self, bureau: Cast, api: Any) -> None:
        codes = {one["code"] for one in api("department").get("/targets").json()}
        # Led in section 3(1), carried over to section 2 by the duplicate, helped in 3(6); not the statistics bureau's.
        assert {"S3-1-04", "S2-03", "S3-6-09"} <= codes
        assert not {"S2-01", "S2-02", "S4-2-01"} & codes

    def test_a_lead_unit_that_is_decided_reports(self, bureau: Cast, api: Any) -> None:
        assert api("department").post("/targets/S2-06/reports", BODY).status_code == 404
        targets.answer(
            "lead-s2-06", words="由科技局牵头", document="分工（测试）", effective_date=date(2026, 11, 1),
            lead_unit="科技局", by=bureau["maker"], now=NOW,
        )  # fmt: skip
        assert api("department").post("/targets/S2-06/reports", BODY).status_code == 201

    @pytest.mark.parametrize("name", ["bank_a", "manager_angel", "auditor", "admin", "approver"])
    def test_nobody_else_reports(self, bureau: Cast, api: Any, name: str) -> None:
        assert api(name).post(f"/targets/{INSTITUTES}/reports", BODY).status_code == 403

    def test_the_assignment_recorded_last_holds(self, bureau: Cast, api: Any) -> None:
        said = api("maker").post("/target-units", {"unit": "科技局", "organisation": "centre"})
        assert said.json()["errors"][0]["pointer"] == "#/organisation"
        assert (
            api("maker").post("/target-units", {"unit": "无此局", "organisation": "tech-bureau"}).status_code
            == 404
        )
        known = {one["unit"]: one["organisation"] for one in api("auditor").get("/target-units").json()}
        assert (known["科技局"], known["统计局"]) == ("tech-bureau", None)


class TestACorrection:
    def test_takes_the_place_of_a_report_once_it_is_approved(self, tell: Tell, bureau: Cast) -> None:
        old = tell(INSTITUTES, "33", as_of="2026-09-30")
        new = tell(INSTITUTES, "31", as_of="2026-06-30", corrects=old.public_id, waits=True, now=LATER)
        assert in_force(INSTITUTES, known_at=LATER) == "33.0000"
        targets.approve(new.public_id, by=bureau["approver"], now=LATER + timedelta(hours=1))
        assert in_force(INSTITUTES, known_at=LATER + timedelta(hours=1)) == "31.0000"
        # As it was known then, the first value stands.
        assert in_force(INSTITUTES, known_at=LATER) == "33.0000"

    def test_that_is_sent_back_makes_way_for_another(self, tell: Tell, bureau: Cast) -> None:
        old = tell(INSTITUTES, "33")
        first = tell(INSTITUTES, "31", corrects=old.public_id, waits=True)
        with pytest.raises(targets.CorrectionUnderWay):
            tell(INSTITUTES, "30", corrects=old.public_id)
        targets.reject(first.public_id, reason="x", by=bureau["approver"], now=NOW)
        tell(INSTITUTES, "30", corrects=old.public_id)
        assert in_force(INSTITUTES) == "30.0000"

    def test_of_what_waits_is_refused(self, tell: Tell) -> None:
        waiting = tell(INSTITUTES, "33", waits=True)
        with pytest.raises(targets.ReportNotInForce):
            tell(INSTITUTES, "31", corrects=waiting.public_id)

    def test_names_a_report_of_the_same_target(self, tell: Tell, api: Any) -> None:
        other = tell("S3-3-02", "40")
        for named in (other.public_id, "tp_none"):
            answer = api("department").post(f"/targets/{INSTITUTES}/reports", {**BODY, "corrects": named})
            assert answer.status_code == 404


class TestADay:
    def sent(self, api: Any, code: str = INSTITUTES, **change: Any) -> Any:
        return api("department").post(f"/targets/{code}/reports", {**BODY, **change})

    def test_that_is_reported_is_not_reported_again(self, tell: Tell, api: Any) -> None:
        held = tell(INSTITUTES, "33").public_id
        again = self.sent(api, value="12")
        assert (again.status_code, again.json()["code"]) == (409, "day-reported-already")
        (error,) = again.json()["errors"]
        assert (error["pointer"], error["context"]) == ("#/as_of", {"report": held})
        assert error["message"] == f"该日已有有效填报 {held}；如有变动，请更正该份填报（corrects 填其编号）"
        assert in_force(INSTITUTES) == "33.0000"

    def test_whose_report_waits_takes_no_other(self, tell: Tell, api: Any) -> None:
        held = tell(INSTITUTES, "33", waits=True).public_id
        again = self.sent(api, value="12")
        assert (again.status_code, again.json()["code"]) == (409, "day-reported-already")
        assert f"{held} 待批准" in again.json()["errors"][0]["message"]

    def test_is_one_day_for_a_duplicate_too(self, tell: Tell, api: Any) -> None:
        tell("S2-03", "33")
        assert self.sent(api, "S3-4-04", value="12").json()["code"] == "day-reported-already"

    def test_is_not_taken_by_the_correction_of_another_day(self, tell: Tell, api: Any) -> None:
        june = tell(INSTITUTES, "31", as_of="2026-06-30").public_id
        tell(INSTITUTES, "33")
        assert self.sent(api, corrects=june).json()["code"] == "day-reported-already"

    def test_hears_first_that_its_correction_is_under_way(self, tell: Tell, api: Any) -> None:
        held = tell(INSTITUTES, "33").public_id
        tell(INSTITUTES, "34", corrects=held, waits=True)
        assert self.sent(api, corrects=held).json()["code"] == "correction-under-way"
        assert self.sent(api).json()["errors"][0]["context"] == {"report": held}

    def test_is_free_again_once_its_report_is_sent_back_or_corrected_away(
        self, tell: Tell, bureau: Cast, api: Any
    ) -> None:
        first = tell(INSTITUTES, "33", waits=True)
        targets.reject(first.public_id, reason="证据缺页", by=bureau["approver"], now=NOW)
        held = tell(INSTITUTES, "34").public_id
        tell(INSTITUTES, "31", as_of="2026-06-30", corrects=held)
        assert self.sent(api).status_code == 201

    def test_is_corrected_by_whoever_names_its_report(self, tell: Tell, api: Any) -> None:
        held = tell(INSTITUTES, "33").public_id
        made = self.sent(api, value="34", corrects=held)
        assert made.status_code == 201, made.content
        approved = api("approver").post(f"/targets/{INSTITUTES}/reports/{made.json()['id']}/approve")
        assert approved.status_code == 200
        assert in_force(INSTITUTES, known_at=timezone.now()) == "34.0000"

    def test_that_comes_later_counts(self, tell: Tell) -> None:
        tell(INSTITUTES, "30", as_of="2026-06-30")
        tell(INSTITUTES, "33", as_of="2026-09-30")
        tell(INSTITUTES, "29", as_of="2026-03-31", now=LATER)
        assert in_force(INSTITUTES) == "33.0000"


@pytest.mark.parametrize(
    "code",
    ["S2-03", "S3-1-03", "S3-1-04", "S3-3-02", "S3-3-03", "S3-5-01", "S3-6-09"],
)
def test_what_is_counted_is_whole(bureau: Cast, api: Any, code: str) -> None:
    """Firms, incubators, institutions, items, projects, events, persons."""
    body = {**BODY, "value": "12.5"}
    refused = api("maker").post(f"/targets/{code}/reports", body)
    assert [(error["pointer"], error["code"]) for error in refused.json()["errors"]] == [
        ("#/value", "not-whole")
    ]
    assert api("maker").post(f"/targets/{code}/reports", {**body, "value": "12.00"}).status_code == 201


@pytest.mark.parametrize("code", ["S2-01", "S3-3-04", "S3-4-03", "S4-2-01"])
def test_what_is_measured_has_parts(bureau: Cast, api: Any, code: str) -> None:
    """Shares, money, money a year, growth."""
    assert api("maker").post(f"/targets/{code}/reports", {**BODY, "value": "12.5"}).status_code == 201


def test_every_act_leaves_its_entry(tell: Tell, bureau: Cast) -> None:
    made = tell(INSTITUTES, "33", waits=True)
    targets.reject(made.public_id, reason="证据缺页", by=bureau["approver"], now=NOW)
    assert list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))[-3:] == [
        "target.assign_unit", "target.report", "target.reject",
    ]  # fmt: skip
