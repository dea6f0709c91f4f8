"""Which files come first: a worker takes whole files, and whoever begins a long one last is waited for."""

from __future__ import annotations

from collections import Counter
from typing import Any

#: What most tests take.
A_TEST = 0.1
#: What the tests of a file take beyond that: a city or a server of their own, a browser, many examples.
SECONDS = {
    "tests/demo/test_city.py": 110,
    "tests/web/browser/test_funds.py": 75,
    "tests/web/browser/test_accessibility.py": 60,
    "tests/web/browser/test_deals.py": 45,
    "tests/loans/test_live.py": 30,
    "tests/web/browser/test_journey.py": 28,
    "tests/demo/test_repeating.py": 25,
    "tests/funds/test_capital_properties.py": 25,
    "tests/web/browser/test_fund_rows.py": 22,
    "tests/web/browser/test_managers_month.py": 18,
    "tests/loans/test_export_files.py": 15,
    "tests/tasks/test_exposure_records.py": 15,
    "tests/http/test_openapi.py": 12,
    "tests/tasks/test_records.py": 12,
    "tests/tasks/test_fund_life.py": 12,
    "tests/loans/test_ageing.py": 11,
    "tests/tasks/test_month_jobs.py": 11,
    "tests/tasks/test_exposure_agrees.py": 11,
    "tests/tasks/test_ilpa_worked.py": 9,
    "tests/tasks/test_lookthrough.py": 9,
    "tests/tasks/test_ilpa.py": 8,
    "tests/tasks/test_exposure_by_hand.py": 8,
    "tests/risk/test_records.py": 8,
    "tests/loans/test_many_large_batches.py": 8,
    "tests/loans/test_hostile_files.py": 8,
    "tests/loans/test_loan_recoveries.py": 8,
    "tests/embedded/test_supervisor.py": 8,
    "tests/funds/test_properties.py": 7,
    "tests/loans/test_pledges.py": 6,
    "tests/web/test_deal_board.py": 6,
    "tests/engine/test_loss.py": 6,
    "tests/loans/test_hostile_workbooks.py": 5,
    "tests/loans/test_restatements.py": 5,
    "tests/loans/test_the_records_refuse.py": 5,
    "tests/funds/test_statement_properties.py": 5,
}


def longest_first(items: list[Any]) -> None:
    """Put the tests in the order of their files, those of one file in the order they have."""
    tests = Counter(_file(item) for item in items)
    weight = {file: SECONDS.get(file, 0) + A_TEST * count for file, count in tests.items()}
    items.sort(key=lambda item: (-weight[_file(item)], _file(item)))


def _file(item: Any) -> str:
    return str(item.nodeid).split("::", 1)[0]
