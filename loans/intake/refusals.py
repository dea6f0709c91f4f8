"""Why a report is refused as a whole, beside what any file of rows is refused for (`kernel.files`).

While it is received the caller hears it, later the batch says it.
"""

from __future__ import annotations

from finance_hub.kernel.files import FileRefused
from finance_hub.kernel.text import Text


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
