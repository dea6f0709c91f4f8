"""Signing in and out: what is asked, what is told, and where it leads."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pyotp
import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.utils import timezone

from finance_hub.kernel import audit
from finance_hub.kernel import login as kernel
from finance_hub.kernel.models import AuditEntry, LoginFailure, Person
from tests.cast import Cast
from tests.web.conftest import Browse

Given = Callable[[str], str]
WRONG = "用户名、密码或动态口令不正确"
TOKEN = re.compile(r'(?<=name="csrfmiddlewaretoken" value=")[^"]+')


@pytest.fixture
def seed(cast: Cast) -> pyotp.TOTP:
    """The maker has a second factor; its last used code lies in the past."""
    made = kernel.new_seed(cast["maker"])
    Person.objects.filter(pk=cast["maker"].pk).update(totp_seed=made.sealed, totp_last_step=0)
    return pyotp.TOTP(made.key)


def sign_in(client: Client, username: str, password: str, **more: str) -> Any:
    return client.post("/login", {"username": username, "password": password, **more})


def is_signed_in(client: Client) -> bool:
    return client.get("/account").status_code == 200


class TestThePassword:
    @pytest.mark.parametrize(
        ("name", "home"),
        [("maker", "/"), ("auditor", "/"), ("manager_angel", "/funds"), ("bank_a", "/reports")],
    )
    def test_leads_to_the_first_page_of_the_role(self, with_password: Given, name: str, home: str) -> None:
        client = Client()
        answer = sign_in(client, name, with_password(name))

        assert (answer.status_code, answer["Location"]) == (302, home)
        assert is_signed_in(client)

    def test_is_asked_for_again_while_another_keeps_the_audit_chain(
        self, committed: Cast, owner_connection: Any
    ) -> None:
        person = committed["maker"]
        person.set_password("tall-reeds-by-the-canal")
        person.save()
        audit.record("test.before", actor=None, subject="thing:1", at=timezone.now())
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '200ms'")
        client = Client(raise_request_exception=False)
        with owner_connection.transaction():
            owner_connection.execute("SELECT FROM kernel_audithead FOR UPDATE")
            answer = sign_in(client, "maker", "tall-reeds-by-the-canal")

        assert (answer.status_code, answer["Retry-After"]) == (503, "5")
        assert "服务暂时繁忙" in answer.content.decode()
        assert sign_in(client, "maker", "tall-reeds-by-the-canal").status_code == 302

    def test_says_the_same_for_a_name_that_does_not_exist(self, with_password: Given) -> None:
        with_password("maker")
        known = sign_in(Client(), "maker", "wrong")
        unknown = sign_in(Client(), "nobody", "wrong")

        assert known.status_code == unknown.status_code == 401
        assert WRONG in known.content.decode()
        texts = [TOKEN.sub("", answer.content.decode()) for answer in (known, unknown)]
        assert texts[0].replace("maker", "nobody") == texts[1]

    @pytest.mark.parametrize(
        ("username", "password"),
        [("maker", ""), ("", "tall-reeds-by-the-canal"), ("MAKER", "tall-reeds-by-the-canal"),
         ("maker\0", "tall-reeds-by-the-canal"), ("maker' --", "x")],
    )  # fmt: skip
    def test_that_does_not_fit_opens_nothing(
        self, with_password: Given, username: str, password: str
    ) -> None:
        with_password("maker")
        client = Client()

        assert sign_in(client, username, password).status_code == 401
        assert not is_signed_in(client)

    def test_of_somebody_disabled_opens_nothing(self, cast: Cast, with_password: Given) -> None:
        password = with_password("maker")
        Person.objects.filter(username="maker").update(is_active=False)

        assert sign_in(Client(), "maker", password).status_code == 401

    def test_is_never_sent_back(self, cast: Cast) -> None:
        assert "my-secret" not in sign_in(Client(), "maker", "my-secret").content.decode()

    def test_gives_the_session_a_new_name(self, with_password: Given, seed: pyotp.TOTP) -> None:
        client = Client()
        sign_in(client, "maker", with_password("maker"))
        before = client.cookies["session"].value
        client.post("/login", {"code": seed.now()})

        assert client.cookies["session"].value != before
        assert is_signed_in(client)

    def test_is_in_the_audit_trail_with_the_address(self, with_password: Given) -> None:
        sign_in(Client(REMOTE_ADDR="10.1.2.3"), "maker", with_password("maker"))
        entry = AuditEntry.objects.get(action="login")

        assert (entry.succeeded, entry.detail["address"]) == (True, "10.1.2.3")


class TestTheLock:
    def test_closes_after_five_wrong_passwords_even_to_the_right_one(self, with_password: Given) -> None:
        password, client = with_password("maker"), Client()
        for _ in range(5):
            assert sign_in(client, "maker", "wrong").status_code == 401
        answer = sign_in(client, "maker", password)

        assert answer.status_code == 429
        assert answer["Retry-After"] == "60"
        assert "尝试次数过多" in answer.content.decode()
        assert not is_signed_in(client)

    def test_closes_after_wrong_codes_although_the_password_is_known(
        self, with_password: Given, seed: pyotp.TOTP
    ) -> None:
        password = with_password("maker")
        statuses = []
        for _ in range(6):
            client = Client()
            sign_in(client, "maker", password)
            statuses.append(client.post("/login", {"code": "000000"}).status_code)

        assert statuses[-1] in {401, 429}
        assert sign_in(Client(), "maker", password).status_code == 429

    def test_counts_nothing_against_somebody_who_only_signs_in(
        self, with_password: Given, seed: pyotp.TOTP
    ) -> None:
        password = with_password("maker")
        with time_machine.travel(timezone.now(), tick=False) as clock:
            for _ in range(8):
                clock.shift(60)
                client = Client()
                assert sign_in(client, "maker", password).status_code == 200
                assert client.post("/login", {"code": seed.now()}).status_code == 302

        assert not LoginFailure.objects.filter(failures__gt=0).exists()


class TestTheCode:
    def test_is_asked_after_the_password_and_nobody_is_in_before(
        self, with_password: Given, seed: pyotp.TOTP
    ) -> None:
        client = Client()
        answer = sign_in(client, "maker", with_password("maker"))

        assert answer.status_code == 200
        assert 'name="code"' in answer.content.decode()
        assert not is_signed_in(client)

    def test_completes_the_sign_in_and_goes_where_the_person_wanted(
        self, with_password: Given, seed: pyotp.TOTP
    ) -> None:
        client = Client()
        sign_in(client, "maker", with_password("maker"), next="/briefings")
        code = seed.now()
        answer = client.post("/login", {"code": f"{code[:3]} {code[3:]}", "next": "/briefings"})

        assert (answer.status_code, answer["Location"]) == (302, "/briefings")
        assert is_signed_in(client)

    @pytest.mark.parametrize("code", ["", "000000", "abcdef", "１２３４５６", "12345", "0" * 50])
    def test_that_is_wrong_opens_nothing_and_is_asked_again(
        self, with_password: Given, seed: pyotp.TOTP, code: str
    ) -> None:
        client = Client()
        sign_in(client, "maker", with_password("maker"))
        answer = client.post("/login", {"code": code})

        assert answer.status_code == 422
        assert 'name="code"' in answer.content.decode()
        assert not is_signed_in(client)

    def test_does_not_work_twice(self, with_password: Given, seed: pyotp.TOTP) -> None:
        password = with_password("maker")
        with time_machine.travel(timezone.now(), tick=False):
            code = seed.now()
            for expected in (302, 422):
                client = Client()
                sign_in(client, "maker", password)
                assert client.post("/login", {"code": code}).status_code == expected

    def test_without_a_password_before_it_opens_nothing(self, cast: Cast, seed: pyotp.TOTP) -> None:
        client = Client()

        assert client.post("/login", {"code": seed.now()}).status_code == 401
        assert not is_signed_in(client)

    def test_of_somebody_else_opens_nothing(self, with_password: Given, seed: pyotp.TOTP) -> None:
        other = kernel.new_seed(Person.objects.get(username="approver"))
        Person.objects.filter(username="approver").update(totp_seed=other.sealed)
        client = Client()
        sign_in(client, "maker", with_password("maker"))

        assert client.post("/login", {"code": pyotp.TOTP(other.key).now()}).status_code == 422

    def test_comes_too_late_after_five_minutes(self, with_password: Given, seed: pyotp.TOTP) -> None:
        password, client = with_password("maker"), Client()
        with time_machine.travel(timezone.now(), tick=False) as clock:
            sign_in(client, "maker", password)
            clock.shift(5 * 60 + 1)
            answer = client.post("/login", {"code": seed.now()})

            assert answer.status_code == 401
            assert "登录超时" in answer.content.decode()
            assert not is_signed_in(client)

    def test_comes_too_late_once_the_password_has_changed(
        self, cast: Cast, with_password: Given, seed: pyotp.TOTP
    ) -> None:
        client = Client()
        sign_in(client, "maker", with_password("maker"))
        person = Person.objects.get(username="maker")
        person.set_password("another-long-password")
        person.save()

        assert client.post("/login", {"code": seed.now()}).status_code == 401

    def test_is_no_longer_asked_after_going_back_to_the_name(
        self, with_password: Given, seed: pyotp.TOTP
    ) -> None:
        client = Client()
        sign_in(client, "maker", with_password("maker"))
        client.get("/login")

        assert client.post("/login", {"code": seed.now()}).status_code == 401

    def test_that_is_required_but_was_never_set_up_lets_nobody_in(
        self, settings: Any, with_password: Given
    ) -> None:
        settings.TOTP_REQUIRED = True
        client = Client()

        assert 'name="code"' in sign_in(client, "maker", with_password("maker")).content.decode()
        assert client.post("/login", {"code": "000000"}).status_code == 422
        assert not is_signed_in(client)

    def test_is_not_asked_of_a_bank_that_has_none(self, settings: Any, with_password: Given) -> None:
        settings.TOTP_REQUIRED = True

        assert sign_in(Client(), "bank_a", with_password("bank_a")).status_code == 302


class TestWhereItLeads:
    @pytest.mark.parametrize("wanted", ["/briefings", "/firms?q=%E6%A1%90", "http://testserver/account"])
    def test_is_the_page_that_was_asked_for(self, with_password: Given, wanted: str) -> None:
        answer = sign_in(Client(), "maker", with_password("maker"), next=wanted)

        assert answer["Location"] == wanted

    @pytest.mark.parametrize(
        "elsewhere",
        ["https://evil.example/", "//evil.example", "///evil.example", "\\\\evil.example", "/\\evil.example",
         "javascript:alert(1)", "http:evil.example", "https:///evil.example", ""],
    )  # fmt: skip
    def test_is_never_another_site(self, with_password: Given, elsewhere: str) -> None:
        answer = sign_in(Client(), "maker", with_password("maker"), next=elsewhere)

        assert answer["Location"] == "/"

    def test_is_home_for_somebody_who_is_in_already(self, browse: Browse) -> None:
        assert browse("bank_a").get("/login")["Location"] == "/reports"


class TestTheAddress:
    @pytest.mark.parametrize(
        ("proxies", "forwarded", "counted"),
        [
            (0, "6.6.6.6", "10.0.0.9"),
            (1, "6.6.6.6, 20.1.1.1", "20.1.1.1"),
            (2, "6.6.6.6, 20.1.1.1, 10.0.0.8", "20.1.1.1"),
            (1, "", "10.0.0.9"),
            (2, "20.1.1.1", "10.0.0.9"),
            (1, "not-an-address", "10.0.0.9"),
        ],
    )
    def test_is_the_one_our_own_proxies_saw(
        self, cast: Cast, settings: Any, proxies: int, forwarded: str, counted: str
    ) -> None:
        settings.TRUSTED_PROXIES = proxies
        sign_in(Client(REMOTE_ADDR="10.0.0.9", HTTP_X_FORWARDED_FOR=forwarded), "maker", "wrong")

        assert LoginFailure.objects.filter(subject=f"ip:{counted}").exists()


class TestSigningOut:
    def test_ends_the_session_and_tells_the_browser_to_forget(self, browse: Browse) -> None:
        client = browse("maker")
        answer = client.post("/logout")

        assert (answer.status_code, answer["Location"]) == (302, "/login")
        assert answer["Clear-Site-Data"] == '"cache", "storage"'
        assert not is_signed_in(client)
        assert AuditEntry.objects.filter(action="logout", actor_label__startswith="maker").exists()

    def test_takes_a_form_not_a_link(self, browse: Browse) -> None:
        client = browse("maker")

        assert client.get("/logout").status_code == 405
        assert is_signed_in(client)

    def test_of_a_stranger_leads_to_sign_in(self, browse: Browse) -> None:
        assert browse("").post("/logout")["Location"] == "/login"
