"""One firm's loans and guarantees: the rows of the city's frames that are the firm's, and its first loan."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.models import Firm
from finance_hub.kernel.scoping import NoScope, within
from loans import queries
from loans.models import LoanEvent
from tests.cast import Api, Cast
from tests.kernel import rows
from tests.loans.bank import FIRM, OTHER_FIRM, disbursement, repayment, reversal, send

Speak = Callable[[str], Api]
END = date(2026, 11, 1)


@pytest.fixture
def everything(cast: Cast) -> Iterator[None]:
    with within(EVERYTHING):
        yield


def pk(code: str) -> int:
    return Firm.objects.get(uscc=code).pk


def test_balances_are_those_of_the_firm_in_the_citys_frame(api: Speak, everything: None) -> None:
    mine = disbursement(), repayment()
    other = disbursement("E-3", uscc=OTHER_FIRM, firm_name="乙", contract_no="HT-2", drawdown_no="JJ-2")
    assert send(api("bank_a"), [*mine, other]).state == "applied"
    assert send(api("bank_b"), [disbursement("E-9", "50.00")]).state == "applied"
    now = timezone.now()
    city = queries.balance_frame(END, now)
    assert len(city) == 3
    for code, amounts in ((FIRM, [70_000, 5_000]), (OTHER_FIRM, [100_000])):
        found = queries.firm_balances(pk(code), as_of=END, known_at=now)
        assert [row[:3] for row in found] == [
            (*row[:2], row.balance) for row in city if row.firm_id == pk(code)
        ]
        assert [row.balance for row in found] == amounts


def test_guarantees_are_those_of_the_firm_in_the_citys_frame(cast: Cast, everything: None) -> None:
    first, second = rows.make_firm(1), rows.make_firm(2)
    rows.guarantor_rows(cast, "guarantor-a", first)
    rows.guarantor_rows(cast, "guarantor-b", second)
    now = timezone.now()
    city = queries.guarantee_frame(END, now)
    assert {row.firm_id for row in city} == {first.pk, second.pk}
    for firm in (first, second):
        found = queries.guarantee_frame(END, now, firm=firm.pk)
        assert found == [row for row in city if row.firm_id == firm.pk]


class TestTheFirstLoan:
    def test_is_the_first_disbursement_that_stands(self, api: Speak, everything: None) -> None:
        wrong = disbursement("E-1", value_date="2026-10-02")
        later = disbursement("E-2", "200.00", value_date="2026-10-09", contract_no="HT-2", drawdown_no="JJ-2")
        assert send(api("bank_a"), [wrong, later]).state == "applied"
        before = max(LoanEvent.objects.values_list("recorded_at", flat=True))
        assert send(api("bank_a"), [reversal("E-3", wrong)]).state == "applied"
        firm = pk(FIRM)
        first = queries.first_loan(firm, as_of=END, known_at=timezone.now())
        assert first == (date(2026, 10, 9), "bank-a（测试）", "bank-a", Decimal("200.00"))
        then = queries.first_loan(firm, as_of=END, known_at=before)
        assert then is not None
        assert then.on == date(2026, 10, 2)
        assert queries.first_loan(firm, as_of=date(2026, 10, 9), known_at=timezone.now()) is None

    def test_of_a_firm_without_one_is_none(self, api: Speak, everything: None) -> None:
        firm = rows.make_firm(3)
        assert queries.first_loan(firm.pk, as_of=END, known_at=timezone.now()) is None

    def test_is_not_there_for_who_sees_no_loans(self, api: Speak, cast: Cast) -> None:
        assert send(api("bank_a"), [disbursement()]).state == "applied"
        firm = pk(FIRM)
        with within(cast["manager_angel"].scope):
            assert queries.first_loan(firm, as_of=END, known_at=timezone.now()) is None
        with pytest.raises(NoScope):
            queries.first_loan(firm, as_of=END, known_at=timezone.now())
