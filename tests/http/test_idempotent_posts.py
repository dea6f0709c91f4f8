"""Every POST takes effect once per key; a refused one may be corrected under the same key."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from finance_hub.kernel import firms, idempotency
from finance_hub.kernel.models import ApiKey, Firm, FirmName, IdempotencyKey, Person
from tests.cast import Api, Cast
from tests.kernel.threads import at_once

Speak = Callable[[str], Api]
FIRM = {"uscc": "91330483MA2B9PTN02", "name": "桐乡示例科技股份有限公司"}
OTHER = {"uscc": "91330483MA28AQK513", "name": "另一企业"}


class TestReplaying:
    def test_the_same_request_gets_the_same_bytes_and_does_nothing(self, api: Speak) -> None:
        first = api("maker").post("/firms", FIRM, key="k")
        again = api("maker").post("/firms", json.dumps(FIRM, indent=3), key='"k"')
        assert (first.status_code, again.status_code) == (201, 201)
        assert first.content == again.content
        assert "Idempotent-Replayed" not in first.headers
        assert again.headers["Idempotent-Replayed"] == "true"
        assert [again.headers[name] for name in ("Location", "ETag")] == [
            first.headers[name] for name in ("Location", "ETag")
        ]
        assert Firm.objects.count() == FirmName.objects.count() == 1

    def test_another_body_under_the_key_is_told_what_differs(self, api: Speak) -> None:
        first = api("maker").post("/firms", FIRM, key="k")
        said = api("maker").post("/firms", OTHER, key="k")
        assert (said.status_code, said.json()["code"]) == (422, "idempotency-key-reused")
        assert said.json()["original_request_id"] == first.headers["Request-Id"]
        assert "body" in said.json()["detail"]

    def test_another_path_under_the_key_is_told_so(self, api: Speak) -> None:
        api("maker").post("/firms", FIRM, key="k")
        said = api("maker").post(
            f"/firms/{FIRM['uscc']}/names", {"name": "x", "valid_from": "2026-01-01"}, key="k"
        )
        assert said.status_code == 422
        assert "path" in said.json()["detail"]

    def test_a_key_belongs_to_its_person(self, api: Speak, cast: Cast) -> None:
        api("maker").post("/firms", FIRM, key="k")
        assert api("admin").post(f"/persons/{cast['bank_a'].username}/unlock", key="k").status_code == 200

    def test_an_old_answer_is_not_replayed_to_whom_the_act_is_no_longer_allowed(self, api: Speak) -> None:
        api("maker").post("/firms", FIRM, key="k")
        Person.objects.filter(username="maker").update(role="auditor")
        assert api("maker").post("/firms", FIRM, key="k").status_code == 403

    @pytest.mark.parametrize("key", ["a b", "é", "x" * 256, '""'])
    def test_a_malformed_key_is_400(self, api: Speak, key: str) -> None:
        said = api("maker").post("/firms", FIRM, key=key)
        assert (said.status_code, said.json()["code"]) == (400, "idempotency-key-malformed")

    def test_a_missing_key_is_400_and_does_nothing(self, api: Speak) -> None:
        said = api("maker").post("/firms", FIRM, key="")
        assert (said.status_code, said.json()["code"]) == (400, "idempotency-key-missing")
        assert not Firm.objects.exists()


class TestRefusals:
    def test_a_refused_request_leaves_its_key_to_the_corrected_one(self, api: Speak) -> None:
        assert api("maker").post("/firms", {**FIRM, "name": ""}, key="k").status_code == 422
        assert not IdempotencyKey.objects.exists()
        assert api("maker").post("/firms", FIRM, key="k").status_code == 201

    def test_a_defect_undoes_the_work_and_frees_the_key(
        self, api: Speak, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        speaker = api("maker")
        with monkeypatch.context() as broken:
            broken.setattr(firms, "find", lambda *_, **__: 1 / 0)
            assert speaker.post("/firms", FIRM, key="k").status_code == 500
        assert not Firm.objects.exists()
        assert speaker.post("/firms", FIRM, key="k").status_code == 201

    def test_a_request_that_died_is_taken_over_after_its_lease(self, api: Speak, cast: Cast) -> None:
        claimed = {
            "person": cast["maker"], "key": "k", "method_path": "POST /api/v1/firms",
            "body_sha256": idempotency.fingerprint(FIRM), "request_id": "req_dead",
        }  # fmt: skip
        idempotency.claim(**claimed)
        said = api("maker").post("/firms", FIRM, key="k")
        assert (said.status_code, said.json()["code"]) == (409, "idempotency-in-progress")
        assert (said.headers["Retry-After"], said.json()["retryable"]) == ("2", True)
        IdempotencyKey.objects.update(lease_until="2026-01-01T00:00:00Z")
        assert api("maker").post("/firms", FIRM, key="k").status_code == 201

    def test_whoever_lost_the_lease_in_the_middle_commits_nothing(
        self, api: Speak, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        speaker, register = api("maker"), firms.register

        def slow(**facts: Any) -> Firm:
            IdempotencyKey.objects.update(attempt=2)  # another request took over meanwhile
            return register(**facts)

        monkeypatch.setattr(firms, "register", slow)
        said = speaker.post("/firms", FIRM, key="k")
        assert (said.status_code, said.json()["code"]) == (409, "idempotency-in-progress")
        assert not Firm.objects.exists()


class TestManyAtOnce:
    def test_of_fifty_with_one_key_one_works_and_nobody_waits(
        self, committed: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        token, register = committed.key("maker"), firms.register

        def slow(**facts: Any) -> Firm:
            made = register(**facts)
            time.sleep(1)
            return made

        monkeypatch.setattr(firms, "register", slow)
        said = at_once(50, lambda _: Api(token).post("/firms", FIRM, key="same"))
        fresh = [one for one in said if one.status_code == 201 and "Idempotent-Replayed" not in one.headers]
        others = {one.status_code for one in said} - {201}
        assert len(fresh) == 1
        assert others <= {409}
        assert Firm.objects.count() == 1
        assert Api(token).post("/firms", FIRM, key="same").content == fresh[0].content

    def test_of_eight_with_eight_keys_one_registers(self, committed: Cast) -> None:
        token = committed.key("maker")
        said = at_once(8, lambda number: Api(token).post("/firms", FIRM, key=f"k{number}").status_code)
        assert sorted(said) == [201] + [409] * 7


class TestSecrets:
    def test_a_replay_shows_no_secret_and_the_database_keeps_none(self, api: Speak) -> None:
        body = {"username": "bank_a", "expires_on": "2027-01-31"}
        first, again = (api("admin").post("/api-keys", body, key="k") for _ in range(2))
        token = first.json()["token"]
        assert Api(token).get("/whoami").json()["username"] == "bank_a"
        assert again.headers["Idempotent-Replayed"] == "true"
        assert again.json() == {**first.json(), "token": None}
        secret = token.rsplit("_", 1)[1]
        assert ApiKey.objects.filter(person__username="bank_a").count() == 1
        with connection.cursor() as cursor:
            cursor.execute("SELECT k::text FROM kernel_idempotencykey k")
            assert secret not in str(cursor.fetchall())

    def test_nor_the_password_of_somebody_new(self, api: Speak) -> None:
        body = {"username": "li.na", "full_name": "李娜", "organisation": "centre", "role": "approver"}
        first, again = (api("admin").post("/persons", body, key="k") for _ in range(2))
        assert len(first.json()["password"]) >= 20
        assert again.json()["password"] is None
        with connection.cursor() as cursor:
            cursor.execute("SELECT k::text FROM kernel_idempotencykey k")
            assert first.json()["password"] not in str(cursor.fetchall())
