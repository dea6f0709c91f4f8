"""The ground stands: the tests reach the database as a role that owns nothing."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import ProgrammingError, transaction

from finance_hub.kernel import database
from finance_hub.kernel.models import AuditEntry
from funds.models import Fund
from tests.cast import Cast


@pytest.mark.django_db
def test_the_runtime_role_owns_nothing_and_every_scoped_table_is_protected() -> None:
    assert database.role_faults() == []
    assert database.unprotected_tables() == []


@pytest.mark.django_db
def test_the_runtime_role_may_not_rewrite_the_audit_trail() -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        AuditEntry.objects.filter(seq=1).update(action="forged")


def test_even_the_owner_may_not_rewrite_the_audit_trail(cast: Cast, owner_connection: Any) -> None:
    import psycopg

    with pytest.raises(psycopg.Error, match="append-only"):
        owner_connection.execute("UPDATE kernel_auditentry SET action = 'forged'")


def test_a_scoped_table_is_not_read_without_a_scope(cast: Cast) -> None:
    from finance_hub.kernel.scoping import NoScope

    with pytest.raises(NoScope):
        list(Fund.objects.all())
