"""Every rule finds what it should, nothing beside it, and lets go of what was mended."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.models import Firm, Organisation
from finance_hub.kernel.periods import Month
from finance_hub.kernel.scoping import within
from loans.models import Finding, LoanReportBatch
from loans.operations import findings as operations
from tests.cast import Api, Cast
from tests.loans.bank import FIRM, OTHER_FIRM, Row, disbursement, position, repayment, reversal, send
from tests.loans.test_confirmations import confirm, report

Speak = Callable[[str], Api]
OCTOBER = Month(2026, 10)
LATER = datetime(2026, 12, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def known_firms(cast: Cast) -> None:
    register_borrowers()


def register_borrowers() -> None:
    """Both borrowers are in the registry, verified: no finding of their own."""
    Organisation.objects.filter(kind="bank").update(reports_since=date(2026, 7, 1))
    for code in (FIRM, OTHER_FIRM):
        Firm.objects.create(uscc=code, name="示例科技有限公司", source="centre", verified=True)


def look(month: Month = OCTOBER, *, at: datetime = LATER) -> dict[str, Any]:
    with within(EVERYTHING):
        return operations.refresh(month, now=at)


def found(month: Month = OCTOBER, *, at: datetime = LATER) -> set[tuple[str, str, str, str]]:
    """(rule, contract, drawdown, subject) of what is open after a look."""
    look(month, at=at)
    with within(EVERYTHING):
        rows = Finding.objects.filter(resolved_at=None, period=month.first)
        return set(rows.values_list("rule", "contract_no", "drawdown_no", "subject"))


def listed(api: Api, query: str = "") -> list[Any]:
    answer = api.get(f"/findings{query}")
    assert answer.status_code == 200, answer.content
    rows: list[Any] = answer.json()["data"]
    return rows


def stock(bank: Api, *rows: Row, period: str = "2026-10") -> None:
    assert send(bank, list(rows), dataset="stock", period=period).state == "applied"


def test_a_month_in_order_has_no_finding(api: Speak) -> None:
    report(api("bank_a"))
    assert found() == set()


class TestStockAndFlow:
    def test_that_differ_are_found_with_both_amounts_and_the_row(self, api: Speak) -> None:
        bank = api("bank_a")
        send(bank, [disbursement(), disbursement("E-2", "5.00", drawdown_no="JJ-2")])
        stock(bank, position("5.00", drawdown_no="JJ-2"), position("990.00"))
        assert found() == {("stock-flow-differs", "HT-1", "JJ-1", "")}
        [one] = listed(bank)
        assert one["message"] == "存量余额 990.00，发生额推算余额 1000.00，相差 -10.00"
        assert one["message_en"] == "The stock says 990.00, the flow gives 1000.00: a difference of -10.00"
        assert (one["severity"], one["row_number"], one["bank"], one["period"]) == (
            "error",
            2,
            "bank-a",
            "2026-10",
        )
        row = bank.get(one["links"]["batch"].removeprefix("/api/v1")).json()
        assert (row["dataset"], row["id"]) == ("stock", one["batch"])
        assert bank.get(one["links"]["contract"].removeprefix("/api/v1")).json()["contract_no"] == "HT-1"

    def test_a_drawdown_left_out_is_found_with_its_last_event(self, api: Speak) -> None:
        bank = api("bank_a")
        send(
            bank, [disbursement(), disbursement("E-2", "5.00", drawdown_no="JJ-2"), repayment("E-3", "1.00")]
        )
        stock(bank, position("5.00", drawdown_no="JJ-2"))
        assert found() == {("missing-from-snapshot", "HT-1", "JJ-1", "")}
        [one] = listed(bank)
        assert (one["context"], one["row_number"]) == ({"flow": "999.00"}, 3)

    def test_nothing_is_missing_from_a_snapshot_that_was_not_sent(self, api: Speak) -> None:
        send(api("bank_a"), [disbursement()])
        stock(api("bank_b"))
        assert {rule for rule, *_ in found()} == {"zero-row-report"}

    def test_a_position_of_a_reversed_loan_is_found(self, api: Speak) -> None:
        bank, lent = api("bank_a"), disbursement()
        send(bank, [lent, reversal("R-1", lent)])
        stock(bank, position("1000.00"))
        assert found() == {("position-without-flow", "HT-1", "JJ-1", "")}


class TestPositions:
    @pytest.mark.parametrize(
        ("changes", "rule"),
        [
            ({"overdue_days": 1}, "overdue-but-normal"),
            ({"overdue_days": 90, "overdue_principal": "1000.00"}, "overdue-but-normal"),
            ({"overdue_days": 5, "five_tier": "special_mention", "overdue_principal": "1000.01"}, "overdue-exceeds-balance"),
        ],
    )  # fmt: skip
    def test_that_are_odd_are_found(self, api: Speak, changes: Row, rule: str) -> None:
        send(api("bank_a"), [disbursement()])
        stock(api("bank_a"), position("1000.00", **changes))
        assert found() == {(rule, "HT-1", "JJ-1", "")}

    def test_that_are_bad_and_say_so_are_not(self, api: Speak) -> None:
        send(api("bank_a"), [disbursement()])
        stock(
            api("bank_a"),
            position("1000.00", overdue_days=91, five_tier="substandard", overdue_principal="1000.00"),
        )
        assert found() == set()

    @pytest.mark.parametrize(
        ("maturity", "overdue", "is_found"),
        [
            ("2026-10-30", 0, True),
            ("2026-10-31", 0, False),
            ("2026-11-01", 0, False),
            ("2026-10-30", 1, False),
        ],
    )
    def test_a_loan_past_its_maturity_has_days_overdue(
        self, api: Speak, maturity: str, overdue: int, is_found: bool
    ) -> None:
        send(api("bank_a"), [disbursement(maturity_date=maturity)])
        stock(api("bank_a"), position("1000.00", overdue_days=overdue, five_tier="special_mention"))
        assert found() == ({("matured-without-overdue", "HT-1", "JJ-1", "")} if is_found else set())

    def test_unless_it_was_extended_and_the_extension_stands(self, api: Speak) -> None:
        bank = api("bank_a")
        longer = repayment("E-2", "0.00", record_type="extension", maturity_date="2027-01-01")
        send(bank, [disbursement(maturity_date="2026-10-15"), longer])
        stock(bank, position("1000.00"))
        assert found() == set()
        send(bank, [reversal("R-1", longer)])
        assert found() == {("matured-without-overdue", "HT-1", "JJ-1", "")}


class TestBorrowers:
    def test_first_heard_of_from_a_report_are_found_once_and_let_go_when_verified(self, api: Speak) -> None:
        Firm.objects.filter(uscc=FIRM).delete()
        bank = api("bank_a")
        send(bank, [disbursement(), disbursement("E-2", "5.00", contract_no="HT-2")])
        assert found() == {("borrower-unverified", "", "", FIRM)}
        [one] = listed(bank)
        assert (one["subject"]["kind"], one["subject"]["id"], one["row_number"]) == ("firm", FIRM, 1)
        send(
            bank, [disbursement("E-3", "5.00", contract_no="HT-3", value_date="2026-11-02")], period="2026-11"
        )
        assert found(Month(2026, 11)) == set()  # it was first heard of in October
        Firm.objects.filter(uscc=FIRM).update(verified=True)
        assert found(at=LATER + timedelta(hours=1)) == set()

    def test_entered_by_the_centre_but_not_verified_are_none_of_a_reports(self, api: Speak) -> None:
        Firm.objects.filter(uscc=FIRM).update(verified=False)
        send(api("bank_a"), [disbursement()])
        assert found() == set()

    def test_under_another_name_are_found_until_the_registry_follows(self, api: Speak) -> None:
        send(api("bank_a"), [disbursement(firm_name="改名科技有限公司")])
        assert found() == {("firm-name-differs", "HT-1", "", FIRM)}
        assert "示例科技有限公司" in listed(api("bank_a"))[0]["message"]
        Firm.objects.filter(uscc=FIRM).update(name="改名科技有限公司")
        assert found(at=LATER + timedelta(hours=1)) == set()


def test_a_reason_that_is_not_in_the_list_is_found_with_its_event(api: Speak) -> None:
    rows = [disbursement(), repayment("E-2", "1.00", record_type="adjustment", reason_code="whim"),
            repayment("E-3", "1.00", record_type="adjustment", reason_code="rounding")]  # fmt: skip
    send(api("bank_a"), rows)
    assert found() == {("reason-code-unknown", "HT-1", "JJ-1", "E-2")}
    assert listed(api("bank_a"))[0]["context"] == {"reason_code": "whim"}


class TestPledges:
    def lend(self, bank: Api, *pledges: tuple[str, str, str]) -> None:
        held = [
            {"type": "patent", "certificate_no": number, "registration_no": f"R{number}", "appraised_value": value,
             "share_pct": share} for number, value, share in pledges
        ]  # fmt: skip
        assert send(bank, [disbursement(product="ip_pledge", pledges=held)]).result["accepted"] == 1

    def test_that_cover_the_loan_are_in_order(self, api: Speak) -> None:
        self.lend(api("bank_a"), ("Z1", "600.00", "60.00"), ("Z2", "400.00", "40.00"))
        assert found() == set()

    def test_whose_shares_leave_a_part_open_are_found(self, api: Speak) -> None:
        self.lend(api("bank_a"), ("Z1", "900.00", "60.00"))
        assert found() == {("pledge-shares-incomplete", "HT-1", "JJ-1", "")}
        assert listed(api("bank_a"))[0]["context"] == {"shares": "60.00"}

    def test_worth_less_than_what_they_secure_are_found(self, api: Speak) -> None:
        self.lend(api("bank_a"), ("Z1", "599.99", "60.00"), ("Z2", "400.00", "40.00"))
        assert found() == {("pledge-worth-less-than-its-share", "HT-1", "JJ-1", "Z1")}
        assert listed(api("bank_a"))[0]["context"] == {
            "appraised": "599.99", "share_pct": "60.00", "secured": "600.00",
        }  # fmt: skip

    def test_each_of_two_is_named_by_its_certificate(self, api: Speak) -> None:
        self.lend(api("bank_a"), ("Z1", "1.00", "60.00"), ("Z2", "2.00", "40.00"))
        assert found() == {
            ("pledge-worth-less-than-its-share", "HT-1", "JJ-1", certificate) for certificate in ("Z1", "Z2")
        }


class TestReports:
    def test_without_a_row_are_worth_a_look_until_one_has_rows(self, api: Speak) -> None:
        bank = api("bank_a")
        send(bank, [])
        assert found() == {("zero-row-report", "", "", "flow")}
        send(bank, [disbursement()])
        assert found(at=LATER + timedelta(hours=1)) == set()

    def test_that_came_after_the_due_moment_are_late(self, api: Speak) -> None:
        send(api("bank_a"), [disbursement()])
        with within(EVERYTHING):
            LoanReportBatch.objects.update(finished_at=datetime(2026, 11, 12, tzinfo=UTC))
        assert found() == {("late-report", "", "", "flow")}
        assert listed(api("bank_a"))[0]["context"] == {"due": "2026-11-10", "applied": "2026-11-12"}
        Organisation.objects.filter(code="bank-a").update(reports_since=date(2026, 11, 1))
        assert found(at=LATER + timedelta(hours=1)) == set()

    def test_corrected_after_their_bank_confirmed_are_found_until_it_confirms_again(self, api: Speak) -> None:
        bank = api("bank_a")
        report(bank)
        confirm(bank)
        assert found() == set()
        back = repayment("E-2", "299.00", revision=2, reason_code="input-error")
        assert send(bank, [back]).result["accepted"] == 1
        stock(bank, position("701.00", revision=2))
        assert found() == {("corrected-after-confirmation", "HT-1", "JJ-1", "E-2"),
                           ("corrected-after-confirmation", "HT-1", "JJ-1", "")}  # fmt: skip
        confirm(bank, {"repaid": "299.00", "closing": "701.00"})
        assert found(at=LATER + timedelta(hours=1)) == set()

    def test_a_correction_before_the_confirmation_is_none(self, api: Speak) -> None:
        bank = api("bank_a")
        send(bank, [disbursement(), repayment("E-2", "300.00")])
        send(bank, [repayment("E-2", "300.00", revision=2, reason_code="input-error", client_row_id="again")])
        stock(bank, position("700.00"))
        confirm(bank)
        assert found() == set()


class TestSilence:
    def quarter(self, bank: Api, *, spoken: tuple[str, ...] = ()) -> None:
        """Lent in July; August to October reported without it, but for the months `spoken`."""
        assert send(bank, [disbursement(value_date="2026-07-05")], period="2026-07").result["accepted"] == 1
        for period in ("2026-08", "2026-09", "2026-10"):
            stock(bank, *([position("1000.00")] if period in spoken else []), period=period)

    def test_of_three_months_is_found(self, api: Speak) -> None:
        self.quarter(api("bank_a"))
        assert ("silent-drawdown", "HT-1", "JJ-1", "") in found()
        assert ("silent-drawdown", "HT-1", "JJ-1", "") not in found(Month(2026, 9))

    @pytest.mark.parametrize("period", ["2026-08", "2026-10"])
    def test_is_broken_by_one_position(self, api: Speak, period: str) -> None:
        self.quarter(api("bank_a"), spoken=(period,))
        assert "silent-drawdown" not in {rule for rule, *_ in found()}

    def test_is_broken_by_one_event(self, api: Speak) -> None:
        bank = api("bank_a")
        self.quarter(bank)
        assert send(bank, [repayment("E-2", "1.00")]).result["accepted"] == 1
        assert "silent-drawdown" not in {rule for rule, *_ in found()}
