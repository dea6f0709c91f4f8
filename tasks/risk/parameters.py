"""Which numbers a set of assumptions has, what they are called, and the set that is delivered with the product."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import NamedTuple, Self

import orjson

from finance_hub.kernel.text import Text
from loans.codes import industries
from tasks.models import ParameterKind, RiskParameter

DELIVERED = Path(__file__).resolve().parents[1] / "data" / "risk_assumptions.json"
#: The loading of every industry that has none of its own.
ANY = "*"
#: A class that no bank has reported, a stage that nobody has registered, and firms on their way to a listing.
UNCLASSIFIED, UNSTAGED, PRE_LISTING = "unclassified", "unstaged", "pre_listing"

KINDS = {
    ParameterKind.PD_CLASS: Text(
        "失败概率：按五级分类（12 个月）", "Probability of failing by class, 12 months"
    ),
    ParameterKind.PD_STAGE: Text(
        "失败概率：按企业阶段（12 个月）", "Probability of failing by stage, 12 months"
    ),
    ParameterKind.LGD: Text("违约损失率：按工具与质押种类", "Loss given failure by instrument and pledge"),
    ParameterKind.LOADING: Text("共同因子载荷：按行业", "Loading on the common factor by industry"),
}
#: Kind → key → what it is called. A set has each of them.
REQUIRED: dict[str, dict[str, Text]] = {
    "pd_class": {
        "normal": Text("正常", "Normal"),
        "special_mention": Text("关注", "Special mention"),
        "substandard": Text("次级", "Substandard"),
        "doubtful": Text("可疑", "Doubtful"),
        "loss": Text("损失，或代偿后未追回", "Loss, or compensated and not recovered"),
        UNCLASSIFIED: Text("未报送分类", "Class not reported"),
    },
    "pd_stage": {
        "seed": Text("种子期", "Seed"),
        "startup": Text("初创期", "Start-up"),
        "growth": Text("成长期", "Growth"),
        "expansion": Text("扩张期", "Expansion"),
        "mature": Text("成熟期", "Mature"),
        UNSTAGED: Text("阶段未登记", "Stage not registered"),
        PRE_LISTING: Text("上市进程中（辅导备案起）", "On the way to a listing (tutoring filed)"),
    },
    "lgd": {
        "equity": Text("股权", "Equity"),
        "loan": Text("贷款，无知识产权质押部分", "Loan, the part without IP pledged"),
        "patent": Text("贷款，专利质押部分", "Loan secured by patents"),
        "trademark": Text("贷款，商标质押部分", "Loan secured by trademarks"),
        "copyright": Text("贷款，著作权质押部分", "Loan secured by copyrights"),
        "layout_design": Text("贷款，布图设计质押部分", "Loan secured by layout designs"),
        "data_ip": Text("贷款，数据知识产权质押部分", "Loan secured by data IP"),
        "guarantee": Text("担保，贷款未在本系统列报", "Guarantee on a loan not reported here"),
        "claim": Text("代偿后未追回额", "Compensated and not recovered"),
    },
    "loading": {ANY: Text("其他行业", "Every other industry")},
}


@cache
def optional() -> dict[str, dict[str, Text]]:
    """What a set may have besides: loadings by section of GB/T 4754."""
    sections = {industry.code: industry.text for industry in industries() if len(industry.code) == 1}
    return {"loading": sections}


def label(kind: str, key: str) -> Text:
    return REQUIRED[kind].get(key) or optional().get(kind, {})[key]


def order(kind: str) -> list[str]:
    """The keys of a kind, as they are shown."""
    return [*REQUIRED[kind], *optional().get(kind, {})]


class Assumed(NamedTuple):
    """A number of a set with what it rests on."""

    kind: str
    key: str
    value: Decimal
    source: str
    is_invented: bool


def delivered(*, language: str = "zh-hans") -> tuple[str, list[Assumed]]:
    """The document and the numbers of the set that comes with the product; many of them are invented, and say so."""
    held = orjson.loads(DELIVERED.read_bytes())

    def said(of: dict[str, str], name: str) -> str:
        return Text(of[name], of[f"{name}_en"]).say(language)

    rows = [
        Assumed(row["kind"], row["key"], Decimal(row["value"]), said(row, "source"), row["is_invented"])
        for row in held["parameters"]
    ]
    return said(held, "document"), rows


@dataclass(frozen=True)
class Parameters:
    """A set as the engine takes it: kind → key → number."""

    numbers: Mapping[str, Mapping[str, float]]

    @classmethod
    def of(cls, rows: Iterable[RiskParameter | Assumed]) -> Self:
        numbers: dict[str, dict[str, float]] = {kind: {} for kind in REQUIRED}
        for row in rows:
            numbers[row.kind][row.key] = float(row.value)
        return cls(numbers)

    def pd_of_class(self, tier: str) -> float:
        return self.numbers["pd_class"][tier]

    def pd_of_stage(self, stage: str) -> float:
        return self.numbers["pd_stage"][stage]

    def lgd(self, of: str) -> float:
        return self.numbers["lgd"][of]

    def loading(self, industry: str) -> float:
        """`industry` is a code of GB/T 4754 of any length, or ""."""
        loadings = self.numbers["loading"]
        return loadings.get(industry[:1], loadings[ANY])
