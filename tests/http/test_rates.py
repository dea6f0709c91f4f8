"""Rates: exact however many ask, said in every answer, and open when nobody can count."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
import redis

from finance_hub.rest import rates
from tests.cast import Api, Cast
from tests.kernel.threads import at_once
from tests.live import own_broker

Speak = Callable[[str], Api]


@pytest.fixture(autouse=True)
def _buckets_of_their_own(settings: Any) -> None:
    settings.REDIS_URL = own_broker(settings.REDIS_URL)
    with redis.Redis.from_url(settings.REDIS_URL) as broker:
        for key in broker.scan_iter("rate:*"):
            broker.delete(key)


def allow(settings: Any, **rate: tuple[int, int]) -> None:
    settings.RATES = settings.RATES | rate


class TestCounting:
    def test_of_a_hundred_at_once_exactly_as_many_pass_as_the_rate_allows(
        self, db: None, settings: Any
    ) -> None:
        allow(settings, export=(10, 3600))
        taken = at_once(100, lambda _: rates.take("export", who="somebody"))
        assert sum(one.allowed for one in taken if one) == 10
        assert sorted(one.left for one in taken if one and one.allowed) == list(range(10))
        # An hour for ten: the next is there in six minutes.
        assert {one.wait for one in taken if one and not one.allowed} == {360}

    def test_a_bucket_fills_evenly_and_never_above_its_rim(self, settings: Any) -> None:
        allow(settings, read=(4, 2))
        assert [rates.take("read", who="x").allowed for _ in range(5)] == [True] * 4 + [False]  # type: ignore[union-attr]
        time.sleep(0.55)  # one token is back after half a second
        assert [rates.take("read", who="x").allowed for _ in range(2)] == [True, False]  # type: ignore[union-attr]
        time.sleep(2.6)
        assert [rates.take("read", who="x").allowed for _ in range(5)] == [True] * 4 + [False]  # type: ignore[union-attr]

    def test_everybody_and_every_rate_has_a_bucket_of_its_own(self, settings: Any) -> None:
        allow(settings, read=(1, 60), submit=(1, 60))
        for name in ("read", "submit"):
            for who in ("a", "b"):
                assert [rates.take(name, who=who).allowed for _ in range(2)] == [True, False]  # type: ignore[union-attr]

    def test_a_bucket_that_is_full_again_leaves_nothing_behind(self, settings: Any) -> None:
        allow(settings, read=(1, 1))
        rates.take("read", who="x")
        with redis.Redis.from_url(settings.REDIS_URL) as broker:
            assert 0 < broker.pttl("rate:read:x") <= 1000

    def test_a_rate_that_is_not_declared_is_a_defect(self) -> None:
        with pytest.raises(KeyError):
            rates.take("unheard-of", who="x")


class TestAnswers:
    def test_the_one_too_many_is_told_when_to_come_again(self, api: Speak, settings: Any) -> None:
        allow(settings, read=(2, 60))
        speaker = api("bank_a")
        said = [speaker.get("/whoami") for _ in range(3)]
        assert [one.status_code for one in said] == [200, 200, 429]
        assert [one["RateLimit-Remaining"] for one in said] == ["1", "0", "0"]
        assert {one["RateLimit-Limit"] for one in said} == {"2"}
        assert said[2].json()["code"] == "too-many-requests"
        assert said[2].json()["retryable"] is True
        assert 28 <= int(said[2]["Retry-After"]) <= 30
        assert 58 <= int(said[2]["RateLimit-Reset"]) <= 60
        assert said[2]["Content-Type"] == "application/problem+json"

    def test_reads_are_a_persons_own_and_the_size_of_a_page_does_not_count(
        self, api: Speak, settings: Any
    ) -> None:
        allow(settings, read=(2, 60))
        assert [api("maker").get("/firms?limit=200").status_code for _ in range(3)] == [200, 200, 429]
        assert api("maker").send("HEAD", "/firms").status_code == 429
        assert api("approver").get("/firms").status_code == 200

    def test_writes_that_draw_from_no_rate_are_not_counted(self, api: Speak, settings: Any) -> None:
        allow(settings, read=(1, 60), submit=(1, 60))
        said = [api("maker").post("/firms", {"uscc": "x"}) for _ in range(3)]
        assert {one.status_code for one in said} == {422}
        assert "RateLimit-Limit" not in said[0]

    def test_submissions_are_counted_for_the_whole_bank(self, api: Speak, cast: Cast, settings: Any) -> None:
        allow(settings, submit=(2, 60))
        colleague = cast["bank_b"]
        colleague.organisation = cast.organisation("bank-a")
        colleague.save()
        said = [api(name).post("/loan-report-batches/none/submit") for name in ("bank_a", "bank_b", "bank_a")]
        assert [one.status_code for one in said] == [404, 404, 429]

    def test_who_may_not_ask_is_not_counted(self, api: Speak, settings: Any) -> None:
        allow(settings, submit=(1, 60))
        for _ in range(2):
            assert api("maker").post("/loan-report-batches/none/submit").status_code == 403
            assert api("").get("/whoami").status_code == 401


class TestWithoutABroker:
    def test_everybody_is_let_in_and_the_broker_is_not_asked_again_at_once(
        self, api: Speak, settings: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        allow(settings, read=(1, 60), submit=(1, 60))
        settings.REDIS_URL = "redis://127.0.0.1:1/7"
        rates._broker.cache_clear()
        for _ in range(3):
            said = api("bank_a").get("/whoami")
            assert (said.status_code, "RateLimit-Limit" in said) == (200, False)
            assert api("bank_a").post("/loan-report-batches/none/submit").status_code == 404

        def asked(*_: Any, **__: Any) -> Any:
            raise AssertionError

        broker = rates._broker(settings.REDIS_URL)
        monkeypatch.setattr(broker, "script", asked)
        assert rates.take("read", who="x") is None
        broker.away_until = 0.0
        with pytest.raises(AssertionError):
            rates.take("read", who="x")


def test_the_limits_say_the_rates(api: Speak, settings: Any) -> None:
    shown = api("bank_a").get("/limits").json()["rates"]
    assert shown == {
        "reads_per_minute": settings.RATES["read"][0],
        "submissions_per_minute": settings.RATES["submit"][0],
        "exports_per_hour": settings.RATES["export"][0],
        "concurrent_uploads": settings.CONCURRENT_UPLOADS,
    }


def test_the_rates_in_production_are_those_that_were_agreed() -> None:
    from tests.kernel.processes import python

    code = (
        "import django; django.setup(); from django.conf import settings;"
        "print(settings.RATES, settings.CONCURRENT_UPLOADS)"
    )
    said = python(code).stdout.strip()
    assert said == "{'read': (600, 60), 'submit': (60, 60), 'export': (10, 3600)} 2"
