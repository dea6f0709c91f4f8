"""What the figures read: sums by hand, as of a day and as known at a moment."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from finance_hub.kernel.access import EVERYTHING, Scope
from finance_hub.kernel.models import Firm, Organisation
from finance_hub.kernel.periods import Month
from finance_hub.kernel.scoping import NoScope, within
from loans import queries
from loans.models import LoanEvent, LoanReportBatch
from loans.queries import BalanceRow, IssuanceRow, PositionRow
from tests.cast import NOW, Api, Cast
from tests.loans.bank import FIRM, OTHER_FIRM, disbursement, position, repayment, reversal, send

Speak = Callable[[str], Api]
END = date(2026, 11, 1)
LATER = datetime(2027, 1, 1, tzinfo=UTC)


@pytest.fixture
def everything(cast: Cast) -> Iterator[None]:
    with within(EVERYTHING):
        yield


def _ids(*codes: str) -> list[int]:
    return [Organisation.objects.get(code=code).pk for code in codes]


def _firms() -> list[int]:
    return [Firm.objects.get(uscc=code).pk for code in (FIRM, OTHER_FIRM)]


def _city(api: Speak) -> None:
    """Bank A: two R&D drawdowns of FIRM (1000 - 300, 50), one repaid; one IP loan of OTHER_FIRM (8).
    Bank B: an incubation loan of FIRM (20)."""
    back = repayment("E-2", "300.00")
    send(api("bank_a"), [
        disbursement(), back, disbursement("E-3", "50.00", drawdown_no="JJ-2"),
        disbursement("E-4", "9.00", drawdown_no="JJ-3"), repayment("E-5", "9.00", drawdown_no="JJ-3"),
        disbursement("E-6", "8.00", contract_no="HT-6", uscc=OTHER_FIRM, product="incubation"),
    ])  # fmt: skip
    send(api("bank_b"), [disbursement("E-1", "20.00", product="incubation", value_date="2026-10-31")])


def test_balances_are_by_bank_product_and_firm_in_fen(api: Speak, everything: None) -> None:
    _city(api)
    (bank_a, bank_b), (firm, other) = _ids("bank-a", "bank-b"), _firms()
    assert queries.balance_frame(END, LATER) == [
        BalanceRow(bank_a, "incubation", other, 800),
        BalanceRow(bank_a, "rd", firm, 75_000),
        BalanceRow(bank_b, "incubation", firm, 2_000),
    ]


def test_the_as_of_day_itself_is_not_counted(api: Speak, everything: None) -> None:
    _city(api)
    before = queries.balance_frame(date(2026, 10, 31), LATER)
    assert sum(row.balance for row in before) == 75_800
    assert queries.balance_frame(date(2026, 10, 5), LATER) == []
    on_the_20th = queries.balance_frame(date(2026, 10, 20), LATER)
    assert sum(row.balance for row in on_the_20th) == 106_700


def test_a_month_is_recomputed_as_it_was_known(api: Speak, everything: None) -> None:
    bank, back = api("bank_a"), repayment("E-2", "300.00")
    send(bank, [disbursement(), back])
    LoanEvent.objects.first()
    known = max(LoanEvent.objects.values_list("recorded_at", flat=True))
    send(bank, [back | {"revision": 2, "amount": "100.00", "reason_code": "input-error"}])

    def total(at: datetime) -> int:
        return sum(row.balance for row in queries.balance_frame(END, at))

    assert (total(known - timedelta(microseconds=1)), total(known), total(LATER)) == (0, 70_000, 90_000)


def test_a_reversal_counts_from_its_own_day_and_moment_on(api: Speak, everything: None) -> None:
    bank, back = api("bank_a"), repayment("E-2", "300.00")
    send(bank, [disbursement(), back, reversal("R-1", back)])
    days = {day: queries.balance_frame(date(2026, 10, day), LATER)[0].balance for day in (20, 21, 25, 26)}
    assert days == {20: 100_000, 21: 70_000, 25: 70_000, 26: 100_000}


def test_issuance_is_net_of_what_was_taken_back(api: Speak, everything: None) -> None:
    bank, lent = api("bank_a"), disbursement("E-7", "40.00", contract_no="HT-7")
    _city(api)
    send(
        bank,
        [lent, reversal("R-7", lent), repayment("E-8", "2.00", record_type="write_off", drawdown_no="JJ-2")],
    )
    (bank_a, bank_b), (firm, other) = _ids("bank-a", "bank-b"), _firms()
    october = date(2026, 10, 1)
    assert queries.issuance_frame(october, END, LATER) == [
        IssuanceRow(bank_a, "incubation", october, other, 800, 0, 0, 1),
        IssuanceRow(bank_a, "rd", october, firm, 105_900, 30_900, 200, 3),
        IssuanceRow(bank_b, "incubation", october, firm, 2_000, 0, 0, 1),
    ]
    assert queries.issuance_frame(END, date(2026, 12, 1), LATER) == []


def test_positions_are_the_highest_revision_known(api: Speak, everything: None) -> None:
    bank = api("bank_a")
    send(bank, [disbursement(), disbursement("E-2", "5.00", contract_no="HT-2")])
    rows = [
        position("1000.00", overdue_days=91, five_tier="substandard"),
        position("5.00", contract_no="HT-2"),
    ]
    send(bank, rows, dataset="stock")
    known = LoanReportBatch.objects.get(dataset="stock").finished_at
    assert known is not None
    send(bank, [position("1000.00", revision=2, overdue_days=30)], dataset="stock")
    [bank_a] = _ids("bank-a")
    assert queries.position_frame(date(2026, 10, 1), known) == [
        PositionRow(bank_a, "rd", "normal", "0", 500, 1, 500 * 34_500),
        PositionRow(bank_a, "rd", "substandard", "91-180", 100_000, 1, 100_000 * 34_500),
    ]
    assert queries.position_frame(date(2026, 10, 1), LATER) == [
        PositionRow(bank_a, "rd", "normal", "0", 500, 1, 500 * 34_500),
        PositionRow(bank_a, "rd", "normal", "1-30", 100_000, 1, 100_000 * 34_500),
    ]
    assert queries.position_frame(END, LATER) == []


def test_who_has_not_reported_is_known_as_of_a_moment(api: Speak, everything: None) -> None:
    october = Month(2026, 10)
    both = [("bank-a", "flow"), ("bank-a", "stock"), ("bank-b", "flow"), ("bank-b", "stock")]
    assert queries.not_reported(october, LATER) == both
    send(api("bank_a"), [])
    send(api("bank_b"), [], dry_run=True)
    send(api("bank_b"), [], dataset="stock", control_totals={"rows": 1, "balance": "0.00"})
    assert queries.not_reported(october, LATER) == both[1:]
    assert queries.not_reported(october, NOW - timedelta(days=1)) == both
    assert queries.not_reported(Month(2026, 9), LATER) == []


def test_a_bank_sees_its_own_rows_in_every_frame(api: Speak, cast: Cast) -> None:
    _city(api)
    bank_b = cast.organisation("bank-b").pk
    with within(Scope(organisation_id=bank_b)):
        assert {row.bank_id for row in queries.balance_frame(END, LATER)} == {bank_b}
        assert {row.bank_id for row in queries.issuance_frame(date(2026, 1, 1), END, LATER)} == {bank_b}


def test_no_frame_is_read_without_a_scope(cast: Cast) -> None:
    for read in (
        lambda: queries.balance_frame(END, LATER),
        lambda: queries.issuance_frame(END, END, LATER),
        lambda: queries.position_frame(END, LATER),
        lambda: queries.read_flows(Month.of(END), LATER),
        lambda: queries.read_stock(Month.of(END), LATER),
        lambda: queries.guarantee_frame(END, LATER),
    ):
        with pytest.raises(NoScope):
            read()


def test_the_largest_amounts_do_not_overflow(api: Speak, everything: None) -> None:
    """Ten of the largest are more fen than 64 bits hold: one bank's figure must not stop the city's."""
    for n in range(10):
        row = disbursement(f"E-{n}", "9999999999999999.99", drawdown_no=f"JJ-{n}")
        assert send(api("bank_a"), [row]).state == "applied"
    assert queries.balance_frame(END, LATER)[0].balance == 10 * 999_999_999_999_999_999
