"""The sheet of the holdings, which is reckoned from the others and not taken back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from finance_hub.kernel.text import Text
from funds import queries
from funds.models import Fund
from funds.queries.records import When, investee
from funds.workbook import codes
from funds.workbook.columns import Column, Kind
from funds.workbook.sheets import ID, WHOM


def _money(code: str, zh: str, en: str) -> Column:
    return Column(code, Text(f"{zh}（元）", f"{en} (yuan)"), Kind.MONEY)


HOLDINGS = (
    ID,
    *WHOM,
    Column("sub_fund_name", Text("子基金名称", "Name of the sub-fund")),
    _money("invested", "投资成本", "Cost paid"),
    _money("cost_exited", "已退出成本", "Cost exited"),
    _money("cost_written_off", "已核销成本", "Cost written off"),
    _money("remaining_cost", "剩余成本", "Cost left"),
    _money("proceeds", "回款", "Proceeds"),
    _money("income", "股息利息", "Dividends and interest"),
    _money("fair_value", "公允价值", "Fair value"),
    Column("method", Text("估值方法", "Method"), Kind.CODE, choices=codes.METHODS),
    Column("valued_on", Text("估值日", "Valued on"), Kind.DATE),
    Column("last_deal_on", Text("最近一笔交易", "Last deal"), Kind.DATE),
    _money("worth", "计入净资产", "Counts in the NAV"),
)


def holdings(of: Fund, when: When) -> Iterator[dict[str, Any]]:
    """One row a holding, by its first entry. One query."""
    held = queries.holdings(as_of=when.as_of, known_at=when.known_at).filter(fund=of).order_by("pk")
    names = [column.code for column in HOLDINGS[5:-1]]
    for holding in held:
        row = {name: getattr(holding, name) for name in names}
        counts = queries.worth(
            row["remaining_cost"],
            row["fair_value"],
            valued_on=row["valued_on"],
            last_deal_on=row["last_deal_on"],
        )
        called = Text(holding.sub_fund.name, holding.sub_fund.name_en) if holding.sub_fund else None
        yield {
            "id": holding.public_id, **investee(holding), "sub_fund_name": called, **row, "worth": counts,
        }  # fmt: skip
