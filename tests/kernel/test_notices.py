"""Notices: heard at the commit that tells them, never before, never lost, never by others."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.db import transaction

from finance_hub.kernel import notices
from finance_hub.kernel.models import Person
from tests.cast import Cast
from tests.kernel.threads import at_once


def heard(topic: str, tell: Callable[[], None], *, patience: float) -> float:
    """How many seconds somebody waits for the topic while `tell` runs half a second later beside it."""

    def one(number: int) -> float:
        began = time.monotonic()
        if number:
            time.sleep(0.5)
            tell()
            return 0.0
        with notices.listening(topic) as wait:
            wait(patience)
        return time.monotonic() - began

    return at_once(2, one)[0]


def test_a_notice_wakes_at_once(committed: Cast) -> None:
    assert 0.4 < heard("lb_1", lambda: notices.tell("lb_1"), patience=10) < 3


def test_nobody_wakes_without_one(committed: Cast) -> None:
    assert heard("lb_1", lambda: None, patience=1) >= 1


def test_another_topic_wakes_nobody(committed: Cast) -> None:
    assert heard("lb_1", lambda: notices.tell("LB_1"), patience=1.5) >= 1.5


def test_what_is_rolled_back_was_never_told(committed: Cast) -> None:
    def give_up() -> None:
        with transaction.atomic():
            notices.tell("lb_1")
            transaction.set_rollback(True)

    assert heard("lb_1", give_up, patience=1.5) >= 1.5


def test_it_is_told_by_the_commit_and_not_before(committed: Cast) -> None:
    def slowly() -> None:
        with transaction.atomic():
            notices.tell("lb_1")
            time.sleep(0.7)

    assert heard("lb_1", slowly, patience=10) > 1.1


def test_a_notice_between_listening_and_waiting_is_not_lost(committed: Cast) -> None:
    with notices.listening("lb_1") as wait:
        at_once(1, lambda _: notices.tell("lb_1"))
        assert Person.objects.exists()  # looking at the state reads the notice off the wire
        began = time.monotonic()
        wait(10)
        assert time.monotonic() - began < 1
        wait(0.3)  # and it is heard once
        assert time.monotonic() - began >= 0.3


def test_who_does_not_listen_any_more_hears_nothing(committed: Cast) -> None:
    with notices.listening("lb_1"):
        pass
    with notices.listening("lb_2") as wait:
        at_once(1, lambda _: notices.tell("lb_1"))
        began = time.monotonic()
        wait(0.5)
        assert time.monotonic() - began >= 0.5
