"""Which files come first, and which are slow.

A worker takes whole files, and whoever begins a long one last is waited for.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

#: What a test takes where its file is not told of.
A_TEST = 0.2
#: What files take whose tests have a city, a server, a browser or many examples of their own, or are many: seconds,
#: beside two other workers on two cores.
SECONDS = {
    "tests/demo/test_city.py": 344,
    "tests/web/browser/test_funds.py": 107,
    "tests/loans/test_restatements.py": 97,
    "tests/web/browser/test_accessibility.py": 85,
    "tests/loans/test_hostile_rows.py": 75,
    "tests/loans/test_live.py": 68,
    "tests/web/test_pages.py": 68,
    "tests/funds/test_capital_properties.py": 62,
    "tests/web/browser/test_deals.py": 57,
    "tests/web/browser/test_issues.py": 55,
    "tests/loans/test_export_files.py": 52,
    "tests/demo/test_repeating.py": 50,
    "tests/http/test_openapi.py": 45,
    "tests/loans/test_hostile_workbooks.py": 44,
    "tests/web/browser/test_journey.py": 41,
    "tests/loans/test_pledges.py": 40,
    "tests/loans/test_hostile_files.py": 36,
    "tests/web/browser/test_briefing_cycle.py": 36,
    "tests/tasks/test_lookthrough.py": 34,
    "tests/engine/test_loss.py": 31,
    "tests/web/browser/test_managers_month.py": 30,
    "tests/loans/test_loan_recoveries.py": 30,
    "tests/tasks/test_month.py": 30,
    "tests/web/test_issues.py": 29,
    "tests/tasks/test_records.py": 28,
    "tests/loans/test_the_records_refuse.py": 27,
    "tests/web/browser/test_fund_rows.py": 26,
    "tests/loans/test_confirmations.py": 25,
    "tests/funds/test_properties.py": 23,
    "tests/loans/test_hostile_numbers.py": 22,
    "tests/tasks/test_exposure_records.py": 22,
    "tests/tasks/test_editions.py": 21,
    "tests/web/test_exposure.py": 21,
    "tests/tasks/test_restatements.py": 21,
    "tests/funds/test_refusals.py": 20,
    "tests/risk/test_tolerances.py": 20,
    "tests/loans/test_findings.py": 19,
    "tests/embedded/test_supervisor.py": 18,
    "tests/web/test_risk.py": 18,
    "tests/tasks/test_ilpa_worked.py": 18,
    "tests/web/test_figures.py": 18,
    "tests/embedded/test_postgres.py": 17,
    "tests/loans/test_many_large_batches.py": 16,
    "tests/loans/test_workbooks.py": 15,
    "tests/tasks/test_verification.py": 15,
    "tests/risk/test_runs.py": 15,
    "tests/kernel/test_audit.py": 15,
    "tests/loans/test_reconciliation.py": 15,
}
#: Files from here on are left out of a quick round.
SLOW = 25


def is_slow(item: Any) -> bool:
    return SECONDS.get(_file(item), 0) >= SLOW


def longest_first(items: list[Any]) -> None:
    """Put the tests in the order of their files, those of one file in the order they have."""
    tests = Counter(_file(item) for item in items)
    weight = {file: SECONDS.get(file, A_TEST * count) for file, count in tests.items()}
    items.sort(key=lambda item: (-weight[_file(item)], _file(item)))


def _file(item: Any) -> str:
    return str(item.nodeid).split("::", 1)[0]
