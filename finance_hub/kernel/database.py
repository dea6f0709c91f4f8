"""What PostgreSQL itself refuses beyond constraints: row-level security, rewriting, and rights.

A model says `row_scope` (whose row it is) or `append_only`; `install` turns that into policies,
triggers and grants for the runtime role. It is idempotent and runs after every migration, as the
owner. The web and the workers connect as the runtime role, which owns nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.apps import apps
from django.db import connection, models, transaction
from psycopg import sql

from finance_hub.kernel.scoping import RowScope

REFUSE_REWRITING = """
CREATE OR REPLACE FUNCTION refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'FH001';
END $$
"""

Statement = sql.Composable


def install(*, role: str) -> None:
    """Apply policies, triggers and grants to every table of ours for the runtime role.

    In one transaction: a service that is running never finds its rights gone for a moment.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(REFUSE_REWRITING)
        for statement in _statements(role):
            cursor.execute(statement.as_string(cursor.connection))


def scoped_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if hasattr(model, "row_scope")]


def append_only_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if getattr(model, "append_only", False)]


def unprotected_tables() -> list[str]:
    """Tables whose model declares a row scope but where it is not forced by our one policy alone.

    Policies add up: a second one that permits would open what the first keeps shut.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = current_schema()::regnamespace"
            " AND relrowsecurity AND relforcerowsecurity AND (SELECT array_agg(polname::text)"
            " FROM pg_policy WHERE polrelid = pg_class.oid) = ARRAY['own_rows']"
        )
        forced = {row[0] for row in cursor.fetchall()}
    return sorted({model._meta.db_table for model in scoped_models()} - forced)


def role_faults() -> list[str]:
    """Why the connected role may not serve: superuser, BYPASSRLS, or owner of one of our tables."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
        superuser, bypasses = cursor.fetchone()
        cursor.execute(
            "SELECT count(*) FROM pg_tables WHERE schemaname = current_schema()"
            " AND pg_has_role(current_user, tableowner, 'MEMBER')"
        )
        owned = cursor.fetchone()[0]
    faults = []
    if superuser:
        faults.append("is a superuser")
    if bypasses:
        faults.append("bypasses row-level security")
    if owned:
        faults.append(f"owns {owned} tables")
    return faults


def _statements(role: str) -> Iterator[Statement]:
    who = sql.Identifier(role)
    yield sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(who)
    yield sql.SQL("GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {}").format(who)
    # Functions that act as the owner are closed to everybody else by the migrations that make them.
    yield sql.SQL("GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO {}").format(who)
    yield sql.SQL("REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {}").format(who)
    yield sql.SQL("GRANT SELECT ON django_migrations TO {}").format(who)
    append_only = set(append_only_models())
    for model in apps.get_models(include_auto_created=True):
        table = sql.Identifier(model._meta.db_table)
        rights = "SELECT, INSERT" if model in append_only else "SELECT, INSERT, UPDATE, DELETE"
        yield sql.SQL("GRANT {} ON {} TO {}").format(sql.SQL(rights), table, who)
    for model in append_only:
        yield from _refuse_rewriting(sql.Identifier(model._meta.db_table))
    for model in scoped_models():
        yield from _secure_rows(sql.Identifier(model._meta.db_table), getattr(model, "row_scope"))  # noqa: B009


def _refuse_rewriting(table: sql.Identifier) -> Iterator[Statement]:
    yield sql.SQL("DROP TRIGGER IF EXISTS rewriting_refused ON {}").format(table)
    yield sql.SQL(
        "CREATE TRIGGER rewriting_refused BEFORE UPDATE OR DELETE OR TRUNCATE ON {}"
        " FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting()"
    ).format(table)


def _secure_rows(table: sql.Identifier, row_scope: RowScope) -> Iterator[Statement]:
    yield sql.SQL("ALTER TABLE {} ENABLE ROW LEVEL SECURITY").format(table)
    yield sql.SQL("ALTER TABLE {} FORCE ROW LEVEL SECURITY").format(table)
    yield sql.SQL("DROP POLICY IF EXISTS own_rows ON {}").format(table)
    seen, written = row_scope.policy(), row_scope.check()
    yield sql.SQL("CREATE POLICY own_rows ON {} USING ({}) WITH CHECK ({})").format(
        table, sql.SQL(seen), sql.SQL(written or seen)
    )
