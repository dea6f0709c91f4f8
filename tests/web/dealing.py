"""Hands for the pages of deals: a manager who follows them over HTTP, and what stands on a page."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import Any

from django.test import Client

from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.scoping import within
from funds.models import Deal, DealStep
from tests.cast import Api
from tests.funds.conftest import CITY, Desk, found_fund, made
from tests.funds.following import Follower

DECIDED = {
    "decided_by": "陈某、李某", "votes_for": "4", "votes_against": "1", "grounds": "技术领先，估值合理",
    "conflicts": "无利益冲突",
}  # fmt: skip


def followed_fund(api: Callable[[str], Api]) -> Follower:
    """The angel fund, 100 million committed, called and paid in; its manager follows deals."""
    desk: Desk = found_fund(api)
    for kind in ("commitment", "call", "contribution"):
        made(desk.event(kind, "100000000.00", "2022-06-01", investor=CITY))
    return Follower(desk)


def stages(deal: str) -> list[tuple[str, str, bool]]:
    """(stage, day, left out) of every step ever recorded."""
    with within(EVERYTHING):
        rows = DealStep.objects.filter(deal__public_id=deal).order_by("pk")
        return [(one.stage, one.effective_date.isoformat(), one.skipped) for one in rows]


def header(deal: str) -> dict[str, str]:
    with within(EVERYTHING):
        one = Deal.objects.select_related("firm").get(public_id=deal)
    named = ("title", "source", "referred_by", "instrument", "lead", "note", "firm_name")
    return {**{name: getattr(one, name) for name in named}, "planned_amount": f"{one.planned_amount:.2f}"}


def titles() -> list[str]:
    with within(EVERYTHING):
        return list(Deal.objects.order_by("pk").values_list("title", flat=True))


def link(client: Client, address: str, label: str) -> str:
    """The address that a link or button of a page leads to, by its words."""
    text = client.get(address).content.decode()
    found: Any = re.search(rf'<a[^>]* href="([^"]*)"[^>]*>\s*{re.escape(label)}', text)
    assert found, f"{address} has no {label}"
    return html.unescape(found[1])


def labels(client: Client, address: str) -> list[str]:
    """The buttons at the head of a deal."""
    head: Any = re.search(
        r'<div class="page-head">.*?<div class="columns', client.get(address).content.decode(), re.DOTALL
    )
    found = re.findall(r'<a class="button[^"]*" href="[^"]*">([^<]*)<', head[0])
    return [html.unescape(label) for label in found]


def piles(client: Client, address: str = "/deals") -> dict[str, tuple[int, list[str]]]:
    """By the key of a column that has deals: how many it counts, and the titles of its cards."""
    text = client.get(address).content.decode()
    found: dict[str, tuple[int, list[str]]] = {}
    for section in re.findall(r'<section class="pile".*?</section>', text, re.DOTALL):
        key: Any = re.search(r'id="pile-(\w+)"', section)
        count: Any = re.search(r'pile-count">([\d,]+)<', section)
        cards = re.findall(r'<li class="card"><a href="[^"]*">([^<]*)</a>', section)
        if int(count[1]):
            found[key[1]] = (int(count[1]), [html.unescape(card) for card in cards])
    return found


def rows(client: Client, address: str) -> list[str]:
    """The titles of the list."""
    text = client.get(address).content.decode()
    return [
        html.unescape(row) for row in re.findall(r'<th scope="row"><a href="/deals/[^"]*">([^<]*)</a>', text)
    ]
