"""The firm that docs/exposure.md works out by hand, to the cent: today, as known in August, on three bases of shares."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.periods import Month
from finance_hub.kernel.scoping import within
from tasks.records import SOURCES, Reading
from tasks.records.reading import lines
from tests.cast import Api
from tests.funds.conftest import FIRM
from tests.tasks.exposing import KNOWN_THEN, Known, exposure, known, public

Speak = Callable[[str], Api]
PAPER = Path(settings.BASE_DIR) / "docs" / "exposure.md"
NOTHING = "0.00"


@pytest.fixture
def firm(api: Speak, monkeypatch: pytest.MonkeyPatch) -> Known:
    return known(api, monkeypatch)


def written(shown: dict[str, Any]) -> None:
    """Every amount of the answer stands in the document as 1,234.56."""
    paper = PAPER.read_text("utf-8")
    amounts = [
        amount
        for line in shown["lines"]
        for part in (line["public"], line["finance"])
        for amount in (part or {}).values()
    ]
    amounts += [amount for part in shown["totals"].values() for amount in part.values()]
    amounts += [one["amount"] for one in shown["borne_by"]]
    assert [amount for amount in amounts if f"{Decimal(amount):,.2f}" not in paper] == []


def test_the_firm_is_what_the_paper_says_and_what_was_known_in_august(firm: Known, api: Speak) -> None:
    shown = exposure(api)
    written(shown)
    assert public(shown) == {
        "equity": "3200000.00", "equity_through": "1500000.00", "loans": NOTHING, "loans_shared": "1200000.00",
        "guarantees": "319999.99", "insurance": NOTHING, "compensation": "400800.01", "subsidies": NOTHING,
    }  # fmt: skip
    assert public(shown, part="finance") == {
        "equity": "3200000.00", "equity_through": "1500000.00", "loans": "1500000.00", "loans_shared": NOTHING,
        "guarantees": "399999.99", "insurance": NOTHING, "compensation": "400800.01", "subsidies": NOTHING,
    }  # fmt: skip
    assert public(shown, "fair_value") == public(shown) | {"equity_through": "2100000.00"}
    assert public(shown, "loss") == {
        "equity": "2880000.00", "equity_through": "1890000.00", "loans": NOTHING, "loans_shared": "720000.00",
        "guarantees": "191999.99", "insurance": NOTHING, "compensation": "300600.01", "subsidies": NOTHING,
    }  # fmt: skip
    assert shown["totals"] == {
        "public": {"cost": "6620800.00", "fair_value": "7220800.00", "loss": "5982600.00"},
        "finance": {"cost": "7000800.00", "fair_value": "7600800.00", "loss": "6210600.00"},
    }
    assert {one["party"]: one["amount"] for one in shown["borne_by"]} == {
        "bank": "380000.00", "guarantor": "380000.00", "re_guarantor": "380000.00", "national_fund": "759999.99",
    }  # fmt: skip
    self_consistent(shown)
    leads_to_its_records()
    as_known_in_august(api)
    on_other_bases(api)


def self_consistent(shown: dict[str, Any]) -> None:
    """The records of a line add up to it: those of loans to the balances, all others to the public amount."""
    for line in shown["lines"]:
        part = line["finance" if line["code"] == "loans" else "public"]
        assert sum(Decimal(row["amount"]) for row in line["records"]) == Decimal(part["cost"]), line["code"]


def leads_to_its_records() -> None:
    """The records behind a line of one of the largest firms, whole: what is split of them is not split here."""
    source = SOURCES["exposure.largest_line", "firm_line"]
    reading = Reading(Month(2026, 10), timezone.now())

    def behind(line: str) -> list[tuple[str, str]]:
        with within(EVERYTHING):
            found = lines(source, reading, key=f"{FIRM}|{line}", limit=10)
        return [(one.record, f"{one.amount:.2f}") for one in found]

    assert behind("equity") == [("holding_event", "3000000.00"), ("holding_event", "200000.00")]
    assert behind("equity_through") == [("holding_event", "5000000.01")]
    assert behind("loans_shared") == [("guarantee", "2000000.00")]
    assert behind("guarantees") == [("guarantee", "399999.99")]
    assert behind("insurance") == []
    # What the firm owes: 600,000.01 less the bank's 120,000.00, less the 79,200.00 that went to the others.
    assert behind("compensation") == [("claim", "400800.01")]


def as_known_in_august(api: Speak) -> None:
    shown = exposure(api, f"&known_at={KNOWN_THEN}")
    written(shown)
    assert public(shown) == {
        "equity": "3000000.00", "equity_through": "1500000.00", "loans": NOTHING, "loans_shared": "1600000.00",
        "guarantees": "800000.00", "insurance": NOTHING, "compensation": NOTHING, "subsidies": NOTHING,
    }  # fmt: skip
    assert shown["totals"] == {
        "public": {"cost": "6900000.00", "fair_value": "9000000.01", "loss": "7060000.01"},
        "finance": {"cost": "7500000.00", "fair_value": "9600000.01", "loss": "7340000.01"},
    }
    # The investment of 15 July came to be known after 5 August: even the end of July differs by it.
    july, then = (
        api("maker").get(f"/firms/{FIRM}/exposure?as_of=2026-07-31{known_at}").json()
        for known_at in ("", f"&known_at={KNOWN_THEN}")
    )
    assert (public(july)["equity"], public(then)["equity"]) == ("3200000.00", "3000000.00")
    assert public(july)["compensation"] == NOTHING


def on_other_bases(api: Speak) -> None:
    by_nav, by_commitment = exposure(api, "&basis=nav"), exposure(api, "&basis=commitment")
    written(by_nav)
    written(by_commitment)
    assert (public(by_nav)["equity_through"], public(by_nav, "fair_value")["equity_through"]) == (
        "1528301.89", "2139622.64",
    )  # fmt: skip
    assert (public(by_commitment)["equity_through"], public(by_commitment, "fair_value")["equity_through"]) == (
        "2000000.00", "2800000.00",
    )  # fmt: skip
    assert {shown["totals"]["public"]["cost"] for shown in (by_nav, by_commitment)} == {
        "6649101.89",
        "7120800.00",
    }
