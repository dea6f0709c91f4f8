"""The defaults that docs/guarantee-default.md works out by hand, played over HTTP to the cent."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings

from tests.cast import Api
from tests.loans.covered import agree, agree_on_pool, cover, loss, parts

Speak = Callable[[str], Api]
PAPER = Path(settings.BASE_DIR) / "docs" / "guarantee-default.md"


def written(answer: Any) -> dict[str, str]:
    """The parts, each of which stands in the document as 1,234.56."""
    found, paper = parts(answer), PAPER.read_text("utf-8")
    assert [amount for amount in found.values() if f"{float(amount):,.2f}" not in paper] == []
    return found


def test_the_national_plan_with_its_cap_and_its_recoveries(api: Speak) -> None:
    agree(api)
    guarantor = api("guarantor_a")
    held = cover(guarantor)
    first = guarantor.post(f"{held}/claims", loss("1234567.89"))
    assert written(first) == {
        "bank": "246913.58", "national_fund": "493827.15", "re_guarantor": "246913.58", "guarantor": "246913.58",
    }  # fmt: skip
    stands = guarantor.get(held).json()
    assert (stands["compensated"], stands["released"], stands["outstanding"], stands["claim"]) == (
        "987654.31", "246913.58", "28765432.11", "987654.31",
    )  # fmt: skip

    back = {"claim": first.json()["id"], "effective_date": "2026-10-10"}
    assert written(guarantor.post(f"{held}/recoveries", back | {"amount": "100001.00", "cost": "1000.99"})) == {
        "bank": "19800.00", "national_fund": "39600.01", "re_guarantor": "19800.00", "guarantor": "19800.00",
    }  # fmt: skip
    assert parts(guarantor.post(f"{held}/recoveries", back | {"amount": "0.03"})) == {
        "bank": "0.01", "national_fund": "0.00", "re_guarantor": "0.01", "guarantor": "0.01",
    }  # fmt: skip
    stands = guarantor.get(held).json()
    assert (stands["recovered"], stands["claim"]) == ("79200.03", "908454.28")

    second = guarantor.post(f"{held}/claims", loss("2000000.00", effective_date="2026-10-20"))
    assert written(second) == {
        "bank": "400000.00", "national_fund": "506172.85", "re_guarantor": "253086.42", "guarantor": "840740.73",
    }  # fmt: skip
    third = guarantor.post(f"{held}/claims", loss("100000.00", effective_date="2026-10-21"))
    assert written(third) == {
        "bank": "20000.00", "national_fund": "0.00", "re_guarantor": "0.00", "guarantor": "80000.00",
    }  # fmt: skip


def test_a_pool_that_is_emptied_and_gets_its_part_back(api: Speak) -> None:
    agree_on_pool(api)
    insurer = api("insurer_a")
    held = cover(insurer, principal="1000000.00", agreement="ip-pool")
    assert insurer.get(held).json()["instrument"] == "credit_insurance"
    assert written(insurer.post(f"{held}/claims", loss("333333.33"))) == {
        "pool": "120000.50", "bank": "146666.17", "insurer": "53333.33", "other": "13333.33",
    }  # fmt: skip
    assert api("maker").get("/risk-pools/pool").json()["balance"] == "0.00"
    back = {"amount": "10000.01", "cost": "0.01", "effective_date": "2026-10-10"}
    assert written(insurer.post(f"{held}/recoveries", back)) == {
        "pool": "3600.01", "bank": "4399.99", "insurer": "1600.00", "other": "400.00",
    }  # fmt: skip
    shown = api("maker").get("/risk-pools/pool").json()
    assert [(e["kind"], e["amount"]) for e in shown["events"]] == [
        ("contribution", "120000.50"), ("payment", "120000.50"), ("return", "3600.01"),
    ]  # fmt: skip
    assert shown["balance"] == "3600.01"
