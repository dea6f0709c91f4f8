"""A worker that computes one month, in a process of its own: seconds and memory, as JSON on standard output."""

from __future__ import annotations

import json
import resource
import sys
import time
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

from benchmarks._large import SUMMED


def main(rounds: int) -> None:
    """`frames` and `engine` are the medians; `grown` what the process took above an idle worker, in bytes."""
    import django

    django.setup()
    from django.db import connection

    from finance_hub.kernel.access import EVERYTHING
    from finance_hub.kernel.periods import Month
    from finance_hub.kernel.scoping import within
    from tasks import catalogue, frames

    import_module("tasks.jobs")  # what an idle worker has loaded

    with within(EVERYTHING), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '30min'")
        idle = _resident()
        took: dict[str, list[float]] = {"scan": [], "frames": [], "engine": []}
        points = 0
        for _round in range(rounds):
            begin = time.perf_counter()
            _scan(cursor)
            took["scan"].append(time.perf_counter() - begin)
            begin = time.perf_counter()
            read = frames.read(Month(2026, 10), known_at=datetime(2026, 11, 10, tzinfo=UTC))
            took["frames"].append(time.perf_counter() - begin)
            begin = time.perf_counter()
            points = sum(len(found) for _entry, found in catalogue.computed(read))
            took["engine"].append(time.perf_counter() - begin)
    said = {name: sorted(seconds)[len(seconds) // 2] for name, seconds in took.items()}
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 - idle
    print(json.dumps({**said, "first_engine": took["engine"][0], "grown": grown, "points": points}))


def _scan(cursor: Any) -> None:
    """Add up the tables, one after the other."""
    for table, column in SUMMED.items():
        cursor.execute(f"SELECT sum({column}) FROM {table}")  # noqa: S608 - names of ours


def _resident() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize()


if __name__ == "__main__":
    main(int(sys.argv[1]))
