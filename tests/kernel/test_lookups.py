"""A look-up whose statement is put together once finds what the ORM would, and nobody else's row."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from finance_hub.kernel import scoping
from finance_hub.kernel.access import EVERYTHING, NOTHING, Scope
from finance_hub.kernel.lookups import LookUp
from finance_hub.kernel.models import Person
from funds.models import Fund
from tests.cast import Cast

PERSON = LookUp(Person, by="username", along=("organisation",))
FUND = LookUp(Fund, by="code", along=("manager",))


@pytest.fixture
def fund(cast: Cast) -> Fund:
    with scoping.within(EVERYTHING):
        return Fund.objects.create(
            code="angel", name="天使", name_en="Angel", tier="angel", planned_size="100.00",
            established_on=date(2022, 1, 1), manager=cast.organisation("angel-manager"),
        )  # fmt: skip


def test_finds_the_row_and_what_it_leads_to(cast: Cast, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        found = PERSON.find("bank_a")
        assert found == cast["bank_a"]
        assert found.organisation.code == "bank-a"
    assert (
        found.__dict__.keys()
        == Person.objects.select_related("organisation").get(pk=found.pk).__dict__.keys()
    )


def test_what_nobody_has_is_not_found(cast: Cast) -> None:
    assert PERSON.find("nobody") is None


@pytest.mark.parametrize("house", [None, "angel-manager"])
def test_whoever_may_read_the_row_finds_it(cast: Cast, fund: Fund, house: str | None) -> None:
    scope = Scope(organisation_id=cast.organisation(house).pk) if house else EVERYTHING
    with scoping.within(scope):
        found = FUND.find("angel")
    assert found == fund
    assert found.manager.code == "angel-manager"


@pytest.mark.parametrize("house", [None, "industry-manager", "bank-a"])
def test_anothers_row_is_not_found_even_where_the_database_would_show_it(
    cast: Cast, fund: Fund, house: str | None
) -> None:
    with scoping.within(Scope(organisation_id=cast.organisation(house).pk) if house else NOTHING):
        assert FUND.find("angel") is None
        scoping._tell(EVERYTHING)  # the second layer sees all rows: the first one stands alone
        assert FUND.find("angel") is None
        assert list(Fund._base_manager.all()) == [fund]


def test_a_scoped_row_is_not_looked_for_without_a_scope(fund: Fund) -> None:
    with pytest.raises(scoping.NoScope):
        FUND.find("angel")


def test_what_is_looked_for_is_a_value_and_nothing_else(cast: Cast) -> None:
    for value in ("'; DROP TABLE kernel_person; --", "bank_a') --", "100%s", "$1", "\\'", ""):
        assert PERSON.find(value) is None
    assert PERSON.find("bank_a") == cast["bank_a"]
