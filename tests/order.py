"""Which files come first: a worker takes whole files, and whoever begins a long one last is waited for."""

from __future__ import annotations

from collections import Counter
from typing import Any

#: What most tests take.
A_TEST = 0.1
#: What the tests of a file take beyond that: a city or a server of their own, a browser, many examples.
SECONDS = {
    "tests/web/browser/test_funds.py": 75,
    "tests/web/browser/test_accessibility.py": 60,
    "tests/demo/test_city.py": 40,
    "tests/demo/test_repeating.py": 35,
    "tests/web/browser/test_journey.py": 30,
    "tests/loans/test_live.py": 30,
    "tests/funds/test_capital_properties.py": 25,
    "tests/funds/test_properties.py": 15,
    "tests/loans/test_the_records_refuse.py": 15,
    "tests/tasks/test_fund_life.py": 12,
    "tests/loans/test_export_files.py": 12,
    "tests/embedded/test_supervisor.py": 12,
    "tests/embedded/test_root.py": 10,
    "tests/embedded/test_exec.py": 10,
    "tests/loans/test_two_at_once.py": 10,
    "tests/loans/test_quality_is_due.py": 10,
    "tests/loans/test_pools.py": 10,
    "tests/loans/test_pledges.py": 9,
    "tests/loans/test_many_large_batches.py": 9,
}


def longest_first(items: list[Any]) -> None:
    """Put the tests in the order of their files, those of one file in the order they have."""
    tests = Counter(_file(item) for item in items)
    weight = {file: SECONDS.get(file, 0) + A_TEST * count for file, count in tests.items()}
    items.sort(key=lambda item: (-weight[_file(item)], _file(item)))


def _file(item: Any) -> str:
    return str(item.nodeid).split("::", 1)[0]
