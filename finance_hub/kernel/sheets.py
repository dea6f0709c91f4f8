"""A sheet of a workbook, read by a process of its own (`finance_hub.kernel.workbook`).

What a hostile file does, it does to that process, which may use so much time and memory and no more.
Its lines go through an unnamed file, so that its time is its own and not that of the work that follows.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO, Any

from django.conf import settings

from finance_hub.kernel.files import FileRefused, FileTooComplex, RowTooLong, TooManyRows, UnsupportedFile
from finance_hub.kernel.problems import FieldError
from finance_hub.kernel.text import Text
from finance_hub.kernel.workbook import limits

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
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


#: What can be wrong with one cell, by the codes that the process gives.
CELLS = {
    "cell-boolean": Text("此处不能是逻辑值", "A logical value is not expected here"),
    "cell-date": Text("此处不能是日期或时间", "A date or time is not expected here"),
    "cell-error": Text("单元格是错误值 {shown}", "The cell holds the error {shown}"),
    "cell-not-exact": Text(
        "数字超过 15 位，电子表格已不能保证其精确；请以文本填写",
        "Beyond 15 digits a number is not exact: enter it as text",
    ),
    "cell-not-text": Text(
        "须为文本：数字单元格会丢失前导零和第 15 位之后的数字",
        "Text is expected: a number loses leading zeros and its digits after the fifteenth",
    ),
    "cell-percent": Text(
        "单元格为百分比格式，其值是所见的百分之一；请以文本填写，如 3.4500",
        "The cell is formatted as a percentage, so its value is a hundredth of it: enter text like 3.4500",
    ),
    "date-with-time": Text("日期不能带时间", "A date has no time of day"),
    "formula-without-value": Text(
        "公式没有计算结果；请在电子表格中打开并保存，或填写数值",
        "The formula has no value: open and save the file in a spreadsheet, or enter the value",
    ),
}
UNSUPPORTED = {
    "damaged": Text("文件不完整或已损坏", "The file is cut short or damaged"),
    "document-type": Text("文件含有文档类型声明（DTD）", "The file declares a document type (DTD)"),
    "embedded-object": Text("文件内嵌了其他对象", "The file holds an embedded object"),
    "encrypted": Text("文件有密码保护", "The file is protected by a password"),
    "external-links": Text("文件含有外部链接或数据连接", "The file links to other files or data sources"),
    "macros": Text("文件含有宏；请另存为 .xlsx", "The file holds macros: save it as .xlsx"),
    "nested-archive": Text("文件内嵌了压缩包", "The file holds an archive"),
    "not-a-workbook": Text("不是 .xlsx 工作簿", "This is not an .xlsx workbook"),
    "not-text": Text(
        "内容是压缩包或工作簿，与申报的格式不符", "The content is an archive or a workbook, not the text that was declared"
    ),
    "old-format": Text("是旧版 .xls；请另存为 .xlsx", "This is an old .xls: save it as .xlsx"),
}  # fmt: skip
TOO_COMPLEX = {
    "memory": Text("读取所需的内存超出上限", "Reading it takes more memory than is allowed"),
    "time": Text("读取超过 {most} 秒", "Reading it takes more than {most} seconds"),
    "too-large": Text("解压后超过 {most} 字节", "Unpacked, it is larger than {most} bytes"),
    "too-many-cells": Text("数据散布的范围超过 {most} 个单元格", "Its values spread over more than {most} cells"),
    "too-many-columns": Text("超过 {most} 列", "It has more than {most} columns"),
    "too-many-parts": Text("内部文件超过 {most} 个", "It is made of more than {most} parts"),
}  # fmt: skip


def lines(
    path: Path, *, kinds: Mapping[str, str], headers: Iterable[Iterable[str]], names: Iterable[str] = ()
) -> Iterator[Any]:
    """The header of the sheet that is wanted, then its rows as `[line, cells, [[column, code, text], …]]`.

    Wanted is the visible sheet with one of the `names`, or else the first whose header has all names of one
    of the `headers`, or else the first. `kinds` says what the columns take: `text`, `number`, `date` or `any`;
    the codes of what is wrong with a cell are those of CELLS. Raises FileRefused, at the first line or any later one.
    """
    request = {
        "path": str(path.absolute()),
        "names": list(names),
        "headers": [list(wanted) for wanted in headers],
        "kinds": dict(kinds),
    }
    with tempfile.TemporaryFile(dir=path.parent) as said:
        _read(request, into=said)
        said.seek(0)
        for line in said:
            found = json.loads(line)
            if isinstance(found, dict):
                raise refusal(found["reason"], **found["context"])
            yield found


def refusal(reason: str, **context: int) -> FileRefused:
    """The refusal for a reason of the reading process or of ours. KeyError for a word that nobody knows."""
    if reason == "too-many-rows":
        return TooManyRows(most=context["most"])
    if reason == "row-too-long":
        return RowTooLong(line=context["line"], most=context["most"])
    unsupported = reason in UNSUPPORTED
    said = (UNSUPPORTED if unsupported else TOO_COMPLEX)[reason].fill(**context)
    shown = {name: str(value) for name, value in context.items()}
    problem = UnsupportedFile if unsupported else FileTooComplex
    return problem(errors=(FieldError(reason, "#", said, shown),), zh=said.zh, en=said.en)


def _read(request: dict[str, Any], *, into: IO[bytes]) -> None:
    try:
        done = subprocess.run(
            [sys.executable, "-E", "-s", "-m", "finance_hub.kernel.workbook", json.dumps(request)],
            stdin=subprocess.DEVNULL, stdout=into, stderr=subprocess.PIPE, cwd=settings.BASE_DIR,
            env={"PATH": os.defpath, "LC_ALL": "C.UTF-8"},  # it learns no secret of the service
            start_new_session=True,  # who stops a worker lets it finish, and this with it
            timeout=limits.SECONDS, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise refusal("time", most=limits.SECONDS) from error
    if reason := _ENDED_BY.get(-done.returncode):
        most = limits.MOST_BYTES if reason == "too-large" else limits.SECONDS
        raise refusal(reason, most=most)
    if done.returncode:
        said = done.stderr[-2000:].decode(errors="replace")
        raise RuntimeError(f"the reader of workbooks ended with {done.returncode}: {said}")
