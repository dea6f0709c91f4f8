"""The request log: what each organisation has asked, whatever became of it, and nothing of what it sent."""

from __future__ import annotations

import shlex
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from finance_hub.kernel import requests
from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.models import RequestRecord
from finance_hub.kernel.scoping import within
from tests.cast import Api, Cast

Speak = Callable[[str], Api]
LOG = "/request-log"


def log(speaker: Api, query: str = "") -> list[dict[str, Any]]:
    """What was in the log when it was asked for, newest first."""
    answer = speaker.get(f"{LOG}{query}")
    assert answer.status_code == 200, answer.content
    data: list[dict[str, Any]] = answer.json()["data"]
    return data


def everything() -> list[RequestRecord]:
    with within(EVERYTHING):
        return list(RequestRecord.objects.select_related("organisation").order_by("pk"))


class TestACall:
    def test_is_noted_with_what_it_was_and_how_it_ended(self, api: Speak, cast: Cast) -> None:
        said = api("bank_a").get("/whoami?x=%E9%93%B6")
        [row] = log(api("bank_a"))
        assert row.pop("at") is not None
        assert 0 <= row.pop("milliseconds") < 10_000
        assert row == {
            "request_id": said.headers["Request-Id"], "organisation": "bank-a", "method": "GET",
            "path": "/api/v1/whoami?x=%E9%93%B6", "status": 200, "problem": None, "bytes_in": 0,
            "key_id": cast.key("bank_a").split("_")[2], "idempotency_key": None, "address": "127.0.0.1",
        }  # fmt: skip

    def test_that_was_refused_is_noted_with_its_problem_though_its_work_was_undone(self, api: Speak) -> None:
        said = api("bank_a").post("/loan-report-batches", {"period": "2026-10"}, key="key-1")
        assert said.status_code == 422
        [row] = log(api("bank_a"))
        assert (row["status"], row["problem"], row["idempotency_key"]) == (422, "invalid-fields", "key-1")
        assert row["bytes_in"] == len('{"period": "2026-10"}')

    @pytest.mark.parametrize(
        ("method", "path", "status", "problem"),
        [
            ("GET", "/audit", 403, "forbidden"),
            ("DELETE", "/whoami", 405, "method-not-allowed"),
            ("GET", "/contracts/none", 404, "not-found"),
            ("POST", "/loan-report-batches/none/submit", 400, "idempotency-key-missing"),
            ("HEAD", "/whoami", 200, None),
        ],
    )
    def test_of_any_kind_is_noted(
        self, api: Speak, method: str, path: str, status: int, problem: str | None
    ) -> None:
        assert api("bank_a").send(method, path).status_code == status
        [row] = log(api("bank_a"))
        assert (row["method"], row["path"]) == (method, f"/api/v1{path}")
        assert (row["status"], row["problem"]) == (status, problem)

    def test_of_a_defect_is_noted(self, api: Speak, monkeypatch: pytest.MonkeyPatch) -> None:
        speaker = api("bank_a")
        with monkeypatch.context() as broken:
            broken.setattr("loans.queries.contracts", lambda: 1 / 0)
            assert speaker.get("/contracts").status_code == 500
        assert [row["problem"] for row in log(speaker)] == ["internal-error"]

    def test_comes_from_where_the_proxies_say(self, api: Speak, settings: Any) -> None:
        settings.TRUSTED_PROXIES = 1
        api("bank_a").get("/whoami", X_Forwarded_For="1.2.3.4, 2001:db8::7")
        settings.TRUSTED_PROXIES = 0
        assert log(api("bank_a"))[0]["address"] == "2001:db8::7"

    def test_with_hostile_headers_is_answered_and_noted(self, api: Speak) -> None:
        speaker = api("bank_a")
        said = speaker.client.get(
            "/api/v1/whoami?q=" + "x" * 5_000,
            headers={**speaker.headers, "Idempotency-Key": "k" * 1_000, "X-Forwarded-For": "no address"},
            CONTENT_LENGTH="9" * 6_000,
        )
        assert said.status_code == 200
        [row] = log(speaker)
        assert (len(row["path"]), len(row["idempotency_key"])) == (4096, 255)

    def test_leaves_nothing_of_its_body_or_its_secret(self, api: Speak, cast: Cast) -> None:
        api("bank_a").post("/loan-report-batches", {"canary": "CANARY-7731"})
        api("bank_a").put("/loan-report-batches/none/content", b"CANARY-7731")
        secret = cast.key("bank_a").rsplit("_", 1)[1]
        with within(EVERYTHING), connection.cursor() as cursor:
            cursor.execute("SELECT r::text FROM kernel_requestrecord r")
            rows = str(cursor.fetchall())
        assert len(everything()) == 2
        assert "CANARY" not in rows
        assert secret not in rows

    def test_of_a_stranger_or_with_a_wrong_key_leaves_nothing(self, api: Speak, cast: Cast) -> None:
        api("").get("/whoami")
        Api(cast.key("bank_a")[:-1] + "!").get("/whoami")
        Api("fsk_test_" + "A" * 12 + "_" + "B" * 43).get("/whoami")
        Client().get("/login")
        assert everything() == []

    def test_belongs_to_its_own_organisation_however_many_were_noted_before(self, api: Speak) -> None:
        for _ in range(8):  # after some times PostgreSQL keeps the plan
            for name in ("bank_a", "bank_b"):
                api(name).get(f"/whoami?of={name}")
        assert [row.organisation.code for row in everything()] == ["bank-a", "bank-b"] * 8


class TestReading:
    def test_each_organisation_reads_its_own_alone(self, api: Speak) -> None:
        for name in ("bank_a", "bank_b", "guarantor_a", "manager_angel", "department", "maker"):
            api(name).get(f"/whoami?of={name}")
        for name in ("bank_a", "bank_b", "guarantor_a", "manager_angel", "department"):
            assert [row["path"] for row in log(api(name))] == [f"/api/v1/whoami?of={name}"]

    def test_the_centre_reads_all_and_each(self, api: Speak) -> None:
        api("bank_a").get("/whoami")
        api("bank_b").get("/whoami")
        assert [row["organisation"] for row in log(api("maker"))] == ["bank-b", "bank-a"]
        [one] = log(api("auditor"), "?organisation=bank-a")
        assert one["organisation"] == "bank-a"
        assert log(api("approver"), "?organisation=nobody") == []

    def test_another_organisation_is_as_none(self, api: Speak) -> None:
        api("bank_a").get("/whoami")
        assert log(api("bank_b"), "?organisation=bank-a") == log(api("bank_b"), "?organisation=nobody") == []

    def test_the_administrator_of_the_system_reads_none(self, api: Speak) -> None:
        assert api("admin").get(LOG).status_code == 403

    def test_by_status_class_and_problem(self, api: Speak) -> None:
        speaker = api("bank_a")
        speaker.get("/whoami")
        speaker.get("/audit")
        speaker.get("/contracts/none")
        with_query = {
            query: sorted(row["status"] for row in log(api("maker"), f"?organisation=bank-a&{query}"))
            for query in ("status=4xx", "status=404", "status=2xx", "status=500", "problem=forbidden",
                          "status=4xx&problem=not-found", "problem=nonsense")
        }  # fmt: skip
        assert with_query == {
            "status=4xx": [403, 404], "status=404": [404], "status=2xx": [200], "status=500": [],
            "problem=forbidden": [403], "status=4xx&problem=not-found": [404], "problem=nonsense": [],
        }  # fmt: skip

    @pytest.mark.parametrize("status", ["0", "44", "4444", "6xx", "4XX", "xx", "４０４", "4xx ", "-1"])
    def test_a_status_that_is_none_is_refused(self, api: Speak, status: str) -> None:
        said = api("bank_a").get(f"{LOG}?status={status}")
        assert (said.status_code, said.json()["errors"][0]["code"]) == (422, "status-format")

    def test_page_by_page_while_it_grows(self, api: Speak) -> None:
        speaker = api("bank_a")
        for number in range(5):
            speaker.get(f"/whoami?n={number}")
        first = speaker.get(f"{LOG}?limit=3").json()
        then = speaker.get(f"{LOG}?limit=3&cursor={first['next_cursor']}").json()
        paths = [row["path"] for row in [*first["data"], *then["data"]]]
        assert paths == [f"/api/v1/whoami?n={number}" for number in range(4, -1, -1)]

    def test_the_list_asks_no_query_per_row(self, api: Speak, django_assert_max_num_queries: Any) -> None:
        for _ in range(20):
            api("bank_a").get("/whoami")
        speaker = api("maker")
        speaker.get("/whoami")
        with django_assert_max_num_queries(9):
            assert len(log(speaker)) == 21


class TestOneCall:
    def test_comes_with_a_command_that_repeats_it_without_the_secret(self, api: Speak, cast: Cast) -> None:
        hostile = "/contracts/a%27;%20rm%20-rf%20~;%20$(x)?q='$(id)'"
        said = api("bank_a").get(hostile)
        shown = api("bank_a").get(f"{LOG}/{said.headers['Request-Id']}").json()
        words = shlex.split(shown["curl"])
        assert words[:4] == ["curl", "--request", "GET", f"http://testserver{shown['path']}"]
        key_id = cast.key("bank_a").split("_")[2]
        assert words[4:] == ["--header", f"Authorization: Bearer fsk_test_{key_id}_SECRET"]
        assert cast.key("bank_a").rsplit("_", 1)[1] not in shown["curl"]

    def test_with_a_body_names_a_file_and_its_own_idempotency_key(self, api: Speak) -> None:
        said = api("bank_a").post("/loan-report-batches", {"a": 1}, key="it's-1")
        words = shlex.split(api("bank_a").get(f"{LOG}/{said.headers['Request-Id']}").json()["curl"])
        assert "Idempotency-Key: it's-1" in words
        assert "Content-Type: application/json" in words
        assert words[-2:] == ["--data-binary", "@BODY"]

    def test_of_another_is_exactly_as_one_that_never_was(self, api: Speak) -> None:
        theirs, none = api("bank_b").get("/whoami").headers["Request-Id"], str(uuid.uuid4())
        mine = str(uuid.uuid4())
        said = [api("bank_a").get(f"{LOG}/{one}", X_Request_Id=mine) for one in (theirs, none)]
        assert [one.status_code for one in said] == [404, 404]
        assert said[0].content == said[1].content

    def test_that_bears_a_used_id_is_the_latest(self, api: Speak) -> None:
        mine = str(uuid.uuid4())
        for number in range(2):
            api("bank_a").get(f"/whoami?n={number}", X_Request_Id=mine)
        assert api("bank_a").get(f"{LOG}/{mine}").json()["path"] == "/api/v1/whoami?n=1"


class TestKeeping:
    def test_what_is_older_than_400_days_is_forgotten(self, api: Speak, cast: Cast) -> None:
        now = timezone.now()
        for number in range(3):
            api("bank_a").get(f"/whoami?n={number}")
        ages = [timedelta(days=401), timedelta(days=400, seconds=1), timedelta(days=400)]
        with within(EVERYTHING):
            for row, age in zip(everything(), ages, strict=True):
                RequestRecord.objects.filter(pk=row.pk).update(at=now - age)
        assert requests.forget(now=now) == 2
        assert [row.path for row in everything()] == ["/api/v1/whoami?n=2"]
        assert requests.forget(now=now) == 0

    def test_the_clock_does_it(self, api: Speak, settings: Any) -> None:
        from finance_hub.celery import app, chore

        scheduled = {tuple(entry.get("args", ())) for entry in app.conf.beat_schedule.values()}
        assert {(name,) for name in settings.CHORES} <= scheduled
        for name in settings.CHORES:
            chore(name)


class TestWithoutTheLog:
    @pytest.fixture
    def _closed(self, committed: Cast, owner_connection: Any) -> Iterator[None]:
        role = connection.settings_dict["USER"]
        owner_connection.execute(f'REVOKE INSERT ON kernel_requestrecord FROM "{role}"')
        yield
        owner_connection.execute(f'GRANT INSERT ON kernel_requestrecord TO "{role}"')

    @pytest.mark.usefixtures("_closed")
    def test_the_work_goes_on_and_says_so(self, committed: Cast, caplog: pytest.LogCaptureFixture) -> None:
        said = Api(committed.key("bank_a")).get("/whoami")
        assert said.status_code == 200
        assert f"{said.headers['Request-Id']} is not in the log" in caplog.text
        assert everything() == []

    def test_a_scope_set_for_the_log_ends_with_it(self, committed: Cast) -> None:
        Api(committed.key("bank_a")).get("/whoami")
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT current_setting('app.organisation', true), current_setting('synchronous_commit'),"
                " (SELECT count(*) FROM kernel_requestrecord)"
            )
            scope, waits, seen = cursor.fetchone()
        assert (scope or "", waits, seen) == ("", "on", 0)
        assert len(everything()) == 1
