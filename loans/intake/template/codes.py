"""The code lists of a report's columns, with their names."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from finance_hub.kernel.text import Text
from loans import formats
from loans.models import LoanProduct, PledgeType, RecordType, RepaymentMethod
from loans.reasons import REASONS


class Code(NamedTuple):
    code: str
    name: Text


_KINDS = {
    RecordType.DISBURSEMENT: Text("发放", "Disbursement"),
    RecordType.REPAYMENT: Text("还款", "Repayment"),
    RecordType.EXTENSION: Text("展期", "Extension"),
    RecordType.REFINANCING: Text("借新还旧", "Refinancing"),
    RecordType.WRITE_OFF: Text("核销", "Write-off"),
    RecordType.RECOVERY: Text("核销后收回", "Recovery of what was written off"),
    RecordType.ADJUSTMENT: Text("调整", "Adjustment"),
    RecordType.REVERSAL: Text("冲正", "Reversal"),
}
_METHODS = {
    RepaymentMethod.EQUAL_INSTALMENT: Text("等额本息", "Equal instalments"),
    RepaymentMethod.EQUAL_PRINCIPAL: Text("等额本金", "Equal principal"),
    RepaymentMethod.BULLET: Text("一次还本", "Principal at maturity"),
}
_TIERS = {
    "normal": Text("正常", "Normal"),
    "special_mention": Text("关注", "Special mention"),
    "substandard": Text("次级", "Substandard"),
    "doubtful": Text("可疑", "Doubtful"),
    "loss": Text("损失", "Loss"),
}
_PLEDGES = {
    PledgeType.PATENT: Text("专利", "Patent"),
    PledgeType.TRADEMARK: Text("商标", "Trademark"),
    PledgeType.COPYRIGHT: Text("著作权", "Copyright"),
    PledgeType.LAYOUT_DESIGN: Text("集成电路布图设计", "Layout design of integrated circuits"),
    PledgeType.DATA_IP: Text("数据知识产权", "Data intellectual property"),
}


def lists(products: Iterable[LoanProduct]) -> dict[str, list[Code]]:
    """{column: its codes in their order}."""
    return {
        "record_type": [Code(kind.value, _KINDS[kind]) for kind in RecordType],
        "currency": [Code("CNY", Text("人民币", "Renminbi"))],
        "product": [Code(product.code, Text(product.name, product.name_en)) for product in products],
        "repayment_method": [Code(method.value, _METHODS[method]) for method in RepaymentMethod],
        "five_tier": [Code(tier, _TIERS[tier]) for tier in formats.TIERS],
        "pledge_type": [Code(type_.value, _PLEDGES[type_]) for type_ in PledgeType],
        "reason_code": [Code(reason.code, reason.text) for reason in REASONS],
    }
