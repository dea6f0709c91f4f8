"""All figures of a month over a million loans, 10,000 firms and 100,000 holdings, as a worker computes them.

Frames and engine together against sequential scans that add up the same tables, in the same session and in turns;
the engine alone against half a second; the worker's memory above an idle one against 300 MiB, and against that of a
tenth of the loans, because it must not grow with them. `--size N` says how many loans.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import psycopg

from benchmarks import Result, _large
from benchmarks._city import City, MiB, served
from finance_hub.embedded.instance import CHECKOUT

LOANS, BANKS, ROUNDS = 1_000_000, 6, 3
WANTED, ENGINE_SECONDS, MEMORY = 8.0, 0.5, 300 * MiB


def measure(size: int = LOANS) -> Iterator[Result]:
    small = _measured(max(1, size // 10))
    large = _measured(size)
    ours = large["frames"] + large["engine"]
    yield Result(
        name=f"month of {size:,} loans", ratio=ours / large["scan"], limit=WANTED,
        peer=f"scans with sums ({large['scan']:.2f} s)", seconds=ours, details=large,
    )  # fmt: skip
    yield Result(
        name="its engine alone", ratio=large["engine"] / ENGINE_SECONDS, limit=1.0, peer="half a second",
        seconds=large["engine"],
    )  # fmt: skip
    yield Result(
        name="its memory", ratio=large["grown"] / MEMORY, limit=1.0,
        peer=f"300 MiB; a tenth of the loans took {small['grown'] / MiB:.0f} MiB", seconds=ours,
        details={"MiB": large["grown"] / MiB, "MiB of a tenth": small["grown"] / MiB},
    )  # fmt: skip


def _measured(loans: int) -> dict[str, Any]:
    """What a city of so many loans takes, measured by a process of its own: a process has one database."""
    command = [sys.executable, "-m", "benchmarks.month", str(loans)]
    answer = subprocess.run(command, cwd=CHECKOUT, check=True, stdout=subprocess.PIPE)
    found: dict[str, Any] = json.loads(answer.stdout)
    return found


def _serve(loans: int) -> None:
    with served(banks={f"bank-{n}": f"银行{n}" for n in range(BANKS)}) as city:
        _fill(city, loans)
        command = [sys.executable, "-m", "benchmarks._month", str(ROUNDS)]
        subprocess.run(command, env=dict(os.environ), cwd=CHECKOUT, check=True)


def _fill(city: City, loans: int) -> None:
    from finance_hub.kernel.models import Organisation, Person

    houses = {
        name: Organisation.objects.create(code=name, kind=kind, name=name, name_en=name).pk
        for name, kind in (("manager", "fund_manager"), ("guarantor", "guarantor"))
    }
    banks = list(Organisation.objects.filter(kind="bank").order_by("pk").values_list("pk", flat=True))
    person = Person.objects.order_by("pk")[0].pk
    with psycopg.connect(city.owner, autocommit=True) as owner:
        _large.fill(owner, loans=loans, banks=banks, houses=houses, person=person)


if __name__ == "__main__":
    _serve(int(sys.argv[1]))
