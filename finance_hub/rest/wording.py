"""Words for the codes of field errors, those of ours and those that DRF raises."""

from __future__ import annotations

from finance_hub.kernel import uscc
from finance_hub.kernel.text import Text

WORDS: dict[str, Text] = {
    "required": Text("必填", "This field is required"),
    "null": Text("不能为 null", "This field may not be null"),
    "blank": Text("不能为空", "This field may not be blank"),
    "empty": Text("不能为空", "This field may not be empty"),
    "not_a_list": Text("应为列表", "A list is expected"),
    "not_a_dict": Text("应为对象", "An object is expected"),
    "invalid": Text("格式不正确", "Not valid"),
    "invalid_choice": Text("不在允许的取值之内", "Not one of the allowed values"),
    "max_length": Text("过长", "Too long"),
    "min_length": Text("过短", "Too short"),
    "max_value": Text("过大", "Too large"),
    "min_value": Text("过小", "Too small"),
    "null_characters_not_allowed": Text("含有空字符", "Holds a NUL character"),
    "surrogate_characters_not_allowed": Text("含有不成对的代理字符", "Holds a lone surrogate"),
    "unknown-field": Text("没有这个字段", "There is no such field"),
    "not-a-string": Text("应为字符串", "A string is expected"),
    "not-an-integer": Text("应为整数", "A whole number is expected"),
    "not-a-boolean": Text("应为 true 或 false", "true or false is expected"),
    "control-characters": Text("含有控制字符或不可见字符", "Holds control or invisible characters"),
    "surrounding-blanks": Text("前后不能有空格", "Starts or ends with a blank"),
    "too-many-inline-rows": Text(
        "一次最多 1000 行；更多的行请上传文件", "At most 1000 rows at once: upload more as a file"
    ),
    "too-many-rows": Text("行数超过上限", "More rows than are taken at once"),
    "amount-not-a-string": Text(
        "金额须为字符串，不能为 JSON 数字", "An amount is a string, not a JSON number"
    ),
    "amount-missing": Text("缺少金额", "The amount is missing"),
    "amount-scale": Text("金额最多两位小数", "An amount has at most two decimal places"),
    "amount-too-large": Text("金额超出范围", "The amount is out of range"),
    "amount-format": Text(
        "金额须写作 1234567.89 的形式", "An amount is written like 1234567.89, in ASCII digits"
    ),
    "amount-not-positive": Text("金额须大于零", "The amount must be greater than zero"),
    "amount-negative": Text("金额不能为负", "The amount must not be negative"),
    "date-format": Text(
        "日期须写作 2026-10-17 的形式且存在，年份为1900至9998",
        "A date is written 2026-10-17, exists, and is of a year from 1900 to 9998",
    ),
    "username-format": Text(
        "用户名须为 3–64 位小写字母、数字、点、下划线或连字符",
        "A user name has 3-64 lower-case letters, digits, dots, underscores or hyphens",
    ),
    "code-format": Text(
        "代码须为 2–40 位小写字母、数字或连字符，以字母开头",
        "A code has 2-40 lower-case letters, digits or hyphens and begins with a letter",
    ),
    "industry-format": Text(
        "行业代码须符合 GB/T 4754-2017，如 C39", "An industry is a code of GB/T 4754-2017, like C39"
    ),
    "date-in-future": Text("日期不能在未来", "The date must not be in the future"),
    "month-format": Text("月份须写作 2026-10 的形式", "A month is written 2026-10"),
    **{f"uscc-{fault}": words for fault, words in uscc.FAULTS.items()},
    "sha256-format": Text("须为 64 位小写十六进制", "64 lower-case hexadecimal digits are expected"),
    "does_not_exist": Text("没有找到所指的对象", "What it names was not found"),
}

#: What can be wrong with a row of a report; the app that takes reports adds its own.
ROWS: dict[str, Text] = {}


def words(code: str) -> Text:
    """The sentence for a code; the code itself where a field of ours brings its own sentence."""
    return WORDS.get(code, Text(code, code))
