"""Keys over HTTP: in the header alone, gone at once when revoked, one answer for every wrong one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from finance_hub.kernel import keys, people
from finance_hub.kernel.models import ApiKey, Person
from tests.cast import Api, Cast

Speak = Callable[[str], Api]


def refused(said: Any, code: str) -> bool:
    assert (said.status_code, said.json()["code"]) == (401, code), said.content
    assert said.headers["WWW-Authenticate"] == 'Bearer realm="finance_hub"'
    return True


def test_the_first_call_tells_who_where_and_until_when(api: Speak, cast: Cast) -> None:
    said = api("bank_a").get("/whoami").json()
    key = ApiKey.objects.get(person=cast["bank_a"])
    assert (said["username"], said["role"], said["environment"]) == ("bank_a", "bank", "test")
    assert said["organisation"]["code"] == "bank-a"
    assert (said["key"]["key_id"], said["key"]["last4"]) == (key.key_id, key.last4)
    assert said["key"]["expires_at"].endswith("+08:00")
    assert "batch.report" in said["actions"]
    assert "audit.read" not in said["actions"]


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer ",
        "Basic dXNlcjpwYXNz",
        "Token fsk_test_x",
        "bearer",
        "fsk_test_abc",
        "Bearer\x00x",
    ],
)
def test_without_a_key_nobody_is_known(db: None, header: str) -> None:
    assert refused(Client().get("/api/v1/whoami", headers={"Authorization": header}), "not-authenticated")


@pytest.mark.parametrize(
    "token", ["x", "fsk_test_x_y", "fsk_live_" + "0" * 12 + "_" + "0" * 43, "键" * 20, "x" * 9_000]
)
def test_every_wrong_key_is_refused_alike(db: None, token: str) -> None:
    assert refused(Api(token).get("/whoami"), "invalid-credentials")


def test_a_key_in_the_address_or_a_cookie_opens_nothing(cast: Cast) -> None:
    token = cast.key("maker")
    client = Client()
    client.cookies["session"] = token
    for query in (f"?api_key={token}", f"?access_token={token}", f"?Authorization=Bearer%20{token}"):
        assert refused(client.get(f"/api/v1/whoami{query}"), "not-authenticated")


def test_a_login_of_the_pages_opens_no_api(cast: Cast) -> None:
    client = Client()
    client.force_login(cast["maker"])
    assert refused(client.get("/api/v1/whoami"), "not-authenticated")


def test_a_revoked_key_is_refused_by_the_next_request(api: Speak, cast: Cast) -> None:
    speaker = api("bank_a")
    assert speaker.get("/whoami").status_code == 200
    keys.revoke(ApiKey.objects.get(person=cast["bank_a"]), by=cast["admin"], now=timezone.now())
    assert refused(speaker.get("/whoami"), "invalid-credentials")


def test_a_disabled_person_is_refused_by_the_next_request(api: Speak, cast: Cast) -> None:
    speaker = api("bank_a")
    people.disable(cast["bank_a"], by=cast["admin"], now=timezone.now())
    assert refused(speaker.get("/whoami"), "invalid-credentials")


def test_a_changed_role_counts_from_the_next_request(api: Speak, cast: Cast) -> None:
    speaker = api("auditor")
    assert speaker.get("/audit").status_code == 200
    Person.objects.filter(username="auditor").update(role="maker")
    assert speaker.get("/audit").status_code == 403


def test_an_expired_key_says_so(cast: Cast) -> None:
    now = timezone.now()
    token = keys.issue(
        cast["bank_a"], by=None, now=now - timedelta(days=2), expires_at=now - timedelta(days=1), live=False
    ).token
    assert refused(Api(token).get("/whoami"), "key-expired")


def test_a_live_key_opens_no_test_installation(cast: Cast) -> None:
    now = timezone.now()
    token = keys.issue(cast["bank_a"], by=None, now=now, expires_at=now + timedelta(days=1), live=True).token
    assert refused(Api(token).get("/whoami"), "invalid-credentials")


def test_headers_that_claim_to_be_somebody_are_not_believed(api: Speak) -> None:
    said = api("bank_a").get("/whoami", X_User="admin", X_Forwarded_User="admin", Remote_User="admin")
    assert said.json()["username"] == "bank_a"
