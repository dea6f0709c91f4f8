"""Reversals: an event is taken back once, whole, from its own drawdown, and never before it happened."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.cast import Api
from tests.loans.bank import (
    Row,
    balance,
    disbursement,
    repayment,
    reversal,
    send,
)  # fmt: skip

Speak = Callable[[str], Api]


def test_a_reversal_takes_an_event_back(api: Speak) -> None:
    bank = api("bank_a")
    rows = [disbursement(), repayment()]
    send(bank, rows)
    assert send(bank, [reversal("R-1", rows[1])]).state == "applied"
    assert balance(bank) == "1000.00"
    events = bank.get("/contracts/HT-1/events").json()["data"]
    assert [(e["external_event_id"], e["effect"], e["reversed"]) for e in events] == [
        ("R-1", "300.00", False), ("E-2", "-300.00", True), ("E-1", "1000.00", False),
    ]  # fmt: skip


def test_event_and_reversal_may_come_in_one_file_in_either_order(api: Speak) -> None:
    bank, lent, back = api("bank_a"), disbursement(), repayment()
    sent = send(bank, [reversal("R-1", back), back, lent])
    assert sent.result["accepted"] == 3
    assert balance(bank) == "1000.00"


REVERSALS: list[tuple[str, Row, str]] = [
    ("it names nothing known", {"reverses": "E-404"}, "reversed-event-unknown"),
    ("it names itself", {"reverses": "R-1"}, "reversal-of-a-reversal"),
    ("it has another amount", {"amount": "299.99"}, "reversal-amount-differs"),
    ("it is dated before", {"value_date": "2026-10-19"}, "reversal-before-event"),
    ("it is of another drawdown", {"drawdown_no": "JJ-2"}, "reversed-event-of-another-drawdown"),
]


@pytest.mark.parametrize(("changes", "code"), [case[1:] for case in REVERSALS], ids=[c[0] for c in REVERSALS])
def test_a_reversal_is_refused_when(api: Speak, changes: Row, code: str) -> None:
    bank, back = api("bank_a"), repayment()
    second = disbursement("E-8", drawdown_no="JJ-2")
    send(bank, [disbursement(), back, second])
    sent = send(bank, [reversal("R-1", back, **changes)])
    assert sent.codes() == [(1, [code])]
    assert balance(bank) == "1700.00"


def test_an_event_is_taken_back_once_and_never_revised_afterwards(api: Speak) -> None:
    bank, back = api("bank_a"), repayment()
    send(bank, [disbursement(), back, reversal("R-1", back)])
    revised = back | {"revision": 2, "amount": "1.00", "reason_code": "input-error"}
    sent = send(bank, [reversal("R-2", back), revised])
    assert sent.codes() == [(1, ["event-already-reversed"]), (2, ["event-already-reversed"])]
    assert balance(bank) == "1000.00"


def test_a_disbursement_that_was_repaid_cannot_be_taken_back(api: Speak) -> None:
    bank, lent = api("bank_a"), disbursement()
    send(bank, [lent, repayment()])
    sent = send(bank, [reversal("R-1", lent)])
    assert sent.codes() == [(1, ["balance-below-zero"])]
