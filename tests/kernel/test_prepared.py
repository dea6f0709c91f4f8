"""A prepared statement does what it says on every connection, for every value, whatever became of the work before."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import NotSupportedError, connection, transaction

from finance_hub.kernel.prepared import Prepared
from tests.cast import Cast
from tests.kernel.threads import at_once


@pytest.fixture
def named() -> Prepared:
    return Prepared("SELECT full_name FROM kernel_person WHERE username = $1")


def found(named: Prepared, username: str) -> str | None:
    with connection.cursor() as cursor:
        named.execute(cursor, [username])
        row = cursor.fetchone()
    return row and row[0]


def test_finds_by_every_value_and_is_prepared_once(named: Prepared, cast: Cast) -> None:
    for name in ["bank_a", "bank_b"] * 4:  # after some times PostgreSQL keeps the plan too
        assert found(named, name) == cast[name].full_name
    for name in ("'; DROP TABLE kernel_person; --", "bank_a') --", "100%s", "$1", "\\'", ""):
        assert found(named, name) is None
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE %s", [f"%{named._statement}"]
        )
        assert cursor.fetchone() == (1,)


def test_two_of_the_same_words_are_two(named: Prepared, cast: Cast) -> None:
    again = Prepared(named._statement)
    assert found(named, "bank_a") == found(again, "bank_a") == cast["bank_a"].full_name


def test_each_connection_has_its_own(named: Prepared, committed: Cast) -> None:
    for _ in range(2):
        assert found(named, "bank_a") == committed["bank_a"].full_name
        connection.close()
    assert at_once(4, lambda _: found(named, "bank_b")) == [committed["bank_b"].full_name] * 4


def test_outlives_the_transaction_that_prepared_it(named: Prepared, cast: Cast) -> None:
    for _ in range(2):
        with transaction.atomic():
            assert found(named, "bank_a") == cast["bank_a"].full_name
            transaction.set_rollback(True)
    assert found(named, "bank_a") == cast["bank_a"].full_name


@pytest.fixture
def lengthened(owner_connection: Any) -> Iterator[Any]:
    """Makes the name a longer text, as a migration would beside a process that is at work."""
    change = "ALTER TABLE kernel_person ALTER full_name TYPE varchar(%d)"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT character_maximum_length FROM information_schema.columns"
            " WHERE table_name = 'kernel_person' AND column_name = 'full_name'"
        )
        length = cursor.fetchone()[0]
    yield lambda: owner_connection.execute(change % (length + 1))
    owner_connection.execute(change % length)


def test_a_column_of_another_type_is_an_error_once(committed: Cast, named: Prepared, lengthened: Any) -> None:
    assert found(named, "bank_a") == committed["bank_a"].full_name
    lengthened()
    with pytest.raises(NotSupportedError, match="result type"):
        found(named, "bank_a")
    assert found(named, "bank_a") == committed["bank_a"].full_name
