"""Pushing the feed to a real receiver: signed, to every endpoint of the bank, and to no other."""

from __future__ import annotations

import json
import re
import time
from typing import Any

import pytest
from django.conf import settings as of_django

from loans.operations import deliveries
from tests.cast import Cast
from tests.kernel.receiver import Receiver, receiving
from tests.loans.webhooks.push import URL, Bank, sequences, verified


class TestAnEvent:
    def test_is_pushed_signed_with_its_id_alone(self, bank: Bank, receiver: Receiver) -> None:
        endpoint = bank.listen(receiver.url)
        event = bank.happen("lb_7")
        bank.tick()
        [got] = receiver.got
        assert json.loads(got.body) == {
            "type": "loan_report_batch.applied", "sequence": event.sequence, "data": {"id": "lb_7"},
        }  # fmt: skip
        assert got.headers["webhook-id"] == event.public_id
        assert got.headers["webhook-timestamp"] == str(int(bank.clock.at.timestamp()))
        assert verified(got, endpoint["secret"])
        assert not verified(got, "whsec_" + "A" * 43 + "=")
        [delivery] = bank.pushed(endpoint)
        assert (delivery["state"], delivery["attempts"], delivery["last_status"]) == ("delivered", 1, 200)
        assert (delivery["last_fault"], delivery["next_attempt_at"]) == (None, None)

    def test_signature_is_that_of_a_known_example(self) -> None:
        """Computed with openssl: printf '%s' 'evt_1.1700000000.{}' | openssl dgst -sha256 -mac HMAC …"""
        from loans.models import FeedEvent
        from loans.operations import signing
        from tests.cast import NOW

        sent = NOW.fromtimestamp(1_700_000_000, tz=NOW.tzinfo)
        said = signing.headers(
            FeedEvent(public_id="evt_1"), b"{}", secrets=["whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="],
            sent_at=sent,
        )  # fmt: skip
        assert said["webhook-signature"] == "v1,5WH8p9Zk6mRbbnR1IwGcGV2AEmP7ePQKioxWTwH/XOs="

    def test_is_verified_by_the_code_that_the_guide_gives_to_banks(
        self, bank: Bank, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        guide = (of_django.BASE_DIR / "docs" / "webhooks.md").read_text(encoding="utf-8")
        [code] = re.findall(r"```python\n(.*?)```", guide, re.DOTALL)
        theirs: dict[str, Any] = {}
        exec(code, theirs)  # noqa: S102 - our own guide
        endpoint = bank.listen(receiver.url)
        bank.happen()
        bank.tick()
        [got] = receiver.got
        monkeypatch.setattr(time, "time", lambda: bank.clock.at.timestamp() + 299)
        assert theirs["verify"](got.headers, got.body, endpoint["secret"])
        assert not theirs["verify"](got.headers, got.body + b" ", endpoint["secret"])
        assert not theirs["verify"](got.headers, got.body, "whsec_" + "A" * 43 + "=")
        assert not theirs["verify"]({**got.headers, "webhook-id": "evt_x"}, got.body, endpoint["secret"])
        monkeypatch.setattr(time, "time", lambda: bank.clock.at.timestamp() + 301)
        assert not theirs["verify"](got.headers, got.body, endpoint["secret"])

    def test_once_taken_is_not_pushed_again(self, bank: Bank, receiver: Receiver) -> None:
        bank.listen(receiver.url)
        bank.happen()
        for _ in range(3):
            bank.tick()
            bank.clock.go(hours=30)
        assert len(receiver.got) == 1

    def test_goes_to_every_endpoint_of_its_bank_and_no_other(
        self, bank: Bank, cast: Cast, receiver: Receiver
    ) -> None:
        with receiving() as second, receiving() as foreign:
            first = bank.listen(receiver.url)
            other = bank.listen(second.url)
            stranger = Bank(cast, bank.clock, "bank_b")
            stranger.listen(foreign.url)
            for subject in ("lb_1", "lb_2"):
                bank.happen(subject)
            bank.tick()
            assert sorted(sequences(receiver.got)) == sorted(sequences(second.got)) == [1, 2]
            assert foreign.got == []
            assert all(verified(got, first["secret"]) for got in receiver.got)
            assert all(verified(got, other["secret"]) for got in second.got)
            assert not any(verified(got, first["secret"]) for got in second.got)

    def test_of_before_the_endpoint_is_not_pushed(self, bank: Bank, receiver: Receiver) -> None:
        bank.happen("before")
        bank.listen(receiver.url)
        bank.happen("after")
        bank.tick()
        assert sequences(receiver.got) == [2]

    def test_that_was_taken_back_is_not_pushed(self, bank: Bank, receiver: Receiver) -> None:
        from django.db import transaction

        bank.listen(receiver.url)
        with transaction.atomic():
            bank.happen()
            transaction.set_rollback(True)
        bank.tick()
        assert receiver.got == []

    def test_many_are_pushed_in_one_round_without_waiting_for_the_clock(
        self, bank: Bank, receiver: Receiver
    ) -> None:
        bank.listen(receiver.url)
        for number in range(7):
            bank.happen(f"lb_{number}")
        assert deliveries.push(now=bank.clock.at) == 1  # one job: each one that ends brings the next
        bank.tick()
        assert sorted(sequences(receiver.got)) == list(range(1, 8))


class TestATest:
    def test_goes_down_the_same_road_to_one_endpoint(self, bank: Bank, receiver: Receiver) -> None:
        with receiving() as second:
            endpoint = bank.listen(receiver.url)
            bank.listen(second.url)
            said = bank.api.post(f"{URL}/{endpoint['id']}/test")
            assert (said.status_code, said.json()["type"]) == (202, "webhook_endpoint.test")
            bank.tick()
            [got] = receiver.got
            assert json.loads(got.body) == {
                "type": "webhook_endpoint.test", "sequence": 1, "data": {"id": endpoint["id"]},
            }  # fmt: skip
            assert verified(got, endpoint["secret"])
            assert second.got == []
            assert [row["event"] for row in bank.pushed(endpoint)] == [said.json()["id"]]


class TestRotation:
    def test_both_secrets_sign_for_a_day_then_the_new_one_alone(self, bank: Bank, receiver: Receiver) -> None:
        old = bank.listen(receiver.url)
        new = bank.api.post(f"{URL}/{old['id']}/rotate-secret").json()
        assert new["previous_secret_until"] == "2026-11-06T09:30:00+08:00"
        bank.happen("lb_1")
        bank.tick()
        bank.clock.go(hours=24)
        bank.happen("lb_2")
        bank.tick()
        during, after = receiver.got
        assert len(during.headers["webhook-signature"].split(" ")) == 2
        assert verified(during, old["secret"])
        assert verified(during, new["secret"])
        assert verified(after, new["secret"])
        assert not verified(after, old["secret"])

    def test_twice_in_a_day_ends_the_first(self, bank: Bank, receiver: Receiver) -> None:
        first = bank.listen(receiver.url)
        second, third = (bank.api.post(f"{URL}/{first['id']}/rotate-secret").json() for _ in range(2))
        bank.happen()
        bank.tick()
        [got] = receiver.got
        assert [verified(got, one["secret"]) for one in (first, second, third)] == [False, True, True]
