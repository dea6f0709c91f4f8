"""Run the benchmarks: `python -m benchmarks [NAME …]`.

Prints a table, writes `var/bench/<time>.json` (of several, one each), and ends with 1 where a ratio is above its limit.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
from collections.abc import Iterable, Iterator
from datetime import datetime
from importlib import import_module
from inspect import signature
from pathlib import Path
from pkgutil import iter_modules
from typing import cast
from zoneinfo import ZoneInfo

import benchmarks
from benchmarks import Result

REPORTS = Path(__file__).parents[1] / "var" / "bench"
ZONE = ZoneInfo("Asia/Shanghai")


def main(arguments: list[str]) -> int:
    known = sorted(m.name for m in iter_modules(benchmarks.__path__) if not m.name.startswith("_"))
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description="Measure our work against peers."
    )
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"of {', '.join(known)}; all where none is given"
    )
    parser.add_argument(
        "--size", type=int, help="how large, of the benchmarks that take it; each has its own default"
    )
    options = parser.parse_args(arguments)
    names = options.names or known
    if strangers := set(names) - set(known):
        parser.error(f"no such benchmark: {', '.join(sorted(strangers))}")
    if len(names) > 1:
        return max(_by_itself(name, size=options.size) for name in names)
    results = [result for name in names for result in _run(name, size=options.size)]
    print(f"\nwritten to {_write(results, at=datetime.now(ZONE))}")
    return int(any(result["ratio"] > result["limit"] for result in results))


def _by_itself(name: str, *, size: int | None) -> int:
    """How a benchmark ended in a process of its own: a process has one database."""
    sized = ["--size", str(size)] if size else []
    return subprocess.run([sys.executable, "-m", "benchmarks", name, *sized], check=False).returncode


def _run(name: str, *, size: int | None) -> Iterator[Result]:
    """What a benchmark measures, one result or several, each printed as soon as it is there."""
    measure = import_module(f"benchmarks.{name}").measure
    sized = {"size": size} if size and "size" in signature(measure).parameters else {}
    measured: Result | Iterable[Result] = measure(**sized)
    for result in [cast(Result, measured)] if isinstance(measured, dict) else measured:
        verdict = "ok  " if result["ratio"] <= result["limit"] else "OVER"
        print(
            f"{verdict} {result['name']:<28} {result['ratio']:>7.3f} x  (limit {result['limit']:>6.3f})"
            f" {result['seconds']:>9.3f} s   against {result['peer']}",
            flush=True,
        )
        yield result


def _write(results: list[Result], *, at: datetime) -> Path:
    REPORTS.mkdir(parents=True, exist_ok=True)
    report = REPORTS / f"{at:%Y-%m-%dT%H%M%S}.json"
    machine = {"python": platform.python_version(), "system": platform.platform(), "cores": os.cpu_count()}
    content = {"measured_at": at.isoformat(), "machine": machine, "results": results}
    report.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n")
    return report


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
