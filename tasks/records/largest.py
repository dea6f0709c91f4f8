"""What stands behind each line of the largest firms' public exposure: the records that it was reckoned from, whole."""

from __future__ import annotations

from finance_hub.kernel.text import Text
from tasks.records import funds
from tasks.records.guarantees import guaranteed
from tasks.records.source import Adds, Source, together

_WHY = Text(
    "子基金所持按实缴份额逐层分摊，贷款、担保与代偿按协议比例在代偿上限与资金池余额内分担：所列为全额，各行不直接相加",
    "What sub-funds hold is split by paid-in shares, loans, guarantees and claims by the shares of their agreements within "
    "caps and pools: the lines are whole amounts and do not simply add up",
)


def _key(line: str, firm: str = "x.firm_id") -> str:
    return f"(SELECT k.uscc FROM kernel_firm k WHERE k.id = {firm}) || '|{line}'"


def _deals(line: str, tier: str) -> str:
    cost = "CASE x.kind WHEN 'investment' THEN x.cost ELSE -x.cost END"
    return funds.deals(f"x.firm_id IS NOT NULL AND x.cost <> 0 AND {tier}", key=_key(line), amount=cost)


def _covers(line: str, where: str) -> str:
    return guaranteed("x.outstanding", key=_key(line), where=where)


_IS_POLICY = "(SELECT g.instrument FROM loans_guarantee g WHERE g.id = x.id) = 'credit_insurance'"
_LINES = together(
    _deals("equity", funds.OWN),
    _deals("equity_through", f"NOT ({funds.OWN})"),
    _covers("loans_shared", "x.reported"),
    _covers("guarantees", f"NOT x.reported AND NOT {_IS_POLICY}"),
    _covers("insurance", f"NOT x.reported AND {_IS_POLICY}"),
    guaranteed("x.claim", key=_key("compensation")).replace("'guarantee' AS record", "'claim' AS record"),
)
SOURCES: dict[tuple[str, str], Source] = {
    ("exposure.largest_line", "firm_line"): Source(_LINES, Adds.NOT, ("flow", "guarantees"), why=_WHY),
}
