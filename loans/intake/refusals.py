"""Why a whole file is refused. While it is received the caller hears it, later the batch says it."""

from __future__ import annotations

from finance_hub.kernel.problems import Problem
from finance_hub.kernel.text import Text


class FileRefused(Problem):
    """The file as a whole cannot be taken; no row of it was applied."""

    code = "file-refused"
    status = 422
    title = Text("文件无法受理", "The file cannot be taken")


class TruncatedBody(FileRefused):
    code = "truncated-body"
    status = 400
    title = Text("内容不完整", "The content is cut short")


class MalformedGzip(FileRefused):
    code = "malformed-gzip"
    title = Text("不是完好的 gzip 文件", "This is not a sound gzip file")


class DecompressedTooLarge(FileRefused):
    code = "decompressed-size-limit"
    status = 413
    title = Text("解压后超出大小上限", "Unpacked, the content passes the size limit")
    detail = Text("解压后最多 {most} 字节", "At most {most} bytes unpacked")


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


class ControlTotalMismatch(FileRefused):
    code = "control-total-mismatch"
    title = Text("控制合计不一致", "The control totals differ")
    detail = Text(
        "申报 {declared}，实际 {computed}（{name}）", "Declared {declared}, computed {computed} ({name})"
    )


class RowsRejected(FileRefused):
    code = "rows-rejected"
    title = Text("有行被拒绝，整批未入账", "Rows were rejected, so nothing was applied")
    detail = Text(
        "{rejected} 行被拒绝；受理方式为“全部或不受理”",
        "{rejected} rows rejected; acceptance is all_or_nothing",
    )


class ContentMissing(FileRefused):
    code = "content-missing"
    title = Text("找不到已上传的内容", "The uploaded content is gone")
    detail = Text("请重新申报并上传", "Declare the batch again and upload it again")
