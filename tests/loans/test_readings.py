"""One reading of a month's loans says what a statement for each frame says, row for row."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime

import pytest

from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.models import Organisation
from finance_hub.kernel.periods import Month
from finance_hub.kernel.scoping import within
from loans import queries
from loans.models import LoanEvent
from loans.queries.in_force import rows
from tests.cast import Api, Cast
from tests.loans.bank import OTHER_FIRM, disbursement, position, repayment, reversal, send

Speak = Callable[[str], Api]
AUGUST, SEPTEMBER, OCTOBER, NOVEMBER = (Month(2026, number) for number in (8, 9, 10, 11))
LATER = datetime(2027, 1, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def everything(cast: Cast) -> Iterator[None]:
    Organisation.objects.filter(kind="bank").update(reports_since=date(2025, 1, 1))
    with within(EVERYTHING):
        yield


def _loans(api: Speak) -> None:
    """Two banks and firms, with everything that a reading must not mistake: a contract with drawdowns of two
    quarters, one repaid to nothing, one lent by mistake, one written off, a repayment corrected and one taken back a
    month later."""
    taken_back = repayment("E-21", "30.00", contract_no="HT-2", value_date="2026-09-20")
    mistaken = disbursement("E-30", "700.00", contract_no="HT-3", value_date="2026-09-09")
    until = {"maturity_date": "2028-01-01"}
    september = [
        disbursement("E-10", "1000.00", contract_no="HT-1", value_date="2026-09-05", **until),
        disbursement("E-20", "500.37", contract_no="HT-2", value_date="2026-09-06", **until),
        taken_back, mistaken,
        disbursement("E-40", "80.00", contract_no="HT-4", uscc=OTHER_FIRM, value_date="2026-09-07", **until),
        repayment("E-41", "80.00", contract_no="HT-4", uscc=OTHER_FIRM, value_date="2026-09-30"),
        disbursement("E-50", "60.00", contract_no="HT-5", uscc=OTHER_FIRM, product="incubation",
                     value_date="2026-09-08", **until),
    ]  # fmt: skip
    october = [
        disbursement(
            "E-11", "250.00", contract_no="HT-1", drawdown_no="JJ-2", value_date="2026-10-02", **until
        ),
        repayment("E-22", "10.00", contract_no="HT-2", value_date="2026-10-03"),
        reversal("E-23", taken_back),
        reversal("E-31", mistaken),
        repayment(
            "E-51",
            "60.00",
            contract_no="HT-5",
            uscc=OTHER_FIRM,
            record_type="write_off",
            value_date="2026-10-04",
        ),
    ]
    bank = api("bank_a")
    for month, sent in ((SEPTEMBER, september), (OCTOBER, october)):
        told = send(bank, sent, period=str(month))
        assert told.result["rejected"] == 0, told.rows()
    later = repayment(
        "E-22", "11.13", contract_no="HT-2", value_date="2026-10-03", revision=2, reason_code="input-error"
    )
    told = send(bank, [later], period=str(OCTOBER))
    assert told.result["rejected"] == 0, told.rows()
    stood = [
        position("1000.00", contract_no="HT-1", five_tier="special_mention", overdue_days=40),
        position("470.37", contract_no="HT-2", five_tier="substandard", overdue_days=100),
        position("0.00", contract_no="HT-4", uscc=OTHER_FIRM),
        position("60.00", contract_no="HT-5", uscc=OTHER_FIRM, five_tier="loss", overdue_days=400),
    ]
    for month in (SEPTEMBER, OCTOBER):
        told = send(bank, stood, dataset="stock", period=str(month))
        assert told.result["rejected"] == 0, told.rows()
    assert send(api("bank_b"), [disbursement("E-1", "20.00", product="incubation", value_date="2026-10-31")])


def test_as_a_statement_for_each_frame(api: Speak) -> None:
    _loans(api)
    moments = {LATER, *LoanEvent.objects.values_list("recorded_at", flat=True)}
    seen = set()
    for known_at in moments:
        for month in (AUGUST, SEPTEMBER, OCTOBER, NOVEMBER):
            flows, stock = queries.read_flows(month, known_at), queries.read_stock(month, known_at)
            assert flows.balances == queries.balance_frame(month.end, known_at)
            assert flows.issuance == queries.issuance_frame(month.first, month.end, known_at)
            assert flows.branches == queries.branch_balance_frame(month.end, known_at)
            assert flows.vintages == queries.vintage_frame(month.end, known_at)
            assert stock.positions == queries.position_frame(month.first, known_at)
            assert stock.tiers == queries.tier_frame(month.first, known_at)
            assert stock.troubled == queries.troubled_frame(month.first, known_at)
            seen |= {name for read in (flows, stock) for name, found in read._asdict().items() if found}
    assert seen == {"balances", "issuance", "branches", "vintages", "positions", "tiers", "troubled"}


def test_the_settings_of_the_transaction_stay(api: Speak) -> None:
    _loans(api)
    asked = "SELECT current_setting('work_mem'), current_setting('random_page_cost')"
    before = rows(asked)
    queries.read_flows(OCTOBER, LATER)
    assert rows(asked) == before
