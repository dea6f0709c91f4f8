"""A month reconciled by hand: the identity, the two sums, the list of differences."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from finance_hub.kernel.models import Organisation
from finance_hub.kernel.scoping import NoScope
from loans.queries import reconciliation
from tests.cast import NOW, Api, Cast
from tests.loans.bank import OTHER_FIRM, Row, disbursement, position, repayment, reversal, send

Speak = Callable[[str], Api]
AMOUNTS = ("opening", "disbursed", "repaid", "adjusted", "written_off", "refinanced", "recovered", "closing")


@pytest.fixture
def since_september(cast: Cast) -> None:
    Organisation.objects.filter(kind="bank").update(reports_since=date(2026, 9, 1))


def shown(api: Api, period: str = "2026-10", query: str = "") -> Any:
    answer = api.get(f"/reconciliations/{period}{query}")
    assert answer.status_code == 200, answer.content
    return answer.json()


def amounts(line: dict[str, Any]) -> dict[str, str]:
    return {name: line[name] for name in AMOUNTS}


def of(event: str, amount: str, kind: str, **changes: Any) -> Row:
    return repayment(event, amount, record_type=kind, **changes)


@pytest.fixture
def two_months(api: Speak, since_september: None) -> Api:
    """September: 500.00 lent. October: 1000.00 lent, 300.00 back, 50.00 written off, 20.00 of it recovered,
    0.50 adjusted, 100.00 refinanced, 40.00 back by mistake and taken back; and 8.00 lent for incubation."""
    bank, second = api("bank_a"), {"drawdown_no": "JJ-2"}
    september = disbursement("E-0", "500.00", value_date="2026-09-10")
    assert send(bank, [september], period="2026-09").result["accepted"] == 1
    wrong = of("E-7", "40.00", "repayment")
    rows = [
        disbursement("E-1", "1000.00", **second), of("E-2", "300.00", "repayment", **second),
        of("E-3", "50.00", "write_off", **second), of("E-4", "20.00", "recovery", **second),
        of("E-5", "0.50", "adjustment", reason_code="rounding", **second),
        of("E-6", "100.00", "refinancing", reason_code="renew-by-new-loan"), wrong, reversal("R-7", wrong),
        of("E-8", "0.00", "extension", maturity_date="2028-01-04", **second),
        disbursement("E-9", "8.00", contract_no="HT-6", uscc=OTHER_FIRM, product="incubation"),
    ]  # fmt: skip
    assert send(bank, rows).result["accepted"] == 10
    return bank


def test_a_month_is_what_a_clerk_adds_up_by_hand(two_months: Api) -> None:
    held = shown(two_months)
    rd = {
        "opening": "500.00", "disbursed": "1000.00", "repaid": "300.00", "adjusted": "0.50",
        "written_off": "50.00", "refinanced": "100.00", "recovered": "20.00", "closing": "1050.50",
    }  # fmt: skip
    lines = {line["product"]: line for line in held["by_product"]}
    assert amounts(lines["rd"]) == rd
    assert amounts(lines["incubation"]) == dict.fromkeys(AMOUNTS, "0.00") | {
        "disbursed": "8.00",
        "closing": "8.00",
    }
    assert amounts(held["identity"]) == rd | {"disbursed": "1008.00", "closing": "1058.50"}
    assert [line["holds"] for line in (held["identity"], *held["by_product"])] == [True, True, True]
    assert held["identity"]["events"] == {
        "disbursement": 2, "repayment": 2, "extension": 1, "refinancing": 1, "write_off": 1, "recovery": 1,
        "adjustment": 1, "reversal": 1,
    }  # fmt: skip
    assert (held["identity"]["live_drawdowns"], held["identity"]["stock"]) == (3, None)
    assert (held["status"], held["datasets"], held["confirmation"]) == ("unconfirmed", ["flow"], None)


def test_a_month_opens_with_what_the_one_before_closed_with(two_months: Api) -> None:
    months = [shown(two_months, period)["identity"] for period in ("2026-09", "2026-10", "2026-11")]
    assert [line["closing"] for line in months] == ["500.00", "1058.50", "1058.50"]
    assert [line["opening"] for line in months] == ["0.00", "500.00", "1058.50"]
    assert months[2]["disbursed"] == "0.00"


def test_a_reversal_counts_against_its_kind_in_its_own_month(api: Speak) -> None:
    bank, back = api("bank_a"), repayment("E-2", "300.00")
    send(bank, [disbursement(), back])
    taken_back = reversal("R-1", back, value_date="2026-11-03")
    assert send(bank, [taken_back], period="2026-11").result["accepted"] == 1
    october, november = shown(bank)["identity"], shown(bank, "2026-11")["identity"]
    assert (october["repaid"], october["closing"]) == ("300.00", "700.00")
    assert (november["repaid"], november["closing"], november["holds"]) == ("-300.00", "1000.00", True)


@pytest.mark.parametrize("amount", ["-5.00", "5.00"])
def test_an_adjustment_taken_back_leaves_nothing_whatever_its_sign(api: Speak, amount: str) -> None:
    bank = api("bank_a")
    odd = of("E-2", amount, "adjustment", reason_code="rounding")
    back = reversal("R-1", odd, amount=amount.removeprefix("-"))
    assert send(bank, [disbursement(), odd, back]).result["accepted"] == 3
    line = shown(bank)["identity"]
    assert (line["adjusted"], line["closing"], line["holds"]) == ("0.00", "1000.00", True)


def test_the_highest_revision_counts_and_only_once(api: Speak) -> None:
    bank, back = api("bank_a"), repayment("E-2", "300.00")
    send(bank, [disbursement(), back])
    send(bank, [back | {"revision": 2, "amount": "120.00", "reason_code": "input-error"}])
    line = shown(bank)["identity"]
    assert (line["repaid"], line["closing"], line["events"]["repayment"]) == ("120.00", "880.00", 1)


def test_the_stock_stands_beside_the_flow_once_it_is_reported(two_months: Api) -> None:
    rows = [position("400.00"), position("650.50", drawdown_no="JJ-2"),
            position("7.00", contract_no="HT-6", uscc=OTHER_FIRM)]  # fmt: skip
    send(two_months, rows, dataset="stock")
    held = shown(two_months)
    assert held["identity"]["stock"] == {"balance": "1057.50", "drawdowns": 3, "differing_drawdowns": 1}
    assert held["datasets"] == ["flow", "stock"]
    assert held["last_batch"].startswith("lb_")
    lines = {line["product"]: line["stock"] for line in held["by_product"]}
    assert lines["rd"] == {"balance": "1050.50", "drawdowns": 2, "differing_drawdowns": 0}


def test_the_digest_names_the_content_and_follows_it(two_months: Api) -> None:
    answer = two_months.get("/reconciliations/2026-10")
    digest = answer.json()["content_digest"]
    assert answer["Content-Digest"] == digest == shown(two_months)["content_digest"]
    late = of("E-20", "1.00", "repayment")
    send(two_months, [late])
    assert shown(two_months)["content_digest"] != digest
    assert shown(two_months, "2026-09")["content_digest"] != digest


class TestDifferences:
    @pytest.fixture
    def four(self, api: Speak) -> Api:
        """Agreeing 10.00; 20.00 against 15.00; 30.00 against nothing; nothing against 40.00."""
        bank = api("bank_a")
        lent = disbursement("E-4", "40.00", drawdown_no="D")
        rows = [disbursement(f"E-{n}", f"{n}0.00", drawdown_no=d) for n, d in ((1, "A"), (2, "B"), (3, "C"))]
        send(bank, [*rows, lent, reversal("R-4", lent)])
        stock = [position("10.00", drawdown_no="A"), position("15.00", drawdown_no="B"),
                 position("40.00", drawdown_no="D")]  # fmt: skip
        assert send(bank, stock, dataset="stock").result == {
            "accepted": 3, "unchanged": 0, "rejected": 0, "warnings": 1,
        }  # fmt: skip
        return bank

    def test_are_listed_each_with_its_reason_and_its_row(self, four: Api) -> None:
        rows = four.get("/reconciliations/2026-10/differences").json()["data"]
        assert [(r["drawdown_no"], r["reason"], r["flow_balance"], r["stock_balance"], r["difference"],
                 r["row_number"]) for r in rows] == [
            ("B", "differs", "20.00", "15.00", "-5.00", 2),
            ("C", "missing-from-snapshot", "30.00", None, "-30.00", None),
            ("D", "position-without-flow", "0.00", "40.00", "40.00", 3),
        ]  # fmt: skip
        assert rows[0]["batch"] == shown(four)["last_batch"]
        assert shown(four)["identity"]["stock"]["differing_drawdowns"] == len(rows)

    def test_come_page_by_page(self, four: Api) -> None:
        seen, query = [], "?limit=1"
        while True:
            page = four.get(f"/reconciliations/2026-10/differences{query}").json()
            seen += [row["drawdown_no"] for row in page["data"]]
            if not page["has_more"]:
                break
            query = f"?limit=1&cursor={page['next_cursor']}"
        assert seen == ["B", "C", "D"]

    def test_stay_as_they_were_known_when_the_walk_began(self, four: Api) -> None:
        first = four.get("/reconciliations/2026-10/differences?limit=1").json()
        mended = [position("30.00", drawdown_no="C"), position("0.00", drawdown_no="D", revision=2)]
        assert send(four, mended, dataset="stock").result["accepted"] == 2
        onward = four.get(
            f"/reconciliations/2026-10/differences?limit=9&cursor={first['next_cursor']}"
        ).json()
        assert [row["drawdown_no"] for row in onward["data"]] == ["C", "D"]
        fresh = four.get("/reconciliations/2026-10/differences").json()["data"]
        assert [row["drawdown_no"] for row in fresh] == ["B"]

    def test_a_zero_position_of_a_loan_paid_off_is_no_difference(self, api: Speak) -> None:
        bank = api("bank_a")
        send(bank, [disbursement(), repayment("E-2", "1000.00")])
        send(bank, [position("0.00")], dataset="stock")
        assert bank.get("/reconciliations/2026-10/differences").json()["data"] == []

    def test_cannot_be_told_without_a_snapshot(self, api: Speak) -> None:
        send(api("bank_a"), [disbursement()])
        answer = api("bank_a").get("/reconciliations/2026-10/differences")
        assert (answer.status_code, answer.json()["code"]) == (409, "stock-not-reported")

    @pytest.mark.parametrize("cursor", ["x", "eyJhIjoxfQ:1:2"])
    def test_a_cursor_of_another_is_refused(self, four: Api, cursor: str) -> None:
        answer = four.get(f"/reconciliations/2026-10/differences?cursor={cursor}")
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid-cursor")

    def test_another_bank_sees_none_of_them(self, four: Api, api: Speak) -> None:
        send(api("bank_b"), [], dataset="stock")
        assert api("bank_b").get("/reconciliations/2026-10/differences").json()["data"] == []
        assert len(api("auditor").get("/reconciliations/2026-10/differences?bank=bank-a").json()["data"]) == 3


class TestWhose:
    def test_another_banks_month_is_not_there(self, two_months: Api, api: Speak) -> None:
        foreign, absent = (
            api("bank_b").get(f"/reconciliations/2026-10?bank={code}") for code in ("bank-a", "bank-x")
        )
        assert foreign.status_code == absent.status_code == 404
        said = [{k: v for k, v in a.json().items() if k != "request_id"} for a in (foreign, absent)]
        assert said[0] == said[1]
        assert amounts(shown(api("bank_b"))["identity"]) == dict.fromkeys(AMOUNTS, "0.00")

    def test_the_centre_names_the_bank(self, two_months: Api, api: Speak) -> None:
        own, seen = shown(two_months), shown(api("maker"), query="?bank=bank-a")
        assert amounts(own["identity"]) == amounts(seen["identity"])
        assert own["content_digest"] == seen["content_digest"]
        for named in ("?bank=bank-a", "?bank="):
            assert shown(two_months, query=named)["content_digest"] == own["content_digest"]

    def test_the_centre_that_names_none_is_told(self, api: Speak) -> None:
        answer = api("maker").get("/reconciliations/2026-10")
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "#/bank")

    @pytest.mark.parametrize("code", ["bank-x", "centre", "guarantor-a"])
    def test_what_is_no_bank_is_not_found(self, api: Speak, code: str) -> None:
        assert api("maker").get(f"/reconciliations/2026-10?bank={code}").status_code == 404

    @pytest.mark.parametrize("period", ["none", "2026-13", "2026-1", "202610", "2026-12", "9999-12"])
    def test_a_month_that_is_none_or_has_not_begun_is_not_found(self, api: Speak, period: str) -> None:
        for path in ("", "/differences"):
            assert api("bank_a").get(f"/reconciliations/{period}{path}").status_code == 404

    @pytest.mark.parametrize("who", ["guarantor_a", "manager_angel", "department", "admin"])
    def test_others_are_refused(self, api: Speak, who: str) -> None:
        assert api(who).get("/reconciliations/2026-10?bank=bank-a").status_code == 403

    def test_nothing_is_read_without_a_scope(self, cast: Cast) -> None:
        from finance_hub.kernel.periods import Month

        with pytest.raises(NoScope):
            reconciliation.reconcile(cast.organisation("bank-a"), Month(2026, 10), known_at=NOW)


NUMBERS = count(1)
EVENTS = st.lists(
    st.tuples(
        st.sampled_from(["repayment", "refinancing", "write_off", "adjustment", "recovery"]),
        st.integers(1, 40_000),  # fen
        st.integers(1, 28),
        st.booleans(),  # taken back afterwards
    ),
    max_size=12,
)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(events=EVENTS)
def test_the_identity_holds_whatever_happened(api: Speak, events: list[Any]) -> None:
    """Against a ledger kept by hand of the rows that were accepted."""
    bank = api("bank_a")
    before = shown(bank)["identity"]
    tag = str(next(NUMBERS))  # the examples share a bank: new numbers each time
    terms = {"drawdown_no": f"J{tag}"}
    rows = [disbursement(f"D{tag}", "1000.00", value_date="2026-10-01", **terms)]
    for n, (kind, fen, day, reversed_) in enumerate(events):
        row = of(f"E{tag}-{n}", f"{Decimal(fen) / 100:.2f}", kind, value_date=f"2026-10-{day:02d}",
                 reason_code="other", **terms)  # fmt: skip
        rows += [row, reversal(f"R{tag}-{n}", row, value_date="2026-10-30")] if reversed_ else [row]
    taken = {line["external_event_id"] for line in send(bank, rows).rows("accepted")}
    own = dict.fromkeys(
        ("disbursement", "repayment", "refinancing", "write_off", "adjustment", "recovery"), Decimal(0)
    )
    by_id = {row["external_event_id"]: row for row in rows}
    for row in rows:
        if row["external_event_id"] in taken:
            back = row["record_type"] == "reversal"
            kind = by_id[row["reverses"]]["record_type"] if back else row["record_type"]
            own[kind] += Decimal(row["amount"]) * (-1 if back else 1)
    after = shown(bank)["identity"]
    grown = {name: Decimal(after[name]) - Decimal(before[name]) for name in AMOUNTS}
    assert after["holds"] is True
    # A write-off taken back under a recovery takes the whole drawdown with it.
    assert grown["disbursed"] == own["disbursement"]
    assert own["disbursement"] in (0, 1000)
    assert (grown["repaid"], grown["refinanced"], grown["written_off"]) == (
        own["repayment"], own["refinancing"], own["write_off"],
    )  # fmt: skip
    assert (grown["adjusted"], grown["recovered"]) == (own["adjustment"], own["recovery"])
    gone = own["repayment"] + own["refinancing"] + own["write_off"]
    assert grown["closing"] == own["disbursement"] + own["adjustment"] - gone


def test_an_answer_is_plain_json(two_months: Api) -> None:
    assert "NaN" not in json.dumps(shown(two_months))
