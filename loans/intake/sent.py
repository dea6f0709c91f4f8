"""A row as its sender wrote it: the column and the value that a fault is about."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from typing import Any, NamedTuple


class Sent(NamedTuple):
    """`column` is empty for a fault of the whole row; `value` is then the row."""

    column: str
    value: str


def at(pointer: str, *, original: str, columns: Sequence[str] | None) -> Sent:
    """What a pointer such as `#/amount` means in a row.

    `columns` is the header of a table; without one the row is a JSON object.
    """
    names = [part.replace("~1", "/").replace("~0", "~") for part in pointer.removeprefix("#").split("/")[1:]]
    if not names:
        return Sent("", original)
    if columns is None:
        return Sent("/".join(names), _text(_within(_object(original), names)))
    cells = next(csv.reader(io.StringIO(original, newline="")), [])
    place = columns.index(names[0]) if names[0] in columns else len(cells)
    return Sent(names[0], cells[place] if place < len(cells) else "")


def _object(original: str) -> Any:
    try:
        return json.loads(original, parse_float=str, parse_int=str)
    except ValueError:
        return None


def _within(value: Any, names: list[str]) -> Any:
    for name in names:
        if isinstance(value, dict):
            value = value.get(name)
        elif isinstance(value, list) and name.isdecimal() and int(name) < len(value):
            value = value[int(name)]
        else:
            return None
    return value


def _text(value: Any) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    return json.dumps(value, ensure_ascii=False)
