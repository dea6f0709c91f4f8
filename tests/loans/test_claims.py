"""Claims: split by the terms, refused where they do not fit. Fees and net assets, which go with them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.cast import Api
from tests.loans.covered import agree, agree_widely, codes, cover, loss, parts

Speak = Callable[[str], Api]


@pytest.fixture
def held(api: Speak) -> str:
    return agree_widely(api)


REFUSED: list[tuple[dict[str, Any], str, list[tuple[str, str]]]] = [
    ({"principal": "1000.01"}, "guarantee-amount-exceeds-outstanding",
     [("guarantee-amount-exceeds-outstanding", "#/principal")]),
    ({"effective_date": "2026-08-29"}, "claim-before-waiting-period", []),
    ({"effective_date": "2026-11-06"}, "invalid-fields", [("date-in-future", "#/effective_date")]),
    ({"effective_date": "2026-01-09"}, "invalid-fields", [("date-before-start", "#/effective_date")]),
    ({"default_date": "2026-01-09"}, "invalid-fields", [("default-outside-guarantee", "#/default_date")]),
    ({"default_date": "2026-09-02"}, "invalid-fields", [("default-outside-guarantee", "#/default_date")]),
    ({"interest": "0.01"}, "interest-not-covered", []),
    ({"principal": "0.00"}, "invalid-fields", [("amount-not-positive", "#/principal")]),
    ({"principal": "-1.00"}, "invalid-fields", [("amount-not-positive", "#/principal")]),
    ({"principal": 100}, "invalid-fields", [("amount-not-a-string", "#/principal")]),
    ({"principal": "NaN"}, "invalid-fields", [("amount-format", "#/principal")]),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "code", "errors"), REFUSED)
def test_a_claim_that_does_not_fit_is_refused(
    api: Speak, held: str, changes: dict[str, Any], code: str, errors: list[tuple[str, str]]
) -> None:
    answer = api("guarantor_a").post(f"{held}/claims", loss("500.00") | changes)
    assert codes(answer) == (422, code, errors)
    assert api("guarantor_a").get(held).json()["claims"] == []


def test_the_earliest_day_is_named_and_is_allowed(api: Speak, held: str) -> None:
    early = loss("500.00", effective_date="2026-08-29")
    assert "2026-08-30" in api("guarantor_a").post(f"{held}/claims", early).json()["detail"]
    on_the_day = loss("500.00", effective_date="2026-08-30")
    assert api("guarantor_a").post(f"{held}/claims", on_the_day).status_code == 201


def test_interest_is_split_where_the_agreement_covers_it(api: Speak) -> None:
    """Of 10.01 interest: 2.00, 4.01, 2.00, 2.00; it ends no part of the guarantee and is owed by the firm."""
    agree(api, covers_interest=True)
    guarantor = api("guarantor_a")
    held = cover(guarantor, principal="1000.00")
    answer = guarantor.post(f"{held}/claims", loss("25.00", interest="10.01"))
    assert {s["party"]: s["interest"] for s in answer.json()["shares"]} == {
        "bank": "2.00", "national_fund": "4.01", "re_guarantor": "2.00", "guarantor": "2.00",
    }  # fmt: skip
    stands = guarantor.get(held).json()
    assert (stands["outstanding"], stands["compensated"], stands["interest_compensated"], stands["claim"]) == (
        "975.00", "20.00", "8.01", "28.01",
    )  # fmt: skip


def test_a_cap_on_what_was_released_opens_with_releases(api: Speak) -> None:
    """5 % of the 200.00 released, and of this claim's own 0: 10.00 for the public parties, the guarantor keeps the rest."""
    agree(api, compensation_cap_base="released")
    guarantor = api("guarantor_a")
    held = cover(guarantor, principal="1000.00")
    guarantor.post(f"{held}/events", {"kind": "release", "amount": "200.00", "effective_date": "2026-05-01"})
    assert parts(guarantor.post(f"{held}/claims", loss("100.00"))) == {
        "bank": "20.00", "national_fund": "6.67", "re_guarantor": "3.33", "guarantor": "70.00",
    }  # fmt: skip


def test_a_cap_begins_anew_with_the_year(api: Speak) -> None:
    agree(api, valid_from="2025-01-01")
    guarantor = api("guarantor_a")
    old = cover(guarantor, "DB-1", principal="100.00", start_date="2025-03-01", end_date="2026-02-28")
    cover(guarantor, "DB-2", principal="1000.00")
    in_2025 = loss("100.00", default_date="2025-06-01", effective_date="2025-12-31")
    assert parts(guarantor.post(f"{old}/claims", in_2025 | {"principal": "50.00"})) == {
        "bank": "10.00", "national_fund": "3.33", "re_guarantor": "1.67", "guarantor": "35.00",
    }  # fmt: skip
    assert parts(guarantor.post(f"{old}/claims", loss("50.00", default_date="2025-06-01"))) == {
        "bank": "10.00", "national_fund": "20.00", "re_guarantor": "10.00", "guarantor": "10.00",
    }  # fmt: skip


def test_a_reversed_claim_gives_its_room_back_to_its_own_year(api: Speak) -> None:
    """5 % of 100.00 were used in 2025; taken back in 2026 they are there for 2025 again, and 2026 has its own."""
    agree(api, valid_from="2025-01-01")
    guarantor = api("guarantor_a")
    old = cover(guarantor, "DB-1", principal="100.00", start_date="2025-03-01", end_date="2026-02-28")
    in_2025 = loss("50.00", default_date="2025-06-01", effective_date="2025-12-31")
    claim = guarantor.post(f"{old}/claims", in_2025).json()["id"]
    assert (
        guarantor.post(f"{old}/claims/{claim}/reverse", {"effective_date": "2026-03-01"}).status_code == 201
    )
    again = parts(guarantor.post(f"{old}/claims", in_2025))
    assert (again["national_fund"], again["re_guarantor"]) == ("3.33", "1.67")
    # Nothing began in 2026, so the public parties pay nothing.
    in_2026 = parts(guarantor.post(f"{old}/claims", loss("50.00", default_date="2025-06-01")))
    assert (in_2026["national_fund"], in_2026["re_guarantor"]) == ("0.00", "0.00")


def test_without_an_agreement_the_three_shares_bear_the_loss(api: Speak) -> None:
    guarantor = api("guarantor_a")
    own = {"bank_share_pct": "20.00", "government_share_pct": "55.55", "guarantor_share_pct": "24.45"}
    held = cover(guarantor, agreement=..., principal="1000.00", **own)
    assert parts(guarantor.post(f"{held}/claims", loss("0.03"))) == {
        "bank": "0.00", "government": "0.02", "guarantor": "0.01",
    }  # fmt: skip


def test_a_compensation_by_its_amount_is_borne_by_who_pays(api: Speak) -> None:
    """200.00 by 55.55 : 24.45; 50.00 back by what each bore."""
    guarantor = api("guarantor_a")
    own = {"bank_share_pct": "20.00", "government_share_pct": "55.55", "guarantor_share_pct": "24.45"}
    held = cover(guarantor, agreement=..., principal="1000.00", **own)
    for kind, amount in (("compensation", "200.00"), ("recovery", "50.00")):
        entry = {"kind": kind, "amount": amount, "effective_date": "2026-10-20"}
        assert guarantor.post(f"{held}/events", entry).status_code == 201
    shown = guarantor.get(held).json()
    assert [(s["party"], s["principal"]) for s in shown["claims"][0]["shares"]] == [
        ("government", "138.88"), ("guarantor", "61.12"),
    ]  # fmt: skip
    assert [(s["party"], s["amount"]) for s in shown["recoveries"][0]["shares"]] == [
        ("government", "34.72"), ("guarantor", "15.28"),
    ]  # fmt: skip


@pytest.mark.parametrize("kind", ["compensation", "recovery"])
def test_under_an_agreement_a_loss_is_reported_as_a_claim(api: Speak, held: str, kind: str) -> None:
    entry = {"kind": kind, "amount": "1.00", "effective_date": "2026-10-20"}
    assert codes(api("guarantor_a").post(f"{held}/events", entry)) == (
        422, "claim-needed", [("claim-needed", "#/kind")],
    )  # fmt: skip


def test_fees_accrue_by_the_day_on_what_is_outstanding(api: Speak, held: str) -> None:
    """1,000.00 for 100 days and 400.00 for 199 days at 0.8 %: 179,600 yuan-days x 0.008 / 365 = 3.94."""
    guarantor = api("guarantor_a")
    path = cover(guarantor, "DB-9", principal="1000.00", fee_rate_pct="0.8000", start_date="2026-01-10")
    released = {"kind": "release", "amount": "600.00", "effective_date": "2026-04-20"}
    assert (date(2026, 4, 20) - date(2026, 1, 10)).days == 100
    guarantor.post(f"{path}/events", released)
    guarantor.post(f"{path}/events", {"kind": "fee", "amount": "2.00", "effective_date": "2026-05-01"})
    shown = guarantor.get(path).json()
    assert (date(2026, 11, 5) - date(2026, 4, 20)).days == 199
    assert (shown["fees_due"], shown["fees_paid"]) == (
        f"{Decimal(179_600) * Decimal('0.008') / 365:.2f}",
        "2.00",
    )
    assert shown["fees_due"] == "3.94"
    assert guarantor.get(held).json()["fees_due"] is None


def test_net_assets_are_reported_and_seen_by_their_own(api: Speak) -> None:
    new = {"effective_date": "2026-09-30", "amount": "300000000.00", "deductions": "20000000.00"}
    answer = api("guarantor_a").post("/net-assets", new)
    assert (answer.status_code, answer.json()["guarantor"]) == (201, "guarantor-a")
    assert api("guarantor_b").get("/net-assets").json()["data"] == []
    assert len(api("auditor").get("/net-assets").json()["data"]) == 1
    for changes, code in (
        ({"deductions": "300000000.00"}, "deductions-above-net-assets"),
        ({"effective_date": "2026-11-06"}, "date-in-future"),
        ({"amount": "0.00"}, "amount-not-positive"),
    ):
        refused = api("guarantor_a").post("/net-assets", new | changes)
        assert [e["code"] for e in refused.json()["errors"]] == [code]
    assert api("bank_a").post("/net-assets", new).status_code == 403
