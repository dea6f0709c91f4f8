"""Raw SQL against every column of money: what the database holds is money."""

from __future__ import annotations

from django.db import DatabaseError, connection, transaction


def money_columns() -> list[tuple[str, str]]:
    """(table, column) of everything that loans keeps in numeric(18,2)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns"
            " WHERE table_name LIKE 'loans\\_%' AND table_schema = 'public' AND numeric_precision = 18"
            " AND numeric_scale = 2 ORDER BY 1, 2"
        )
        return list(cursor.fetchall())


def answered(table: str, column: str, value: str) -> str:
    """What the table's own checks say to a row that has this value and nothing else."""
    name = "bare"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMP TABLE {name} (LIKE {table} INCLUDING CONSTRAINTS) ON COMMIT DROP")
        cursor.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = 'pg_temp.bare'::regclass AND attnum > 0 AND attnotnull"
        )
        for (other,) in cursor.fetchall():
            cursor.execute(f'ALTER TABLE {name} ALTER COLUMN "{other}" DROP NOT NULL')
        try:
            with transaction.atomic():
                cursor.execute(f'INSERT INTO {name} ("{column}") VALUES (%s) RETURNING "{column}"', [value])  # noqa: S608
                return str(cursor.fetchone()[0])
        except DatabaseError as error:
            return str(error)
        finally:
            cursor.execute(f"DROP TABLE {name}")


def test_no_money_column_holds_what_is_no_money(db: None) -> None:
    """By raw SQL: NaN by a named check, infinity and ten quadrillion by the type, a third decimal not at all."""
    columns = money_columns()
    assert {("loans_loanevent", "amount"), ("loans_loanevent", "effect"), ("loans_loanposition", "balance"),
            ("loans_loanposition", "overdue_principal"), ("loans_loanposition", "overdue_interest"),
            ("loans_pledge", "appraised_value"), ("loans_guarantee", "principal"),
            ("loans_guaranteeevent", "amount")} <= set(columns)  # fmt: skip
    for table, column in columns:
        assert answered(table, column, "12.34") == "12.34", (table, column)
        assert "violates check constraint" in answered(table, column, "NaN"), (table, column)
        for endless in ("Infinity", "-Infinity", "1e400", "10000000000000000"):
            assert "overflow" in answered(table, column, endless), (table, column, endless)
        assert answered(table, column, "12.345") == "12.35", (table, column)
        for other in ("", "１２３", "1,000.00"):
            assert "invalid input syntax" in answered(table, column, other), (table, column, other)
