"""A bank's file from declaration to facts, followed over HTTP and by hand-made sums."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from loans.intake import apply
from tests.cast import Api
from tests.loans.bank import (
    FIRM,
    OTHER_FIRM,
    URL,
    balance,
    disbursement,
    position,
    repayment,
    send,
)  # fmt: skip

Speak = Callable[[str], Api]
FORMATS = ("ndjson", "ndjson+gzip", "csv", "csv+gzip", "xlsx")


@pytest.mark.parametrize("format", FORMATS)
def test_a_month_of_flows_gives_the_balance_a_clerk_would_reach(api: Speak, format: str) -> None:
    """1000.00 lent, 300.00 back, 50.00 written off, 0.50 adjusted: 650.50 left."""
    bank = api("bank_a")
    rows = [
        disbursement("E-1", "1000.00"),
        repayment("E-2", "300.00"),
        repayment("E-3", "50.00", record_type="write_off", value_date="2026-10-21"),
        repayment("E-4", "0.50", record_type="adjustment", reason_code="rounding", value_date="2026-10-22"),
        repayment("E-5", "20.00", record_type="recovery", value_date="2026-10-23"),
        repayment("E-6", "0.00", record_type="extension", maturity_date="2028-01-04"),
    ]
    sent = send(bank, rows, format=format)
    assert (sent.state, sent.result) == (
        "applied", {"accepted": 6, "unchanged": 0, "rejected": 0, "warnings": 0},
    )  # fmt: skip
    held = bank.get("/contracts/HT-1").json()
    assert (held["balance"], held["uscc"], held["firm_verified"]) == ("650.50", FIRM, False)
    drawdown = held["drawdowns"][0]
    assert (drawdown["balance"], drawdown["maturity_date"]) == ("650.50", "2028-01-04")
    assert (drawdown["annual_rate_pct"], drawdown["product"]) == ("3.4500", "rd")


def test_the_answer_has_every_total_three_times(api: Speak) -> None:
    rows = [disbursement(), repayment(), repayment("E-3", "999.00"), repayment("E-4", "12.345")]
    batch = send(api("bank_a"), rows, client_reference="BJ-1").batch
    assert batch["progress"] == {"rows_read": 4, "rows_total": 4}
    assert batch["control_totals"] == {
        "declared": {"rows": 4, "disbursed": "1000.00", "repaid": "1299.00"},
        "computed": {"rows": 4, "disbursed": "1000.00", "repaid": "1299.00"},
        "applied": {"rows": 2, "disbursed": "1000.00", "repaid": "300.00"},
    }
    assert batch["result"] == {"accepted": 2, "unchanged": 0, "rejected": 2, "warnings": 0}
    assert (batch["attempt"], batch["error"], batch["client_reference"]) == (1, None, "BJ-1")
    assert batch["applied_at"].endswith("+08:00")


def test_a_rejected_row_says_all_that_is_wrong_with_it_in_both_languages(api: Speak) -> None:
    sent = send(api("bank_a"), [disbursement(), repayment("E-2", "1000.01")])
    assert sent.rows() == [
        {
            "row_number": 2,
            "line_number": 2,
            "client_row_id": "row-E-2",
            "contract_no": "HT-1",
            "outcome": "rejected",
            "errors": [
                {
                    "code": "repayment-exceeds-balance",
                    "pointer": "#/amount",
                    "message": "还款 1000.01 大于余额 1000.00",
                    "message_en": "1000.01 exceeds the outstanding balance 1000.00",
                    "context": {"balance": "1000.00", "amount": "1000.01"},
                }
            ],
            "original": sent.rows()[0]["original"],
        }
    ]
    assert '"amount": "1000.01"' in sent.rows()[0]["original"]


def test_accepted_rows_are_listed_with_the_senders_own_ids(api: Speak) -> None:
    sent = send(api("bank_a"), [disbursement(), repayment()])
    assert [
        (row["row_number"], row["client_row_id"], row["external_event_id"], row["outcome"])
        for row in sent.rows("accepted")
    ] == [(1, "row-E-1", "E-1", "accepted"), (2, "row-E-2", "E-2", "accepted")]


def test_a_second_month_goes_on_from_the_first(api: Speak) -> None:
    bank = api("bank_a")
    send(bank, [disbursement(), repayment()])
    november = repayment("E-9", "700.00", value_date="2026-11-03")
    assert send(bank, [november], period="2026-11").state == "applied"
    assert balance(bank) == "0.00"
    late = repayment("E-10", "0.01", value_date="2026-11-04")
    sent = send(bank, [late], period="2026-11")
    assert sent.rows()[0]["errors"][0]["context"]["balance"] == "0.00"


def test_a_repayment_may_not_take_what_a_later_one_has_taken_already(api: Speak) -> None:
    """Held: 1000 lent on the 5th, 900 back on the 20th. 200 on the 10th would leave -100 on the 20th."""
    bank = api("bank_a")
    send(bank, [disbursement(), repayment("E-2", "900.00")])
    sent = send(bank, [repayment("E-3", "200.00", value_date="2026-10-10")])
    assert sent.faults() == [("repayment-exceeds-balance", "#/amount")]
    assert sent.rows()[0]["errors"][0]["context"]["balance"] == "100.00"
    assert send(bank, [repayment("E-4", "100.00", value_date="2026-10-10")]).state == "applied"


def test_repayments_are_taken_by_date_and_then_in_file_order(api: Speak) -> None:
    rows = [
        disbursement("E-1", "100.00"),
        repayment("E-2", "60.00", value_date="2026-10-20"),
        repayment("E-3", "60.00", value_date="2026-10-20"),
        repayment("E-4", "50.00", value_date="2026-10-10"),
    ]
    sent = send(api("bank_a"), rows)
    assert [row["row_number"] for row in sent.rows("accepted")] == [1, 4]
    contexts = [row["errors"][0]["context"]["balance"] for row in sent.rows()]
    assert contexts == ["50.00", "50.00"]


def test_a_contract_belongs_to_one_firm(api: Speak) -> None:
    bank = api("bank_a")
    send(bank, [disbursement()])
    sent = send(bank, [
        disbursement("E-5", drawdown_no="JJ-5", uscc=OTHER_FIRM),
        disbursement("E-6", contract_no="HT-6"),
        disbursement("E-7", contract_no="HT-6", drawdown_no="JJ-7", uscc=OTHER_FIRM),
    ])  # fmt: skip
    assert sent.codes() == [(1, ["contract-of-another-firm"]), (3, ["contract-of-another-firm"])]


def test_rows_without_a_loan_to_belong_to_are_named(api: Speak) -> None:
    bank = api("bank_a")
    send(bank, [disbursement()])
    sent = send(bank, [
        repayment("E-5", contract_no="HT-404"),
        repayment("E-6", drawdown_no="JJ-404"),
        disbursement("E-7", contract_no="HT-7", amount="x"),
        repayment("E-8", contract_no="HT-7"),
    ])  # fmt: skip
    assert sent.codes() == [
        (1, ["contract-unknown"]), (2, ["drawdown-unknown"]), (3, ["amount-format"]), (4, ["contract-unknown"]),
    ]  # fmt: skip


@pytest.mark.parametrize("few", [0, 10_000], ids=["all together", "one by one"])
def test_positions_of_what_is_not_held_are_named_however_they_are_looked_up(
    api: Speak, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apply.stock, "_FEW", few)
    bank = api("bank_a")
    send(bank, [disbursement(), disbursement("E-2", contract_no="HT-2")])
    sent = send(bank, [
        position(),
        position(contract_no="HT-404"),
        position(drawdown_no="JJ-404"),
        position(contract_no="HT-2", uscc=OTHER_FIRM),
    ], dataset="stock", acceptance="valid_rows")  # fmt: skip
    assert (sent.result["accepted"], sent.codes()) == (1, [
        (2, ["contract-unknown"]), (3, ["drawdown-unknown"]), (4, ["contract-of-another-firm"]),
    ])  # fmt: skip


def test_a_drawdown_is_disbursed_once_and_keeps_its_product(api: Speak) -> None:
    bank, lent = api("bank_a"), disbursement()
    send(bank, [lent])
    revised = lent | {"revision": 2, "product": "incubation", "reason_code": "reclassification"}
    sent = send(bank, [disbursement("E-9"), revised, disbursement("E-10", drawdown_no="JJ-2"),
                       disbursement("E-11", drawdown_no="JJ-2")])  # fmt: skip
    assert sent.codes() == [
        (1, ["drawdown-already-disbursed"]),
        (2, ["product-cannot-be-revised"]),
        (4, ["drawdown-already-disbursed"]),
    ]


def test_revised_terms_take_the_place_of_the_old(api: Speak) -> None:
    bank, lent = api("bank_a"), disbursement()
    send(bank, [lent])
    revised = lent | {
        "revision": 2,
        "annual_rate_pct": "3.1",
        "amount": "1500.00",
        "reason_code": "input-error",
    }
    send(bank, [revised])
    [drawdown] = bank.get("/contracts/HT-1").json()["drawdowns"]
    assert (drawdown["annual_rate_pct"], drawdown["balance"]) == ("3.1000", "1500.00")


def test_the_second_of_two_disbursements_of_a_bank_may_be_of_another_bank(api: Speak) -> None:
    """Contract identity is (bank, number): two banks share numbers and never see each other's."""
    assert send(api("bank_a"), [disbursement()]).state == "applied"
    assert send(api("bank_b"), [disbursement("E-1", "5.00", uscc=OTHER_FIRM)]).state == "applied"
    assert (balance(api("bank_a")), balance(api("bank_b"))) == ("1000.00", "5.00")
    answer = api("maker").get("/contracts/HT-1")
    assert (answer.status_code, answer.json()["code"]) == (422, "contract-ambiguous")
    assert api("maker").get("/contracts/HT-1?bank=bank-b").json()["balance"] == "5.00"


def test_ip_pledges_are_kept_with_their_shares(api: Speak) -> None:
    bank = api("bank_a")
    pledge = {"type": "patent", "certificate_no": "ZL1", "registration_no": "Y1", "appraised_value": "900.5",
              "share_pct": "60"}  # fmt: skip
    for format, number in (("ndjson", 1), ("csv", 2), ("xlsx", 3)):
        first = pledge | {"certificate_no": f"ZL{number}", "registration_no": f"Y{number}"}
        second = first | {"type": "trademark", "share_pct": "40.00"}
        row = disbursement(
            f"E-{number}", contract_no=f"HT-{number}", product="ip_pledge", pledges=[first, second]
        )
        assert send(bank, [row], format=format).state == "applied", format
        [drawdown] = bank.get(f"/contracts/HT-{number}").json()["drawdowns"]
        shown = sorted((p["type"], p["appraised_value"], p["share_pct"]) for p in drawdown["pledges"])
        assert shown == [("patent", "900.50", "60.00"), ("trademark", "900.50", "40.00")]


def test_the_example_row_of_the_handbook_lacks_three_fields_and_is_good_with_them(api: Speak) -> None:
    bank = api("bank_a")
    example = {"client_row_id": "a1", "contract_no": "HT-2026-0091", "drawdown_no": "JJ-0001",
               "external_event_id": "E-55120", "revision": 1, "record_type": "disbursement",
               "uscc": "91350100M000100Y43", "value_date": "2026-10-17", "amount": "3000000.00",
               "currency": "CNY", "product": "ip_pledge", "annual_rate_pct": "3.4500",
               "maturity_date": "2027-10-16"}  # fmt: skip
    sent = send(bank, [example])
    assert sent.faults() == [
        ("required", "#/firm_name"), ("required", "#/pledges"), ("required", "#/repayment_method"),
    ]  # fmt: skip
    pledge = {"type": "patent", "certificate_no": "ZL1", "registration_no": "Y1", "appraised_value": "5000000",
              "share_pct": "100"}  # fmt: skip
    whole = example | {"firm_name": "示例科技有限公司", "repayment_method": "bullet", "pledges": [pledge]}
    assert send(bank, [whole]).result["accepted"] == 1


def test_a_snapshot_is_compared_with_the_live_drawdowns(api: Speak) -> None:
    bank = api("bank_a")
    send(bank, [disbursement(), repayment(), disbursement("E-5", "50.00", contract_no="HT-5"),
                disbursement("E-6", "8.00", contract_no="HT-6"), repayment("E-7", "8.00", contract_no="HT-6")])  # fmt: skip
    sent = send(bank, [position()], dataset="stock")
    assert (sent.state, sent.result["accepted"], sent.result["warnings"]) == ("applied", 1, 1)
    [warning] = sent.rows("warning")
    assert (warning["row_number"], warning["contract_no"]) == (None, "HT-5")
    assert warning["warnings"][0]["context"] == {"drawdown_no": "JJ-1", "balance": "50.00"}
    assert bank.get("/contracts/HT-1").json()["drawdowns"][0]["latest_position"]["five_tier"] == "normal"


def test_nobody_else_sees_a_batch_not_even_that_it_is_there(api: Speak) -> None:
    batch = send(api("bank_a"), [disbursement()]).batch["id"]
    other = api("bank_b")

    def said(path: str, method: str = "get") -> tuple[int, bytes]:
        answer = other.post(path) if method == "post" else other.get(path)
        request_id = answer.json()["request_id"].encode()
        return answer.status_code, answer.content.replace(request_id, b"")

    for path, method in (
        ("", "get"),
        ("/results?outcome=rejected", "get"),
        ("/submit", "post"),
        ("/cancel", "post"),
    ):
        foreign = said(f"{URL}/{batch}{path}", method)
        absent = said(f"{URL}/lb_{'0' * 26}{path}", method)
        assert foreign[0] == 404
        assert foreign == absent
    assert other.put(f"{URL}/{batch}/content", b"").status_code == 404
    assert other.get(URL).json()["data"] == []
    assert other.get("/contracts/HT-1").status_code == 404
