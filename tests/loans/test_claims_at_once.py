"""Two writers at the same moment cannot pass a cap, overdraw a pool, or recover twice what was paid."""

from __future__ import annotations

from decimal import Decimal

from tests.cast import Api, Cast
from tests.loans.covered import agree, agree_on_pool, cover, guarantee, loss
from tests.loans.test_two_at_once import at_once

WRITERS = 4


def _sum(answers: list[dict[str, object]], *parties: str) -> Decimal:
    return sum(
        (Decimal(str(s["principal"])) for a in answers for s in a["shares"] if s["party"] in parties),  # type: ignore[attr-defined]
        Decimal(0),
    )


def test_claims_at_once_share_the_room_under_the_cap(committed: Cast) -> None:
    """5 % of 4,000.00 are 200.00; four claims of 100.00 would cost the public parties 240.00."""
    agree(lambda name: Api(committed.key(name)))
    token = committed.key("guarantor_a")
    held = [cover(Api(token), f"DB-{n}", principal="1000.00") for n in range(WRITERS)]
    answers = at_once(
        *(lambda p=path: Api(token).post(f"{p}/claims", loss("100.00")).json() for path in held)
    )
    assert _sum(answers, "national_fund", "re_guarantor") == Decimal("200.00")
    assert _sum(answers, "bank", "guarantor") == Decimal("200.00")


def test_claims_at_once_do_not_overdraw_the_pool(committed: Cast) -> None:
    """120,000.50 for four claims of which each would draw 54,000.00."""
    speak = lambda name: Api(committed.key(name))  # noqa: E731
    agree_on_pool(speak)
    token = committed.key("insurer_a")
    held = [cover(Api(token), f"DB-{n}", principal="300000.00", agreement="ip-pool") for n in range(WRITERS)]
    answers = at_once(
        *(lambda p=path: Api(token).post(f"{p}/claims", loss("100000.00")).json() for path in held)
    )
    assert _sum(answers, "pool") == Decimal("120000.50")
    assert speak("maker").get("/risk-pools/pool").json()["balance"] == "0.00"


def test_recoveries_at_once_return_no_more_than_was_lost(committed: Cast) -> None:
    agree(lambda name: Api(committed.key(name)), compensation_cap_pct=..., compensation_cap_base=...,
          parts=[("bank", "20.00"), ("guarantor", "80.00")], borrower_cap=...)  # fmt: skip
    token = committed.key("guarantor_a")
    held = cover(Api(token), principal="1000.00")
    Api(token).post(f"{held}/claims", loss("100.00"))
    back = {"amount": "60.00", "effective_date": "2026-10-01"}
    answers = at_once(*[lambda: Api(token).post(f"{held}/recoveries", back).status_code] * WRITERS)
    assert sorted(answers) == [201, *[422] * (WRITERS - 1)]


def test_guarantees_at_once_do_not_pass_a_borrowers_cap(committed: Cast) -> None:
    agree(lambda name: Api(committed.key(name)), borrower_cap="1000.00")
    token = committed.key("guarantor_a")
    answers = at_once(*(
        lambda n=number: Api(token).post("/guarantees", guarantee(f"DB-{n}", principal="600.00")).status_code
        for number in range(WRITERS)
    ))  # fmt: skip
    assert sorted(answers) == [201, *[422] * (WRITERS - 1)]
