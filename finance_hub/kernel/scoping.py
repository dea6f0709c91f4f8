"""Rows are scoped twice: by queryset here, and by PostgreSQL row-level security.

A model with `row_scope` has `objects = ScopedManager()`: reading it outside `within(scope)`
raises. `within` also tells PostgreSQL the scope for the transaction, where the policies that
`finance_hub.kernel.database` installs apply it again.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TypeVar

from django.db import connection, models, transaction

from finance_hub.kernel.access import Scope

_scope: ContextVar[Scope | None] = ContextVar("scope", default=None)
M_co = TypeVar("M_co", bound=models.Model, covariant=True)


class NoScope(RuntimeError):
    """A scoped table was read with no scope set: a defect of the caller."""


#: Compared inside the subquery: one answer for a statement, and the planner takes a plain answer for a fair chance where
#: it takes a comparison for an unlikely one, and plans for a few rows of a city.
_ALL = "(SELECT current_setting('app.scope', true) = 'everything')"
_OWN = "(SELECT nullif(current_setting('app.organisation', true), '')::bigint)"


@dataclass(frozen=True)
class RowScope:
    """How a row belongs to an organisation.

    `lookup` is the ORM path to the organisation's id. The policy compares `column` with the
    scope, or, where `parent` names a table, asks whether the row's parent is visible. Without
    both the row is the centre's own and seen only by those who see everything.

    `reader` is the ORM path to another organisation that reads the row and never writes it, and
    `reader_column` its column; a child is read with its parent. Whoever may write a row that others
    read is said by `writer`: a column of this table, or of the parent's; "" is the centre alone.
    """

    lookup: str = ""
    column: str = ""
    parent: str | None = None
    reader: str = ""
    reader_column: str = ""
    writer: str | None = None

    def policy(self) -> str:
        """Which rows are seen; written too, where `check` says nothing else."""
        if not self.column:
            return _ALL
        if self.parent:
            # Who sees everything need not have the parents gathered first.
            return f'{_ALL} OR "{self.column}" IN (SELECT id FROM "{self.parent}")'  # noqa: S608 - names of ours
        seen = f'{_ALL} OR "{self.column}" = {_OWN}'
        return f'{seen} OR "{self.reader_column}" = {_OWN}' if self.reader_column else seen

    def check(self) -> str | None:
        """Which rows may be written, where that is fewer than are seen."""
        if self.writer is None:
            return None
        if not self.writer:
            return _ALL
        if self.parent:
            own = f'SELECT id FROM "{self.parent}" WHERE "{self.writer}" = {_OWN}'  # noqa: S608 - names of ours
            return f'{_ALL} OR "{self.column}" IN ({own})'
        return f'{_ALL} OR "{self.writer}" = {_OWN}'


#: Rows of the centre alone.
CENTRE_ONLY = RowScope()


def current() -> Scope:
    """The scope in force; raises NoScope where none is."""
    scope = _scope.get()
    if scope is None:
        raise NoScope("scoped rows were asked for outside scoping.within(…)")
    return scope


@contextmanager
def within(scope: Scope) -> Iterator[None]:
    """One transaction that sees the rows of `scope` only."""
    outer, nested = _scope.get(), connection.in_atomic_block
    differs = not nested or scope != outer
    token = _scope.set(scope)
    try:
        with transaction.atomic():
            if differs:
                _tell(scope)
            yield
            # An outer scope goes on with its own rows; SET LOCAL lasts to the outermost commit.
            if nested and differs:
                _tell(outer)
    finally:
        _scope.reset(token)


def _tell(scope: Scope | None) -> None:
    everything = "everything" if scope and scope.everything else ""
    organisation = str((scope and scope.organisation_id) or "")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('app.scope', %s, true), set_config('app.organisation', %s, true)",
            (everything, organisation),
        )


class ScopedManager(models.Manager[M_co]):
    """Rows of the scope in force; raises NoScope where none is."""

    def of(self, **parent: models.Model) -> models.QuerySet[M_co]:
        """`filter(fund=fund)`; where the fund says itself that it is of the scope, no row is asked for its owner."""
        ((name, held),) = parent.items()
        row_scope: RowScope = getattr(self.model, "row_scope")  # noqa: B009 - declared beside the manager
        first, _, owner = row_scope.lookup.partition("__")
        own = current().organisation_id
        if first == name and own is not None and held.__dict__.get(owner) == own:
            return super().get_queryset().filter(**parent)
        return self.get_queryset().filter(**parent)

    def get_queryset(self) -> models.QuerySet[M_co]:
        scope = current()
        rows = super().get_queryset()
        if scope.everything:
            return rows
        row_scope: RowScope = getattr(self.model, "row_scope")  # noqa: B009 - declared beside the manager
        if not row_scope.lookup or scope.organisation_id is None:
            return rows.none()
        seen = models.Q((row_scope.lookup, scope.organisation_id))
        if row_scope.reader:
            seen |= models.Q((row_scope.reader, scope.organisation_id))
        return rows.filter(seen)
