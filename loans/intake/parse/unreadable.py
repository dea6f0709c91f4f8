"""Why a file is not read as what it was declared to be, in words."""

from __future__ import annotations

from finance_hub.kernel.problems import FieldError
from finance_hub.kernel.text import Text
from loans.intake.refusals import FileRefused, FileTooComplex, RowTooLong, TooManyRows, UnsupportedFile

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


def refusal(reason: str, **context: int) -> FileRefused:
    """The refusal for a reason of `loans.workbook` or of ours. KeyError for a word that nobody knows."""
    if reason == "too-many-rows":
        return TooManyRows(most=context["most"])
    if reason == "row-too-long":
        return RowTooLong(line=context["line"], most=context["most"])
    unsupported = reason in UNSUPPORTED
    said = (UNSUPPORTED if unsupported else TOO_COMPLEX)[reason].fill(**context)
    shown = {name: str(value) for name, value in context.items()}
    problem = UnsupportedFile if unsupported else FileTooComplex
    return problem(errors=(FieldError(reason, "#", said, shown),), zh=said.zh, en=said.en)
