"""A fund whose every shown number can be checked by hand, and hands for the forms of its manager."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.scoping import within
from funds.models import FundEvent, HoldingEvent
from tests.cast import Api
from tests.funds.conftest import CITY, COMPANY, Desk, found_fund, made
from tests.web import reporting

#: The day after which nothing of the worked fund happens.
LAST = "2024-12-31"
PAGE = "/funds/angel"
EVENT, CALL = f"{PAGE}/record/event", f"{PAGE}/record/call"


def worked_fund(api: Callable[[str], Api]) -> tuple[Desk, str]:
    """Million yuan: 70 + 30 committed, 40 called and paid (28 + 12), 1 of fees, 20 invested and worth 26,
    5 distributed as gain (3.5 + 1.5). Cash 40 - 1 - 20 - 5 = 14; NAV 14 + 26 = 40. The id of its holding.
    """
    desk = found_fund(api)
    made(desk.event("commitment", "70000000.00", "2022-06-01", investor=CITY))
    made(desk.event("commitment", "30000000.00", "2022-06-01", investor=COMPANY))
    made(desk.notice("call", "40000000.00", "2022-06-10"))
    made(desk.notice("contribution", "40000000.00", "2022-06-20"))
    made(desk.event("fee", "1000000.00", "2023-01-10"))
    holding = str(made(desk.invest("20000000.00", "2023-03-01"))["holding"])
    made(desk.value(holding, at="26000000.00", on="2023-12-31"))
    made(desk.notice("distribution", "5000000.00", "2024-05-01", nature="gain"))
    return desk, holding


def opened(client: Client, address: str) -> dict[str, str]:
    """What a form sends before anybody types."""
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return fields_of(answer.content.decode())


def fields_of(text: str) -> dict[str, str]:
    """The names and values of the inputs of the form that POSTs, but for boxes without a tick."""
    form = next(part for part in re.findall(r"<form.*?</form>", text, re.DOTALL) if 'name="token"' in part)
    found = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name, value = re.search(r' name="(\w+)"', tag), re.search(r' value="([^"]*)"', tag)
        if name and (" checked" in tag or 'type="checkbox"' not in tag):
            found[name[1]] = value[1] if value else ""
    found |= dict(re.findall(r'<textarea[^>]* name="(\w+)"[^>]*>(.*?)</textarea>', form, re.DOTALL))
    for name, body in re.findall(r'<select[^>]* name="(\w+)".*?>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', body) or re.search(r'value="([^"]*)"', body)
        found[name] = chosen[1] if chosen else ""
    return found


def send(client: Client, address: str, **said: str) -> Any:
    """Opens the form, types, and sends it."""
    return client.post(address, {**opened(client, address), **said})


def entries(kind: str = "") -> list[tuple[str, str | None, str, date]]:
    """Kind, investor, amount and day of the entries of the ledger, newest first."""
    with within(EVERYTHING):
        found = FundEvent.objects.filter(**({"kind": kind} if kind else {})).order_by("-pk")
        rows = found.values_list("kind", "investor__name", "amount", "effective_date")
        return [(kind, investor, f"{amount:.2f}", day) for kind, investor, amount, day in rows]


def deals() -> list[tuple[str, str, str]]:
    with within(EVERYTHING):
        rows = HoldingEvent.objects.order_by("-pk").values_list("kind", "cash", "cost")
        return [(kind, f"{cash:.2f}", f"{cost:.2f}") for kind, cash, cost in rows]


def entry_of(kind: str) -> str:
    with within(EVERYTHING):
        return FundEvent.objects.filter(kind=kind).latest("pk").public_id


def entered(answer: Any, client: Client, said: str) -> None:
    """The form leads to its page, which says once what was done."""
    assert answer.status_code == 302, reporting.read_answer(answer)
    assert said in reporting.read(client, answer["Location"].split("#")[0])


def refused(answer: Any, *fields: str, status: int = 422) -> list[str]:
    """The sentences of a refusal, beside exactly these fields."""
    assert answer.status_code == status, reporting.read_answer(answer)
    found = reporting.errors(answer)
    assert [field for field, _sentence in found] == list(fields)
    return [sentence for _field, sentence in found]


def queries_of(client: Client, address: str) -> int:
    """How many a page takes, once the session is warm."""
    client.get(address)
    with CaptureQueriesContext(connection) as seen:
        client.get(address)
    return len(seen)
