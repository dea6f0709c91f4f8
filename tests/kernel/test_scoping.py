"""Rows are scoped twice, and each layer alone keeps every house from every other's rows.

Generated over all scoped models: one that forgets its manager or its policy fails here.
"""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import DatabaseError, ProgrammingError, connection, models, transaction

from finance_hub.kernel import database, scoping
from finance_hub.kernel.access import EVERYTHING, NOTHING, Role, Scope, scope_for
from finance_hub.kernel.models import Organisation
from funds.models import Fund, FundEvent
from tests.cast import Cast
from tests.kernel import rows

SCOPED = sorted(database.scoped_models(), key=lambda model: model._meta.label)
OWNED = [model for model in SCOPED if getattr(model, "row_scope").lookup]  # noqa: B009 - declared per model


class World:
    """Everybody's rows, and the scopes of those who may or may not see them."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        with scoping.within(EVERYTHING):
            self.rows = rows.make_rows(cast)

    def owners(self, model: type[models.Model]) -> list[str]:
        return [house for house, made in self.rows.items() if model in made]

    def made(self, house: str, model: type[models.Model]) -> list[models.Model]:
        """The rows of the model that the house has; of deals some steps come one after the other."""
        rows = self.rows[house][model]
        return rows if isinstance(rows, list) else [rows]

    def scope(self, house: str) -> Scope:
        return Scope(organisation_id=self.cast.organisation(house).pk)

    def strangers(self, model: type[models.Model]) -> list[Scope]:
        """Scopes that own no row of the model."""
        others = [code for code in self.cast.organisations if code not in self.owners(model)]
        return [NOTHING, Scope(organisation_id=10**9), *(self.scope(code) for code in others)]


@pytest.fixture
def world(cast: Cast) -> World:
    return World(cast)


@pytest.fixture
def first_layer_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scoping.ScopedManager, "get_queryset", models.Manager.get_queryset)


def seen(model: type[models.Model]) -> list[Any]:
    return list(model._default_manager.order_by("pk").values_list("pk", flat=True))


def require_own_rows_only(world: World, model: type[models.Model]) -> None:
    owners = world.owners(model)
    assert owners, f"tests/kernel/rows.py makes no row of {model._meta.label}"
    for house in filter(None, owners):
        with scoping.within(world.scope(house)):
            assert seen(model) == [row.pk for row in world.made(house, model)], (model, house)
    for scope in world.strangers(model):
        with scoping.within(scope):
            assert seen(model) == [], (model, scope)
    with scoping.within(EVERYTHING):
        expected = [str(row.pk) for house in owners for row in world.made(house, model)]
        assert sorted(map(str, seen(model))) == sorted(expected)


def test_each_house_sees_its_own_rows_and_no_others(world: World) -> None:
    for model in SCOPED:
        require_own_rows_only(world, model)


def test_the_database_alone_keeps_them_apart(world: World, first_layer_gone: None) -> None:
    for model in SCOPED:
        require_own_rows_only(world, model)


def test_the_querysets_alone_keep_them_apart(committed: Cast, owner_connection: Any) -> None:
    world = World(committed)
    tables = [model._meta.db_table for model in SCOPED]
    for table in tables:
        owner_connection.execute(f'ALTER TABLE "{table}" DISABLE ROW LEVEL SECURITY')
    try:
        assert database.unprotected_tables() == sorted(tables)
        for model in SCOPED:
            require_own_rows_only(world, model)
    finally:
        for table in tables:
            owner_connection.execute(f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY')


def test_the_rows_of_a_parent_are_those_that_the_scope_shows(world: World) -> None:
    for model in OWNED:
        first, _, owner = getattr(model, "row_scope").lookup.partition("__")  # noqa: B009
        if not owner:
            continue
        for house in filter(None, world.owners(model)):
            with scoping.within(EVERYTHING):
                parent = getattr(world.made(house, model)[-1], first)
                every = set(model._default_manager.filter(**{first: parent}))
                assert set(model._default_manager.of(**{first: parent})) == every
            for scope in (world.scope(house), *world.strangers(model)):
                with scoping.within(scope):
                    scoping._tell(EVERYTHING)  # the database shows all rows: the query stands alone
                    found = set(model._default_manager.of(**{first: parent}))
                assert found == (every if scope == world.scope(house) else set()), (model, scope)


def test_only_a_parent_that_says_whose_it_is_spares_the_question(world: World) -> None:
    made = world.made("angel-manager", FundEvent)[-1]
    with scoping.within(world.scope("angel-manager")):
        known, silent = (
            Fund.objects.get(pk=made.fund_id),
            Fund.objects.only("pk").get(pk=made.fund_id),
        )
        assert "manager_id" not in str(FundEvent.objects.of(fund=known).query)
        assert "manager_id" in str(FundEvent.objects.of(fund=silent).query)
    with pytest.raises(scoping.NoScope):
        FundEvent.objects.of(fund=known)


def test_without_a_scope_the_managers_raise_and_the_database_shows_nothing(world: World) -> None:
    for model in SCOPED:
        with pytest.raises(scoping.NoScope):
            model._default_manager.count()
        assert model._base_manager.count() == 0, model


def test_the_database_refuses_to_write_a_row_of_another(world: World) -> None:
    for model in OWNED:
        mine, other = world.owners(model)
        with scoping.within(EVERYTHING):
            values = model._base_manager.filter(pk=world.made(other, model)[-1].pk).values().get()
        values.pop("id", None)
        # A trigger that looks for what it belongs to sees nothing of another's, and speaks before the policy does.
        with (
            pytest.raises(DatabaseError, match=r"row-level security|^(a_deal|the_stages)_"),
            scoping.within(world.scope(mine)),
        ):
            model._base_manager.bulk_create([model(**values)])


def test_the_rows_of_another_can_be_neither_changed_nor_deleted(world: World, first_layer_gone: None) -> None:
    changeable = [model for model in OWNED if not getattr(model, "append_only", False)]
    assert changeable
    for model in changeable:
        mine, other = world.owners(model)
        theirs = world.made(other, model)[-1]
        field = next(f for f in model._meta.concrete_fields if not f.primary_key)
        with scoping.within(world.scope(mine)), connection.cursor() as cursor:
            untouched = model._base_manager.filter(pk=theirs.pk)
            assert untouched.update(**{field.attname: getattr(theirs, field.attname)}) == 0, model
            table = connection.ops.quote_name(model._meta.db_table)
            cursor.execute(f"DELETE FROM {table} WHERE id = %s", [theirs.pk])  # noqa: S608 - names of ours
            assert cursor.rowcount == 0, model


def test_the_runtime_role_may_not_rewrite_facts(db: None) -> None:
    for model in database.append_only_models():
        table = connection.ops.quote_name(model._meta.db_table)
        column = connection.ops.quote_name(model._meta.concrete_fields[-1].column)
        for statement in (
            f"UPDATE {table} SET {column} = {column}",  # noqa: S608 - names of ours
            f"DELETE FROM {table}",  # noqa: S608
            f"TRUNCATE {table}",
        ):
            with (
                pytest.raises(ProgrammingError, match="permission denied"),
                transaction.atomic(),
                connection.cursor() as cursor,
            ):
                cursor.execute(statement)


def test_every_scoped_model_has_the_scoped_manager_as_its_default() -> None:
    assert [m for m in SCOPED if not isinstance(m._default_manager, scoping.ScopedManager)] == []


def test_no_view_looks_past_the_policies(db: None) -> None:
    """An ordinary or materialised view reads as its owner: row-level security is void behind it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind IN ('v', 'm') AND relnamespace = 'public'::regnamespace"
        )
        assert cursor.fetchall() == []


class TestAScope:
    @pytest.mark.parametrize("role", list(Role))
    def test_is_that_of_the_role(self, role: Role) -> None:
        scope = scope_for(role=role, organisation_id=7)
        everything = {Role.MAKER, Role.APPROVER, Role.AUDITOR}
        assert scope.everything is (role in everything)
        expected = None if role in everything | {Role.ADMIN} else 7
        assert scope.organisation_id == expected

    def test_inside_another_gives_way_to_it_again(self, world: World) -> None:
        contract = rows.Contract
        with scoping.within(world.scope("bank-a")):
            with scoping.within(EVERYTHING):
                assert contract.objects.count() == 2
            assert contract.objects.count() == 1
            assert contract._base_manager.count() == 1

    def test_inside_another_gives_way_to_it_after_an_error_too(self, world: World) -> None:
        with scoping.within(world.scope("bank-a")):
            with pytest.raises(ZeroDivisionError), scoping.within(EVERYTHING):
                raise ZeroDivisionError
            assert rows.Contract._base_manager.count() == 1

    def test_ends_with_its_transaction(self, committed: Cast) -> None:
        World(committed)
        with scoping.within(EVERYTHING):
            assert rows.Contract._base_manager.count() == 2
        assert rows.Contract._base_manager.count() == 0
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('app.scope', true)")
            assert not cursor.fetchone()[0]

    def test_is_not_inherited_by_a_thread(self, db: None) -> None:
        said: list[str] = []

        def other() -> None:
            try:
                scoping.current()
            except scoping.NoScope:
                said.append("none")

        with scoping.within(EVERYTHING):
            thread = threading.Thread(target=other)
            thread.start()
            thread.join()
        assert said == ["none"]

    def test_undoes_its_work_when_it_fails(self, cast: Cast) -> None:
        def work() -> None:
            with scoping.within(EVERYTHING):
                Organisation.objects.create(code="ghost", kind="bank", name="x", name_en="x")
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            work()
        assert not Organisation.objects.filter(code="ghost").exists()
