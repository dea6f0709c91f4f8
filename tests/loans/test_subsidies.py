"""Interest subsidies: principal-days by hand, the days that do not count, and a firm's cap across banks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.models import Firm, Organisation
from finance_hub.kernel.periods import Month
from finance_hub.kernel.scoping import within
from loans import queries
from loans.models import Contract, Drawdown, LoanEvent, LoanReportBatch, SubsidyScheme
from loans.operations.terms import record_subsidy_scheme
from loans.queries import SubsidyLine, SubsidyRow
from tests.cast import NOW, Api, Cast
from tests.loans.bank import OTHER_FIRM, Row, disbursement, position, repayment, reversal, send

Speak = Callable[[str], Api]
SEPTEMBER, OCTOBER = Month(2026, 9), Month(2026, 10)
LATER = datetime(2027, 1, 1, tzinfo=UTC)
SCHEME: dict[str, Any] = {
    "products": ["rd"], "rate_pct": Decimal("1.0000"), "share_pct": Decimal("100.00"), "firm_year_cap": None,
    "document": "贴息办法", "valid_from": date(2026, 1, 1), "valid_to": date(2027, 1, 1),
}  # fmt: skip


@pytest.fixture(autouse=True)
def everything(cast: Cast) -> Iterator[None]:
    Organisation.objects.filter(kind="bank").update(reports_since=date(2025, 1, 1))
    with within(EVERYTHING):
        yield


def scheme(cast: Cast, **changes: Any) -> SubsidyScheme:
    return record_subsidy_scheme(**SCHEME | changes, by=cast["maker"], now=NOW)


def lent(amount: str = "3600000.00", day: str = "2026-10-05", **changes: Any) -> Row:
    terms = {
        "interest_subsidy_pct": "1.0000", "annual_rate_pct": "3.4500", "value_date": day, "maturity_date": "2027-10-04",
    }  # fmt: skip
    return disbursement("D-1", amount, **terms | changes)


def due(month: Month = OCTOBER) -> list[tuple[Decimal, Decimal, Decimal]]:
    """(principal-days, rate, payable) of each line."""
    return [
        (line.principal_days, line.rate_pct, line.payable) for line in queries.subsidy_lines(month, LATER)
    ]


def one(month: Month = OCTOBER) -> Decimal:
    [(_, _, payable)] = due(month)
    return payable


def test_principal_days_at_a_360th_of_the_yearly_rate(api: Speak, cast: Cast) -> None:
    """3.6 million on 15 days (5 to 19), 3.0 million on 12 (20 to 31): 90 million yuan-days at 1 % are 2500.00."""
    scheme(cast)
    send(api("bank_a"), [lent(), repayment("E-2", "600000.00", value_date="2026-10-20")])
    [line] = queries.subsidy_lines(OCTOBER, LATER)
    assert line == SubsidyLine(
        cast.organisation("bank-a").pk, Drawdown.objects.get().pk, Decimal("90000000.00"), Decimal("1.0000"),
        Decimal("2500.00"), Decimal("2500.00"),
    )  # fmt: skip
    # All of November at 3.0 million: 90 million yuan-days again.
    assert due(Month(2026, 11)) == [(Decimal("90000000.00"), Decimal("1.0000"), Decimal("2500.00"))]
    assert due(SEPTEMBER) == []


def test_days_overdue_at_the_months_end_do_not_count(api: Speak, cast: Cast) -> None:
    """10 days overdue: 3.6 million on 15 days, 3.0 million on the 20th and 21st: 60 million, 1666.67."""
    scheme(cast)
    bank = api("bank_a")
    send(bank, [lent(), repayment("E-2", "600000.00", value_date="2026-10-20")])
    late = position("3000000.00", overdue_days=10)
    send(bank, [late], dataset="stock")
    assert due() == [(Decimal("60000000.00"), Decimal("1.0000"), Decimal("1666.67"))]
    send(bank, [late | {"revision": 2, "overdue_days": 0}], dataset="stock")
    assert one() == Decimal("2500.00")
    send(bank, [late | {"revision": 3, "overdue_days": 2147483647, "five_tier": "loss"}], dataset="stock")
    assert due() == []


@pytest.mark.parametrize(
    ("terms", "loan", "rate"),
    [
        ({}, {}, "1"),
        ({"rate_pct": Decimal("0.8")}, {}, "0.8"),
        ({"share_pct": Decimal("20.00")}, {}, "0.69"),  # a fifth of 3.45
        ({}, {"interest_subsidy_pct": "0.5000"}, "0.5"),
        ({}, {"annual_rate_pct": "0.9000"}, "0.9"),
    ],
)
def test_the_rate_is_held_to_the_scheme_and_to_the_loans_own(
    api: Speak, cast: Cast, terms: dict[str, Any], loan: dict[str, Any], rate: str
) -> None:
    scheme(cast, **terms)
    send(api("bank_a"), [lent(day="2026-10-02", **loan)])
    # 3.6 million on 30 days: 108 million yuan-days, 3000.00 for each per cent.
    [(days, found, payable)] = due()
    assert (days, found, payable) == (108_000_000, Decimal(rate), 3000 * Decimal(rate))


@pytest.mark.parametrize(
    ("terms", "loan"),
    [
        ({"products": ["ip_pledge", "incubation"]}, {}),
        ({"valid_from": date(2026, 11, 1)}, {}),
        ({"valid_to": date(2026, 10, 1)}, {}),
        ({}, {"interest_subsidy_pct": None}),
        ({}, {"interest_subsidy_pct": "0.0000"}),
    ],
)
def test_no_scheme_no_report_no_subsidy(
    api: Speak, cast: Cast, terms: dict[str, Any], loan: dict[str, Any]
) -> None:
    scheme(cast, **terms)
    send(api("bank_a"), [lent(**loan)])
    assert due() == []


def test_only_days_within_the_scheme_and_before_maturity_count(api: Speak, cast: Cast) -> None:
    """The scheme from the 10th, maturity on the 20th: ten days; extended to November: 22 days."""
    scheme(cast, valid_from=date(2026, 10, 10))
    bank = api("bank_a")
    send(bank, [lent(maturity_date="2026-10-20")])
    assert due() == [(Decimal(36_000_000), Decimal(1), Decimal("1000.00"))]
    extension = repayment(
        "X-1", "0.00", record_type="extension", value_date="2026-10-19", maturity_date="2026-11-20"
    )
    send(bank, [extension])
    assert due() == [(Decimal(79_200_000), Decimal(1), Decimal("2200.00"))]
    send(bank, [reversal("V-1", extension, amount="0.00")])
    assert one() == Decimal("1000.00")


def test_what_is_taken_back_stops_counting_on_that_day(api: Speak, cast: Cast) -> None:
    """3.6 million on the 20 days from the 5th to the 24th."""
    scheme(cast)
    row = lent()
    send(api("bank_a"), [row, reversal("V-1", row)])
    assert due() == [(Decimal(72_000_000), Decimal(1), Decimal("2000.00"))]


class TestTheCapOfAFirm:
    """A loan of 3.6 million accrues 100.00 a day."""

    def _lend(self, api: Speak) -> None:
        for number, (bank, day) in enumerate((("bank_a", "2026-09-01"), ("bank_b", "2026-08-15"))):
            row = lent(day=day, contract_no=f"HT-{number}")
            assert send(api(bank), [row], period=day[:7]).result["accepted"] == 1

    def test_it_is_used_up_by_month_the_older_loan_first_across_banks(self, api: Speak, cast: Cast) -> None:
        """August: 17 days of one loan, 1700.00. September: 3000.00 each, but only 4300.00 of the 6000.00 is left:
        3000.00 for the loan of August, 1300.00 for the other; nothing in October."""
        scheme(cast, firm_year_cap=Decimal("6000.00"))
        self._lend(api)
        bank_a, bank_b = (cast.organisation(code).pk for code in ("bank-a", "bank-b"))
        assert queries.subsidy_frame(Month(2026, 8), LATER) == [SubsidyRow(bank_b, "rd", 170_000, 0, 1)]
        assert queries.subsidy_frame(SEPTEMBER, LATER) == [
            SubsidyRow(bank_a, "rd", 130_000, 170_000, 1),
            SubsidyRow(bank_b, "rd", 300_000, 0, 1),
        ]
        assert queries.subsidy_frame(OCTOBER, LATER) == [
            SubsidyRow(bank_a, "rd", 0, 310_000, 1),
            SubsidyRow(bank_b, "rd", 0, 310_000, 1),
        ]

    def test_another_firm_and_another_year_have_their_own(self, api: Speak, cast: Cast) -> None:
        """The other firm's loan: 3000.00 in September, 3000.00 of 3100.00 in October. In January, 6200.00 and
        3100.00 accrue, held to 6000.00 a firm."""
        scheme(cast, firm_year_cap=Decimal("6000.00"), valid_to=date(2028, 1, 1))
        self._lend(api)
        other = lent(day="2026-09-01", contract_no="HT-9", uscc=OTHER_FIRM) | {"external_event_id": "D-9"}
        send(api("bank_a"), [other], period="2026-09")
        assert sum(row.payable for row in queries.subsidy_frame(OCTOBER, LATER)) == 300_000
        january = queries.subsidy_frame(Month(2027, 1), LATER)
        assert sum(row.payable for row in january) == 600_000 + 310_000

    def test_as_known_before_the_scheme_was_recorded_nothing_accrues(self, api: Speak, cast: Cast) -> None:
        scheme(cast)
        self._lend(api)
        assert queries.subsidy_lines(SEPTEMBER, NOW - timedelta(seconds=1)) == []


_EVENTS = st.lists(
    st.tuples(st.integers(0, 45), st.integers(1, 10**12)), min_size=1, max_size=5
)  # (day after 2026-09-20, fen repaid)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(repaid=_EVENTS, since=st.integers(0, 40), rate=st.integers(1, 99_999))
def test_it_is_what_adding_up_day_by_day_gives(
    cast: Cast, repaid: list[tuple[int, int]], since: int, rate: int
) -> None:
    start = date(2026, 9, 20)
    principal = Decimal(sum(fen for _, fen in repaid)) / 100 + 1
    moves = [(start, principal), *((start + timedelta(days=day), -Decimal(fen) / 100) for day, fen in repaid)]
    with transaction.atomic():
        scheme(cast, valid_from=start + timedelta(days=since), rate_pct=Decimal(rate) / 10_000)
        _held(cast, moves)
        found = {month: due(month) for month in (SEPTEMBER, OCTOBER)}
        transaction.set_rollback(True)
    for month, lines in found.items():
        days = [date.fromordinal(n) for n in range(month.first.toordinal(), month.end.toordinal())]
        counted = [day for day in days if day >= start + timedelta(days=since)]
        balance_days = sum(sum(amount for on, amount in moves if on <= day) for day in counted)
        expected = (balance_days * Decimal(rate) / 10_000 / 36_000).quantize(Decimal("0.01"), ROUND_HALF_UP)
        assert [(line[0], line[2]) for line in lines] == ([(balance_days, expected)] if balance_days else [])


def _held(cast: Cast, moves: list[tuple[date, Decimal]]) -> None:
    """A loan with these effects, written straight into the tables."""
    bank = cast.organisation("bank-a")
    firm = Firm.objects.create(uscc="91330483MA2B9PTN02", name="企业", source="centre", recorded_at=NOW)
    batch = LoanReportBatch.objects.create(
        public_id="lb_x", bank=bank, period=OCTOBER.first, dataset="flow", acceptance="valid_rows", format="ndjson",
        idempotency_key="x", content_sha256="0" * 64, declared_totals={}, state="applied",
        declared_by=cast["bank_a"], declared_at=NOW, expires_at=NOW,
    )  # fmt: skip
    contract = Contract.objects.create(bank=bank, contract_no="HT-1", firm=firm, recorded_at=NOW)
    drawdown = Drawdown.objects.create(
        bank=bank, contract=contract, firm=firm, drawdown_no="JJ-1", product_id="rd", disbursed_on=moves[0][0],
        maturity_date=date(2028, 1, 1), annual_rate_pct=99, repayment_method="bullet", interest_subsidy_pct=99,
        recorded_at=NOW,
    )  # fmt: skip
    LoanEvent.objects.bulk_create(
        LoanEvent(
            bank=bank, batch=batch, row_number=number, drawdown=drawdown, external_event_id=f"E-{number}",
            revision=1, record_type="disbursement" if amount > 0 else "repayment", value_date=day,
            amount=abs(amount), effect=amount, content_sha256=b"0" * 32, recorded_at=NOW,
        )
        for number, (day, amount) in enumerate(moves)
    )  # fmt: skip
