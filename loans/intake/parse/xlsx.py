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

from finance_hub.kernel.problems import FieldError
from finance_hub.kernel.text import Text
from loans import formats, limits
from loans.intake.parse.table import CellFault, Record, Table
from loans.intake.refusals import FileRefused, FileTooComplex, RowTooLong, TooManyRows, UnsupportedFile

_UNSUPPORTED = {
    "damaged": Text("文件不完整或已损坏", "The file is cut short or damaged"),
    "document-type": Text("文件含有文档类型声明（DTD）", "The file declares a document type (DTD)"),
    "embedded-object": Text("文件内嵌了其他对象", "The file holds an embedded object"),
    "encrypted": Text("文件有密码保护", "The file is protected by a password"),
    "external-links": Text("文件含有外部链接或数据连接", "The file links to other files or data sources"),
    "macros": Text("文件含有宏；请另存为 .xlsx", "The file holds macros: save it as .xlsx"),
    "nested-archive": Text("文件内嵌了压缩包", "The file holds an archive"),
    "not-a-workbook": Text("不是 .xlsx 工作簿", "This is not an .xlsx workbook"),
    "old-format": Text("是旧版 .xls；请另存为 .xlsx", "This is an old .xls: save it as .xlsx"),
}
_TOO_COMPLEX = {
    "memory": Text("读取所需的内存超出上限", "Reading it takes more memory than is allowed"),
    "time": Text("读取超过 {most} 秒", "Reading it takes more than {most} seconds"),
    "too-large": Text("解压后超过 {most} 字节", "Unpacked, it is larger than {most} bytes"),
    "too-many-cells": Text(
        "数据散布的范围超过 {most} 个单元格", "Its values spread over more than {most} cells"
    ),
    "too-many-columns": Text("超过 {most} 列", "It has more than {most} columns"),
    "too-many-parts": Text("内部文件超过 {most} 个", "It is made of more than {most} parts"),
}
#: How the process ends when a limit ends it; running out of memory aborts or breaks it.
_ENDED_BY: dict[int, str] = {signal.SIGXCPU: "time", signal.SIGXFSZ: "too-large"}


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
                raise _refusal(found["reason"], found["context"])
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
            timeout=limits.WORKBOOK_SECONDS, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise _refusal("time", {"most": limits.WORKBOOK_SECONDS}) from error
    if done.returncode < 0:
        reason = _ENDED_BY.get(-done.returncode, "memory")
        raise _refusal(
            reason, {"most": limits.MOST_BYTES if reason == "too-large" else limits.WORKBOOK_SECONDS}
        )
    if done.returncode:
        raise RuntimeError(f"the reader of workbooks failed: {done.stderr[-2000:].decode(errors='replace')}")


def _kind(name: str) -> str:
    if name in formats.DATES:
        return "date"
    field = name.partition("_")[2].partition("_")[2] if name in formats.PLEDGE_COLUMNS else name
    numbers = formats.WHOLE | formats.MONEY | formats.RATES | {"appraised_value", "share_pct"}
    return "number" if field in numbers else "text"


def _refusal(reason: str, context: dict[str, Any]) -> FileRefused:
    if reason == "too-many-rows":
        return TooManyRows(**context)
    if reason == "row-too-long":
        return RowTooLong(**context)
    problem, words = (
        (UnsupportedFile, _UNSUPPORTED) if reason in _UNSUPPORTED else (FileTooComplex, _TOO_COMPLEX)
    )
    said = words[reason].fill(**context)
    shown = {name: str(value) for name, value in context.items()}
    return problem(errors=(FieldError(reason, "#", said, shown),), zh=said.zh, en=said.en)
