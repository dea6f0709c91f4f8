"""The management fee that the terms make due, beside what was charged; worked by hand over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError

from finance_hub.kernel import scoping
from finance_hub.kernel.access import EVERYTHING
from funds.models import ManagerEarning
from tests.cast import Api
from tests.funds.conftest import CITY, COMPANY, Desk, found_fund, made, refused
from tests.funds.raw import insert

Speak = Callable[[str], Api]


@pytest.fixture
def funded(api: Speak) -> Desk:
    """The city committed 100, was called for 60 and paid 50 (million) in June 2022."""
    angel = found_fund(api)
    made(angel.event("commitment", "100000000.00", "2022-06-01", investor=CITY))
    made(angel.event("call", "60000000.00", "2022-06-10", investor=CITY))
    made(angel.event("contribution", "50000000.00", "2022-06-20", investor=CITY))
    return angel


def agree(desk: Desk, base: str | None, rate: str | None, since: str = "2022-06-01", **more: str) -> None:
    body = {"valid_from": since, "document": "合伙协议", "fee_base": base, "fee_rate_pct": rate, **more}
    made(desk.api.post(f"/funds/{desk.fund}/terms", body))


def ask(desk: Desk, start: str = "2023-01-01", end: str = "2023-03-31") -> Any:
    return desk.api.get(f"/funds/{desk.fund}/fee-due?start={start}&as_of={end}")


def shown(desk: Desk, *period: str) -> dict[str, Any]:
    answer = ask(desk, *period)
    assert answer.status_code == 200, answer.content
    found: dict[str, Any] = answer.json()
    return found


def earn(desk: Desk, amount: str, on: str) -> Any:
    body = {"amount": amount, "earned_from": "桐乡示例科技 顾问费", "effective_date": on}
    return desk.api.post(f"/funds/{desk.fund}/manager-earnings", body)


def test_a_quarter_of_what_was_paid_in(funded: Desk) -> None:
    """50 million × 2 % × 90 / 365 = 246,575.34; 250,000 were charged, of which 10,000 were taken back."""
    agree(funded, "paid_in", "2")
    made(funded.event("fee", "240000.00", "2023-01-15"))
    wrong = made(funded.event("fee", "10000.00", "2023-02-15"))["id"]
    assert shown(funded)["difference"] == "3424.66"
    made(funded.reverse(wrong, "2023-03-01"))
    found = shown(funded)
    assert [found[name] for name in ("gross", "due", "charged", "difference")] == [
        "246575.34", "246575.34", "240000.00", "-6575.34",
    ]  # fmt: skip
    assert found["lines"] == [
        {
            "start": "2023-01-01", "end": "2023-03-31", "base": "paid_in", "base_amount": "50000000.00",
            "rate_pct": "2.0000", "amount": "246575.34",
        }
    ]  # fmt: skip
    assert shown(funded, "2023-01-01", "2023-01-14")["charged"] == "0.00"


def test_steps_of_rate_and_of_base(funded: Desk) -> None:
    """31 days of 100 million committed at 2 % are 169,863.01; from February on 28 days of the 9 million invested
    at 1.5 % are 10,356.16 (and the fen left over), and 31 days of the 12 invested since March 15,287.67."""
    agree(funded, "commitment", "2")
    agree(funded, "invested", "1.5", "2023-02-01")
    held = made(funded.invest("9000000.00", "2022-09-15"))["holding"]
    made(funded.invest("3000000.00", "2023-03-01"))
    made(funded.exit(held, cash="1.00", cost="5000000.00", on="2023-03-02"))
    found = shown(funded)
    assert [(line["base"], line["base_amount"], line["amount"]) for line in found["lines"]] == [
        ("commitment", "100000000.00", "169863.01"),
        ("invested", "9000000.00", "10356.17"),
        ("invested", "12000000.00", "15287.67"),
    ]
    assert found["gross"] == "195506.85"  # 169,863.0137 + 10,356.1644 + 15,287.6712 = 195,506.8493


def test_a_release_lowers_the_commitment_and_a_transfer_nothing(funded: Desk) -> None:
    agree(funded, "commitment", "3.65")
    made(funded.event("release", "20000000.00", "2023-01-11", investor=CITY))
    made(funded.transfer("10000000.00", "2023-02-01", seller=CITY, buyer=COMPANY))
    found = shown(funded, "2023-01-01", "2023-01-20")
    assert [line["amount"] for line in found["lines"]] == ["100000.00", "80000.00"]
    assert [line["base_amount"] for line in shown(funded)["lines"]] == ["100000000.00", "80000000.00"]


def test_net_assets_are_those_at_the_beginning_of_each_quarter(funded: Desk) -> None:
    """50 million until the fee of 5 in February: 90 days of 50 and 91 of 45 million at 3.65 % a year."""
    agree(funded, "net_assets", "3.65")
    made(funded.event("fee", "5000000.00", "2023-02-15"))
    found = shown(funded, "2023-01-01", "2023-06-30")
    assert [(line["base_amount"], line["amount"]) for line in found["lines"]] == [
        ("50000000.00", "450000.00"), ("45000000.00", "409500.00"),
    ]  # fmt: skip
    assert found["note"] is None  # the guidance came two years later


def test_half_of_what_the_manager_earned_is_set_off(funded: Desk) -> None:
    agree(funded, "paid_in", "2", fee_offset_pct="50")
    made(earn(funded, "100000.00", "2023-02-01"))
    wrong = made(earn(funded, "40000.00", "2023-02-02"))["id"]
    made(earn(funded, "900000.00", "2022-12-31"))
    body = {"effective_date": "2023-02-03", "note": "有误"}
    path = f"/funds/angel/manager-earnings/{wrong}/reverse"
    back = made(funded.api.post(path, body))
    refused(funded.api.post(path, body), 409, "already-reversed")
    refused(
        funded.api.post(f"/funds/angel/manager-earnings/{back['id']}/reverse", body),
        409,
        "reversal-of-a-reversal",
    )
    refused(funded.api.post("/funds/angel/manager-earnings/me_x/reverse", body), 404, "not-found")
    found = shown(funded)
    assert [found[name] for name in ("earned", "offset", "offset_left", "due")] == [
        "100000.00", "50000.00", "0.00", "196575.34",
    ]  # fmt: skip
    assert shown(funded, "2022-12-31", "2022-12-31")["offset_left"] == "447260.27"  # one day is 2,739.73
    listed = funded.api.get("/funds/angel/manager-earnings").json()["data"]
    assert [row["reverses"] for row in listed] == [wrong, None, None, None]


@pytest.mark.parametrize(("base", "end", "said"), [
    ("commitment", "2025-03-31", True), ("net_assets", "2025-03-31", True), ("commitment", "2025-01-06", False),
    ("paid_in", "2025-03-31", False), ("invested", "2025-03-31", False),
])  # fmt: skip
def test_the_guidance_is_a_note(funded: Desk, base: str, end: str, said: bool) -> None:
    agree(funded, base, "2")
    note = shown(funded, "2025-01-01", end)["note"]
    assert (note is not None) == said
    assert not said or "国办发〔2025〕1号" in note


def test_the_quarter_of_the_day_is_asked_for_where_nothing_is_said(funded: Desk) -> None:
    agree(funded, "paid_in", "2")
    found = funded.api.get("/funds/angel/fee-due?as_of=2023-05-14").json()
    assert (found["start"], found["end"]) == ("2023-04-01", "2023-05-14")


def test_where_no_fee_is_agreed_there_is_none(funded: Desk, api: Speak) -> None:
    refused(ask(funded), 409, "fee-not-agreed")
    agree(funded, "paid_in", "2", "2023-04-01")
    refused(ask(funded), 409, "fee-not-agreed")
    refused(ask(funded, "2023-04-02", "2023-04-01"), 422, "period-empty")
    refused(ask(funded, "soon"), 422, "date-format")
    agree(funded, None, None, "2023-05-01")
    assert shown(funded, "2023-04-01", "2023-06-30")["lines"][0]["end"] == "2023-04-30"
    refused(api("manager_industry").get("/funds/angel/fee-due"), 404, "not-found")
    assert api("bank_a").get("/funds/angel/fee-due").status_code == 403


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"amount": "0.00"}, "amount-not-positive"),
        ({"amount": "1000000000000.01"}, "amount-too-large"),
        ({"on": "2099-01-01"}, "date-in-future"),
        ({"on": "2022-05-31"}, "date-before-establishment"),
    ],
)
def test_what_the_manager_cannot_have_earned(funded: Desk, changes: dict[str, str], code: str) -> None:
    refused(earn(funded, **{"amount": "1.00", "on": "2023-01-01", **changes}), 422, code)


def test_only_the_manager_enters_what_it_earned(funded: Desk, api: Speak) -> None:
    assert earn(Desk(api("maker"), "angel"), "1.00", "2023-01-01").status_code == 403
    found_fund(api, code="other", manager="industry-manager")
    refused(earn(Desk(api("manager_industry"), "angel"), "1.00", "2023-01-01"), 404, "not-found")


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"amount": "0.00"}, "manager_earning_is_positive"),
        ({"amount": "NaN"}, "manager_earning_is_positive"),
        ({"earned_from": " "}, "manager_earning_says_from_whom"),
        ({"reverses_id": "itself", "amount": "2.00"}, "reversal_repeats_the_manager_earning"),
    ],
)
def test_what_the_database_refuses(funded: Desk, change: dict[str, Any], name: str) -> None:
    made(earn(funded, "1.00", "2023-01-01"))
    with scoping.within(EVERYTHING):
        row = ManagerEarning.objects.values().get()
    first = row.pop("id")
    change = {key: first if value == "itself" else value for key, value in change.items()}
    with pytest.raises(DatabaseError, match=name):
        insert("funds_managerearning", **{**row, "public_id": "me_x", **change})
