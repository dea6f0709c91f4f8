"""What can be wrong with a row: stable codes and their sentences in both languages.

Outcomes store code, pointer and context; the sentence is said when it is shown.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from finance_hub.kernel import sheets
from finance_hub.kernel.text import Text
from finance_hub.rest.wording import ROWS, words

FAULTS: dict[str, Text] = {
    # the row cannot be read
    "malformed-json": Text(
        "这一行不是合法的 JSON（第 {column} 个字符处）", "This line is not valid JSON (at character {column})"
    ),
    "no-json-value": Text(
        "这一行含有 JSON 不允许的值（如 NaN、过长的数字或半个字符）",
        "The line holds what JSON does not allow: NaN, a number of too many digits, half a character",
    ),
    "not-an-object": Text("这一行不是 JSON 对象", "This line is not a JSON object"),
    "undecodable-bytes": Text(
        "第 {line} 行第 {byte} 字节无法解码", "Line {line} cannot be decoded at its byte {byte}"
    ),
    "duplicate-name": Text("同一字段出现两次", "The name occurs twice in the row"),
    "wrong-number-of-cells": Text(
        "这一行有 {cells} 个单元格，表头有 {columns} 列", "The row has {cells} cells, the header {columns}"
    ),
    **sheets.CELLS,
    # a field
    "nested-value": Text("此处不能是列表或对象", "A list or an object is not expected here"),
    "not-a-list": Text("应为列表", "A list is expected"),
    "too-long": Text("最长 {longest} 个字符", "At most {longest} characters"),
    "not-allowed": Text("只能取：{allowed}", "Allowed are: {allowed}"),
    "too-small": Text("不能小于 {least}", "Not less than {least}"),
    "too-large": Text("数值过大", "The number is too large"),
    "amount-zero": Text("调整金额不能为零", "An adjustment is not zero"),
    "amount-not-zero": Text("展期的金额须为 0.00", "The amount of an extension is 0.00"),
    "currency-not-cny": Text("币种须为 CNY", "The currency is CNY"),
    "rate-format": Text("利率须写作 3.4500 的形式，在 0 与 100 之间", "A rate is written 3.4500, from 0 to below 100"),
    "rate-scale": Text("利率最多四位小数", "A rate has at most four decimal places"),
    "date-outside-period": Text("日期不在报告期 {period} 之内", "The date is outside the period {period}"),
    "maturity-not-after-value-date": Text("到期日须晚于起息日", "It matures after its value date"),
    "reverses-not-expected": Text("只有冲正可以指明被冲正的事件", "Only a reversal names an event to take back"),
    "pledge-share-format": Text(
        "份额须写作 60.00 的形式，大于 0 且不超过 100", "A share is written 60.00, above 0, at most 100"
    ),
    "pledge-shares-exceed-100": Text("各质物份额合计 {sum}，超过 100", "The shares add up to {sum}, above 100"),
    "too-many-pledges": Text("质物过多", "Too many pledges"),
    "five-tier-better-than-floor": Text(
        "逾期 {overdue_days} 天，分类不得优于 {floor}", "Overdue {overdue_days} days: no better than {floor}"
    ),
    # the row among others
    "duplicate-in-file": Text("与第 {first_row} 行重复", "It repeats row {first_row}"),
    "revision-conflict": Text(
        "同一事件同一版本已有不同内容", "The same revision is known with other content"
    ),
    "contract-of-another-firm": Text(
        "该合同的借款人是 {uscc}", "The borrower of this contract is {uscc}"
    ),
    "contract-unknown": Text("没有这个合同", "There is no such contract"),
    "drawdown-unknown": Text("该合同没有这笔借据", "The contract has no such drawdown"),
    "drawdown-already-disbursed": Text(
        "该借据已由事件 {event} 发放", "Event {event} has disbursed this drawdown already"
    ),
    "product-cannot-be-revised": Text(
        "产品不能更正（现为 {product}）；请冲正后以新借据号重报",
        "The product ({product}) cannot be revised: reverse it and report a new drawdown number",
    ),
    "revision-changes-identity": Text(
        "更正不能改变事件的合同、借据、类型或被冲正事件",
        "A revision keeps contract, drawdown, record type and reversed event",
    ),
    "reversed-event-unknown": Text("没有可冲正的事件 {event}", "There is no event {event} to take back"),
    "reversed-event-of-another-drawdown": Text(
        "事件 {event} 属于另一笔借据", "Event {event} belongs to another drawdown"
    ),
    "reversal-of-a-reversal": Text("冲正不能再被冲正", "A reversal is not taken back"),
    "event-already-reversed": Text("该事件已被冲正", "The event is reversed already"),
    "reversal-amount-differs": Text(
        "被冲正事件的金额是 {expected}", "The event it takes back is of {expected}"
    ),
    "reversal-before-event": Text("冲正日期早于被冲正事件", "It is dated before the event it takes back"),
    "extension-before-maturity": Text(
        "展期后的到期日早于原到期日 {maturity_date}", "It is before the maturity {maturity_date} that it extends"
    ),
    "repayment-exceeds-balance": Text(
        "还款 {amount} 大于余额 {balance}", "{amount} exceeds the outstanding balance {balance}"
    ),
    "recovery-exceeds-write-off": Text(
        "追偿 {amount} 大于已核销而未收回的 {room}", "{amount} exceeds what is written off and not recovered ({room})"
    ),
    "ip-pledged-already": Text(
        "该知识产权已为合同 {contract_no} 的借据 {drawdown_no} 质押",
        "This IP is pledged already for drawdown {drawdown_no} of contract {contract_no}",
    ),
    "ip-pledged-elsewhere": Text("该知识产权已在别处质押", "This IP is pledged elsewhere"),
    "drawdown-refused": Text(
        "同一借据的第 {row} 行未被接受", "Row {row}, of the same drawdown, cannot be taken"
    ),
    "product-not-offered": Text(
        "该产品在该日不可发放（{period}）", "The product is not lent on that day ({period})"
    ),
    "balance-below-zero": Text(
        "余额将小于零（可用余额 {balance}）", "The balance would fall below zero ({balance} is there)"
    ),
    # warnings
    "reason-code-unknown": Text("原因代码不在代码表中", "The reason code is not in the code list"),
    "industry-unknown": Text(
        "行业代码不属于 GB/T 4754-2017 的任何大类", "The industry begins with no division of GB/T 4754-2017"
    ),
    "firm-name-differs": Text("企业名称与登记的“{registered}”不同", "The registry knows it as {registered}"),
    "refinancing-kind-missing": Text(
        "未说明是借新还旧（renew-by-new-loan）还是无还本续贷（renew-without-repayment）",
        "It does not say whether it is renew-by-new-loan or renew-without-repayment",
    ),
    "branch-unknown": Text("网点代码未登记", "The branch code is not registered"),
    "missing-from-snapshot": Text(
        "余额为 {balance} 的借据 {drawdown_no} 不在存量报告中",
        "Drawdown {drawdown_no} with balance {balance} is not in the snapshot",
    ),
}  # fmt: skip
ROWS.update(FAULTS)
#: The row counts as accepted all the same.
WARNINGS = frozenset(
    {
        "reason-code-unknown",
        "industry-unknown",
        "firm-name-differs",
        "missing-from-snapshot",
        "refinancing-kind-missing",
        "branch-unknown",
    }
)


def sentence(code: str, context: Mapping[str, Any]) -> Text:
    """What the code says, filled from its context; a name that is missing stays empty."""
    text = FAULTS.get(code) or words(code)
    known = defaultdict(str, context)
    return Text(text.zh.format_map(known), text.en.format_map(known))
