"""Set up the database as its owner: runtime role, migrations, row-level security, rights."""

from __future__ import annotations

import os
from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from psycopg import errors, sql

from finance_hub.kernel import database


class Command(BaseCommand):
    help = (
        "Run as the owner (DATABASE_URL). Creates or updates the runtime role that APP_DATABASE_URL names, "
        "migrates, and applies row-level security, append-only triggers and rights. Safe to repeat."
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        url = urlsplit(os.environ.get("APP_DATABASE_URL", ""))
        if not url.username:
            raise CommandError("APP_DATABASE_URL must name the runtime role, e.g. postgres://app:…@host/db")
        role, password = unquote(url.username), unquote(url.password or "")
        if role == connection.settings_dict["USER"]:
            raise CommandError("the runtime role must not be the owner: give APP_DATABASE_URL another role")
        make_role(role, password)
        call_command("migrate", interactive=False, verbosity=1)
        database.install(role=role)
        self.stdout.write(f"provisioned: role {role}, rights and row-level security are in place")


def make_role(role: str, password: str) -> None:
    """Create the runtime role or renew its password and limits; refuses a superuser by that name."""
    who = sql.Identifier(role)
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = %s", [role])
        found = cursor.fetchone()
        if found and found[0]:
            raise CommandError(f"role {role} is a superuser or bypasses row-level security")
        verb = sql.SQL("ALTER" if found else "CREATE")
        statement = sql.SQL("{} ROLE {} LOGIN NOINHERIT").format(verb, who)
        if password:
            statement += sql.SQL(" PASSWORD {}").format(sql.Literal(password))
        try:
            cursor.execute(statement.as_string(cursor.connection))
        except errors.InsufficientPrivilege as error:
            raise CommandError(
                f"this account may not create roles; as an administrator run: CREATE ROLE {role} LOGIN PASSWORD '…'"
            ) from error
        for setting, value in (
            ("statement_timeout", "60s"),
            ("lock_timeout", "10s"),
            ("idle_in_transaction_session_timeout", "120s"),
            # A batch is staged in temporary tables: small ones stay in memory.
            ("temp_buffers", "32MB"),
        ):
            cursor.execute(
                sql.SQL("ALTER ROLE {} IN DATABASE {} SET {} = {}")
                .format(who, sql.Identifier(connection.settings_dict["NAME"]), sql.Identifier(setting), value)
                .as_string(cursor.connection)
            )
