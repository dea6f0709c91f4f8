"""The sheets of a fund: for each kind of row its columns, when it is the same as a held one, and which operation takes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from finance_hub.kernel.text import Text
from funds.models import Fund, FundEventKind, HoldingEventKind
from funds.queries import records
from funds.queries.records import Record, When
from funds.workbook import codes, entering
from funds.workbook.columns import LONGEST, NOTHING, Column, Kind
from funds.workbook.entering import Entering


@dataclass(frozen=True, eq=False)
class Sheet:
    """`keys` are the columns by which a row without a number is known to be held already: the first of them that
    the row fills, where there are several. `main` is the column that a refusal of the whole row points at.

    A row that is held and differs in nothing but `remarks` is held already where no number names it; one that
    differs in what it `replaces` is a new row in the place of the held one; any other difference is refused.
    Rows are entered by day, and on one day in the order of `ranks`. `moneys` are added up.
    """

    code: str
    title: Text
    columns: tuple[Column, ...]
    keys: tuple[tuple[str, ...], ...]
    main: str
    moneys: tuple[str, ...]
    held: Callable[..., list[Record]]
    enter: Callable[[dict[str, Any], Entering], str]
    replaces: frozenset[str] = frozenset()
    remarks: frozenset[str] = frozenset({"note"})
    ranks: tuple[str, ...] = ()

    def key(self, facts: dict[str, Any]) -> list[tuple[Any, ...]]:
        """Those of `keys` that the facts of a row fill, or the last; an empty cell is a fact where there is but one."""
        found = [tuple(facts[name] for name in names) for names in self.keys]
        return [key for key in found[:-1] if None not in key] + found[-1:]

    @property
    def taken(self) -> tuple[Column, ...]:
        return tuple(column for column in self.columns if column.taken)

    def column(self, code: str) -> Column:
        return next(column for column in self.columns if column.code == code)

    def rank(self, values: dict[str, Any]) -> int:
        return self.ranks.index(values["kind"]) if self.ranks else 0


def _shown(code: str, zh: str, en: str, kind: Kind = Kind.WORDS, **more: Any) -> Column:
    return Column(code, Text(zh, en), kind, taken=False, **more)


ID = Column(
    "id", Text("编号", "Number"), most=40,
    hint=Text("导出时自动填写；新增的行留空", "Filled in by the export; empty for a new row"),
)  # fmt: skip
USCC = Column(
    "uscc", Text("企业统一社会信用代码", "Credit code of the firm"), Kind.USCC,
    hint=Text("18 位；投资子基金的留空", "18 characters; empty for a sub-fund"),
)  # fmt: skip
NAME = Column("firm_name", Text("企业名称", "Name of the firm"))
SUB_FUND = Column(
    "sub_fund", Text("子基金代码", "Code of the sub-fund"), most=40,
    hint=Text("持有的是子基金时填写", "Where what is held is a sub-fund"),
)  # fmt: skip
DATE = Column("effective_date", Text("日期", "Date"), Kind.DATE, required=True)
NOTE = Column("note", Text("备注", "Note"), most=LONGEST, otherwise="")
RECORDED = (
    _shown("recorded_at", "登记时间", "Recorded at", Kind.MOMENT),
    _shown("recorded_by", "登记人", "Recorded by"),
)
STATE = (
    _shown("state", "状态", "State", Kind.CODE, choices=codes.STATES),
    _shown("refers_to", "所涉记录编号", "Number of the entry concerned"),
)
WHOM = (USCC, NAME, SUB_FUND)


def _money(code: str, zh: str, en: str, *, required: bool = True, hint: Text = NOTHING) -> Column:
    return Column(code, Text(f"{zh}（元）", f"{en} (yuan)"), Kind.MONEY, required=required, hint=hint)


def _choice(code: str, zh: str, en: str, choices: Any, *, required: bool = True, **more: Any) -> Column:
    return Column(code, Text(zh, en), Kind.CODE, required=required, choices=choices, **more)


def _net(code: str, zh: str, en: str) -> Column:
    return _shown(code, f"{zh}（元）", f"{en} (yuan)", Kind.MONEY)


def _investments(of: Fund, when: When | None = None) -> list[Record]:
    return records.holding_event_records(of, [HoldingEventKind.INVESTMENT], when)


def _exits(of: Fund, when: When | None = None) -> list[Record]:
    return records.holding_event_records(of, [one.code for one in codes.HOLDING[1:]], when)


_LEDGER = Sheet(
    "ledger",
    Text("资金流水", "Ledger"),
    (
        _choice("kind", "类型", "Kind", codes.LEDGER),
        Column("investor", Text("出资人", "Investor"),
               hint=Text("管理费、费用和收益分成留空", "Empty for a fee, an expense and carried interest")),
        _money("amount", "金额", "Amount"),
        DATE,
        _choice("nature", "分配性质", "Nature", codes.NATURES, required=False, otherwise=""),
        _choice("recallable", "可再催缴", "May be called again", codes.YES_NO, required=False, otherwise=False),
        _choice("outside_commitment", "认缴额之外", "On top of the commitment", codes.YES_NO, required=False,
                otherwise=False),
        NOTE,
        ID,
        _net("net_amount", "净额", "Net amount"),
        *STATE,
        *RECORDED,
    ),
    keys=(("kind", "investor", "amount", "effective_date", "nature", "recallable", "outside_commitment"),),
    main="amount",
    moneys=("amount",),
    held=records.ledger_records,
    enter=entering.ledger,
    ranks=(
        FundEventKind.COMMITMENT, FundEventKind.CALL, FundEventKind.CONTRIBUTION, FundEventKind.DISTRIBUTION,
        FundEventKind.FEE, FundEventKind.EXPENSE, FundEventKind.CARRY, FundEventKind.RELEASE,
    ),
)  # fmt: skip
_INVESTMENTS = Sheet(
    "investments",
    Text("投资", "Investments"),
    (*WHOM, _money("amount", "投资金额", "Amount paid"), DATE, NOTE, ID,
     _net("net_cash", "现金净额", "Net cash"), *STATE, *RECORDED),
    keys=(("investee", "amount", "effective_date"),),
    main="amount",
    moneys=("amount",),
    held=_investments,
    enter=entering.investment,
)  # fmt: skip
_VALUATIONS = Sheet(
    "valuations",
    Text("估值", "Valuations"),
    (*WHOM, _money("fair_value", "公允价值", "Fair value"),
     _choice("method", "估值方法", "Method", codes.METHODS), DATE, ID, *RECORDED),
    keys=(("investee", "effective_date"),),
    main="uscc",
    moneys=("fair_value",),
    held=records.valuation_records,
    enter=entering.valuation,
    replaces=frozenset({"fair_value", "method"}),
    remarks=frozenset(),
)  # fmt: skip
_EXITS = Sheet(
    "exits",
    Text("退出与回款", "Exits and receipts"),
    (_choice("kind", "类型", "Kind", codes.HOLDING[1:]), *WHOM,
     _money("cash", "收回现金", "Cash got", required=False,
            hint=Text("退出填写（可为 0）；核销留空", "Of an exit (0 where nothing was got); empty for a write-off")),
     _money("cost", "结转成本", "Cost released", required=False,
            hint=Text("退出与核销填写；股息利息与核销后收回留空", "Of an exit and a write-off; empty for a receipt")),
     DATE, NOTE, ID, _net("net_cash", "现金净额", "Net cash"), *STATE, *RECORDED),
    keys=(("kind", "investee", "cash", "cost", "effective_date"),),
    main="effective_date",
    moneys=("cash", "cost"),
    held=_exits,
    enter=entering.exit,
    ranks=(
        HoldingEventKind.EXIT, HoldingEventKind.WRITE_OFF, HoldingEventKind.RECOVERY, HoldingEventKind.INCOME,
    ),
)  # fmt: skip
_DEALS = Sheet(
    "deals",
    Text("项目", "Deals"),
    (
        Column("uscc", USCC.heading, Kind.USCC,
               hint=Text("初筛前可只写企业名称", "Until screening the name alone will do")),
        NAME,
        Column("title", Text("项目名称", "Title"), required=True),
        _choice("source", "项目来源", "Source", codes.SOURCES),
        Column("referred_by", Text("推荐人", "Referred by"), otherwise="",
               hint=Text("来源为推荐或银行推介时必填", "Required for a referral and for one of a bank")),
        _choice("instrument", "投资方式", "Instrument", codes.INSTRUMENTS),
        _money("planned_amount", "拟投金额", "Planned amount"),
        Column("lead", Text("负责人", "Lead"), required=True, most=100),
        Column("effective_date", Text("接洽日期", "First meeting"), Kind.DATE, required=True),
        NOTE,
        ID,
        _shown("stage", "最近环节", "Last stage", Kind.CODE, choices=codes.STAGES),
        _shown("step_date", "环节日期", "Date of the stage", Kind.DATE),
        *RECORDED,
    ),
    keys=(("title", "uscc"), ("title", "firm_name")),
    main="title",
    moneys=("planned_amount",),
    held=records.deal_records,
    enter=entering.deal,
)  # fmt: skip

#: By the code that callers name; a manager's own order.
SHEETS: dict[str, Sheet] = {
    sheet.code: sheet for sheet in (_DEALS, _INVESTMENTS, _VALUATIONS, _EXITS, _LEDGER)
}
