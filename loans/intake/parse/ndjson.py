"""NDJSON, read strictly: a JSON object a line, strings where strings are due, no name twice.

Flat rows are read at once as columns; the few others one by one, by a reader that forgives nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any, NoReturn

import polars as pl

from finance_hub.kernel.text import printable
from loans import formats
from loans.intake.parse import flat
from loans.intake.parse.block import ROWS, Block
from loans.intake.parse.gathering import Gathering
from loans.intake.parse.lines import Chunks, column, frames, split
from loans.intake.parse.pointers import pointer

_NONE = type(None)


def blocks(pieces: Iterable[bytes], *, dataset: str) -> Iterator[Block]:
    """Blocks of the rows of a data set; blank lines are not rows."""
    names, gathering, chunks = formats.fields(dataset), Gathering(), Chunks(pieces)
    while True:
        before = chunks.number
        chunk = chunks.take()
        if not chunk:
            return
        lines, bad = _decode(chunk, first_line=before + 1)
        for frame in frames(lines, first_line=before + 1, rows=ROWS):
            yield _block(gathering.numbered(frame), bad, gathering, names)


def _decode(chunk: bytes, *, first_line: int) -> tuple[pl.Series, dict[int, int]]:
    """(the lines, {number of a line that is no UTF-8: its first odd byte, from 1})."""
    try:
        return column(chunk.decode()), {}
    except UnicodeDecodeError:
        lines, bad = [], {}
        for number, line in enumerate(split(chunk), first_line):
            try:
                lines.append(line.decode())
            except UnicodeDecodeError as error:
                lines.append(line.decode(errors="backslashreplace"))
                bad[number] = error.start + 1
        return pl.Series("original", lines, dtype=pl.String), bad


def _block(lines: pl.DataFrame, bad: dict[int, int], into: Gathering, names: tuple[str, ...]) -> Block:
    if bad:
        odd = pl.col("line_number").is_in(sorted(bad))
        for number, line, shown in lines.filter(odd).iter_rows():
            into.give_up(number, line, printable(shown), "undecodable-bytes", line=line, byte=bad[line])
        lines = lines.filter(~odd)
    rows, rest = flat.read(lines, names=names)
    known = frozenset(names)
    for number, line, text in rest.iter_rows():
        _read(text, line, number, known, into)
    sent: set[str] = set().union(*into.rows)
    columns = {name: _column(name, into) for name in names if name in sent and name != "pledges"}
    if "pledges" in sent:
        _take_pledges(into)
    return into.take(columns, names=names, more=rows)


def _read(text: str, line: int, number: int, known: frozenset[str], into: Gathering) -> None:
    record = _read_strictly(text, line, number, into)
    if record is None:
        return
    for name in record.keys() - known:
        into.fault(number, "unknown-field", pointer(name))
    into.add(record, number=number, line=line, original=text)


def _read_strictly(text: str, line: int, number: int, into: Gathering) -> dict[str, Any] | None:
    twice: list[str] = []

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        names = [name for name, _ in items]
        twice.extend(sorted({name for name in names if names.count(name) > 1}))
        return dict(items)

    try:
        record = json.loads(text, object_pairs_hook=pairs, parse_constant=_no_constant)
        json.dumps(record, ensure_ascii=False).encode()  # refuses half a surrogate pair
    except json.JSONDecodeError as error:
        into.give_up(number, line, printable(text), "malformed-json", column=error.colno)
        return None
    except (
        ValueError,
        RecursionError,
    ):  # NaN, a number of thousands of digits, half a character, a pit of brackets
        into.give_up(number, line, printable(text), "no-json-value")
        return None
    if not isinstance(record, dict):
        into.give_up(number, line, printable(text), "not-an-object")
        return None
    for name in twice:
        into.fault(number, "duplicate-name", pointer(name))
    return record


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _take_pledges(gathering: Gathering) -> None:
    for row, number in zip(gathering.rows, gathering.numbers, strict=True):
        if row.get("pledges") is not None:
            gathering.pledges[number] = row["pledges"]


def _column(name: str, gathering: Gathering) -> list[str | None]:
    """The field as text, row by row; values of another type become None and a fault."""
    values: list[Any] = [row.get(name) for row in gathering.rows]
    due = int if name in formats.WHOLE else str
    if set(map(type, values)) <= {due, _NONE}:
        return values if due is str else [None if value is None else str(value) for value in values]
    numbers = gathering.numbers
    for index, value in enumerate(values):
        if type(value) not in (due, _NONE):
            gathering.fault(numbers[index], _wrong_type(name, value), pointer(name))
            values[index] = None
        elif due is int and value is not None:
            values[index] = str(value)
    return values


def _wrong_type(name: str, value: Any) -> str:
    if isinstance(value, (dict, list)):
        return "nested-value"
    if name in formats.WHOLE:
        return "not-an-integer"
    if name == "uscc":
        return "uscc-not-a-string"
    return "amount-not-a-string" if name in formats.MONEY else "not-a-string"
