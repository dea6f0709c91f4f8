"""How many files of a bank come in at once."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from loans.api import batches
from loans.api.uploads import TooManyUploads, slot
from tests.cast import Api, Cast
from tests.kernel.threads import at_once
from tests.loans.bank import URL, declare


def test_one_above_the_limit_is_told_to_wait_and_other_banks_are_not(
    committed: Cast, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.CONCURRENT_UPLOADS = 2
    banks = [Api(committed.key(name)) for name in ("bank_a", "bank_a", "bank_a", "bank_b")]
    ids = [declare(bank, b"") for bank in banks]
    under_way, refused = threading.Semaphore(0), threading.Event()
    receive = batches.receive

    def slow(*args: Any, **facts: Any) -> int:
        under_way.release()
        assert refused.wait(20)
        return receive(*args, **facts)

    monkeypatch.setattr(batches, "receive", slow)

    def put(number: int) -> Any:
        if number == 2:  # comes when the others are at it
            for _ in range(3):
                assert under_way.acquire(timeout=20)
        try:
            return banks[number].put(f"{URL}/{ids[number]}/content", b"")
        finally:
            if number == 2:
                refused.set()

    said = at_once(4, put)
    assert [one.status_code for one in said] == [204, 204, 429, 204]
    assert (said[2].json()["code"], said[2]["Retry-After"]) == ("too-many-uploads", "5")
    assert banks[2].put(f"{URL}/{ids[2]}/content", b"").status_code == 204


def test_a_slot_comes_back_whatever_happens(committed: Cast, settings: Any) -> None:
    settings.CONCURRENT_UPLOADS = 1
    for _ in range(3):
        with pytest.raises(ZeroDivisionError), slot(7):
            raise ZeroDivisionError

    def another(_: int) -> str:
        try:
            with slot(7):
                return "in"
        except TooManyUploads:
            return "refused"

    with slot(7):
        assert at_once(1, another) == ["refused"]
    assert at_once(1, another) == ["in"]
