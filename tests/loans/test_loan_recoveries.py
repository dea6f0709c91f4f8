"""No more is recovered than was written off, on any day, whatever arrives first."""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations
from typing import Any

import pytest

from tests.cast import Api
from tests.loans.bank import Row, balance, disbursement, repayment, reversal, send

Speak = Callable[[str], Api]
TOO_MUCH = "recovery-exceeds-write-off"


def write_off(event: str = "W-1", amount: str = "400.00", **changes: Any) -> Row:
    return repayment(event, amount, record_type="write_off", **{"value_date": "2026-10-10"} | changes)


def recovery(event: str, amount: str, day: str = "2026-10-20", **changes: Any) -> Row:
    return repayment(event, amount, record_type="recovery", value_date=day, **changes)


def test_all_of_a_write_off_may_be_recovered_and_a_cent_more_may_not(api: Speak) -> None:
    """1000 lent, 400 written off: 150 and 250 come back, one cent more does not."""
    bank = api("bank_a")
    rows = [disbursement(), write_off(), recovery("R-1", "150.00"), recovery("R-2", "250.00")]
    assert send(bank, rows).result["accepted"] == 4
    sent = send(bank, [recovery("R-3", "0.01")])
    assert sent.faults() == [(TOO_MUCH, "#/amount")]
    assert sent.rows()[0]["errors"][0]["context"] == {"amount": "0.01", "room": "0.00"}
    assert balance(bank) == "600.00"


@pytest.mark.parametrize(
    ("rows", "codes"),
    [
        ([recovery("R-1", "1.00")], [(2, [TOO_MUCH])]),
        ([write_off(), recovery("R-1", "400.01")], [(3, [TOO_MUCH])]),
        ([write_off(), recovery("R-1", "1.00", "2026-10-09")], [(3, [TOO_MUCH])]),
        ([write_off(), recovery("R-1", "300.00"), recovery("R-2", "200.00", "2026-10-21")], [(4, [TOO_MUCH])]),
        ([recovery("R-1", "300.00"), write_off()], []),
        ([write_off(), recovery("R-1", "400.00", "2026-10-10")], []),
        ([write_off(drawdown_no="JJ-2"), recovery("R-1", "1.00")], [(2, ["drawdown-unknown"]), (3, [TOO_MUCH])]),
        ([write_off(amount="1000.01"), recovery("R-1", "1.00")], [(2, ["repayment-exceeds-balance"]), (3, [TOO_MUCH])]),
    ],
)  # fmt: skip
def test_a_file_is_judged_by_drawdown_and_day(api: Speak, rows: list[Row], codes: list[Any]) -> None:
    assert send(api("bank_a"), [disbursement(), *rows]).codes() == codes


def test_a_write_off_that_is_recovered_is_neither_taken_back_nor_lowered(api: Speak) -> None:
    bank, gone = api("bank_a"), write_off()
    send(bank, [disbursement(), gone, recovery("R-1", "300.00")])
    lower = write_off(amount="299.99", revision=2, reason_code="input-error")
    taken_back = reversal("V-1", gone)
    assert send(bank, [lower]).faults() == [(TOO_MUCH, "#/amount")]
    sent = send(bank, [taken_back, repayment("E-9", "1000.00", value_date="2026-10-26")])
    assert sent.codes() == [(1, [TOO_MUCH]), (2, ["drawdown-refused"])]
    assert balance(bank) == "600.00"


def test_a_recovery_taken_back_makes_room_again(api: Speak) -> None:
    bank, back = api("bank_a"), recovery("R-1", "400.00")
    send(bank, [disbursement(), write_off(), back])
    sent = send(bank, [reversal("V-1", back), recovery("R-2", "400.00", "2026-10-25")])
    assert sent.result["accepted"] == 2


def test_a_reversal_of_a_refused_recovery_has_nothing_to_take_back(api: Speak) -> None:
    back = recovery("R-1", "400.00")
    sent = send(api("bank_a"), [disbursement(), back, reversal("V-1", back)])
    assert sent.codes() == [(2, [TOO_MUCH]), (3, ["reversed-event-unknown"])]


def test_the_order_of_arrival_does_not_matter_for_what_is_held(api: Speak) -> None:
    """Of 400, 100, then 500 (refused), then 200 is recovered: in any order, 200 is left to recover."""
    bank = api("bank_a")
    revisions = [
        recovery("R-1", "100.00"),
        recovery("R-1", "500.00", revision=2, reason_code="input-error"),
        recovery("R-1", "200.00", revision=3, reason_code="input-error"),
    ]
    for number, order in enumerate(permutations(revisions)):
        rows = [row | {"external_event_id": f"R-{number}", "contract_no": f"HT-{number}"} for row in order]
        lent = [
            disbursement(f"D-{number}", contract_no=f"HT-{number}"),
            write_off(f"W-{number}x", contract_no=f"HT-{number}"),
        ]
        assert send(bank, lent).result["accepted"] == 2
        for row in rows:
            send(bank, [row])
        sent = send(bank, [recovery(f"X-{number}", "200.01", contract_no=f"HT-{number}")])
        assert sent.faults() == [(TOO_MUCH, "#/amount")]
        assert (
            send(bank, [recovery(f"X-{number}", "200.00", contract_no=f"HT-{number}")]).result["accepted"]
            == 1
        )


def test_other_rows_of_a_loan_with_recoveries_are_taken_as_ever(api: Speak) -> None:
    bank = api("bank_a")
    send(bank, [disbursement(), write_off(), recovery("R-1", "400.00")])
    refinanced = {"record_type": "refinancing", "reason_code": "renew-by-new-loan"}
    rows = [repayment("E-8", "100.00"), repayment("E-9", "500.00", **refinanced)]
    assert send(bank, rows).result["accepted"] == 2
