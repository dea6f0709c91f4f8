"""A session ends when nobody is there, when it is old, and when the person changes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from finance_hub.kernel.access import Role
from finance_hub.kernel.models import Person
from finance_hub.web import sessions
from tests.cast import Cast
from tests.web.conftest import Browse

MINUTE, HOUR = 60, 3600


@pytest.fixture
def clock() -> Any:
    with time_machine.travel(timezone.now(), tick=False) as moved:
        yield moved


def is_signed_in(client: Client) -> bool:
    return client.get("/account").status_code == 200


class TestAnIdleSession:
    def test_lasts_for_as_long_as_somebody_is_there(self, browse: Browse, clock: Any) -> None:
        client = browse("maker")
        for _ in range(10):
            assert is_signed_in(client)
            clock.shift(29 * MINUTE)
        assert is_signed_in(client)

    def test_ends_after_half_an_hour(self, browse: Browse, clock: Any) -> None:
        client = browse("maker")
        assert is_signed_in(client)
        clock.shift(30 * MINUTE)

        answer = client.get("/account")
        assert (answer.status_code, answer["Location"]) == (302, "/login?next=%2Faccount")

    def test_is_gone_from_the_server_and_not_only_refused(self, browse: Browse, clock: Any) -> None:
        client = browse("maker")
        is_signed_in(client)
        clock.shift(31 * MINUTE)
        is_signed_in(client)

        assert Session.objects.count() == 0

    def test_sends_htmx_to_sign_in(self, browse: Browse, clock: Any) -> None:
        client = browse("maker")
        is_signed_in(client)
        clock.shift(31 * MINUTE)
        answer = client.get("/firms", headers={"HX-Request": "true"})

        assert (answer.status_code, answer["HX-Redirect"]) == (204, "/login")

    def test_does_not_carry_out_what_was_sent_too_late(self, browse: Browse, clock: Any) -> None:
        client = browse("maker")
        is_signed_in(client)
        clock.shift(31 * MINUTE)
        answer = client.post("/account", {"action": "end_other_sessions"})

        assert answer["Location"] == "/login"
        assert Person.objects.get(username="maker").session_epoch == 0


class TestAnOldSession:
    def test_ends_half_a_day_after_the_sign_in_however_busy(self, browse: Browse, clock: Any) -> None:
        client = browse("maker")
        for _ in range(36):
            assert is_signed_in(client)
            clock.shift(20 * MINUTE)

        assert not is_signed_in(client)


def test_a_request_without_a_session_is_not_made_to_depend_on_cookies(cast: Cast) -> None:
    assert "Cookie" not in Client().get("/healthz").get("Vary", "")


class TestAPersonWhoChanges:
    @pytest.mark.parametrize(
        "change",
        [
            {"role": Role.AUDITOR.value},
            {"is_active": False},
            {"session_epoch": 7},
            {"totp_seed": "sealed"},
            {"password": "!"},
        ],
        ids=lambda change: next(iter(change)),
    )
    def test_is_signed_out_with_the_next_request(self, browse: Browse, change: dict[str, Any]) -> None:
        client = browse("maker")
        assert is_signed_in(client)
        Person.objects.filter(username="maker").update(**change)

        assert not is_signed_in(client)

    def test_stays_in_when_only_the_name_changes(self, browse: Browse) -> None:
        client = browse("maker")
        Person.objects.filter(username="maker").update(full_name="新名")

        assert is_signed_in(client)


class TestPlaces:
    def test_are_the_persons_own_and_live_ones(self, browse: Browse, cast: Cast, clock: Any) -> None:
        gone, here = browse("maker"), browse("maker")
        is_signed_in(gone)
        clock.shift(29 * MINUTE)
        other = browse("approver")
        for client in (here, other):
            is_signed_in(client)
        clock.shift(2 * MINUTE)

        text = here.get("/account").content.decode()
        assert text.count('<th scope="row">') == 1
        assert "本机" in text

    def test_end_everywhere_else_and_go_on_here(self, browse: Browse) -> None:
        elsewhere, here = browse("maker"), browse("maker")
        is_signed_in(elsewhere)
        answer = here.post("/account", {"action": "end_other_sessions"}, follow=True)

        assert "其他设备上的登录均已退出" in answer.content.decode()
        assert "其他设备上的登录均已退出" not in here.get("/account").content.decode()
        assert not is_signed_in(elsewhere)

    @pytest.mark.parametrize(
        ("agent", "device"),
        [
            ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/126.0 Safari/537.36", "Chrome · Windows"),
            ("Mozilla/5.0 (Windows NT 10.0) Chrome/126.0 Safari/537.36 Edg/126.0", "Edge · Windows"),
            ("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox · Linux"),
            ("Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) Version/17.5 Safari/605.1.15", "Safari · macOS"),
            ("curl/8.5.0", ""),
            ("", ""),
        ],
    )
    def test_name_the_browser_and_the_system(self, agent: str, device: str) -> None:
        assert sessions.device_of(agent) == device


def test_a_limit_is_reached_on_its_second_and_not_before(settings: Any) -> None:
    now = timezone.now().replace(microsecond=0)
    at = int(now.timestamp())

    assert not sessions.is_over({}, now=now)
    for name, limit in (
        ("seen_at", settings.SESSION_IDLE_SECONDS),
        ("began_at", settings.SESSION_COOKIE_AGE),
    ):
        kept = {"began_at": at, "seen_at": at} | {name: at - limit}
        assert sessions.is_over(kept, now=now)
        assert not sessions.is_over(kept, now=now - timedelta(seconds=1))
