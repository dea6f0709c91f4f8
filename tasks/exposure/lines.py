"""The lines of an exposure: what each counts and what it leaves to another, so that no yuan stands in two."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

from finance_hub.kernel.text import Text


class Code(StrEnum):
    EQUITY = "equity"
    THROUGH = "equity_through"
    LOANS = "loans"
    SHARED = "loans_shared"
    GUARANTEES = "guarantees"
    INSURANCE = "insurance"
    COMPENSATION = "compensation"
    SUBSIDIES = "subsidies"


class Words(NamedTuple):
    """`counts` says what the line adds up, `leaves_out` what it does not, and where that stands."""

    name: Text
    counts: Text
    leaves_out: Text


LINES: dict[Code, Words] = {
    Code.EQUITY: Words(
        Text("直接股权", "Direct equity"),
        Text(
            "市级基金直接持有股权的剩余成本；公允价值为最近估值，未估值或估值早于最近交易的按成本",
            "Cost left of what the city's funds hold themselves; fair value as last reported, at cost where there is "
            "none or a deal came after it",
        ),
        Text(
            "不含子基金所持（见穿透股权）；认股权行权前不占用资金，不计；行权或转股为新的股权投入，与贷款不是同一笔钱",
            "Not what sub-funds hold (look-through); a warrant costs nothing until it is exercised, and what is paid "
            "then is other money than the loan's",
        ),
    ),
    Code.THROUGH: Words(
        Text("穿透股权", "Look-through equity"),
        Text(
            "市级基金经子基金间接持有的部分，按所选份额口径逐层分摊",
            "What the city's funds hold through sub-funds, split at each fund by the chosen shares",
        ),
        Text(
            "不含子基金中其他出资人的部分；母基金对子基金的出资不另计",
            "Not the part of other investors of the sub-funds; what the mother fund paid into them is not counted again",
        ),
    ),
    Code.LOANS: Words(
        Text("专项贷款", "Loans"),
        Text("银行专项贷款余额全额", "The whole balance of the banks' loans"),
        Text(
            "银行资金不是公共资金：公共部分见下一行；已核销的贷款不在余额内",
            "A bank's money is no public money: the public part is the next line; written-off loans are not in it",
        ),
    ),
    Code.SHARED: Words(
        Text("贷款中的公共分担", "Public share of the loans"),
        Text(
            "有担保、保险或资金池分险的贷款，若全部损失，由政府、担保、再担保、国家基金与资金池承担的部分，"
            "按保函所依协议的比例，受代偿上限与资金池余额约束，超出部分归协议约定的一方",
            "Of loans that are guaranteed, insured or behind a pool: what government, guarantors, re-guarantors, the "
            "national fund and the pool would bear if all were lost, by the shares of the agreement and within its cap "
            "and the pool's balance; what passes these stays with the party that the agreement names",
        ),
        Text(
            "已含在贷款余额内，不再计入融资总额；银行、保险公司与其他机构承担的部分不计",
            "Part of the balances above and not added to the total finance again; not what banks, insurers and others "
            "bear",
        ),
    ),
    Code.GUARANTEES: Words(
        Text("未列报贷款的担保", "Guarantees on loans not reported"),
        Text(
            "银行未在本系统报送的贷款的在保余额，公共分担口径同上",
            "What guarantees cover of loans that no bank has reported here; the public share as above",
        ),
        Text(
            "已报送贷款的担保即该笔贷款，见上两行",
            "A guarantee on a reported loan is that loan: the two lines above",
        ),
    ),
    Code.INSURANCE: Words(
        Text("信用保证保险", "Credit insurance"),
        Text(
            "银行未报送的贷款的在保保额，公共部分为政府与资金池的分担",
            "What policies cover of loans that no bank has reported here; public is what government and pool would bear",
        ),
        Text(
            "保险公司自担部分不是公共资金；已报送贷款的保险见贷款",
            "An insurer's own part is no public money; policies on reported loans are with the loans",
        ),
    ),
    Code.COMPENSATION: Words(
        Text("代偿未追回", "Compensated, not recovered"),
        Text(
            "已代偿的本金与利息减追偿与核销，公共部分为政府、担保、再担保、国家基金与资金池实际支付的份额",
            "Principal and interest that were compensated, less recoveries and write-offs; public is what government, "
            "guarantors, re-guarantors, the national fund and the pool paid of it",
        ),
        Text("代偿后贷款余额已消，不重复", "The loan is gone from the balances once it is compensated"),
    ),
    Code.SUBSIDIES: Words(
        Text("财政贴息", "Interest subsidies"),
        Text("当年至最近整月应付的贴息", "What is payable for the calendar year up to the last whole month"),
        Text(
            "已支出而不可收回，单列，不计入敞口合计",
            "Spent and not to come back: shown apart and in no total",
        ),
    ),
}  # fmt: skip
PUBLIC_TOTAL = Words(
    Text("公共资金敞口合计", "Public exposure"),
    Text(
        "直接股权、穿透股权、贷款中的公共分担、未列报贷款担保与保险的公共分担、代偿未追回的公共部分之和",
        "Direct and look-through equity, the public share of the loans, of guarantees and policies on loans not "
        "reported, and of what was compensated and not recovered",
    ),
    Text(
        "不含银行与保险公司自担部分，不含贴息", "Without what banks and insurers bear, and without subsidies"
    ),
)
FINANCE_TOTAL = Words(
    Text("融资总额", "Total finance"),
    Text(
        "直接股权、穿透股权、贷款余额、未列报贷款的担保与保险、代偿未追回之和",
        "Direct and look-through equity, loan balances, guarantees and policies on loans not reported, and what was "
        "compensated and not recovered",
    ),
    Text("含银行与保险公司自担部分，不含贴息", "With what banks and insurers bear, and without subsidies"),
)
#: No insurer takes part in the city: that no policy is there says nothing.
NOT_RECORDED = "not-recorded"


class Amounts(NamedTuple):
    """Whole fen at cost, at fair value, and at loss given default; the last is None where nothing is assumed."""

    cost: int
    fair_value: int
    loss: int | None

    @classmethod
    def sum(cls, parts: Iterable[Amounts]) -> Amounts:
        cost = fair_value = 0
        loss: int | None = 0
        for part in parts:
            cost += part.cost
            fair_value += part.fair_value
            loss = None if loss is None or part.loss is None else loss + part.loss
        return cls(cost, fair_value, loss)


NOTHING = Amounts(0, 0, 0)


class Line(NamedTuple):
    """`public` is what the line adds to the public exposure, `finance` to the total finance.

    With a `reason` the line has no amounts: it is not zero, it is not known. `incomplete` says why more may be in it.
    """

    code: Code
    public: Amounts
    finance: Amounts
    reason: str = ""
    incomplete: str = ""
