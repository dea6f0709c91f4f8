"""Files of rows, whatever their rows are about: how their text is written, and why one is refused as a whole."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable

from finance_hub.kernel.problems import Problem
from finance_hub.kernel.text import Text

_UTF8_CHARACTER = re.compile(rb"[\xe0-\xef][\x80-\xbf]{2}")


class FileRefused(Problem):
    """The file as a whole cannot be taken; no row of it was applied."""

    code = "file-refused"
    status = 422
    title = Text("文件无法受理", "The file cannot be taken")


class TooManyRows(FileRefused):
    code = "too-many-rows"
    status = 413
    title = Text("行数超出上限", "Too many rows")
    detail = Text("最多 {most} 行", "At most {most} rows")


class RowTooLong(FileRefused):
    code = "row-too-long"
    title = Text("单行过长", "A row is too long")
    detail = Text("第 {line} 行超过 {most} 字节", "Line {line} is longer than {most} bytes")


class MalformedCsv(FileRefused):
    code = "malformed-csv"
    title = Text("不是合法的 CSV", "This is not valid CSV")
    detail = Text("第 {line} 行：{fault}", "Line {line}: {fault}")


class WrongColumns(FileRefused):
    code = "wrong-columns"
    title = Text("表头与格式不符", "The header does not fit the row format")


class UndecodableText(FileRefused):
    code = "undecodable-text"
    title = Text("无法识别文本编码", "The text encoding is not recognised")
    detail = Text(
        "须为 UTF-8 或 GB18030；第 {line} 行第 {byte} 字节无法解码",
        "UTF-8 or GB18030 is expected; line {line} cannot be decoded at its byte {byte}",
    )


class UnsupportedFile(FileRefused):
    """The one entry of `errors` has the reason as its code."""

    code = "unsupported-file"
    title = Text("不支持这种文件", "This kind of file is not supported")
    detail = Text("{zh}", "{en}")


class FileTooComplex(FileRefused):
    """The one entry of `errors` has the reason as its code."""

    code = "file-too-complex"
    title = Text("文件过于复杂", "The file is too complex")
    detail = Text("{zh}", "{en}")


def encoding_of(pieces: Iterable[bytes]) -> str:
    """`utf-8`, or `gb18030` for a file that is not UTF-8; reads the file up to the first odd byte.

    A file whose other characters are UTF-8 is a damaged one and stays UTF-8: almost any pair of
    bytes is some character of GB18030.
    """
    decoder = codecs.getincrementaldecoder("utf-8")()
    for piece in pieces:
        try:
            decoder.decode(piece)
        except UnicodeDecodeError:
            high = sum(byte >= 0x80 for byte in piece)
            return "utf-8" if 6 * len(_UTF8_CHARACTER.findall(piece)) > high else "gb18030"
    return "utf-8"
