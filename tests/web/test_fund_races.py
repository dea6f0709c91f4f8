"""Two clicks that arrive together enter one thing, and both lead to the same page."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.db import connections
from django.test import Client

from tests.cast import Api, Cast
from tests.web import funding
from tests.web.funding import CALL, EVENT, entries, fields_of, opened, send


def clicks(client: Client, address: str, form: dict[str, str], *, times: int = 4) -> list[tuple[int, str]]:
    """(status, address that follows) of the same form sent several times at once."""
    barrier = Barrier(times)

    def click(_: int) -> tuple[int, str]:
        try:
            own = Client()
            own.cookies = client.cookies
            barrier.wait()
            answer: Any = own.post(address, form)
            return answer.status_code, answer.headers.get("Location", "")
        finally:
            connections.close_all()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(click, range(times)))


def signed_in(committed: Cast) -> Client:
    funding.worked_fund(lambda name: Api(committed.key(name)))
    client = Client()
    client.force_login(committed["manager_angel"])
    return client


def test_an_entry_is_entered_once(committed: Cast) -> None:
    client = signed_in(committed)
    form = {**opened(client, EVENT), "kind": "fee", "amount": "7.00", "effective_date": "2024-06-01"}

    assert set(clicks(client, EVENT, form)) == {(302, f"{funding.PAGE}#ledger")}
    assert [amount for _k, _i, amount, _d in entries("fee")] == ["7.00", "1000000.00"]


def test_a_notice_is_entered_once(committed: Cast) -> None:
    client = signed_in(committed)
    shown = send(client, CALL, amount="100.00", effective_date="2024-06-01", step="preview")
    form = {**fields_of(shown.content.decode()), "step": "enter"}

    assert set(clicks(client, CALL, form)) == {(302, f"{funding.PAGE}#ledger")}
    assert [amount for _k, _i, amount, _d in entries("call")][:2] == ["70.00", "30.00"]
    assert len(entries("call")) == 4
