"""What is not taken: tried again after pauses, given up by name, and ended where nobody listens any more."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest

from finance_hub.kernel.models import AuditEntry
from loans.operations import deliveries
from tests.kernel.receiver import Receiver, receiving
from tests.loans.webhooks.push import URL, Bank, sequences, states, verified

PAUSES = [30, 300, 1_800, 7_200, 28_800, 86_400]


class TestAFailure:
    @pytest.mark.parametrize("status", [199, 300, 301, 302, 307, 308, 400, 401, 404, 408, 429, 500, 503])
    def test_is_whatever_is_not_2xx(self, bank: Bank, receiver: Receiver, status: int) -> None:
        receiver.answers = [status]
        endpoint = bank.listen(receiver.url)
        bank.happen()
        bank.tick()
        [delivery] = bank.pushed(endpoint)
        assert (delivery["state"], delivery["attempts"], delivery["last_status"]) == ("pending", 1, status)

    @pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
    def test_is_nothing_that_is(self, bank: Bank, receiver: Receiver, status: int) -> None:
        receiver.answers = [status]
        bank.listen(receiver.url)
        bank.happen()
        bank.tick()
        assert states() == [("delivered", 1)]

    def test_is_tried_again_after_each_pause_and_then_given_up(self, bank: Bank, receiver: Receiver) -> None:
        receiver.answers = [500]
        endpoint = bank.listen(receiver.url)
        event = bank.happen()
        bank.tick()
        for made, pause in enumerate(PAUSES, 1):
            assert bank.pushed(endpoint)[0]["attempts"] == len(receiver.got) == made
            bank.clock.go(seconds=pause - 1)
            bank.tick()
            assert len(receiver.got) == made, "not before its time"
            bank.clock.go(seconds=1)
            bank.tick()
        assert states() == [("dead", 7)]
        assert (bank.shown(endpoint)["pending"], bank.shown(endpoint)["dead"]) == (0, 1)
        [dead] = bank.pushed(endpoint, "dead")
        assert (dead["event"], dead["last_status"], dead["next_attempt_at"]) == (event.public_id, 500, None)
        bank.clock.go(days=30)
        bank.tick()
        assert len(receiver.got) == 7
        moments = [int(got.headers["webhook-timestamp"]) for got in receiver.got]
        assert [after - before for before, after in pairwise(moments)] == PAUSES
        assert {got.headers["webhook-id"] for got in receiver.got} == {event.public_id}
        assert all(verified(got, endpoint["secret"]) for got in receiver.got)

    def test_that_mends_is_delivered(self, bank: Bank, receiver: Receiver) -> None:
        receiver.answers = [500, 503, 200]
        endpoint = bank.listen(receiver.url)
        bank.happen()
        for _ in range(3):
            bank.tick()
            bank.clock.go(minutes=5)
        [delivery] = bank.pushed(endpoint)
        assert (delivery["state"], delivery["attempts"]) == ("delivered", 3)
        assert bank.pushed(endpoint, "dead") == []

    def test_of_one_endpoint_is_nothing_to_another(self, bank: Bank, receiver: Receiver) -> None:
        with receiving() as second:
            receiver.answers = [500]
            bank.listen(receiver.url)
            bank.listen(second.url)
            bank.happen()
            bank.tick()
            bank.clock.go(minutes=1)
            bank.tick()
            assert (len(receiver.got), len(second.got)) == (2, 1)

    def test_of_one_event_holds_up_no_later_one(self, bank: Bank, receiver: Receiver) -> None:
        receiver.answers = [500, 200]
        bank.listen(receiver.url)
        bank.happen("lb_1")
        bank.happen("lb_2")
        bank.tick()
        assert sequences(receiver.got) == [1, 2]
        bank.clock.go(seconds=30)
        bank.tick()
        assert sequences(receiver.got) == [1, 2, 1]

    def test_redirect_is_not_followed(self, bank: Bank, receiver: Receiver) -> None:
        with receiving() as elsewhere:

            def redirect(request: Any) -> None:
                request.send_response(302)
                request.send_header("Location", elsewhere.url)
                request.send_header("Content-Length", "0")
                request.end_headers()

            receiver.answers = [redirect]
            endpoint = bank.listen(receiver.url)
            bank.happen()
            bank.tick()
            assert elsewhere.got == []
            assert bank.pushed(endpoint)[0]["last_status"] == 302


class TestNoAnswer:
    def test_leaves_the_receiver_alone_whatever_waits_for_it(self, bank: Bank, receiver: Receiver) -> None:
        def hang_up(request: Any) -> None:
            request.close_connection = True

        receiver.answers = [hang_up, 200]
        endpoint = bank.listen(receiver.url)
        for number in range(3):
            bank.happen(f"lb_{number}")
        bank.tick()
        assert len(receiver.got) == 1
        assert [row["last_fault"] for row in bank.pushed(endpoint)] == ["no-http-answer", None, None]
        bank.clock.go(seconds=29)
        bank.tick()
        assert len(receiver.got) == 1
        bank.clock.go(seconds=1)
        bank.tick()
        assert {row["state"] for row in bank.pushed(endpoint)} == {"delivered"}

    def test_of_an_address_that_may_no_longer_be_called(
        self, bank: Bank, receiver: Receiver, settings: Any
    ) -> None:
        endpoint = bank.listen(receiver.url)
        settings.WEBHOOK_LOOPBACK = False
        bank.happen()
        bank.tick()
        assert receiver.got == []
        [row] = bank.pushed(endpoint)
        assert (row["state"], row["last_fault"]) == ("pending", "url-not-https")


class TestGone:
    def test_410_disables_and_drops_what_waits(self, bank: Bank, receiver: Receiver) -> None:
        receiver.answers = [410]
        endpoint = bank.listen(receiver.url)
        bank.happen("lb_1")
        bank.happen("lb_2")
        bank.tick()
        bank.happen("lb_3")
        bank.clock.go(days=2)
        bank.tick()
        assert len(receiver.got) == 1
        shown = bank.shown(endpoint)
        assert (shown["state"], shown["pending"], shown["dead"]) == ("disabled", 0, 0)
        assert shown["disabled_at"] == "2026-11-05T09:30:00+08:00"
        assert states() == [("dropped", 1), ("dropped", 0)]
        assert AuditEntry.objects.filter(action="webhook.disable", actor=None).count() == 1

    @pytest.mark.parametrize("act", ["test", "rotate-secret"])
    def test_a_disabled_endpoint_is_neither_tried_nor_rotated(
        self, bank: Bank, receiver: Receiver, act: str
    ) -> None:
        receiver.answers = [410]
        endpoint = bank.listen(receiver.url)
        bank.happen()
        bank.tick()
        said = bank.api.post(f"{URL}/{endpoint['id']}/{act}")
        assert (said.status_code, said.json()["code"]) == (409, "webhook-endpoint-disabled")
        assert bank.api.send("DELETE", f"{URL}/{endpoint['id']}").status_code == 204

    def test_what_waits_for_a_deleted_endpoint_is_dropped(self, bank: Bank, receiver: Receiver) -> None:
        receiver.answers = [500]
        endpoint = bank.listen(receiver.url)
        bank.happen()
        bank.tick()
        bank.api.send("DELETE", f"{URL}/{endpoint['id']}")
        bank.clock.go(days=2)
        bank.tick()
        assert (states(), len(receiver.got)) == ([("dropped", 1)], 1)


def test_the_pauses_are_those_that_are_promised() -> None:
    assert [pause.total_seconds() for pause in deliveries.RETRIES] == PAUSES
    assert timedelta(seconds=30) == deliveries.REST
