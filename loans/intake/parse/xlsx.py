"""XLSX: the sheet that bears the header, as the same table that CSV makes.

A process of its own reads the file (`loans.workbook`): what a hostile one does, it does to that
process, which may use so much time and memory and no more. Its lines go through an unnamed file,
so that its time is its own and not that of the work that follows.
"""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from django.conf import settings

from loans import formats, limits
from loans.intake.parse.table import CellFault, Record, Table
from loans.intake.parse.unreadable import refusal

#: How the process ends when a limit ends it; running out of memory aborts or breaks it, or the
#: machine ends it. Any other signal says nothing about the file.
_ENDED_BY: dict[int, str] = {
    signal.SIGXCPU: "time",
    signal.SIGXFSZ: "too-large",
    signal.SIGABRT: "memory",
    signal.SIGSEGV: "memory",
    signal.SIGBUS: "memory",
    signal.SIGKILL: "memory",
}


def open_table(path: Path, *, dataset: str) -> Table:
    """A workbook. Raises FileRefused, here or while it is read."""
    lines = _lines(path, dataset)
    columns: list[str] = next(lines)
    return Table(columns, _records(lines, columns), dataset=dataset)


def _records(lines: Iterator[Any], columns: list[str]) -> Iterator[Record]:
    for line, cells, faults in lines:
        named = tuple(
            CellFault(columns[at], code, {"shown": shown} if shown else {}) for at, code, shown in faults
        )
        yield Record(line, _as_csv(cells), cells, named)


def _as_csv(cells: list[str]) -> str:
    text = io.StringIO()
    csv.writer(text).writerow(cells)
    return text.getvalue().removesuffix("\r\n")


def _lines(path: Path, dataset: str) -> Iterator[Any]:
    """What the process says, line by line. Raises FileRefused where it refuses or is ended."""
    with tempfile.TemporaryFile(dir=path.parent) as said:
        _read(path, dataset, into=said)
        said.seek(0)
        for line in said:
            found = json.loads(line)
            if isinstance(found, dict):
                raise refusal(found["reason"], **found["context"])
            yield found


def _read(path: Path, dataset: str, *, into: IO[bytes]) -> None:
    request = {
        "path": str(path.absolute()),
        "required": formats.REQUIRED[dataset],  # type: ignore[index]
        "kinds": {name: _kind(name) for name in formats.csv_columns(dataset)},
    }
    try:
        done = subprocess.run(
            [sys.executable, "-E", "-s", "-m", "loans.workbook", json.dumps(request)],
            stdin=subprocess.DEVNULL, stdout=into, stderr=subprocess.PIPE, cwd=settings.BASE_DIR,
            env={"PATH": os.defpath, "LC_ALL": "C.UTF-8"},  # it learns no secret of the service
            start_new_session=True,  # who stops a worker lets it finish, and this with it
            timeout=limits.WORKBOOK_SECONDS, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise refusal("time", most=limits.WORKBOOK_SECONDS) from error
    if reason := _ENDED_BY.get(-done.returncode):
        most = limits.MOST_BYTES if reason == "too-large" else limits.WORKBOOK_SECONDS
        raise refusal(reason, most=most)
    if done.returncode:
        said = done.stderr[-2000:].decode(errors="replace")
        raise RuntimeError(f"the reader of workbooks ended with {done.returncode}: {said}")


def _kind(name: str) -> str:
    if name in formats.DATES:
        return "date"
    field = name.partition("_")[2].partition("_")[2] if name in formats.PLEDGE_COLUMNS else name
    numbers = formats.WHOLE | formats.MONEY | formats.RATES | {"appraised_value", "share_pct"}
    return "number" if field in numbers else "text"
