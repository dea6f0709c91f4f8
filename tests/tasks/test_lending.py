"""A drawdown's plan against what was paid, its price, its pledges, and warrants: over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from finance_hub.kernel import scoping
from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.models import Organisation
from finance_hub.kernel.periods import Month
from tasks.frames import read
from tests.cast import Api, Cast
from tests.funds.conftest import FIRM as INVESTED
from tests.funds.conftest import FUND, Desk, made
from tests.loans.bank import Row, disbursement, repayment, reversal, send

Speak = Callable[[str], Api]
NOW = datetime(2026, 11, 5, 1, 30, tzinfo=UTC)

EDGES = (
    "tasks.api.lending", "loans.api.contracts", "loans.api.batches", "loans.api.terms", "loans.intake.road",
    "funds.api.deals", "funds.api.funds", "funds.api.holdings", "funds.api.moments", "funds.api.securities",
)  # fmt: skip


class _Clock:
    def now(self) -> datetime:
        return NOW


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch, cast: Cast) -> None:
    for edge in EDGES:
        monkeypatch.setattr(f"{edge}.timezone", _Clock())
    Organisation.objects.filter(kind="bank").update(reports_since=date(2026, 1, 1))


def lent(**changes: Any) -> Row:
    """1200.00 on 2026-08-31 for a year in equal parts of principal, at 3.6 %: 100.00 a month."""
    terms = {
        "value_date": "2026-08-31", "maturity_date": "2027-08-31", "annual_rate_pct": "3.6000",
        "repayment_method": "equal-principal",
    }  # fmt: skip
    return disbursement("E-1", "1200.00", **terms | changes)


def inputs() -> str:
    """What every figure of the month is made of, the exposure of each firm among it."""
    with scoping.within(EVERYTHING):
        return read(Month(2026, 10), known_at=NOW).fingerprint(catalogue="x")


def report(api: Api, month: str, *rows: Row) -> None:
    sent = send(api, list(rows), period=month)
    assert sent.result["rejected"] == 0, sent.rows()


def schedule(api: Api, query: str = "drawdown=JJ-1", contract: str = "HT-1") -> Any:
    return api.get(f"/contracts/{contract}/schedule?{query}")


class TestSchedule:
    def test_what_is_planned_paid_and_missing_by_today(self, api: Speak) -> None:
        """On 2026-11-05 the instalments of September and October are due, 200.00; 150.00 was repaid."""
        bank = api("bank_a")
        report(bank, "2026-08", lent())
        report(bank, "2026-10", repayment("E-2", "150.00"))
        shown = schedule(bank).json()
        named = {
            n: shown[n]
            for n in ("planned_to_date", "repaid_to_date", "behind", "disbursed", "as_of", "frequency")
        }
        assert named == {
            "planned_to_date": "200.00", "repaid_to_date": "150.00", "behind": "50.00", "disbursed": "1200.00",
            "as_of": "2026-11-05", "frequency": "monthly",
        }  # fmt: skip
        # 31 days of 1000.00 from the last of October on would be 3.10; November has 30.
        assert shown["next_due"] == {
            "start": "2026-10-31", "due": "2026-11-30", "instalment": "103.00", "interest": "3.00",
            "principal": "100.00", "balance": "900.00",
        }  # fmt: skip
        assert len(shown["instalments"]) == 12
        assert (shown["method"], shown["day_count"], shown["maturity_date"]) == (
            "equal-principal",
            "ACT/360",
            "2027-08-31",
        )

    @pytest.mark.parametrize(
        ("method", "first", "last"),
        [
            # 30 days of 1200.00 are 3.60, 31 of the last 100.00 are 0.31.
            ("equal-principal", ("103.60", "100.00"), ("100.31", "100.00")),
            ("bullet", ("3.60", "0.00"), ("1203.72", "1200.00")),
        ],
    )
    def test_each_method_by_hand(
        self, api: Speak, method: str, first: tuple[str, str], last: tuple[str, str]
    ) -> None:
        report(api("bank_a"), "2026-08", lent(repayment_method=method))
        rows = schedule(api("bank_a")).json()["instalments"]
        assert [(row["instalment"], row["principal"]) for row in (rows[0], rows[-1])] == [first, last]

    def test_equal_instalments_differ_in_the_last_by_cents(self, api: Speak) -> None:
        report(api("bank_a"), "2026-08", lent(repayment_method="equal-instalment"))
        rows = schedule(api("bank_a")).json()["instalments"]
        assert len({row["instalment"] for row in rows[:-1]}) == 1
        assert abs(float(rows[-1]["instalment"]) - float(rows[0]["instalment"])) < 0.1

    def test_after_an_extension_it_runs_to_the_new_maturity(self, api: Speak) -> None:
        """Agreed on 2026-10-20, after September's 100.00: 1100.00 is left for 22 months, 50.00 each."""
        bank = api("bank_a")
        extension = repayment("X-1", "0.00", record_type="extension", maturity_date="2028-07-30")
        report(bank, "2026-08", lent())
        report(bank, "2026-10", extension)
        shown = schedule(bank).json()
        assert (shown["maturity_date"], shown["planned_to_date"]) == ("2028-07-30", "150.00")
        assert [row["principal"] for row in shown["instalments"][:2]] == ["100.00", "50.00"]
        report(bank, "2026-10", reversal("V-1", extension, amount="0.00"))
        assert schedule(bank).json()["maturity_date"] == "2027-08-31"

    def test_refinanced_principal_is_repaid_and_what_is_taken_back_is_not(self, api: Speak) -> None:
        bank, back = api("bank_a"), repayment("E-2", "150.00")
        report(bank, "2026-08", lent())
        report(bank, "2026-10", back, reversal("V-1", back),
               repayment("E-3", "70.00", record_type="refinancing", reason_code="renew-by-new-loan"),
               repayment("E-4", "30.00", record_type="write_off"))  # fmt: skip
        assert schedule(bank).json()["repaid_to_date"] == "70.00"

    def test_the_frequency_is_the_callers(self, api: Speak) -> None:
        report(api("bank_a"), "2026-08", lent())
        shown = schedule(api("bank_a"), "drawdown=JJ-1&frequency=quarterly").json()
        assert [row["due"] for row in shown["instalments"]] == [
            "2026-11-30",
            "2027-02-28",
            "2027-05-31",
            "2027-08-31",
        ]
        assert (shown["planned_to_date"], shown["behind"]) == ("0.00", "0.00")

    def test_dates_that_nobody_agrees_on_are_no_error_of_ours(self, api: Speak) -> None:
        bank = api("bank_a")
        report(bank, "2026-08", lent(maturity_date="9998-12-31"))
        answer = schedule(bank)
        assert (answer.status_code, answer.json()["code"]) == (422, "schedule-too-long")
        report(bank, "2026-08", lent(maturity_date="2026-09-01", revision=2, reason_code="input-error"))
        [row] = schedule(bank).json()["instalments"]
        assert (row["due"], row["instalment"]) == ("2026-09-01", "1200.12")

    def test_a_disbursement_taken_back_leaves_nothing_to_plan(self, api: Speak) -> None:
        bank, row = api("bank_a"), lent()
        report(bank, "2026-08", row)
        report(bank, "2026-10", reversal("V-1", row))
        answer = schedule(bank)
        assert (answer.status_code, answer.json()["code"]) == (422, "nothing-disbursed")

    @pytest.mark.parametrize(
        ("person", "query", "contract", "status", "code"),
        [
            ("bank_a", "", "HT-1", 422, "invalid-fields"),
            ("bank_a", "drawdown=JJ-1&frequency=daily", "HT-1", 422, "invalid-fields"),
            ("bank_a", "drawdown=JJ-2", "HT-1", 404, "not-found"),
            ("bank_a", "drawdown=JJ-1", "HT-9", 404, "not-found"),
            ("bank_b", "drawdown=JJ-1", "HT-1", 404, "not-found"),
            ("guarantor_a", "drawdown=JJ-1", "HT-1", 403, "forbidden"),
        ],
    )
    def test_what_is_not_there_or_not_theirs(
        self, api: Speak, person: str, query: str, contract: str, status: int, code: str
    ) -> None:
        report(api("bank_a"), "2026-08", lent())
        answer = schedule(api(person), query, contract)
        assert (answer.status_code, answer.json()["code"]) == (status, code)

    def test_the_centre_names_the_bank_where_two_have_the_number(self, api: Speak) -> None:
        for name in ("bank_a", "bank_b"):
            report(api(name), "2026-08", lent())
        assert schedule(api("maker")).json()["code"] == "contract-ambiguous"
        assert schedule(api("maker"), "drawdown=JJ-1&bank=bank-b").json()["bank"] == "bank-b"

    def test_a_number_with_slashes_has_a_schedule_too(self, api: Speak) -> None:
        report(api("bank_a"), "2026-08", lent(contract_no="HT/2026/1"))
        assert schedule(api("bank_a"), contract="HT/2026/1").json()["contract_no"] == "HT/2026/1"
        assert api("bank_a").get("/contracts/HT/2026/1").json()["contract_no"] == "HT/2026/1"


class TestTerms:
    def test_a_pledge_shows_its_part_of_the_loan_and_its_rate(self, api: Speak) -> None:
        """Of 1000.00, a third and a half: 333.30 over 400.00 is 0.8333, 500.00 over nothing is no rate."""
        ip = {"type": "patent", "registration_no": "Y-1"}
        pledges = [
            ip | {"certificate_no": "A", "appraised_value": "400.00", "share_pct": "33.33"},
            ip | {"certificate_no": "B", "appraised_value": "0.00", "share_pct": "50.00"},
        ]
        report(api("bank_a"), "2026-10", disbursement(product="ip_pledge", pledges=pledges))
        [shown] = api("bank_a").get("/contracts/HT-1").json()["drawdowns"]
        assert [(p["loan_share"], p["pledge_rate"]) for p in shown["pledges"]] == [
            ("333.30", "0.8333"), ("500.00", None),
        ]  # fmt: skip

    def test_the_part_stays_that_of_what_was_lent(self, api: Speak) -> None:
        pledge = {
            "type": "patent", "certificate_no": "A", "registration_no": "Y-1", "appraised_value": "2000.00",
            "share_pct": "100.00",
        }  # fmt: skip
        report(
            api("bank_a"),
            "2026-10",
            disbursement(product="ip_pledge", pledges=[pledge]),
            repayment("E-2", "999.00"),
        )
        [shown] = api("bank_a").get("/contracts/HT-1").json()["drawdowns"]
        assert (shown["pledges"][0]["loan_share"], shown["pledges"][0]["pledge_rate"]) == (
            "1000.00",
            "0.5000",
        )

    def test_the_price_is_shown_or_why_it_is_not_known(self, api: Speak) -> None:
        report(api("bank_a"), "2026-08", lent(lpr_spread_bp=60))
        [shown] = api("bank_a").get("/contracts/HT-1").json()["drawdowns"]
        assert shown["price"] == {
            "tenor": "1y", "lpr_pct": None, "published_on": None, "known_from": "2019-08-21",
            "known_through": "2025-06-20", "implied_spread_bp": None, "reported_spread_bp": 60, "agrees": None,
            "reason": "lpr-unknown-after",
        }  # fmt: skip
        body = {"tenor": "1y", "published_on": "2026-08-20", "rate_pct": "3.0000", "source": "公告"}
        assert api("maker").post("/lpr-quotes", body).status_code == 201
        [shown] = api("bank_a").get("/contracts/HT-1").json()["drawdowns"]
        assert (shown["price"]["lpr_pct"], shown["price"]["implied_spread_bp"], shown["price"]["agrees"]) == (
            "3.0000", "60.00", True,
        )  # fmt: skip


class TestWarrants:
    def _linked(self, api: Speak) -> None:
        made(api("maker").post("/funds", FUND))
        manager = api("manager_angel")
        made(manager.post("/funds/angel/investors", {"name": "市财政局", "capital": "fiscal"}))
        desk = Desk(manager, "angel")
        for kind in ("commitment", "call", "contribution"):
            made(desk.event(kind, "10000000.00", "2026-09-01", investor="市财政局"))
        made(desk.invest("3000000.00", "2026-10-12"))
        report(
            api("bank_a"),
            "2026-10",
            disbursement("E-1", product="investment_linked", warrant_ref="RG-1", uscc=INVESTED),
            disbursement("E-2", contract_no="HT-2", product="investment_linked", warrant_ref="RG-2"),
            disbursement("E-3", contract_no="HT-3", product="investment_linked"),
        )

    def test_linked_loans_with_the_funds_that_hold_the_firm(self, api: Speak) -> None:
        self._linked(api)
        found = api("auditor").get("/warrants").json()["data"]
        assert [(one["warrant_ref"], one["match"], one["reason"], one["invested_by"]) for one in found] == [
            ("RG-2", None, "not-found", []),
            ("RG-1", None, "not-found", ["angel"]),
        ]

    def test_a_fund_s_record_of_the_warrant_matches_by_bank_reference_and_firm(self, api: Speak) -> None:
        self._linked(api)
        terms = {
            "fund": "angel", "uscc": INVESTED, "effective_date": "2026-10-12", "ends_on": "2099-12-31",
            "strike": "2.00", "shares": 1000, "document": "认股选择权协议",
        }  # fmt: skip

        def record(**named: str) -> str:
            return str(made(api("manager_angel").post("/securities/warrants", {**terms, **named}))["id"])

        before = inputs()
        record(bank="bank-b", reference="RG-1")  # another bank's of the same name
        right = record(bank="bank-a", reference="RG-1")
        wrong = record(bank="bank-a", reference="RG-2")  # the loan is another firm's
        found = api("auditor").get("/warrants").json()["data"]
        assert [(one["warrant_ref"], one["match"], one["reason"], one["right"]["id"]) for one in found] == [
            ("RG-2", None, "firm-differs", wrong),
            ("RG-1", right, None, right),
        ]
        assert (found[1]["right"]["kind"], found[1]["right"]["state"]) == ("warrant", "live")
        # Nothing is counted for a right that nobody has used.
        assert inputs() == before
        made(api("manager_angel").post(f"/securities/{right}/reverse", {"effective_date": "2026-10-20"}))
        found = api("auditor").get("/warrants").json()["data"]
        assert (found[1]["match"], found[1]["reason"]) == (None, "not-found")

    @pytest.mark.parametrize("person", ["bank_a", "manager_angel", "guarantor_a", "admin"])
    def test_only_the_centre_sees_loans_and_stakes_side_by_side(self, api: Speak, person: str) -> None:
        assert api(person).get("/warrants").status_code == 403
