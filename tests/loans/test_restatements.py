"""Facts that are reported again: the highest revision holds, whatever the order of arrival."""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations

import pytest

from tests.cast import Api
from tests.loans.bank import Row, balance, disbursement, position, repayment, send

Speak = Callable[[str], Api]
LENT = disbursement(amount="1000.00")


def _revision(number: int, amount: str) -> Row:
    reason = {"reason_code": "input-error"} if number > 1 else {}
    return repayment("E-2", amount, revision=number, **reason)


REVISIONS = {"1": _revision(1, "100.00"), "2": _revision(2, "200.00"), "2'": _revision(2, "250.00"),
             "3": _revision(3, "300.00")}  # fmt: skip


def history(bank: Api) -> list[tuple[int, bool, str]]:
    """(revision, in force, amount) of the repayment, the highest revision first."""
    events = bank.get("/contracts/HT-1/events").json()["data"]
    found = [event for event in events if event["external_event_id"] == "E-2"]
    return sorted(((e["revision"], e["in_force"], e["amount"]) for e in found), reverse=True)


def expected(order: tuple[str, ...]) -> list[tuple[int, bool, str]]:
    """Three is in force; of 2 and 2' the one that came first is part of the history."""
    second = REVISIONS[min("2", "2'", key=order.index)]["amount"]
    return [(3, True, "300.00"), (2, False, second), (1, False, "100.00")]


@pytest.mark.parametrize("order", list(permutations(REVISIONS)), ids=" ".join)
def test_every_order_of_arrival_ends_with_revision_three(api: Speak, order: tuple[str, ...]) -> None:
    """Of 2 and 2' the one that comes second is the conflict."""
    bank = api("bank_a")
    send(bank, [LENT])
    codes = {name: send(bank, [REVISIONS[name]]).codes() for name in order}
    later = max("2", "2'", key=order.index)
    assert codes.pop(later) == [(1, ["revision-conflict"])]
    assert all(found == [] for found in codes.values())
    assert (balance(bank), history(bank)) == ("700.00", expected(order))


@pytest.mark.parametrize("order", list(permutations(REVISIONS)), ids=" ".join)
def test_one_file_with_all_of_them_ends_the_same(api: Speak, order: tuple[str, ...]) -> None:
    bank = api("bank_a")
    sent = send(bank, [*(REVISIONS[name] for name in order), LENT])
    later = max(order.index("2"), order.index("2'"))
    assert sent.codes() == [(later + 1, ["revision-conflict"])]
    assert (balance(bank), history(bank)) == ("700.00", expected(order))


def test_a_revision_that_would_overdraw_leaves_the_one_before_in_force(api: Speak) -> None:
    bank = api("bank_a")
    send(bank, [LENT, _revision(1, "100.00"), repayment("E-3", "850.00")])
    sent = send(bank, [_revision(2, "151.00")])
    assert sent.codes() == [(1, ["repayment-exceeds-balance"])]
    assert sent.rows()[0]["errors"][0]["context"]["balance"] == "150.00"
    assert balance(bank) == "50.00"
    assert send(bank, [_revision(2, "150.00")]).state == "applied"
    assert balance(bank) == "0.00"


def test_a_disbursement_is_not_lowered_below_what_was_repaid(api: Speak) -> None:
    bank = api("bank_a")
    send(bank, [LENT, repayment(amount="600.00")])
    lowered = LENT | {"revision": 2, "amount": "599.99", "reason_code": "input-error"}
    assert send(bank, [lowered]).faults() == [("balance-below-zero", "#/amount")]
    assert send(bank, [lowered | {"amount": "600.00"}]).state == "applied"
    assert balance(bank) == "0.00"


def test_a_revision_of_terms_that_comes_late_is_only_history(api: Speak) -> None:
    bank = api("bank_a")
    reason = {"reason_code": "input-error"}
    for number, rate in ((1, "3.1000"), (3, "3.3000"), (2, "3.2000")):
        send(bank, [LENT | {"revision": number, "annual_rate_pct": rate} | (reason if number > 1 else {})])
    [drawdown] = bank.get("/contracts/HT-1").json()["drawdowns"]
    assert drawdown["annual_rate_pct"] == "3.3000"
    assert len(bank.get("/contracts/HT-1/events").json()["data"]) == 3


CHANGES: list[Row] = [{"record_type": "write_off"}, {"drawdown_no": "JJ-2"}, {"contract_no": "HT-2"}]


@pytest.mark.parametrize("changes", CHANGES)
def test_a_revision_stays_the_event_that_it_was(api: Speak, changes: Row) -> None:
    bank = api("bank_a")
    send(
        bank,
        [
            LENT,
            disbursement("E-8", drawdown_no="JJ-2"),
            disbursement("E-9", contract_no="HT-2"),
            _revision(1, "1.00"),
        ],
    )
    sent = send(bank, [_revision(2, "2.00") | changes])
    assert sent.faults() == [("revision-changes-identity", "#/external_event_id")]


def test_history_shows_every_revision_and_the_one_in_force(api: Speak) -> None:
    bank = api("bank_a")
    send(bank, [LENT, _revision(1, "100.00")])
    send(bank, [_revision(2, "200.00")])
    events = bank.get("/contracts/HT-1/events").json()["data"]
    assert [(e["external_event_id"], e["revision"], e["in_force"], e["amount"]) for e in events] == [
        ("E-2", 2, True, "200.00"), ("E-2", 1, False, "100.00"), ("E-1", 1, True, "1000.00"),
    ]  # fmt: skip
    assert events[0]["reason_code"] == "input-error"


def test_a_reason_outside_the_list_is_taken_with_a_warning(api: Speak) -> None:
    bank = api("bank_a")
    send(bank, [LENT, _revision(1, "100.00")])
    sent = send(bank, [_revision(2, "200.00") | {"reason_code": "whim"}])
    assert (sent.result["accepted"], sent.result["warnings"]) == (1, 1)
    assert sent.codes("warning") == [(1, ["reason-code-unknown"])]


def test_another_name_of_a_known_firm_is_taken_with_a_warning(api: Speak) -> None:
    bank = api("bank_a")
    send(bank, [LENT])
    sent = send(bank, [repayment(firm_name="改名科技有限公司")])
    assert sent.codes("warning") == [(1, ["firm-name-differs"])]
    assert bank.get("/contracts/HT-1").json()["firm_name"] == "示例科技有限公司"


@pytest.mark.parametrize("order", list(permutations((1, 2, 3))))
def test_positions_are_restated_the_same_way(api: Speak, order: tuple[int, ...]) -> None:
    bank = api("bank_a")
    send(bank, [LENT])
    for number in order:
        assert send(bank, [position(f"{number}.00", revision=number)], dataset="stock").state == "applied"
    [drawdown] = bank.get("/contracts/HT-1").json()["drawdowns"]
    assert drawdown["latest_position"]["balance"] == "3.00"
    conflict = send(bank, [position("9.00", revision=2)], dataset="stock", acceptance="valid_rows")
    assert conflict.faults() == [("revision-conflict", "#/revision")]
