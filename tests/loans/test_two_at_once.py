"""Two batches of one bank, or two banks, at the same moment: no deadlock, one of the serial ends."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.models import Firm, FirmName, Job
from finance_hub.kernel.scoping import within
from finance_hub.kernel.uscc import complete
from loans.models import LoanEvent
from tests.cast import Api, Cast
from tests.kernel import threads
from tests.loans.bank import (
    URL,
    Row,
    balance,
    declaration,
    disbursement,
    ndjson,
    repayment,
    run,
    send,
    totals,
    upload,
)  # fmt: skip

COUNT = 300


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Results of the acts, begun together, each with its own connection."""
    return threads.at_once(len(acts), lambda at: acts[at]())


def _repayments(batch: str, amount: str) -> list[Row]:
    return [
        repayment(f"{batch}-{n}", amount, contract_no=f"HT-{n}", client_row_id=f"{batch}-{n}")
        for n in range(COUNT)
    ]


def _prepare(api: Api, rows: list[Row]) -> str:
    batch = upload(api, ndjson(rows), control_totals=totals(rows))
    assert api.post(f"{URL}/{batch}/submit").status_code == 202
    return batch


def test_two_batches_over_the_same_contracts_in_opposite_order(committed: Cast) -> None:
    """Each contract holds 1000.00; either batch alone fits, both do not: 600 goes once, 600 is refused."""
    api = Api(committed.key("bank_a"))
    send(api, [disbursement(f"D-{n}", contract_no=f"HT-{n}") for n in range(COUNT)])
    first = _prepare(api, _repayments("A", "600.00"))
    second = _prepare(api, _repayments("B", "600.00")[::-1])
    assert at_once(lambda: run(first), lambda: run(second)) == ["succeeded", "succeeded"]
    results = sorted(api.get(f"{URL}/{batch}").json()["result"]["accepted"] for batch in (first, second))
    assert results == [0, COUNT]
    assert {balance(api, f"HT-{n}") for n in (0, 7, COUNT - 1)} == {"400.00"}
    assert set(Job.objects.values_list("state", flat=True)) == {"succeeded"}


def test_the_same_file_twice_at_once_is_applied_once(committed: Cast) -> None:
    api = Api(committed.key("bank_a"))
    rows = [disbursement(f"D-{n}", contract_no=f"HT-{n}") for n in range(COUNT)]
    batches = [_prepare(api, rows), _prepare(api, rows[::-1])]
    assert at_once(*(lambda b=batch: run(b) for batch in batches)) == ["succeeded", "succeeded"]
    results = [api.get(f"{URL}/{batch}").json()["result"] for batch in batches]
    assert sorted((r["accepted"], r["unchanged"]) for r in results) == [(0, COUNT), (COUNT, 0)]
    with within(EVERYTHING):
        assert LoanEvent.objects.count() == COUNT


def test_two_banks_hear_of_the_same_new_firms_at_once(committed: Cast) -> None:
    codes = [complete(f"91330483MA{n:07d}") for n in range(COUNT)]
    rows = [disbursement(f"D-{n}", contract_no=f"HT-{n}", uscc=code) for n, code in enumerate(codes)]
    banks = [Api(committed.key(name)) for name in ("bank_a", "bank_b")]
    batches = [_prepare(banks[0], rows), _prepare(banks[1], rows[::-1])]
    assert at_once(*(lambda b=batch: run(b) for batch in batches)) == ["succeeded", "succeeded"]
    assert (Firm.objects.count(), FirmName.objects.count()) == (COUNT, COUNT)
    assert [bank.get(f"{URL}/{batch}").json()["result"]["accepted"] for bank, batch in zip(banks, batches, strict=True)] \
        == [COUNT, COUNT]  # fmt: skip


def test_one_job_rung_twice_at_once_is_done_once(committed: Cast) -> None:
    api = Api(committed.key("bank_a"))
    batch = _prepare(api, [disbursement()])
    assert sorted(at_once(lambda: run(batch), lambda: run(batch))) == ["busy", "succeeded"]
    assert balance(api) == "1000.00"


def test_cancel_and_apply_at_once_have_one_winner(committed: Cast) -> None:
    api = Api(committed.key("bank_a"))
    batch = _prepare(api, [disbursement()])
    _, answer = at_once(lambda: run(batch), lambda: api.post(f"{URL}/{batch}/cancel").status_code)
    state = api.get(f"{URL}/{batch}").json()["state"]
    with within(EVERYTHING):
        events = LoanEvent.objects.count()
    assert (answer, state, events) in [(200, "cancelled", 0), (409, "applied", 1)]


def test_one_key_at_once_declares_one_batch(committed: Cast) -> None:
    token = committed.key("bank_a")
    body = declaration(b"")
    answers = at_once(*[lambda: Api(token).post(URL, body, key="k-1")] * 8)
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert {answer.json()["id"] for answer in answers if answer.status_code == 201}.__len__() == 1
    assert len(Api(token).get(URL).json()["data"]) == 1
