"""The ground over HTTP: firms, months, people, keys, the trail and the jobs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from finance_hub.kernel import keys, login
from finance_hub.kernel.models import (
    ApiKey,
    AuditEntry,
    Firm,
    Job,
    LoginFailure,
    MonthState,
    Organisation,
    Person,
)
from tests.cast import NOW, PEOPLE, Api, Cast

Speak = Callable[[str], Api]
CODE = "91330483MA2B9PTN02"
FIRM = {"uscc": CODE, "name": "桐乡示例科技股份有限公司", "founded_on": "2018-03-21", "town": "乌镇镇"}


def problem(said: Any, status: int, code: str) -> dict[str, Any]:
    body: dict[str, Any] = said.json()
    codes = {body["code"], *(error["code"] for error in body.get("errors", []))}
    assert (said.status_code, code in codes) == (status, True), body
    return body


class TestFirms:
    @pytest.fixture
    def firm(self, api: Speak) -> Any:
        said = api("maker").post("/firms", FIRM)
        assert said.status_code == 201, said.content
        return said

    def test_a_registered_firm_is_where_its_location_says(self, api: Speak, firm: Any) -> None:
        assert (firm.headers["Location"], firm.headers["ETag"]) == (f"/api/v1/firms/{CODE}", '"1"')
        shown = api("auditor").get(f"/firms/{CODE}").json()
        assert shown == firm.json()
        assert shown["names"] == [{"name": FIRM["name"], "valid_from": "2018-03-21"}]
        assert (shown["verified"], shown["source"], shown["control_group"]) == (True, "centre", None)

    def test_twice_is_409(self, api: Speak, firm: Any) -> None:
        problem(api("maker").post("/firms", FIRM), 409, "firm-already-registered")

    def test_an_edit_needs_the_version_it_edits(self, api: Speak, firm: Any) -> None:
        problem(api("maker").patch(f"/firms/{CODE}", {"town": "x"}), 428, "if-match-missing")

    @pytest.mark.parametrize("version", ['"7"', "*", '"x"', "７", "1, 2", '"99999999999"'])
    def test_of_another_version_it_is_412(self, api: Speak, firm: Any, version: str) -> None:
        said = api("maker").patch(
            f"/firms/{CODE}", {"town": "x"}, If_Match=version.encode().decode("latin-1")
        )
        assert said.status_code == 412
        assert Firm.objects.get().town == "乌镇镇"

    @pytest.mark.parametrize("version", ['"1"', 'W/"1"', "1"])
    def test_of_the_version_in_force_it_holds(self, api: Speak, firm: Any, version: str) -> None:
        said = api("maker").patch(
            f"/firms/{CODE}", {"town": "濮院镇", "control_group": "示例集团"}, If_Match=version
        )
        assert (said.status_code, said.headers["ETag"]) == (200, '"2"')
        assert (said.json()["town"], said.json()["control_group"]) == ("濮院镇", "示例集团")
        group = said.json()["control_group_id"]
        assert api("maker").get(f"/groups/{group}/exposure").json()["group"] == "示例集团"
        listed = api("maker").get("/firms").json()["data"]
        assert [one["control_group_id"] for one in listed if one["uscc"] == CODE] == [group]

    def test_a_stale_edit_is_told_who_changed_what(self, api: Speak, firm: Any) -> None:
        api("maker").patch(f"/firms/{CODE}", {"town": "濮院镇"}, If_Match='"1"')
        said = api("maker").patch(f"/firms/{CODE}", {"stage": "growth"}, If_Match='"1"', Accept_Language="en")
        assert problem(said, 412, "stale-firm")["detail"].startswith("maker 某 has changed: town.")

    def test_an_edit_of_nothing_is_refused(self, api: Speak, firm: Any) -> None:
        problem(api("maker").patch(f"/firms/{CODE}", {}, If_Match='"1"'), 422, "nothing-to-change")

    def test_a_group_is_left_by_null(self, api: Speak, firm: Any) -> None:
        api("maker").patch(f"/firms/{CODE}", {"control_group": "示例集团"}, If_Match='"1"')
        said = api("maker").patch(f"/firms/{CODE}", {"control_group": None}, If_Match='"2"')
        assert (said.json()["control_group"], said.json()["control_group_id"]) == (None, None)

    def test_a_new_name_keeps_the_old_one_findable(self, api: Speak, firm: Any) -> None:
        said = api("maker").post(f"/firms/{CODE}/names", {"name": "新名", "valid_from": "2026-10-08"})
        assert (said.status_code, said.json()["name"], said.headers["ETag"]) == (201, "新名", '"2"')
        found = api("maker").get("/firms?q=桐乡示例").json()["data"]
        assert [row["name"] for row in found] == ["新名"]
        again = api("maker").post(f"/firms/{CODE}/names", {"name": "x", "valid_from": "2026-10-08"})
        problem(again, 409, "firm-name-from-that-day")

    def test_a_class_has_its_validity(self, api: Speak, firm: Any) -> None:
        body = {"code": "high_tech", "valid_from": "2026-01-01", "valid_to": "2029-01-01"}
        said = api("maker").post(f"/firms/{CODE}/classes", body)
        assert said.json()["classes"] == [{**body, "detail": ""}]
        problem(api("maker").post(f"/firms/{CODE}/classes", body), 409, "firm-class-from-that-day")
        backwards = {**body, "valid_from": "2029-01-01"}
        problem(api("maker").post(f"/firms/{CODE}/classes", backwards), 422, "ends-before-it-begins")

    def test_a_fund_manager_reads_firms_but_not_where_they_are_known_from(
        self, api: Speak, firm: Any
    ) -> None:
        assert api("manager_angel").get(f"/firms/{CODE}").json()["source"] is None
        problem(api("manager_angel").post("/firms", FIRM), 403, "forbidden")

    def test_a_firm_known_from_a_bank_alone_is_there_for_the_centre_alone(
        self, api: Speak, firm: Any
    ) -> None:
        Firm.objects.update(source="bank_report", verified=False)
        assert api("maker").get(f"/firms/{CODE}").json()["source"] == "bank_report"
        hidden = api("manager_angel").get(f"/firms/{CODE}")
        missing = api("manager_angel").get("/firms/91330483MA28AQK513")
        problem(hidden, 404, "not-found")
        same = [{k: v for k, v in said.json().items() if k != "request_id"} for said in (hidden, missing)]
        assert same[0] == same[1]
        assert api("manager_angel").get(f"/firms?q={CODE}").json()["data"] == []


class TestMonths:
    def test_one_proposes_and_another_closes(self, api: Speak) -> None:
        proposed = api("maker").post("/periods/2026-10/propose-close").json()
        assert (proposed["period"], proposed["state"], proposed["proposed_by"]) == (
            "2026-10",
            "close_proposed",
            "maker 某",
        )
        closed = api("approver").post("/periods/2026-10/close").json()
        assert (closed["state"], closed["closed_by"]) == ("closed", "approver 某")
        listed = {one["period"]: one["state"] for one in api("auditor").get("/months").json()["data"]}
        assert listed["2026-10"] == "closed"

    def test_twice_is_409(self, api: Speak) -> None:
        api("maker").post("/periods/2026-10/propose-close")
        api("approver").post("/periods/2026-10/close")
        problem(api("second_approver").post("/periods/2026-10/close"), 409, "month-closed")
        problem(api("maker").post("/periods/2026-10/propose-close"), 409, "month-closed")

    def test_not_by_whoever_proposed_it_even_in_another_role(self, api: Speak) -> None:
        speaker = api("maker")
        speaker.post("/periods/2026-10/propose-close")
        Person.objects.filter(username="maker").update(role="approver")
        problem(speaker.post("/periods/2026-10/close"), 403, "self-approval")
        assert MonthState.objects.get().closed_at is None

    def test_not_before_somebody_proposed_it(self, api: Speak) -> None:
        problem(api("approver").post("/periods/2026-10/close"), 409, "close-not-proposed")

    def test_not_before_it_is_over(self, api: Speak) -> None:
        problem(api("maker").post("/periods/2098-01/propose-close"), 409, "month-not-over")

    def test_not_before_anybody_reports(self, api: Speak) -> None:
        problem(api("maker").post("/periods/2023-01/propose-close"), 409, "month-before-reports")
        assert not MonthState.objects.exists()

    def test_not_out_of_turn(self, api: Speak) -> None:
        Organisation.objects.filter(code="bank-a").update(reports_since="2026-07-01")
        api("maker").post("/periods/2026-08/propose-close")
        api("approver").post("/periods/2026-08/close")
        for period in ("2026-07", "2026-10", "2023-01"):
            refused = api("maker").post(f"/periods/{period}/propose-close", Accept_Language="en")
            problem(refused, 409, "month-out-of-turn")
            assert refused.json()["detail"] == "Months are closed in turn: the next one is 2026-09"
        assert api("maker").post("/periods/2026-09/propose-close").json()["state"] == "close_proposed"


class TestPeople:
    NEW = {"username": "li.na", "full_name": "李娜", "organisation": "centre", "role": "approver"}

    def test_somebody_new_logs_in_with_what_was_shown_once(self, api: Speak) -> None:
        made = api("admin").post("/persons", self.NEW).json()
        assert made["otpauth_uri"] is None  # no second factor is asked for in this profile
        assert login.check("li.na", made["password"], code="", address="10.0.0.1", now=NOW).role == "approver"
        listed = api("admin").get("/persons").json()["data"]
        assert listed[0] == made["person"]
        assert "password" not in str(listed)

    def test_the_second_factor_is_shown_once_and_told_of_as_yes_or_no(
        self, api: Speak, settings: Any
    ) -> None:
        settings.TOTP_REQUIRED = True
        made = api("admin").post("/persons", self.NEW).json()
        assert made["otpauth_uri"].startswith("otpauth://totp/")
        listed = api("admin").get("/persons?limit=1").json()["data"][0]
        assert listed["second_factor"] is True
        assert Person.objects.get(username="li.na").totp_seed not in str(listed)

    @pytest.mark.parametrize(
        ("changes", "status", "code"),
        [
            ({"username": "maker"}, 409, "username-taken"),
            ({"username": "李娜"}, 422, "username-format"),
            ({"username": "a"}, 422, "username-format"),
            ({"username": "Li.Na"}, 422, "username-format"),
            ({"organisation": "nowhere"}, 422, "does_not_exist"),
            ({"organisation": "bank-a"}, 422, "role-not-of-organisation"),
            ({"role": "god"}, 422, "invalid_choice"),
            ({"password": "Chosen-By-The-Admin-1"}, 422, "unknown-field"),
            ({"is_active": False}, 422, "unknown-field"),
        ],
    )
    def test_a_wrong_person_is_refused(
        self, api: Speak, changes: dict[str, Any], status: int, code: str
    ) -> None:
        problem(api("admin").post("/persons", {**self.NEW, **changes}), status, code)

    def test_a_disabled_person_is_out_at_once(self, api: Speak) -> None:
        speaker = api("bank_a")
        assert api("admin").post("/persons/bank_a/disable").json()["is_active"] is False
        assert speaker.get("/whoami").status_code == 401

    def test_the_administrator_does_not_disable_themselves(self, api: Speak) -> None:
        problem(api("admin").post("/persons/admin/disable"), 409, "cannot-disable-oneself")

    def test_a_lock_is_shown_and_lifted(self, api: Speak) -> None:
        LoginFailure.objects.create(subject="user:maker", failures=5, window_started_at=NOW, locked_until=NOW)
        listed = {one["username"]: one for one in api("admin").get("/persons").json()["data"]}
        assert listed["maker"]["locked_until"] == "2026-11-05T09:30:00+08:00"
        assert listed["approver"]["locked_until"] is None
        assert api("admin").post("/persons/maker/unlock").json()["locked_until"] is None

    def test_lost_credentials_are_renewed(self, api: Speak) -> None:
        made = api("admin").post("/persons/maker/renew").json()
        assert login.check("maker", made["password"], code="", address="10.0.0.1", now=NOW)

    @pytest.mark.parametrize("act", ["disable", "unlock", "renew"])
    def test_somebody_unknown_is_not_found(self, api: Speak, act: str) -> None:
        problem(api("admin").post(f"/persons/nobody/{act}"), 404, "not-found")

    def test_the_list_asks_no_query_per_person(self, api: Speak, django_assert_max_num_queries: Any) -> None:
        speaker = api("admin")
        speaker.get("/persons")
        with django_assert_max_num_queries(9):
            assert len(speaker.get("/persons").json()["data"]) == len(PEOPLE)


class TestOrganisations:
    NEW = {
        "code": "bank-c",
        "kind": "bank",
        "name": "丙银行",
        "name_en": "Bank C",
        "reports_since": "2026-11",
    }

    def test_a_new_bank_is_listed_and_gets_its_people(self, api: Speak) -> None:
        assert api("admin").post("/organisations", self.NEW).json() == self.NEW
        assert api("admin").get("/organisations?limit=1").json()["data"] == [self.NEW]
        person = {"username": "bank.c", "full_name": "丙", "organisation": "bank-c", "role": "bank"}
        assert api("admin").post("/persons", person).status_code == 201

    @pytest.mark.parametrize(
        ("changes", "status", "code"),
        [
            ({"code": "bank-a"}, 409, "organisation-exists"),
            ({"code": "Bank C"}, 422, "code-format"),
            ({"kind": "casino"}, 422, "invalid_choice"),
            ({"reports_since": "2026-13"}, 422, "month-format"),
        ],
    )
    def test_a_wrong_one_is_refused(
        self, api: Speak, changes: dict[str, Any], status: int, code: str
    ) -> None:
        problem(api("admin").post("/organisations", {**self.NEW, **changes}), status, code)


class TestKeys:
    def body(self, **changes: Any) -> dict[str, Any]:
        return {"username": "bank_a", "expires_on": "2027-01-31", **changes}

    def test_a_key_is_shown_once_and_acts_for_its_owner(self, api: Speak) -> None:
        made = api("admin").post("/api-keys", self.body()).json()
        assert made["key"]["expires_at"] == "2027-02-01T00:00:00+08:00"
        assert Api(made["token"]).get("/whoami").json()["username"] == "bank_a"
        listed = api("admin").get("/api-keys?username=bank_a").json()["data"]
        assert [one["key_id"] for one in listed] == [made["key"]["key_id"]]
        assert made["token"].rsplit("_", 1)[1] not in str(listed)

    def test_two_at_most_so_that_one_can_be_replaced(self, api: Speak) -> None:
        first, second = (api("admin").post("/api-keys", self.body()).json() for _ in range(2))
        problem(api("admin").post("/api-keys", self.body()), 409, "two-keys-at-most")
        revoked = api("admin").post(f"/api-keys/{first['key']['key_id']}/revoke").json()
        assert revoked["revoked_at"]
        assert Api(first["token"]).get("/whoami").status_code == 401
        assert Api(second["token"]).get("/whoami").status_code == 200
        assert api("admin").post("/api-keys", self.body()).status_code == 201

    @pytest.mark.parametrize(
        ("changes", "status", "code"),
        [
            ({"expires_on": "2028-12-31"}, 422, "key-lives-too-long"),
            ({"expires_on": "2026-01-01"}, 422, "key-lives-too-long"),
            ({"expires_on": "9998-12-31"}, 422, "key-lives-too-long"),
            ({"username": "nobody"}, 404, "not-found"),
            ({"live": True}, 422, "unknown-field"),
        ],
    )
    def test_a_wrong_one_is_refused(
        self, api: Speak, changes: dict[str, Any], status: int, code: str
    ) -> None:
        problem(api("admin").post("/api-keys", self.body(**changes)), status, code)
        assert not ApiKey.objects.filter(person__username="bank_a").exists()

    def test_an_unknown_key_is_not_found(self, api: Speak) -> None:
        problem(api("admin").post("/api-keys/000000000000/revoke"), 404, "not-found")

    def test_for_a_disabled_person_there_is_none(self, api: Speak) -> None:
        api("admin").post("/persons/bank_a/disable")
        problem(api("admin").post("/api-keys", self.body()), 409, keys.OwnerDisabled.code)


class TestTheTrail:
    def test_it_is_read_newest_first_and_by_subject(self, api: Speak) -> None:
        api("maker").post("/periods/2026-10/propose-close")
        api("approver").post("/periods/2026-10/close")
        speaker = api("auditor")
        mine = speaker.get("/audit?subject=month:2026-10").json()["data"]
        assert [one["action"] for one in mine] == ["month.close", "month.propose_close"]
        assert mine[0]["actor"] == "approver approver 某"
        newest, before = speaker.get("/audit?limit=2").json()["data"]
        assert newest["prev_hash"] == before["hash"]
        assert [one["action"] for one in speaker.get("/audit?action=month.close").json()["data"]] == [
            "month.close"
        ]

    def test_reading_it_writes_nothing_into_it(self, api: Speak) -> None:
        speaker = api("auditor")
        before = AuditEntry.objects.count()
        speaker.get("/audit")
        assert AuditEntry.objects.count() == before


class TestJobs:
    def make(self, cast: Cast, **facts: Any) -> Job:
        return Job.objects.create(
            **{
                "kind": "month",
                "dedupe_key": "x",
                "requested_by": cast["maker"],
                "payload": {"canary": 1},
                **facts,
            }
        )

    def test_a_job_tells_how_it_stands_and_not_what_it_was_given(self, api: Speak, cast: Cast) -> None:
        job = self.make(cast, progress={"rows_read": 3})
        shown = api("maker").get(f"/jobs/{job.pk}").json()
        assert (shown["state"], shown["requested_by"], shown["progress"]) == (
            "queued",
            "maker",
            {"rows_read": 3},
        )
        assert "canary" not in str(shown)

    def test_a_refusal_is_told_in_the_readers_language(self, api: Speak, cast: Cast) -> None:
        job = self.make(
            cast, state="failed", error={"code": "not-found", "zh": "没有找到", "en": "Not found"}
        )
        for language, words in (("en", "Not found"), ("zh", "没有找到")):
            error = api("maker").get(f"/jobs/{job.pk}", Accept_Language=language).json()["error"]
            assert error == {"code": "not-found", "message": words}

    def test_a_traceback_is_for_nobody_outside(self, api: Speak, cast: Cast) -> None:
        job = self.make(
            cast, state="failed", error={"code": "internal-error", "en": "secret()", "trace": "secret"}
        )
        shown = api("admin").get(f"/jobs/{job.pk}")
        assert shown.json()["error"]["code"] == "internal-error"
        assert "secret" not in shown.content.decode()

    def test_they_are_listed_by_kind_and_state(self, api: Speak, cast: Cast) -> None:
        job = self.make(cast, state="failed")
        self.make(cast, kind="publish", dedupe_key="y")
        rows = api("maker").get("/jobs?state=failed&kind=month").json()["data"]
        assert [row["id"] for row in rows] == [str(job.pk)]
