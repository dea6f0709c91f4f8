"""What every answer has in common: methods, languages, ids, headers, and no detail for strangers."""

from __future__ import annotations

import json
import logging
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client

from finance_hub.kernel.models import Firm
from finance_hub.rest import errors
from finance_hub.rest.logs import OneLine
from tests.cast import Api

Speak = Callable[[str], Api]


class TestMethods:
    @pytest.mark.parametrize(
        "method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "FOO"]
    )
    def test_one_that_is_not_declared_is_405_with_those_that_are(self, api: Speak, method: str) -> None:
        said = api("bank_a").send(method, "/whoami")
        assert (said.status_code, said.json()["code"]) == (405, "method-not-allowed")
        assert said.headers["Allow"] == "GET, HEAD"

    @pytest.mark.parametrize("method", ["POST", "DELETE", "OPTIONS", "TRACE", "FOO"])
    def test_strangers_learn_nothing_from_a_method(self, api: Speak, method: str) -> None:
        assert api("").send(method, "/whoami").status_code == 401

    def test_head_is_get_without_the_body(self, api: Speak) -> None:
        got, headed = api("bank_a").get("/whoami"), api("bank_a").send("HEAD", "/whoami")
        assert (headed.status_code, headed.content) == (200, b"")
        assert headed.headers["Content-Type"] == got.headers["Content-Type"]

    def test_head_is_refused_where_get_is(self, api: Speak) -> None:
        assert api("bank_a").send("HEAD", "/audit").status_code == 403
        assert api("").send("HEAD", "/whoami").status_code == 401


class TestWhatIsNotThere:
    PATHS = ("/", "/nope", "/whoami/", "/WHOAMI", "/firms/x/y/z", "/whoami.json", "/%00", "/../admin")

    @pytest.mark.parametrize("path", PATHS)
    @pytest.mark.parametrize("who", ["", "maker"])
    def test_is_a_problem_and_no_page(self, api: Speak, who: str, path: str) -> None:
        said = api(who).get(path)
        assert (said.status_code, said.json()["code"]) == (404, "not-found")
        assert said.headers["Content-Type"] == "application/problem+json"

    @pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "FOO"])
    def test_for_every_method(self, api: Speak, method: str) -> None:
        assert api("").send(method, "/nope").json()["code"] == "not-found"

    @pytest.mark.parametrize("path", ["/api", "/api/", "/api/v2/whoami"])
    def test_also_beside_the_version(self, db: None, path: str) -> None:
        assert Client().get(path).json()["code"] == "not-found"

    def test_and_nobody_is_redirected_to_it(self, api: Speak) -> None:
        assert api("maker").get("/firms/").status_code == 404


class TestLanguages:
    @pytest.mark.parametrize(
        ("wanted", "language"),
        [
            ("", "zh-Hans"),
            ("zh-CN", "zh-Hans"),
            ("en", "en"),
            ("en-GB,en;q=0.9", "en"),
            ("EN", "en"),
            ("zh;q=0.3, en;q=0.8", "en"),
            ("en;q=0.3, zh;q=0.8", "zh-Hans"),
            ("fr, en;q=0.5", "en"),
            ("fr, de", "zh-Hans"),
            ("en;q=0", "zh-Hans"),
            ("*", "zh-Hans"),
            ("en;q=nonsense", "zh-Hans"),
            ("english", "zh-Hans"),
            (",,;;q=q", "zh-Hans"),
            ("en;q=1e9,zh", "zh-Hans"),
        ],
    )
    def test_the_preferred_of_the_two_is_spoken(self, api: Speak, wanted: str, language: str) -> None:
        said = api("").get("/whoami", Accept_Language=wanted)
        title = {"en": "The request carries no API key", "zh-Hans": "请求未带接口密钥"}[language]
        assert (said.json()["title"], said.headers["Content-Language"]) == (title, language)

    def test_the_code_is_the_same_in_both(self, api: Speak) -> None:
        both = [api("bank_a").get("/audit", Accept_Language=tag).json() for tag in ("en", "zh")]
        assert both[0]["code"] == both[1]["code"] == "forbidden"
        assert both[0]["title"] != both[1]["title"]


class TestEveryAnswer:
    def test_has_a_request_id_and_echoes_a_uuid(self, api: Speak) -> None:
        mine = str(uuid.uuid4())
        assert api("bank_a").get("/whoami", X_Request_Id=mine).headers["Request-Id"] == mine
        said = api("").get("/whoami", X_Request_Id=mine)
        assert said.json()["request_id"] == said.headers["Request-Id"] == mine

    @pytest.mark.parametrize("given", ["", "x", "1; DROP", "a" * 500, "{" + str(uuid.UUID(int=0)) + "}x"])
    def test_takes_no_other_id_from_a_stranger(self, api: Speak, given: str) -> None:
        assert api("").get("/whoami", X_Request_Id=given).headers["Request-Id"].startswith("req_")

    @pytest.mark.parametrize("path", ["/whoami", "/nope", "/audit"])
    def test_is_kept_by_no_cache_and_sniffed_by_no_browser(self, api: Speak, path: str) -> None:
        headers = api("bank_a").get(path).headers
        assert headers["Cache-Control"] == "no-store"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Environment"] == "test"

    def test_refuses_a_format_it_does_not_have(self, api: Speak) -> None:
        said = api("bank_a").get("/whoami", Accept="text/html")
        assert (said.status_code, said.json()["code"]) == (406, "not-acceptable")

    def test_leaves_the_word_format_to_the_operations(self, api: Speak) -> None:
        assert api("bank_a").get("/whoami?format=csv").status_code == 200

    def test_names_its_problem_by_a_page_that_is_there(self, api: Speak) -> None:
        problem = api("bank_a").get("/audit").json()
        assert set(problem) == {"type", "code", "status", "title", "detail", "retryable", "request_id"}
        assert Client().get(problem["type"], headers=api("bank_a").headers).json()["code"] == "forbidden"

    def test_is_503_with_a_time_to_come_back_while_the_database_is_away(
        self, api: Speak, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        speaker = api("maker")

        def away(*_: Any, **__: Any) -> None:
            raise OperationalError("the database system is shutting down")

        monkeypatch.setattr("finance_hub.kernel.firms.search", away)
        said = speaker.get("/firms")
        assert (said.status_code, said.json()["code"]) == (503, "temporarily-unavailable")
        assert (said.headers["Retry-After"], said.json()["retryable"]) == ("5", True)
        assert "shutting down" not in said.content.decode()

    def test_tells_nothing_of_a_defect_but_its_id(
        self, api: Speak, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        speaker = api("maker")

        def broken(*_: Any, **__: Any) -> None:
            raise RuntimeError("the secret of the house")

        monkeypatch.setattr("finance_hub.kernel.firms.search", broken)
        said = speaker.get("/firms?q=who")
        assert (said.status_code, said.json()["code"]) == (500, "internal-error")
        assert "secret" not in said.content.decode()
        assert "the secret of the house" in caplog.text

    def test_plain_http_is_refused_in_production_and_never_redirected(self, db: None, settings: Any) -> None:
        settings.IN_PRODUCTION = True
        for path in ("/api/v1/whoami", "/login", "/api/v1/openapi.json"):
            said = Client().get(path)
            assert (said.status_code, said.json()["code"]) == (403, "https-required")
        assert Client().get("/healthz").status_code == 200


class TestLogs:
    def test_a_line_cannot_be_forged(self) -> None:
        record = logging.LogRecord("x", logging.INFO, "", 0, 'a\n{"level":"ERROR"}\r\x00 %s', ("b\nc",), None)
        line = OneLine().format(record)
        assert "\n" not in line
        assert json.loads(line)["message"].endswith("b\nc")

    def test_no_key_is_ever_written(self, api: Speak, caplog: pytest.LogCaptureFixture) -> None:
        speaker = api("maker")
        secret = speaker.headers["Authorization"].rsplit("_", 1)[1]
        with caplog.at_level(logging.DEBUG):
            speaker.get("/firms")
            speaker.post("/firms", {"uscc": "x"})
            Client(raise_request_exception=False).get(f"/api/v1/whoami?api_key=fsk_test_x_{secret}")
        assert secret not in caplog.text.replace(f"api_key=fsk_test_x_{secret}", "")

    def test_an_error_log_has_the_path_without_its_query(
        self, api: Speak, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        monkeypatch.setattr("finance_hub.kernel.firms.search", lambda *_, **__: 1 / 0)
        api("maker").get("/firms?q=canary")
        assert "canary" not in "".join(r.getMessage() for r in caplog.records if r.name == errors.__name__)


class TestHealth:
    def test_the_process_answers_anybody(self, db: None) -> None:
        assert Client().get("/healthz").json() == {"status": "ok"}

    def test_readiness_names_what_is_away_without_detail(self, db: None, settings: Any) -> None:
        settings.REDIS_URL = "redis://127.0.0.1:1/0"
        said = Client().get("/readyz")
        assert (said.status_code, said.json()) == (503, {"status": "unavailable", "faults": ["broker"]})

    @pytest.mark.parametrize("method", ["post", "put", "delete"])
    def test_they_are_only_read(self, db: None, method: str) -> None:
        assert getattr(Client(enforce_csrf_checks=False), method)("/healthz").status_code == 405

    def test_metrics_are_for_this_machine_or_the_bearer_of_the_token(self, db: None, settings: Any) -> None:
        assert b"finance_hub_jobs" in Client().get("/metrics").content
        assert Client().get("/metrics", REMOTE_ADDR="10.0.0.7").status_code == 404
        settings.METRICS_TOKEN = "scraper"
        assert Client().get("/metrics").status_code == 404
        assert Client().get("/metrics", headers={"Authorization": "Bearer scraper"}).status_code == 200
        assert Client().get("/metrics", headers={"Authorization": "Bearer Scraper"}).status_code == 404

    def test_a_method_made_up_makes_up_no_series(self, api: Speak) -> None:
        for number in range(5):
            api("").send(f"MADEUP{number}", "/whoami")
        assert b"MADEUP" not in Client().get("/metrics").content


def test_a_read_changes_nothing(api: Speak) -> None:
    before = Firm.objects.count()
    for path in ("/firms", "/months", "/jobs", "/whoami", "/problems"):
        assert api("maker").get(path).status_code == 200
    assert Firm.objects.count() == before
