"""The process that reads one workbook.

Takes a JSON object: `path`, `names` (of the sheet that is wanted, if it has one of them), `headers` (each
the names of a header that is wanted, where no sheet is so named) and `kinds` (what each known column takes).
Prints JSON lines: the header; then `[line, cells, [[column, code, text], …]]`
a row, without blank ones; or, in the place of any of them, `{"reason": …, "context": {…}}` and
nothing more.
"""

from __future__ import annotations

import json
import resource
import signal
import sys
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import python_calamine

from finance_hub.kernel.workbook import cells, limits, parts
from finance_hub.kernel.workbook.archive import Archive
from finance_hub.kernel.workbook.odd_cells import Oddities
from finance_hub.kernel.workbook.refused import Refused

_NOTHING: dict[int, tuple[str, str]] = {}


def main(request: dict[str, Any]) -> None:
    _bind()
    try:
        for line in _lines(
            Path(request["path"]),
            names=request["names"],
            headers=[set(names) for names in request["headers"]],
            kinds=request["kinds"],
        ):
            print(json.dumps(line, ensure_ascii=False))
    except Refused as refused:
        print(json.dumps({"reason": refused.reason, "context": refused.context}))
    except MemoryError:
        print(json.dumps({"reason": "memory", "context": {}}))
    sys.stdout.flush()


def _bind() -> None:
    """No more memory, time or output than the limits, and no core left behind."""
    for what, most in (
        (resource.RLIMIT_AS, limits.MEMORY),
        (resource.RLIMIT_CPU, limits.SECONDS),
        (resource.RLIMIT_FSIZE, 2 * limits.MOST_BYTES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most + 1))
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)  # Python would go on with an error of its own


def _lines(path: Path, *, names: list[str], headers: list[set[str]], kinds: dict[str, str]) -> Iterator[Any]:
    sheets = sorted(parts.sheets(Archive(path)), key=lambda sheet: sheet.name not in names)
    try:
        workbook = python_calamine.load_workbook(path)
    except python_calamine.PasswordError as error:
        raise Refused("encrypted") from error
    except python_calamine.CalamineError as error:
        raise Refused("damaged") from error
    chosen, fallback = None, None
    for sheet in sheets:
        try:
            table = Table(workbook.get_sheet_by_name(sheet.name), sheet.oddities)
        except python_calamine.CalamineError as error:
            raise Refused("damaged") from error
        if sheet.name in names or any(wanted <= set(table.header) for wanted in headers):
            chosen = table
            break
        fallback = fallback or table
    found = chosen or fallback
    yield found.header if found else []
    if found:
        yield from found.rows(kinds)


class Table:
    """A sheet as a table: `header` is its first row that is not blank, from column A on."""

    def __init__(self, sheet: python_calamine.CalamineSheet, oddities: Oddities) -> None:
        self._oddities = oddities
        self._shift = [""] * sheet.start[1] if sheet.start else []
        self._rows = enumerate(sheet.iter_rows(), 1)
        self._last = 0
        self.header = self._header()

    def _header(self) -> list[str]:
        for line, values in self._rows:
            self._last = line
            texts = [cells.read(value, cells.Kind.ANY)[0] for value in (*self._shift, *values)]
            if any(texts):
                return _without_end(texts)
        return []

    def rows(self, kinds: dict[str, str]) -> Iterator[tuple[int, list[str], list[tuple[int, str, str]]]]:
        wanted = [kinds.get(name, cells.Kind.ANY) for name in self.header]
        for line, values in chain(self._rows, self._rest()):
            self._last = line
            odd = self._oddities.get(line, _NOTHING)
            texts, faults = _row([*self._shift, *values], wanted, odd)
            if any(texts) or faults:
                if _is_too_long(texts):
                    raise Refused("row-too-long", line=line, most=limits.MOST_ROW_BYTES)
                yield line, texts, faults

    def _rest(self) -> Iterator[tuple[int, list[cells.Value]]]:
        """Rows of nothing but oddities after the last that has a value: calamine ends before them."""
        yield from ((line, []) for line in sorted(self._oddities) if line > self._last)


def _row(
    values: list[cells.Value], wanted: list[str], odd: dict[int, tuple[str, str]]
) -> tuple[list[str], list[tuple[int, str, str]]]:
    texts, faults = [], []
    values += [""] * (max(len(wanted), *(column + 1 for column in odd), 0) - len(values))
    for column, value in enumerate(values):
        kind = wanted[column] if column < len(wanted) else cells.Kind.ANY
        text, code = (value, "") if type(value) is str else cells.read(value, kind)
        if column in odd:
            code, shown = odd[column]
            text = shown or text
        if code and kind != cells.Kind.ANY:
            faults.append((column, code, text))
        texts.append(text)
    return _padded(texts, len(wanted)), faults


def _is_too_long(texts: list[str]) -> bool:
    """A character may take four bytes; only long rows are measured exactly."""
    most = limits.MOST_ROW_BYTES
    return sum(map(len, texts)) > most // 4 and sum(len(text.encode()) for text in texts) > most


def _padded(texts: list[str], length: int) -> list[str]:
    """As many cells as the header has; more only where something stands in them."""
    return texts if len(texts) == length else [*texts[:length], *_without_end(texts[length:])]


def _without_end(texts: list[str]) -> list[str]:
    while texts and not texts[-1]:
        texts.pop()
    return texts


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
