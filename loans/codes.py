"""Code lists: every word a report may use, in both languages, with its validity `[from, to)`."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path
from typing import NamedTuple

import orjson

from finance_hub.kernel.text import Text
from loans.formats import TIERS
from loans.models import Dataset, LoanProduct, PledgeType, RecordType, RepaymentMethod
from loans.reasons import REASONS

_DATA = Path(__file__).parent / "data"
_INDUSTRY = re.compile(r"[A-T][0-9]{2,4}", re.ASCII)

_DATASETS = {"flow": Text("发生额", "Flow: what happened"), "stock": Text("存量", "Stock: the month's end")}
_RECORD_TYPES = {
    "disbursement": Text("发放", "Disbursement"),
    "repayment": Text("还款", "Repayment"),
    "extension": Text("展期", "Extension"),
    "refinancing": Text("借新还旧、无还本续贷", "Refinancing"),
    "write_off": Text("核销", "Write-off"),
    "recovery": Text("核销后收回", "Recovery after a write-off"),
    "adjustment": Text("调整", "Adjustment"),
    "reversal": Text("冲正", "Reversal"),
}
_TIERS = {
    "normal": Text("正常", "Normal"),
    "special_mention": Text("关注", "Special mention"),
    "substandard": Text("次级", "Substandard"),
    "doubtful": Text("可疑", "Doubtful"),
    "loss": Text("损失", "Loss"),
}
_PLEDGE_TYPES = {
    "patent": Text("专利", "Patent"),
    "trademark": Text("商标", "Trademark"),
    "copyright": Text("著作权", "Copyright"),
    "layout_design": Text("集成电路布图设计", "Layout design of integrated circuits"),
    "data_ip": Text("数据知识产权", "Data intellectual property"),
}
_REPAYMENT_METHODS = {
    "equal-instalment": Text("等额本息", "Equal instalments"),
    "equal-principal": Text("等额本金", "Equal principal"),
    "bullet": Text("一次还本", "Principal at maturity"),
}


class Code(NamedTuple):
    """`parent` is the code it stands below in the same list; a bound that is None is open."""

    code: str
    text: Text
    parent: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None


def products() -> list[Code]:
    rows = LoanProduct.objects.order_by("position")
    return [
        Code(row.code, Text(row.name, row.name_en), valid_from=row.valid_from, valid_to=row.valid_to)
        for row in rows
    ]


@cache
def industries() -> tuple[Code, ...]:
    """Sections and divisions of GB/T 4754-2017, e.g. `C` and `C39`."""
    return _read("industries.json")


@cache
def districts() -> tuple[Code, ...]:
    """The city and its towns; a town is named as the registry of firms names it."""
    return _read("districts.json")


def is_industry(code: str) -> bool:
    """Whether a code such as `I651` begins with a division of GB/T 4754-2017.

    Groups and classes below the division are not looked up: their list is not held.
    """
    return bool(_INDUSTRY.fullmatch(code)) and code[:3] in {industry.code for industry in industries()}


#: Name of the list → what it holds, in its order.
LISTS: dict[str, Callable[[], list[Code]]] = {
    "products": products,
    "record-types": lambda: _named(RecordType.values, _RECORD_TYPES),
    "five-tier": lambda: _named(TIERS, _TIERS),
    "repayment-methods": lambda: _named(RepaymentMethod.values, _REPAYMENT_METHODS),
    "pledge-types": lambda: _named(PledgeType.values, _PLEDGE_TYPES),
    "reason-codes": lambda: [Code(reason.code, reason.text) for reason in REASONS],
    "currencies": lambda: [Code("CNY", Text("人民币", "Renminbi"))],
    "datasets": lambda: _named(Dataset.values, _DATASETS),
    "industries": lambda: list(industries()),
    "districts": lambda: list(districts()),
}


def _named(codes: list[str] | tuple[str, ...], texts: dict[str, Text]) -> list[Code]:
    return [Code(code, texts[code]) for code in codes]


def _read(name: str) -> tuple[Code, ...]:
    held = orjson.loads((_DATA / name).read_bytes())
    bounds = [
        date.fromisoformat(held[bound]) if held[bound] else None for bound in ("valid_from", "valid_to")
    ]
    return tuple(
        Code(row["code"], Text(row["name"], row["name_en"]), row["parent"], *bounds) for row in held["codes"]
    )
