"""A second factor counts once a code has confirmed it, and not before."""

from __future__ import annotations

import re

import pyotp
import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from finance_hub.kernel import login
from finance_hub.kernel.models import AuditEntry, Person
from finance_hub.web.views.account import SEED
from tests.cast import Cast
from tests.web.conftest import Browse


def begin(client: Client) -> str:
    """The key shown after asking for a second factor."""
    text = client.post("/account", {"action": "begin_totp"}, follow=True).content.decode()
    shown = re.search(r"<code>([A-Z2-7 ]{30,})</code>", text)
    assert shown
    return shown[1].replace(" ", "")


def confirm(client: Client, code: str) -> int:
    return client.post("/account", {"action": "confirm_totp", "code": code}).status_code


class TestSettingUp:
    def test_shows_the_key_and_its_picture_and_changes_nothing_yet(self, browse: Browse) -> None:
        client = browse("maker")
        key = begin(client)
        text = client.get("/account").content.decode()

        assert len(key) == 32
        assert 'src="data:image/png;base64,' in text
        assert Person.objects.get(username="maker").totp_seed == ""

    def test_is_done_by_a_code_and_the_session_goes_on(self, browse: Browse) -> None:
        client = browse("maker")
        key = begin(client)
        answer = client.post(
            "/account", {"action": "confirm_totp", "code": pyotp.TOTP(key).now()}, follow=True
        )

        assert "二次验证已启用" in answer.content.decode()
        assert login.second_factor_required(Person.objects.get(username="maker"))
        assert key not in Person.objects.get(username="maker").totp_seed
        assert AuditEntry.objects.filter(action="totp.enrol").exists()

    def test_ends_the_sessions_elsewhere(self, browse: Browse) -> None:
        elsewhere, here = browse("maker"), browse("maker")
        confirm(here, pyotp.TOTP(begin(here)).now())

        assert elsewhere.get("/account").status_code == 302
        assert here.get("/account").status_code == 200

    @pytest.mark.parametrize("code", ["", "000000", "abcdef", "１２３４５６"])
    def test_is_not_done_by_a_wrong_code(self, browse: Browse, code: str) -> None:
        client = browse("maker")
        begin(client)

        assert confirm(client, code) == 422
        assert Person.objects.get(username="maker").totp_seed == ""

    def test_is_not_done_without_having_begun(self, browse: Browse) -> None:
        assert confirm(browse("maker"), "123456") == 302
        assert Person.objects.get(username="maker").totp_seed == ""

    def test_keeps_the_key_when_the_page_is_loaded_again(self, browse: Browse) -> None:
        client = browse("maker")
        key = begin(client)
        shown = re.search(r"<code>([A-Z2-7 ]{30,})</code>", client.get("/account").content.decode())

        assert shown
        assert shown[1].replace(" ", "") == key

    def test_uses_the_code_up(self, cast: Cast, browse: Browse) -> None:
        with time_machine.travel(timezone.now(), tick=False):
            client = browse("maker")
            code = pyotp.TOTP(begin(client)).now()
            confirm(client, code)
            maker = Person.objects.get(username="maker")

            assert not login.second_factor_fits(maker, code, now=timezone.now())

    def test_does_not_replace_one_that_is_active(self, browse: Browse) -> None:
        client = browse("maker")
        confirm(client, pyotp.TOTP(begin(client)).now())
        active = Person.objects.get(username="maker").totp_seed
        text = client.post("/account", {"action": "begin_totp"}, follow=True).content.decode()

        assert "data:image/png" not in text
        assert SEED not in client.session
        assert Person.objects.get(username="maker").totp_seed == active

    def test_of_somebody_else_is_out_of_reach(self, browse: Browse) -> None:
        begin(browse("maker"))

        assert "data:image/png" not in browse("approver").get("/account").content.decode()


@pytest.mark.parametrize("action", ["", "delete", "__class__"])
def test_an_act_that_does_not_exist_is_refused(browse: Browse, action: str) -> None:
    assert browse("maker").post("/account", {"action": action}).status_code == 400
