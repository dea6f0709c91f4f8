"""A bank that the planner's statistics do not know yet is taken for empty; its first large file is read in lines, not squares."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from loans.intake import road
from tests.cast import Api, Cast
from tests.database import as_owner
from tests.loans.bank import disbursement, position, send

#: Enough that no table is so small that it is best read through.
ROWS = 2_500
#: Times that a row of a parent may be read for each row of a file.
MOST = 8
_READ = """
SELECT relname, seq_tup_read + idx_tup_fetch FROM pg_stat_xact_user_tables
 WHERE relname IN ('loans_contract', 'loans_drawdown', 'loans_loanevent', 'loans_loanreportbatch')
"""


@pytest.fixture
def rows_read(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """{table: rows that the last batch's transaction has read of it}."""
    read: dict[str, int] = {}
    end: Callable[..., Any] = road.states.end

    def ended(*batch: Any, **facts: Any) -> Any:
        with connection.cursor() as cursor:
            cursor.execute(_READ)
            read.update(cursor.fetchall())
        return end(*batch, **facts)

    monkeypatch.setattr(road.states, "end", ended)
    return read


def test_what_a_first_file_reads_grows_with_its_rows(committed: Cast, rows_read: dict[str, int]) -> None:
    """Each of three first files: of an empty city, and of a bank beside one that the statistics know."""
    known, fresh = Api(committed.key("bank_a")), Api(committed.key("bank_b"))
    few, many = ([f"HT-{at}" for at in range(count)] for count in (1_000, ROWS))
    assert _lent(known, few) == len(few)
    assert max(rows_read.values()) < MOST * len(few), rows_read
    with as_owner() as owner:
        owner.execute("ANALYZE loans_contract, loans_drawdown, loans_loanevent, loans_loanreportbatch")
    assert _lent(fresh, many) == ROWS
    assert max(rows_read.values()) < MOST * ROWS, rows_read
    stood = [position("1000.00", contract_no=number) for number in many]
    assert send(fresh, stood, dataset="stock").result["accepted"] == ROWS
    assert max(rows_read.values()) < MOST * ROWS, rows_read


def test_no_plan_outlives_the_small_table_that_it_was_made_for(
    committed: Cast, rows_read: dict[str, int]
) -> None:
    """The same connection takes a file of few rows, looked up in tables of a page, and then a large one; a page is read through
    for each row, and no more than that.
    """
    bank = Api(committed.key("bank_a"))
    assert _lent(bank, ["HT-A"]) == 1
    with as_owner() as owner:
        owner.execute("ANALYZE loans_contract, loans_drawdown, loans_loanevent, loans_loanreportbatch")
    assert _lent(bank, ["HT-B", "HT-C", "HT-D"]) == 3
    many = [f"HT-{at}" for at in range(1_000)]
    assert _lent(bank, many) == len(many)
    assert max(rows_read.values()) < MOST * len(many), rows_read


def _lent(bank: Api, numbers: list[str]) -> int:
    rows = [disbursement(f"E-{number}", contract_no=number) for number in numbers]
    return int(send(bank, rows).result["accepted"])
