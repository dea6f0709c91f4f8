"""What each column of a report is, in words for the people who fill it in."""

from __future__ import annotations

from typing import NamedTuple

from finance_hub.kernel.text import Text
from loans import formats
from loans.models import Dataset

ALWAYS = Text("必填", "Required")
NEVER = Text("选填", "Optional")
_LENT = Text("发放时必填", "Required for a disbursement")
_LENT_OR_EXTENDED = Text("发放和展期时必填", "Required for a disbursement and for an extension")
_REVERSED = Text("冲正时必填，其他类型不填", "Required for a reversal, left empty otherwise")
_REASONED = Text(
    "调整、冲正和更正（版本大于 1）时必填", "Required for an adjustment, a reversal and a revision above 1"
)
_PLEDGED = Text(
    "知识产权质押贷发放时至少填一项质物；一项质物的各列同时填写",
    "One pledge at least for the disbursement of an IP pledge loan; all columns of a pledge together",
)

_TEXT = Text("文本，最长 {longest} 个字符", "Text, at most {longest} characters")
_MONEY = Text(
    "金额（元），如 1234567.89，最多两位小数，不带千分位",
    "Yuan, like 1234567.89: two decimals at most, no separators",
)
_RATE = Text("百分数，如 3.4500 表示 3.45%，最多四位小数", "Percent: 3.4500 is 3.45 %; four decimals at most")
_DATE = Text("日期，写作 2026-10-17", "A date, written 2026-10-17")
_WHOLE = Text("整数", "A whole number")
_CODE = Text("从下拉列表中选取", "One of the list")
_USCC = Text("18 位统一社会信用代码，大写，含校验位", "18 characters, upper case, with its check character")

MEANINGS: dict[str, Text] = {
    "client_row_id": Text("贵行自己的行编号，结果中原样返回", "Your own id of the row, echoed in the results"),
    "contract_no": Text("合同编号", "Number of the contract"),
    "drawdown_no": Text("借据编号", "Number of the drawdown"),
    "external_event_id": Text("业务流水号，每笔业务唯一", "Your id of the event, one an event"),
    "revision": Text("版本：首次报送为 1，更正时递增", "1 at first, higher with each correction"),
    "record_type": Text("业务类型", "What happened"),
    "uscc": Text("借款企业的统一社会信用代码", "Unified social credit code of the borrower"),
    "firm_name": Text("借款企业名称", "Name of the borrower"),
    "value_date": Text("发生日期，须在报告期内", "Day it happened, inside the reported month"),
    "amount": Text(
        "金额：大于零；调整可为负但不为零；展期填 0.00",
        "Above zero; an adjustment may be below, but is not zero; an extension is 0.00",
    ),
    "currency": Text("币种", "Currency"),
    "product": Text("贷款产品", "Product"),
    "annual_rate_pct": Text("年利率", "Rate of interest a year"),
    "maturity_date": Text("到期日；展期时填新的到期日", "Maturity; of an extension the new one"),
    "repayment_method": Text("还款方式", "Method of repayment"),
    "lpr_spread_bp": Text("相对 LPR 的基点差，可为负", "Spread to the LPR in basis points, may be below zero"),
    "interest_subsidy_pct": Text("贴息比例", "Interest subsidy"),
    "purpose_industry": Text("资金投向行业代码（GB/T 4754-2017），如 C39", "Industry it pays for (GB/T 4754-2017), like C39"),
    "branch_code": Text("经办机构代码", "Branch"),
    "talent_programme": Text("人才项目", "Talent programme"),
    "warrant_ref": Text("认股权编号", "Reference of a warrant"),
    "guarantee_ref": Text("担保编号", "Reference of a guarantee"),
    "reverses": Text("被冲正业务的流水号", "The external_event_id that it takes back"),
    "reason_code": Text("原因代码", "Reason"),
    "balance": Text("月末余额，不小于零", "Balance at the end of the month, not below zero"),
    "overdue_days": Text("逾期天数，未逾期为 0", "Days overdue, 0 where none"),
    "overdue_principal": Text("逾期本金", "Principal overdue"),
    "overdue_interest": Text("逾期利息", "Interest overdue"),
    "five_tier": Text("五级分类，不得优于逾期天数对应的下限", "Class, never better than the floor of its overdue days"),
}  # fmt: skip
_PLEDGE_MEANINGS: dict[str, Text] = {
    "type": Text("质物 {number}：类型", "Pledge {number}: type"),
    "certificate_no": Text("质物 {number}：权利证书编号", "Pledge {number}: number of the certificate"),
    "registration_no": Text("质物 {number}：质押登记编号", "Pledge {number}: number of the registration"),
    "appraised_value": Text("质物 {number}：评估价值", "Pledge {number}: appraised value"),
    "share_pct": Text(
        "质物 {number}：担保份额（%），各质物合计不超过 100",
        "Pledge {number}: share in percent, at most 100 together",
    ),
}
_NEEDED: dict[str, Text] = {
    "product": _LENT,
    "annual_rate_pct": _LENT,
    "repayment_method": _LENT,
    "maturity_date": _LENT_OR_EXTENDED,
    "reverses": _REVERSED,
    "reason_code": _REASONED,
}


class Column(NamedTuple):
    """`choices` names the code list that its values come from, "" for none."""

    name: str
    meaning: Text
    needed: Text
    format: Text
    choices: str


def of(dataset: str) -> list[Column]:
    """Those of a report in their order."""
    return [_column(name, dataset) for name in formats.csv_columns(dataset)]


def _column(name: str, dataset: str) -> Column:
    if name in formats.PLEDGE_COLUMNS:
        _, number, field = name.split("_", 2)
        meaning = _PLEDGE_MEANINGS[field].fill(number=number)
        return Column(name, meaning, _PLEDGED, _format(field), "pledge_type" if field == "type" else "")
    required = formats.REQUIRED[Dataset(dataset)]
    needed = ALWAYS if name in required else _NEEDED.get(name, NEVER)
    return Column(name, MEANINGS[name], needed, _format(name), name if name in CHOSEN else "")


#: The columns whose values are codes.
CHOSEN = frozenset({"record_type", "currency", "product", "repayment_method", "reason_code", "five_tier"})


def _format(field: str) -> Text:
    if field in CHOSEN or field == "type":
        return _CODE
    if field == "uscc":
        return _USCC
    if field in formats.WHOLE:
        return _WHOLE
    if field in formats.RATES or field == "share_pct":
        return _RATE
    if field in formats.DATES:
        return _DATE
    if field in formats.MONEY or field == "appraised_value":
        return _MONEY
    return _TEXT.fill(longest=formats.LONGEST.get(field, 64))
