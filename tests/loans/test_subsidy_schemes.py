"""Subsidy schemes over HTTP and against raw SQL: what is no scheme, and two that share a day."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.scoping import within
from tests.cast import Api, Cast
from tests.loans.test_subsidies import scheme
from tests.loans.test_the_database_refuses import copied, refused

Speak = Callable[[str], Api]


@pytest.fixture(autouse=True)
def everything(cast: Cast) -> Iterator[None]:
    with within(EVERYTHING):
        yield


class TestSchemes:
    BODY = {
        "products": ["rd", "ip_pledge"], "rate_pct": "1.0000", "share_pct": "50.00", "firm_year_cap": "200000.00",
        "document": "桐科〔2026〕12号", "valid_from": "2026-01-01", "valid_to": "2027-01-01",
    }  # fmt: skip

    def test_is_recorded_and_read_by_everybody(self, api: Speak) -> None:
        made = api("maker").post("/subsidy-schemes", self.BODY)
        assert made.status_code == 201, made.content
        [shown] = api("bank_a").get("/subsidy-schemes").json()["data"]
        assert (shown["products"], shown["share_pct"], shown["firm_year_cap"]) == (
            ["ip_pledge", "rd"], "50.0000", "200000.00",
        )  # fmt: skip

    @pytest.mark.parametrize(
        ("changes", "code", "pointer"),
        [
            ({"products": ["rd", "gold"]}, "not-a-product", "#/products/1"),
            ({"products": []}, "products-not-distinct", "#/products"),
            ({"products": ["rd", "rd"]}, "products-not-distinct", "#/products"),
            ({"rate_pct": "0"}, "percentage-out-of-range", "#/rate_pct"),
            ({"share_pct": "100.0001"}, "max_value", "#/share_pct"),
            ({"firm_year_cap": "0.00"}, "amount-not-positive", "#/firm_year_cap"),
            ({"valid_to": "2026-01-01"}, "ends-before-it-begins", "#/valid_to"),
            ({"document": " "}, "blank", "#/document"),
        ],
    )
    def test_what_is_no_scheme_is_refused(
        self, api: Speak, changes: dict[str, Any], code: str, pointer: str
    ) -> None:
        answer = api("maker").post("/subsidy-schemes", self.BODY | changes)
        assert (answer.status_code, [(e["code"], e["pointer"]) for e in answer.json()["errors"]]) == (
            422, [(code, pointer)],
        )  # fmt: skip

    @pytest.mark.parametrize(
        ("changes", "status"),
        [
            ({"valid_from": "2026-12-31", "valid_to": "2027-06-01"}, 409),
            ({"products": ["rd"]}, 409),
            ({"valid_from": "2027-01-01", "valid_to": "2028-01-01"}, 201),
            ({"products": ["incubation"]}, 201),
        ],
    )
    def test_a_product_has_one_scheme_a_day(self, api: Speak, changes: dict[str, Any], status: int) -> None:
        api("maker").post("/subsidy-schemes", self.BODY)
        assert api("maker").post("/subsidy-schemes", self.BODY | changes).status_code == status

    @pytest.mark.parametrize(
        ("changes", "constraint"),
        [
            ({"public_id": "'x'"}, "one_subsidy_scheme_a_product_and_day"),
            ({"public_id": "'x'", "products": "'{}'"}, "a_subsidy_scheme_is_for_some_product"),
            ({"products": "'{x}'", "rate_pct": "'NaN'"}, "subsidy_rate_is_a_percentage"),
            ({"products": "'{x}'", "share_pct": "100.01"}, "subsidy_share_is_a_percentage"),
            ({"products": "'{x}'", "firm_year_cap": "'NaN'"}, "subsidy_cap_is_positive"),
            ({"products": "'{x}'", "firm_year_cap": "0"}, "subsidy_cap_is_positive"),
            ({"products": "'{x}'", "valid_to": "valid_from"}, "subsidy_scheme_ends_after_it_begins"),
        ],
    )
    def test_the_database_refuses_it_by_name(
        self, cast: Cast, changes: dict[str, str], constraint: str
    ) -> None:
        scheme(cast)
        assert constraint in refused(copied("loans_subsidyscheme", **changes))

    @pytest.mark.parametrize("table", ["loans_subsidyscheme", "loans_lprquote", "loans_branch"])
    def test_terms_are_neither_changed_nor_deleted(self, cast: Cast, table: str) -> None:
        for statement in (f"UPDATE {table} SET id = id", f"DELETE FROM {table}"):  # noqa: S608 - names above
            with (
                pytest.raises(DatabaseError, match="permission denied"),
                transaction.atomic(),
                connection.cursor() as cursor,
            ):
                cursor.execute(statement)
