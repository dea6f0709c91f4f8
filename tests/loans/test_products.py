"""Products are data: what each asks of a disbursement and when it is lent, read from the table."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from loans.models import LoanProduct
from loans.queries.products import product_terms
from loans.reasons import RENEWALS
from tests.cast import Api
from tests.loans.bank import disbursement, repayment, send

Speak = Callable[[str], Api]


def set_product(code: str, **changes: Any) -> None:
    LoanProduct.objects.filter(code=code).update(**changes)


def test_delivered_as_the_row_format_has_it(db: None) -> None:
    assert {terms.code: terms.required_fields for terms in product_terms(["rd", "ip_pledge", "incubation"])} == {
        "rd": (), "incubation": (), "ip_pledge": ("pledges",),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("product", "field", "value"),
    [
        ("investment_linked", "warrant_ref", "RG-1"),
        ("rd", "purpose_industry", "C3971"),
        ("incubation", "branch_code", "330483-01"),
        ("rd", "lpr_spread_bp", 45),
        ("rd", "interest_subsidy_pct", "1.0000"),
    ],
)
def test_a_product_may_ask_for_a_field_and_only_of_its_own_disbursements(
    api: Speak, product: str, field: str, value: Any
) -> None:
    bank = api("bank_a")
    assert send(bank, [disbursement(product=product)]).result["accepted"] == 1
    set_product(product, required_fields=[field])
    other = "ip_pledge" if product == "rd" else "rd"
    lent = {"product": product, "contract_no": "HT-2"}
    rows = [
        disbursement("E-2", **lent),
        disbursement("E-3", **lent | {"drawdown_no": "JJ-2", field: value}),
        disbursement("E-4", product=other, contract_no="HT-3"),
        repayment("E-5", "1.00"),
    ]
    found = send(bank, rows).faults()
    asked_of_other = [("required", "#/pledges")] if other == "ip_pledge" else []
    assert found == sorted([("required", f"#/{field}"), *asked_of_other])


def test_pledges_are_asked_for_where_the_table_says_so(api: Speak) -> None:
    set_product("ip_pledge", required_fields=[])
    set_product("rd", required_fields=["pledges"])
    rows = [disbursement("E-1", product="ip_pledge"), disbursement("E-2", contract_no="HT-2")]
    assert send(api("bank_a"), rows).codes() == [(2, ["required"])]


@pytest.mark.parametrize(
    ("valid_from", "valid_to", "codes"),
    [
        (date(2026, 10, 5), date(2026, 10, 6), []),
        (date(2026, 10, 6), None, ["product-not-offered"]),
        (None, date(2026, 10, 5), ["product-not-offered"]),
        (None, date(2026, 10, 6), []),
    ],
)
def test_a_product_is_lent_on_its_days(
    api: Speak, valid_from: date | None, valid_to: date | None, codes: list[str]
) -> None:
    """The disbursement is of 2026-10-05; repayments of a product that has ended are taken."""
    bank = api("bank_a")
    send(bank, [disbursement("E-9", contract_no="HT-9")])
    set_product("rd", valid_from=valid_from, valid_to=valid_to)
    sent = send(
        bank, [disbursement(), repayment("E-10", "1.00", contract_no="HT-9", value_date="2026-10-31")]
    )
    assert [code for _row, found in sent.codes() for code in found] == codes
    assert sent.result["accepted"] == 2 - len(codes)


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ("required_fields = '{amount}'", "a_product_requires_fields_of_a_row"),
        ("required_fields = '{NULL}'", "a_product_requires_fields_of_a_row"),
        ("valid_from = '2026-10-05', valid_to = '2026-10-05'", "product_ends_after_it_begins"),
    ],
)
def test_the_database_refuses_it_by_name(db: None, change: str, constraint: str) -> None:
    with pytest.raises(DatabaseError, match=constraint), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE loans_loanproduct SET {change} WHERE code = 'rd'")  # noqa: S608 - texts above


class TestRefinancing:
    @pytest.mark.parametrize("reason", [reason.code for reason in RENEWALS])
    def test_it_says_which_kind_it_is(self, api: Speak, reason: str) -> None:
        rows = [disbursement(), repayment(record_type="refinancing", reason_code=reason)]
        assert send(api("bank_a"), rows).result == {
            "accepted": 2, "unchanged": 0, "rejected": 0, "warnings": 0,
        }  # fmt: skip

    @pytest.mark.parametrize("reason", [None, "", "other"])
    def test_one_that_does_not_is_taken_with_a_warning(self, api: Speak, reason: str | None) -> None:
        rows = [disbursement(), repayment(record_type="refinancing", reason_code=reason)]
        sent = send(api("bank_a"), rows)
        assert sent.codes("warning") == [(2, ["refinancing-kind-missing"])]
        assert sent.result["accepted"] == 2

    def test_no_other_row_is_asked(self, api: Speak) -> None:
        assert send(api("bank_a"), [disbursement(), repayment()]).result["warnings"] == 0
