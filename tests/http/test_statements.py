"""A statement that is kept says what the ORM would, for every value and for every scope."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest
from django.db.models import Count, F, Q, QuerySet

from finance_hub.kernel import scoping
from finance_hub.kernel.access import EVERYTHING, NOTHING, Scope
from finance_hub.kernel.models import Firm, Organisation, Person
from finance_hub.rest import statements
from finance_hub.rest.fields import Instant, Moment
from funds.models import Fund
from tests.cast import NOW, Cast


@pytest.fixture(autouse=True)
def kept(monkeypatch: pytest.MonkeyPatch) -> dict[Any, str]:
    """The statements kept by a test, none at its beginning."""
    mine: dict[Any, str] = {}
    monkeypatch.setattr(statements, "_kept", mine)
    return mine


@pytest.fixture
def funds(cast: Cast) -> Iterator[Cast]:
    """Two funds of each of two managers, two of them without an AMAC code."""
    with scoping.within(EVERYTHING):
        for house in ("angel-manager", "industry-manager"):
            for number in (1, 2):
                Fund.objects.create(
                    code=f"{house}-{number}", name="基金", name_en="Fund", tier="angel", planned_size=number,
                    established_on=date(2022, number, 1), manager=cast.organisation(house),
                    amac_code="" if number == 1 else "S1",
                )  # fmt: skip
        yield cast


NAMES = ("code", "planned_size", "manager__code", "recorded_at")


def same(rows: QuerySet[Any], names: tuple[str, ...] = NAMES) -> list[tuple[Any, ...]]:
    """What is read twice, the second time by what was kept the first time, and what the ORM reads."""
    first, second = statements.read(rows, names), statements.read(rows, names)
    assert first == second == list(rows.values_list(*names))
    return second


PLAIN = {
    "all": Q(),
    "a column": Q(tier="angel"),
    "a column of another row": Q(manager__code="angel-manager"),
    "nobody's": Q(code="none"),
    "a day": Q(established_on__gte=date(2022, 2, 1)),
    "money": Q(planned_size__lt=2),
    "a whole number": Q(pk__lt=10**6),
    "the last row of the page before": Q(pk__lte=10**6) & Q(pk__gt=0) & Q(pk__gte=1),
    "not": ~Q(code="angel-manager-1"),
    "one or the other": Q(code="angel-manager-1") | Q(planned_size__gt=1, manager__code="industry-manager"),
    "nothing there": Q(manager__reports_since=None),
    "something there": Q(manager__reports_since__isnull=False),
    "a moment": Q(recorded_at__lte=datetime.max.replace(tzinfo=NOW.tzinfo)),
}


@pytest.mark.parametrize("wanted", PLAIN.values(), ids=PLAIN)
@pytest.mark.parametrize("order", [("-pk",), ("established_on", "-code")], ids=" ".join)
@pytest.mark.parametrize("most", [1, 3, None], ids=str)
def test_a_plain_query_is_kept_and_reads_the_same(
    funds: Cast, kept: dict[Any, str], wanted: Q, order: tuple[str, ...], most: int | None
) -> None:
    same(Fund.objects.filter(wanted).order_by(*order)[:most])
    assert len(kept) == 1


def test_other_values_take_the_statement_that_is_kept(
    funds: Cast, kept: dict[Any, str], django_assert_num_queries: Any
) -> None:
    for code in ("angel-manager-1", "industry-manager-2", "none", "'; DROP TABLE funds_fund; --", "100%s"):
        same(Fund.objects.filter(code=code).order_by("-pk")[:3])
    assert len(kept) == 1
    with django_assert_num_queries(1):
        statements.read(Fund.objects.filter(code="x").order_by("-pk")[:3], NAMES)


def test_a_number_beyond_its_column_finds_what_it_would(funds: Cast, kept: dict[Any, str]) -> None:
    for beyond, found in ((5, None), (10**30, 4), (-(10**30), 0)):
        rows = same(Fund.objects.filter(pk__lt=beyond).order_by("-pk")[:9])
        assert found is None or len(rows) == found
    assert same(Fund.objects.filter(pk=10**30).order_by("-pk")[:9]) == []


def test_what_a_form_does_not_say_is_another_statement(funds: Cast, kept: dict[Any, str]) -> None:
    rows = Fund.objects.filter(code="angel-manager-1").order_by("-pk")
    forms = (
        rows[:3], rows[:4], rows[1:4], rows.order_by("pk")[:3], rows.reverse()[:3], rows.exclude(tier="sub")[:3],
        rows.filter(planned_size=1)[:3], Fund.objects.filter(code__lt="angel-manager-1").order_by("-pk")[:3],
        Fund.objects.filter(Q(code="x") | Q(tier="angel")).order_by("-pk")[:3],
        Fund.objects.filter(code="x", tier="angel").order_by("-pk")[:3],
    )  # fmt: skip
    for query in forms:
        same(query)
    assert len(kept) == len(forms)
    same(rows[:3], ("code",))
    assert len(kept) == len(forms) + 1


@pytest.mark.parametrize("moment", [
    "2026-10-17 09:12:44+08", "2026-10-17 09:12:44.000001+00", "1999-12-31 16:00:00.5+00", "0001-01-02 00:00:00+00",
    "1900-12-31 15:54:17+00", "9999-12-30 23:59:59.999999+00",
])  # fmt: skip
def test_a_moment_is_said_as_the_orm_would_have_it_said(cast: Cast, moment: str) -> None:
    said = Moment().to_representation, Instant().to_representation
    Person.objects.update(created_at=moment)
    for ours, theirs in zip(
        same(Person.objects.all(), ("created_at",)), Person.objects.values_list("created_at"), strict=True
    ):
        assert [say(ours[0]) for say in said] == [say(theirs[0]) for say in said]
        assert str(ours[0]) == str(theirs[0])  # as a cursor says it


def test_nobody_reads_by_a_statement_that_another_scope_has_kept(funds: Cast) -> None:
    def read(scope: Scope) -> list[tuple[Any, ...]]:
        with scoping.within(scope):
            rows = Fund.objects.order_by("-pk")[:9]
            scoping._tell(EVERYTHING)  # the database shows all rows: the query stands alone
            return statements.read(rows, ("code",))

    angel, industry = (
        Scope(organisation_id=funds.organisation(house).pk) for house in ("angel-manager", "industry-manager")
    )
    for _ in range(2):
        assert len(read(EVERYTHING)) == 4
        assert read(angel) == [("angel-manager-2",), ("angel-manager-1",)]
        assert read(industry) == [("industry-manager-2",), ("industry-manager-1",)]
        assert read(NOTHING) == []


ODD = {
    "several values": Fund._base_manager.filter(code__in=["angel-manager-1", "x"]),
    "a part of a text": Fund._base_manager.filter(code__startswith="angel"),
    "a column by a column": Fund._base_manager.filter(name=F("name_en")),
    "rows of rows": Fund._base_manager.filter(manager__in=Organisation.objects.filter(code="angel-manager")),
    "counted": Fund._base_manager.annotate(people=Count("manager__people")).filter(people__gt=0),
    "each once": Fund._base_manager.distinct(),
    "in an order of its own": Fund._base_manager.order_by(F("code").desc()),
    "two together": Fund._base_manager.filter(code="x").union(Fund._base_manager.all()),
    "none": Fund._base_manager.none(),
}


@pytest.mark.parametrize("rows", ODD.values(), ids=ODD)
def test_what_is_not_plain_is_asked_of_the_orm(
    funds: Cast, kept: dict[Any, str], rows: QuerySet[Any]
) -> None:
    names = ("code", "planned_size")
    assert sorted(statements.read(rows.all(), names)) == sorted(rows.all().values_list(*names))
    assert not kept


def test_a_choice_of_yes_and_no_is_part_of_the_form(cast: Cast, kept: dict[Any, str]) -> None:
    Person.objects.filter(username="bank_b").update(is_active=False)
    assert same(Person.objects.filter(is_active=False).order_by("pk"), ("username",)) == [("bank_b",)]
    assert ("bank_b",) not in same(Person.objects.filter(is_active=True).order_by("pk"), ("username",))
    assert len(kept) == 2


def test_no_more_statements_are_kept_than_the_bound(
    cast: Cast, kept: dict[Any, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(statements, "_MOST", 2)
    for most in range(1, 6):
        same(Firm.objects.order_by("-pk")[:most], ("uscc",))
        assert len(kept) <= 2
