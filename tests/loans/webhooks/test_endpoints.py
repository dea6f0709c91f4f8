"""Webhook endpoints: added, shown without their secret, rotated, removed; each bank its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.models import AuditEntry
from finance_hub.kernel.scoping import within
from loans.models import WebhookEndpoint
from tests.cast import Api, Cast
from tests.kernel.threads import at_once
from tests.loans.webhooks.push import URL, Bank

Speak = Callable[[str], Api]
HOOK = "https://hooks.bank.example/finance-hub"


class TestAdding:
    def test_shows_the_secret_once(self, bank: Bank) -> None:
        first, again = (bank.api.post(URL, {"url": HOOK}, key="k") for _ in range(2))
        made = first.json()
        assert (first.status_code, first.headers["Location"]) == (201, f"/api/v1{URL}/{made['id']}")
        assert made["secret"].startswith("whsec_")
        assert again.json() == {**made, "secret": None}
        shown = bank.shown(made)
        assert shown == {name: value for name, value in made.items() if name != "secret"}
        assert (shown["state"], shown["pending"], shown["dead"]) == ("active", 0, 0)
        assert bank.api.get(URL).json()["data"] == [shown]

    def test_keeps_the_secret_sealed(self, bank: Bank) -> None:
        secret = bank.listen(HOOK)["secret"].removeprefix("whsec_")
        with within(EVERYTHING), connection.cursor() as cursor:
            for table in ("loans_webhookendpoint", "kernel_idempotencykey", "kernel_auditentry"):
                cursor.execute(f"SELECT t::text FROM {table} t")  # noqa: S608 - names of ours
                rows = str(cursor.fetchall())
                assert len(rows) > 2, table
                assert secret not in rows, table

    def test_a_fourth_is_refused_until_one_is_gone(self, bank: Bank) -> None:
        first, *_ = [bank.listen(f"{HOOK}/{number}") for number in range(3)]
        said = bank.api.post(URL, {"url": HOOK})
        assert (said.status_code, said.json()["code"]) == (409, "three-webhook-endpoints-at-most")
        assert bank.api.send("DELETE", f"{URL}/{first['id']}").status_code == 204
        bank.listen(HOOK)

    def test_of_eight_at_once_three_are_added(self, committed: Cast) -> None:
        token = committed.key("bank_a")
        said = at_once(8, lambda number: Api(token).post(URL, {"url": f"{HOOK}/{number}"}).status_code)
        assert sorted(said) == [201] * 3 + [409] * 5

    @pytest.mark.parametrize(
        ("body", "pointer", "code"),
        [
            ({}, "#/url", "required"),
            ({"url": ""}, "#/url", "blank"),
            ({"url": 7}, "#/url", "not-a-string"),
            ({"url": "x" * 501}, "#/url", "max_length"),
            ({"url": HOOK, "secret": "mine"}, "#/secret", "unknown-field"),
            ({"url": "http://hooks.bank.example/"}, "#/url", "url-not-https"),
            ({"url": "https://10.0.0.1/"}, "#/url", "url-address"),
            ({"url": "https://169.254.169.254/latest/meta-data"}, "#/url", "url-address"),
            ({"url": "https://[::1]/"}, "#/url", "url-address"),
            ({"url": "https://hooks.bank.example:5432/"}, "#/url", "url-port"),
            ({"url": "https://a:b@hooks.bank.example/"}, "#/url", "url-has-credentials"),
            ({"url": "https://hooks.bank.example/\n"}, "#/url", "control-characters"),
        ],
    )
    def test_what_is_not_called_is_refused_by_name(
        self, bank: Bank, body: dict[str, Any], pointer: str, code: str
    ) -> None:
        said = bank.api.post(URL, body)
        assert said.status_code == 422
        assert [(error["pointer"], error["code"]) for error in said.json()["errors"]] == [(pointer, code)]
        with within(EVERYTHING):
            assert not WebhookEndpoint.objects.exists()


class TestOthers:
    @pytest.mark.parametrize(
        "act", ["GET ", "DELETE ", "GET /deliveries", "POST /test", "POST /rotate-secret"]
    )
    def test_another_banks_endpoint_is_exactly_as_none(self, bank: Bank, cast: Cast, act: str) -> None:
        endpoint, stranger = bank.listen(HOOK), Api(cast.key("bank_b"))
        method, path = act.split(" ")
        headers = {"X-Request-Id": "0f0e0d0c-0000-4000-8000-000000000000"}
        said = []
        for name in (endpoint["id"], "we_nothing"):
            key = {"Idempotency-Key": name} if method == "POST" else {}
            said.append(stranger.send(method, f"{URL}/{name}{path}", **headers, **key))
        assert [one.status_code for one in said] == [404, 404]
        assert said[0].content == said[1].content
        assert bank.shown(endpoint)["state"] == "active"

    def test_another_bank_sees_none(self, bank: Bank, cast: Cast) -> None:
        bank.listen(HOOK)
        assert Api(cast.key("bank_b")).get(URL).json() == {"data": []}

    def test_the_centre_reads_and_changes_nothing(self, bank: Bank, cast: Cast) -> None:
        endpoint, centre = bank.listen(HOOK), Api(cast.key("maker"))
        assert centre.get(f"{URL}/{endpoint['id']}").json()["organisation"] == "bank-a"
        assert centre.send("DELETE", f"{URL}/{endpoint['id']}").status_code == 403
        assert centre.post(URL, {"url": HOOK}).status_code == 403
        assert centre.post(f"{URL}/{endpoint['id']}/rotate-secret").status_code == 403

    @pytest.mark.parametrize("name", ["guarantor_a", "manager_angel", "admin", "department"])
    def test_it_is_for_banks(self, api: Speak, name: str) -> None:
        assert api(name).get(URL).status_code == api(name).post(URL, {"url": HOOK}).status_code == 403


class TestEnding:
    def test_a_deleted_endpoint_is_gone_with_its_secrets(self, bank: Bank) -> None:
        endpoint = bank.listen(HOOK)
        bank.api.post(f"{URL}/{endpoint['id']}/rotate-secret")
        assert bank.api.send("DELETE", f"{URL}/{endpoint['id']}").status_code == 204
        assert bank.api.send("DELETE", f"{URL}/{endpoint['id']}").status_code == 404
        assert bank.api.get(f"{URL}/{endpoint['id']}").status_code == 404
        assert bank.api.get(URL).json() == {"data": []}
        with within(EVERYTHING):
            kept = WebhookEndpoint.objects.get()
        assert (kept.state, kept.secret, kept.previous_secret) == ("deleted", "", "")

    def test_every_act_is_in_the_trail(self, bank: Bank) -> None:
        endpoint = bank.listen(HOOK)
        bank.api.post(f"{URL}/{endpoint['id']}/rotate-secret")
        bank.api.post(f"{URL}/{endpoint['id']}/test")
        bank.api.send("DELETE", f"{URL}/{endpoint['id']}")
        acts = AuditEntry.objects.filter(subject=f"webhook:{endpoint['id']}").order_by("seq")
        assert list(acts.values_list("action", "actor__username")) == [
            (f"webhook.{act}", "bank_a") for act in ("add", "rotate", "test", "delete")
        ]


def test_what_is_rotated_shows_a_new_secret_once(bank: Bank) -> None:
    endpoint = bank.listen(HOOK)
    first, again = (bank.api.post(f"{URL}/{endpoint['id']}/rotate-secret", key="k") for _ in range(2))
    assert first.status_code == 200
    assert first.json()["secret"] not in (None, endpoint["secret"])
    assert first.json()["previous_secret_until"] is not None
    assert again.json()["secret"] is None
