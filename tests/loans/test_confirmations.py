"""A bank's own totals beside the centre's: matched or not, kept, and outdated by what comes later."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.models import AuditEntry
from finance_hub.kernel.scoping import within
from loans.models import Confirmation
from tests.cast import Api, Cast
from tests.conftest import Build
from tests.loans.bank import Row, disbursement, position, repayment, reversal, send
from tests.loans.test_two_at_once import at_once

Speak = Callable[[str], Api]
URL = "/reconciliations/2026-10/confirm"
OWN = {
    "opening": "0.00", "disbursed": "1000.00", "repaid": "300.00", "adjusted": "0.00", "written_off": "0.00",
    "refinanced": "0.00", "closing": "700.00",
}  # fmt: skip
BACK = repayment("E-2", "300.00")


def report(bank: Api) -> None:
    send(bank, [disbursement(), BACK])
    send(bank, [position("700.00")], dataset="stock")


@pytest.fixture(scope="class")
def reported(build: Build) -> None:
    """1000.00 lent, 300.00 back, 700.00 in the stock."""
    build(lambda api: report(api("bank_a")))


@pytest.fixture
def bank(reported: None, api: Speak) -> Api:
    return api("bank_a")


def confirm(bank: Api, totals: dict[str, str] | None = None, **more: Any) -> Any:
    answer = bank.post(URL, {"totals": OWN | (totals or {}), **more})
    assert answer.status_code in (200, 201), answer.content
    return answer.json()


def status(bank: Api) -> str:
    return str(bank.get("/reconciliations/2026-10").json()["status"])


def test_equal_totals_match_and_are_kept_with_who_and_when(bank: Api) -> None:
    said = confirm(bank, {"stock_balance": "700.00"}, by_product=[{"product": "rd", **OWN}])
    held = bank.get("/reconciliations/2026-10").json()
    assert (said["outcome"], said["differences"], held["status"]) == ("matched", [], "confirmed")
    assert said["content_digest"] == held["content_digest"]
    assert held["confirmation"] == said
    assert (said["confirmed_by"], said["confirmed_at"][:10]) == ("bank_a 某", "2026-11-05")
    assert said["own"]["totals"]["stock_balance"] == "700.00"
    entry = AuditEntry.objects.get(action="reconciliation.confirm")
    assert (entry.subject, entry.detail["matched"]) == ("reconciliation:bank-a:2026-10", True)


def test_every_total_that_differs_is_listed_and_nothing_else(bank: Api) -> None:
    said = confirm(
        bank,
        {"closing": "699.99", "stock_balance": "701.00", "recovered": "0.00"},
        by_product=[{"product": "rd", **OWN, "repaid": "301.00"}, {"product": "incubation", **OWN}],
    )
    assert said["outcome"] == "differs"
    assert [
        (d["pointer"], d["product"], d["own"], d["held"], d["difference"]) for d in said["differences"]
    ] == [
        ("#/totals/closing", None, "699.99", "700.00", "-0.01"),
        ("#/totals/stock_balance", None, "701.00", "700.00", "1.00"),
        ("#/by_product/0/repaid", "rd", "301.00", "300.00", "1.00"),
        ("#/by_product/1/disbursed", "incubation", "1000.00", "0.00", "1000.00"),
        ("#/by_product/1/repaid", "incubation", "300.00", "0.00", "300.00"),
        ("#/by_product/1/closing", "incubation", "700.00", "0.00", "700.00"),
    ]
    assert status(bank) == "differs"


def test_the_last_word_counts(bank: Api) -> None:
    confirm(bank, {"closing": "1.00"})
    assert status(bank) == "differs"
    confirm(bank)
    assert status(bank) == "confirmed"
    confirm(bank, {"closing": "2.00"})
    assert status(bank) == "differs"
    with within(EVERYTHING):
        assert list(Confirmation.objects.order_by("number").values_list("number", "matched")) == [
            (1, False), (2, True), (3, False),
        ]  # fmt: skip


def test_the_same_word_on_the_same_content_is_one_record(bank: Api) -> None:
    first = bank.post(URL, {"totals": OWN})
    again = bank.post(URL, {"totals": OWN})
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert AuditEntry.objects.filter(action="reconciliation.confirm").count() == 1


LATER: dict[str, tuple[list[Row], str]] = {
    "a restatement": ([BACK | {"revision": 2, "amount": "299.00", "reason_code": "input-error"}], "flow"),
    "a reversal": ([reversal("R-1", BACK)], "flow"),
    "a late event": ([repayment("E-3", "1.00")], "flow"),
    "an extension": ([repayment("E-4", "0.00", record_type="extension", maturity_date="2029-01-01")], "flow"),
    "a position restated": ([position("650.00", revision=2)], "stock"),
}


@pytest.mark.parametrize("what", LATER)
def test_later_data_make_it_outdated(bank: Api, what: str) -> None:
    confirm(bank)
    rows, dataset = LATER[what]
    assert send(bank, rows, dataset=dataset).result["accepted"] == 1
    held = bank.get("/reconciliations/2026-10").json()
    assert (held["status"], held["confirmation"]["outcome"]) == ("outdated", "matched")
    totals = {name: held["identity"][name] for name in OWN}
    assert confirm(bank, totals)["outcome"] == "matched"
    assert status(bank) == "confirmed"


def test_what_changes_nothing_outdates_nothing(bank: Api) -> None:
    confirm(bank)
    assert send(bank, [disbursement(), BACK]).result["unchanged"] == 2
    november = repayment("E-9", "5.00", value_date="2026-11-02")
    assert send(bank, [november], period="2026-11").result["accepted"] == 1
    assert status(bank) == "confirmed"


class TestRefusals:
    @pytest.mark.parametrize("name", OWN)
    def test_a_total_is_missing(self, bank: Api, name: str) -> None:
        answer = bank.post(URL, {"totals": {key: value for key, value in OWN.items() if key != name}})
        assert answer.status_code == 422
        assert [(e["pointer"], e["code"]) for e in answer.json()["errors"]] == [
            (f"#/totals/{name}", "required")
        ]

    @pytest.mark.parametrize(
        ("amount", "code"),
        [(700, "amount-not-a-string"), (700.0, "amount-not-a-string"), ("700.001", "amount-scale"),
         ("NaN", "amount-format"), ("７００", "amount-format"), (None, "null"), ("", "amount-missing"),
         ("1e3", "amount-format"), ("99999999999999999.00", "amount-too-large")],
    )  # fmt: skip
    def test_a_total_is_no_money(self, bank: Api, amount: Any, code: str) -> None:
        answer = bank.post(URL, {"totals": {**OWN, "closing": amount}})
        assert answer.status_code == 422
        assert [(e["pointer"], e["code"]) for e in answer.json()["errors"]] == [("#/totals/closing", code)]

    @pytest.mark.parametrize(
        ("body", "pointer", "code"),
        [
            ({}, "#/totals", "required"),
            ({"totals": OWN, "by_product": [{"product": "mortgage", **OWN}]}, "#/by_product/0/product", "invalid_choice"),
            ({"totals": OWN, "by_product": [{"product": "rd", **OWN}] * 2}, "#/by_product/1/product", "product-twice"),
            ({"totals": OWN, "by_product": {"rd": OWN}}, "#/by_product", "not_a_list"),
            ({"totals": OWN | {"npl": "0.00"}}, "#/totals/npl", "unknown-field"),
            ({"totals": OWN, "bank": "bank-b"}, "#/bank", "unknown-field"),
        ],
    )  # fmt: skip
    def test_the_body_is_not_as_documented(self, bank: Api, body: Any, pointer: str, code: str) -> None:
        answer = bank.post(URL, body)
        assert answer.status_code == 422, answer.content
        assert (pointer, code) in [(e["pointer"], e["code"]) for e in answer.json()["errors"]]
        with within(EVERYTHING):
            assert Confirmation.objects.count() == 0

    def test_the_month_is_not_over(self, bank: Api) -> None:
        answer = bank.post("/reconciliations/2026-11/confirm", {"totals": OWN})
        assert (answer.status_code, answer.json()["code"]) == (409, "month-not-over")

    @pytest.mark.parametrize("dataset", ["flow", "stock"])
    @pytest.mark.usefixtures("bank")
    def test_the_month_is_not_reported_in_full(self, api: Speak, dataset: str) -> None:
        send(api("bank_b"), [], dataset=dataset)
        answer = api("bank_b").post(URL, {"totals": OWN}, Accept_Language="en")
        assert (answer.status_code, answer.json()["code"]) == (409, "month-not-reported")
        assert ({"flow", "stock"} - {dataset}).pop() in answer.json()["detail"]

    @pytest.mark.usefixtures("bank")
    def test_an_empty_month_that_was_reported_is_confirmed_as_nothing(self, api: Speak) -> None:
        for dataset in ("flow", "stock"):
            send(api("bank_b"), [], dataset=dataset)
        zeros = dict.fromkeys(OWN, "0.00")
        assert confirm(api("bank_b"), zeros)["outcome"] == "matched"

    @pytest.mark.parametrize("who", ["maker", "approver", "auditor", "guarantor_a", "admin"])
    def test_nobody_confirms_for_a_bank(self, bank: Api, api: Speak, who: str) -> None:
        assert api(who).post(URL + "?bank=bank-a", {"totals": OWN}).status_code == 403

    def test_without_a_key_it_is_not_repeatable_and_so_refused(self, bank: Api) -> None:
        assert bank.post(URL, {"totals": OWN}, key="").status_code == 400

    def test_what_one_bank_said_another_does_not_see(self, bank: Api, api: Speak) -> None:
        confirm(bank)
        assert api("bank_b").get("/reconciliations/2026-10").json()["confirmation"] is None
        assert api("maker").get("/reconciliations/2026-10?bank=bank-a").json()["status"] == "confirmed"


def test_two_people_who_say_the_same_at_once_leave_one_record(committed: Cast) -> None:
    bank = Api(committed.key("bank_a"))
    report(bank)
    answers = at_once(*[lambda: Api(committed.key("bank_a")).post(URL, {"totals": OWN})] * 6)
    assert sorted(answer.status_code for answer in answers) == [200] * 5 + [201]
    assert len({answer.json()["id"] for answer in answers}) == 1
    with within(EVERYTHING):
        assert Confirmation.objects.count() == 1


def test_two_who_disagree_at_once_are_both_kept_in_an_order(committed: Cast) -> None:
    bank = Api(committed.key("bank_a"))
    report(bank)
    said = [OWN, OWN | {"closing": "1.00"}, OWN | {"closing": "2.00"}]
    answers = at_once(
        *(lambda own=own: Api(committed.key("bank_a")).post(URL, {"totals": own}) for own in said)
    )
    assert {answer.status_code for answer in answers} == {201}
    with within(EVERYTHING):
        kept = list(Confirmation.objects.order_by("number").values_list("number", "matched"))
    assert [number for number, _ in kept] == [1, 2, 3]
    assert status(bank) == ("confirmed" if kept[-1][1] else "differs")
