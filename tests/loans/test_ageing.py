"""Classes from month to month, quarters gone bad, renewals, branches: counted by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest

from finance_hub.kernel.access import EVERYTHING, Scope
from finance_hub.kernel.models import Organisation
from finance_hub.kernel.periods import Month
from finance_hub.kernel.scoping import NoScope, within
from loans import queries
from loans.models import LoanEvent, LoanPosition
from loans.queries import MigrationRow, RenewalRow, VintageRow
from tests.cast import Api, Cast
from tests.loans.bank import OTHER_FIRM, Row, disbursement, position, repayment, reversal, send

Speak = Callable[[str], Api]
SEPTEMBER, OCTOBER = Month(2026, 9), Month(2026, 10)
LATER = datetime(2027, 1, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def everything(cast: Cast) -> Iterator[None]:
    Organisation.objects.filter(kind="bank").update(reports_since=date(2025, 1, 1))
    with within(EVERYTHING):
        yield


def lent(number: int, day: str = "2026-09-05", amount: str = "100.00", **changes: Any) -> Row:
    return disbursement(f"D-{number}", amount, contract_no=f"HT-{number}", value_date=day,
                        maturity_date="2028-01-01", **changes)  # fmt: skip


def stood(number: int, balance: str = "100.00", tier: str = "normal", days: int = 0, **changes: Any) -> Row:
    return position(balance, contract_no=f"HT-{number}", five_tier=tier, overdue_days=days, **changes)


def stock(api: Api, month: Month, *rows: Row) -> None:
    sent = send(api, list(rows), dataset="stock", period=str(month))
    assert sent.result["rejected"] == 0, sent.rows()


def flow(api: Api, month: Month, *rows: Row) -> None:
    sent = send(api, list(rows), period=str(month))
    assert sent.result["rejected"] == 0, sent.rows()


class TestMigration:
    def test_every_road_from_class_to_class(self, api: Speak, cast: Cast) -> None:
        """1 stays normal and shrinks, 2 gets worse, 3 is closed, 4 is paid down to nothing, 5 is new."""
        bank = api("bank_a")
        flow(bank, SEPTEMBER, *(lent(n) for n in range(1, 5)))
        flow(bank, OCTOBER, lent(5, "2026-10-09", "7.00"))
        stock(bank, SEPTEMBER, *(stood(n) for n in range(1, 5)))
        stock(
            bank,
            OCTOBER,
            stood(1, "60.00"),
            stood(2, tier="substandard", days=91),
            stood(4, "0.00"),
            stood(5, "7.00"),
        )
        bank_a = cast.organisation("bank-a").pk
        assert queries.migration_frame(OCTOBER, LATER) == [
            MigrationRow(bank_a, "new", "normal", 700, 1),
            MigrationRow(bank_a, "normal", "closed", 20_000, 2),
            MigrationRow(bank_a, "normal", "normal", 10_000, 1),
            MigrationRow(bank_a, "normal", "substandard", 10_000, 1),
        ]

    def test_a_bank_silent_in_either_month_is_left_out(self, api: Speak) -> None:
        for name, months in (("bank_a", [SEPTEMBER]), ("bank_b", [OCTOBER])):
            flow(api(name), SEPTEMBER, lent(1))
            for month in months:
                stock(api(name), month, stood(1))
        assert queries.migration_frame(OCTOBER, LATER) == []
        stock(api("bank_a"), OCTOBER)
        assert [(row.before, row.after) for row in queries.migration_frame(OCTOBER, LATER)] == [
            ("normal", "closed")
        ]

    def test_it_is_that_of_the_revisions_known(self, api: Speak) -> None:
        bank = api("bank_a")
        flow(bank, SEPTEMBER, lent(1))
        stock(bank, SEPTEMBER, stood(1))
        stock(bank, OCTOBER, stood(1))
        known = max(LoanPosition.objects.values_list("recorded_at", flat=True))
        stock(bank, OCTOBER, stood(1, tier="loss", revision=2))
        assert [row.after for row in queries.migration_frame(OCTOBER, LATER)] == ["loss"]
        [before] = {row.after for row in queries.migration_frame(OCTOBER, known)}
        assert before in {"normal", "new"}


class TestVintages:
    def test_a_quarter_by_the_month_in_which_its_loans_went_bad(self, api: Speak) -> None:
        """Of 500 lent in the third quarter of 2026: 100 overdue 91 days a month after, 100 written off in the month
        after, 100 doubtful by class in its own month; 90 days are not bad; what is taken back was never lent."""
        bank, mistaken = api("bank_a"), lent(9)
        flow(bank, SEPTEMBER, *(lent(n) for n in range(1, 6)), mistaken)
        flow(
            bank,
            OCTOBER,
            repayment("W-2", "100.00", contract_no="HT-2", record_type="write_off"),
            reversal("V-9", mistaken),
        )
        stock(bank, SEPTEMBER, stood(1), stood(3, tier="doubtful"))
        stock(bank, OCTOBER, stood(1, tier="substandard", days=91), stood(3, tier="loss"), stood(4, days=90))
        quarter = date(2026, 7, 1)
        assert queries.vintage_frame(OCTOBER.end, LATER) == [
            VintageRow(quarter, 0, 10_000, 1),
            VintageRow(quarter, 1, 20_000, 2),
            VintageRow(quarter, None, 20_000, 2),
        ]
        # At the end of September one was bad, and the mistaken loan was still there.
        assert queries.vintage_frame(SEPTEMBER.end, LATER) == [
            VintageRow(quarter, 0, 10_000, 1),
            VintageRow(quarter, None, 50_000, 5),
        ]

    def test_a_loan_that_recovers_was_bad_once_and_a_corrected_report_never_was(self, api: Speak) -> None:
        bank = api("bank_a")
        flow(bank, SEPTEMBER, lent(1), lent(2))
        stock(bank, SEPTEMBER, stood(1, tier="loss"), stood(2, tier="loss"))
        stock(bank, SEPTEMBER, stood(2, revision=2))
        stock(bank, OCTOBER, stood(1), stood(2))
        assert [(row.bad_after, row.drawdowns) for row in queries.vintage_frame(OCTOBER.end, LATER)] == [
            (0, 1), (None, 1),
        ]  # fmt: skip


class TestRenewals:
    def _renewals(self, api: Speak) -> None:
        """In October: two extensions, one of them taken back, and each kind of refinancing of 10, 20 and 30."""
        bank = api("bank_a")
        flow(bank, SEPTEMBER, *(lent(n) for n in range(1, 6)))
        extensions = [
            repayment(
                f"X-{n}", "0.00", record_type="extension", contract_no=f"HT-{n}", maturity_date="2029-01-01"
            )
            for n in (1, 2)
        ]
        kinds = {3: "renew-by-new-loan", 4: "renew-without-repayment", 5: ""}
        flow(bank, OCTOBER, *extensions, reversal("V-2", extensions[1]), *(
            repayment(f"R-{n}", f"{(n - 2) * 10}.00", record_type="refinancing", contract_no=f"HT-{n}", reason_code=kind)
            for n, kind in kinds.items()
        ))  # fmt: skip

    def test_kinds_are_told_apart_and_what_is_taken_back_is_not_counted(self, api: Speak, cast: Cast) -> None:
        self._renewals(api)
        bank_a = cast.organisation("bank-a").pk
        assert queries.renewal_frame(OCTOBER.first, OCTOBER.end, LATER) == [
            RenewalRow(bank_a, "extension", 0, 1),
            RenewalRow(bank_a, "renew-by-new-loan", 1_000, 1),
            RenewalRow(bank_a, "renew-without-repayment", 2_000, 1),
            RenewalRow(bank_a, "unknown", 3_000, 1),
        ]
        assert queries.renewal_frame(SEPTEMBER.first, SEPTEMBER.end, LATER) == []

    def test_what_took_the_place_of_a_refinanced_loan_and_stands_as_normal_is_found(self, api: Speak) -> None:
        self._renewals(api)
        bank = api("bank_a")
        flow(
            bank,
            OCTOBER,
            lent(6, "2026-10-20"),  # the same firm, the day of the refinancings
            lent(7, "2026-10-20"),  # too, but of special mention
            lent(8, "2026-10-21"),  # another day
            lent(10, "2026-10-20", uscc=OTHER_FIRM),  # another firm
        )
        stock(bank, OCTOBER, stood(6), stood(7, tier="special_mention"), stood(8), stood(10, uscc=OTHER_FIRM))
        [found] = queries.renewed_but_normal(OCTOBER, LATER)
        assert (found.refinanced, found.drawdown_id) == (
            "R-3", LoanEvent.objects.get(external_event_id="D-6").drawdown_id,
        )  # fmt: skip
        assert queries.renewed_but_normal(Month(2027, 11), LATER) == []


def test_a_bank_sees_its_own_in_every_frame(api: Speak, cast: Cast) -> None:
    for name in ("bank_a", "bank_b"):
        flow(api(name), OCTOBER, lent(1, "2026-10-05", branch_code="B-1"))
        stock(api(name), SEPTEMBER)
        stock(api(name), OCTOBER, stood(1))
    bank_b = cast.organisation("bank-b").pk
    with within(Scope(organisation_id=bank_b)):
        assert {row.bank_id for row in queries.migration_frame(OCTOBER, LATER)} == {bank_b}
        assert {row.bank_id for row in queries.branch_balance_frame(OCTOBER.end, LATER)} == {bank_b}
        assert [row.drawdowns for row in queries.vintage_frame(OCTOBER.end, LATER)] == [1]


def test_nothing_is_read_without_a_scope(cast: Cast) -> None:
    from finance_hub.kernel import scoping

    token = scoping._scope.set(None)
    try:
        for read in (
            lambda: queries.migration_frame(OCTOBER, LATER),
            lambda: queries.vintage_frame(OCTOBER.end, LATER),
            lambda: queries.renewal_frame(OCTOBER.first, OCTOBER.end, LATER),
            lambda: queries.branch_balance_frame(OCTOBER.end, LATER),
            lambda: queries.subsidy_frame(OCTOBER, LATER),
        ):
            with pytest.raises(NoScope):
                read()
    finally:
        scoping._scope.reset(token)
