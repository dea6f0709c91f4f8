"""What is drawn of loans before any is reported: courses, balances, the whole book. No database."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from finance_hub.demo import calendar, registry
from finance_hub.demo.chance import chance
from finance_hub.demo.lending import agreements, book, course, guarantees, rows
from finance_hub.demo.lending.loans import Fact, Loan, months_later
from finance_hub.demo.lending.terms import Price
from finance_hub.kernel.periods import Month

YUAN = 100


def a_loan(
    method: str = "bullet", *, months: int = 12, amount: int = 1_200_000 * YUAN, fate: str = "performing"
) -> Loan:
    firm = registry.plan(1, dice=chance(1, "firms"))[0]
    firm.fails_on = date(2025, 9, 1)
    start = date(2025, 1, 10)
    return Loan(1, 0, "HT-1", firm, "rd", method, start, months, amount, Price(Decimal("3.60"), 60), fate)


class TestCourseOfALoan:
    def test_equal_principal_is_paid_quarterly_and_the_last_part_takes_the_rest(self) -> None:
        due = course.instalments(a_loan("equal-principal", amount=100_000_001))
        assert [amount for _, amount in due] == [25_000_000, 25_000_000, 25_000_000, 25_000_001]
        assert [on.isoformat() for on, _ in due] == ["2025-04-10", "2025-07-10", "2025-10-10", "2026-01-10"]

    def test_equal_instalments_repay_more_principal_every_month(self) -> None:
        # 1,200,000 over 12 months at 3.6 % a year: first principal P·i / ((1+i)^12 - 1) with i = 0.003.
        due = [amount for _, amount in course.instalments(a_loan("equal-instalment"))]
        assert due[0] == pytest.approx(98_361.57 * YUAN, abs=YUAN)
        assert due == sorted(due)
        assert sum(due) == 1_200_000 * YUAN

    def test_a_performing_loan_is_never_overdue(self) -> None:
        loan = a_loan("equal-principal")
        course.run(loan, dice=chance(1, "x"))
        for month in Month(2025, 1).until(Month(2026, 3)):
            assert course.overdue(loan, month.last) == (0, 0)
        assert course.balance(loan, date(2025, 7, 9)) == 900_000 * YUAN
        assert course.balance(loan, date(2026, 1, 10)) == 0

    def test_a_missed_bullet_is_overdue_from_the_day_after_it(self) -> None:
        loan = a_loan()
        loan.dues = course.instalments(loan)
        loan.facts = [Fact(loan.disbursed_on, "disbursement", loan.amount)]
        assert course.overdue(loan, date(2026, 1, 10)) == (0, 0)
        assert course.overdue(loan, date(2026, 1, 31)) == (21, loan.amount)

    @pytest.mark.parametrize(
        ("days", "tier"),
        [
            (0, "normal"), (1, "special_mention"), (90, "special_mention"), (91, "substandard"),
            (270, "substandard"), (271, "doubtful"), (360, "doubtful"), (361, "loss"),
        ],
    )  # fmt: skip
    def test_the_bank_follows_the_floors_of_the_five_tiers(self, days: int, tier: str) -> None:
        assert rows._tier(days) == tier

    def test_a_default_calls_the_whole_and_a_guarantor_pays_all_but_the_banks_share(self) -> None:
        loan = a_loan(fate="defaulted")
        loan.guarantee_no = "DB-1"
        course.run(loan, dice=chance(3, "x"))
        assert loan.dues[0][0] >= date(2025, 9, 1)
        assert Fact(loan.compensated_on, "repayment", 960_000 * YUAN) in loan.facts  # type: ignore[arg-type]
        happened = list(guarantees.happenings(loan, dice=chance(3, "y")))
        assert (happened[0].kind, happened[0].amount, happened[0].since) == (
            "claim", 1_200_000 * YUAN, loan.dues[0][0],
        )  # fmt: skip
        assert happened[1].kind == "recovery"
        assert happened[1].amount < 1_200_000 * YUAN

    def test_the_pool_holds_too_little_for_the_insurers_claim(self, loans: list[Loan]) -> None:
        insured = [loan for loan in loans if loan.insured]
        [claimed] = [loan for loan in insured if loan.compensated_on]
        assert len(insured) == 1 + agreements.COMPANIONS
        assert all(loan.disbursed_on < claimed.compensated_on for loan in insured)  # type: ignore[operator]
        assert 0 < agreements._contributions(insured) < claimed.claimed // 2

    def test_no_firm_is_guaranteed_above_its_cap(self, loans: list[Loan]) -> None:
        covered: dict[str, int] = {}
        for loan in loans:
            if loan.guarantee_no:
                covered[loan.firm.uscc] = covered.get(loan.firm.uscc, 0) + loan.amount
        assert max(covered.values()) <= agreements.MOST_OF_A_FIRM

    def test_releases_add_up_to_what_was_repaid(self, loans: list[Loan]) -> None:
        paid_off = [
            loan for loan in loans if loan.guarantee_no and not course.balance(loan, calendar.LAST.last)
        ]
        sound = [loan for loan in paid_off if loan.fate != "defaulted"]
        assert sound
        for loan in sound:
            released = list(guarantees.happenings(loan, dice=chance(1, "x")))
            assert {h.kind for h in released} == {"release"}
            assert sum(h.amount for h in released) == loan.amount

    def test_a_day_after_the_28th_becomes_the_28th(self) -> None:
        assert months_later(date(2025, 8, 31), 6) == date(2026, 2, 28)
        assert months_later(date(2025, 11, 15), 2) == date(2026, 1, 15)


class TestBook:
    def test_it_has_exactly_the_drawdowns_that_were_asked_for(self, loans: list[Loan]) -> None:
        assert len(loans) == len({loan.number for loan in loans}) == 1_500

    def test_no_balance_is_ever_negative(self, loans: list[Loan]) -> None:
        for loan in loans:
            assert min(course.balance(loan, fact.day) for fact in loan.facts) >= 0

    def test_nobody_lends_to_a_firm_that_has_failed_or_is_not_known(self, loans: list[Loan]) -> None:
        for loan in loans:
            assert loan.firm.known_on < loan.disbursed_on
            assert loan.firm.fails_on is None or loan.disbursed_on < loan.firm.fails_on

    def test_a_contract_is_one_firms_with_one_bank(self, firms: list[registry.Enterprise]) -> None:
        holders: dict[str, set[tuple[int, str]]] = {}
        for loan in book.open_book(8_000, firms, dice=chance(42, "many")):
            holders.setdefault(loan.contract_no, set()).add((loan.bank, loan.firm.uscc))
        assert {len(of) for of in holders.values()} == {1}

    def test_a_refinancing_is_matched_by_a_drawdown_of_the_same_day_and_amount(
        self, loans: list[Loan]
    ) -> None:
        opened = {(loan.firm.uscc, loan.bank, loan.disbursed_on, loan.amount) for loan in loans}
        refinanced = [
            (loan.firm.uscc, loan.bank, fact.day, fact.amount)
            for loan in loans for fact in loan.facts if fact.kind == "refinancing"
        ]  # fmt: skip
        assert len(refinanced) > 10
        assert set(refinanced) <= opened

    def test_the_share_of_bad_loans_is_that_of_a_sound_city(self, loans: list[Loan]) -> None:
        last = calendar.LAST.last
        owed = {loan.number: course.balance(loan, last) for loan in loans}
        bad = sum(owed[loan.number] for loan in loans if course.overdue(loan, last)[0] > 90)
        assert 0.008 < bad / sum(owed.values()) < 0.025
