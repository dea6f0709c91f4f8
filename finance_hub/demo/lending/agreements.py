"""The agreements that share the losses of the city's guaranteed loans, and the pool behind one of them.

All numbers and documents are made up, within the published bounds. Of one loss the pool cannot pay its
whole part: what is left over stays with the insurer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from finance_hub.demo.calendar import LAST
from finance_hub.demo.lending.loans import Loan
from finance_hub.demo.people import GUARANTORS, INSURERS, People
from finance_hub.demo.timeline import Timeline, moment
from finance_hub.kernel.money import fen, split, yuan
from finance_hub.kernel.scoping import within
from loans.operations import agreements, net_assets, pool_events, pools
from loans.operations.agreements import Share

#: Whose guarantees are made under which agreement.
AGREEMENT_OF = {"guarantor_a": "tech-plan", "guarantor_b": "local-sharing", "insurer_a": "ip-insurance"}
#: The bank comes first and bears a fifth everywhere.
SHARES = {
    "guarantor_a": (
        Share("bank", Decimal(20)), Share("national_fund", Decimal(30)), Share("re_guarantor", Decimal(20)),
        Share("guarantor", Decimal(30)),
    ),
    "guarantor_b": (Share("bank", Decimal(20)), Share("government", Decimal(30)), Share("guarantor", Decimal(50))),
    "insurer_a": (Share("bank", Decimal(20)), Share("pool", Decimal(50)), Share("insurer", Decimal(30))),
}  # fmt: skip
#: One firm's guarantees under an agreement, in fen.
MOST_OF_A_FIRM = 30_000_000 * 100
WAITING_DAYS = 90
POOL = {"code": "ip-pool", "name": "知识产权质押贷风险补偿资金池", "name_en": "IP-Pledge Loan Risk Pool"}
#: The pool holds this part of what its largest claim would draw from it.
TOO_LITTLE_PCT = 75
COMPANIONS = 3
#: Of ten guarantees that are not the insurer's, so many are the first guarantor's.
FIRST_OF_TEN = 6
CONCLUDED = date(2024, 10, 14)
_TERMS: dict[str, dict[str, Any]] = {
    "guarantor_a": {
        "name": "科技创新专项担保计划合作协议", "document": "《科技创新专项担保合作协议（示例）》示例〔2024〕11号",
        "keeper": "guarantor",
        "compensation_cap_pct": Decimal("5.00"), "compensation_cap_base": "guaranteed",
        "borrower_cap": yuan(MOST_OF_A_FIRM), "fee_rate_max_pct": Decimal("1.0000"),
    },
    "guarantor_b": {
        "name": "银政担合作协议", "document": "《银政担风险分担协议（示例）》示例〔2024〕12号",
        "keeper": "guarantor",
        "borrower_cap": yuan(MOST_OF_A_FIRM), "fee_rate_max_pct": Decimal("1.5000"), "fee_base": "principal",
    },
    "insurer_a": {
        "name": "知识产权质押贷保证保险合作协议", "document": "《知识产权质押融资保证保险协议（示例）》示例〔2024〕13号",
        "keeper": "insurer",
        "pool": POOL["code"], "fee_rate_max_pct": Decimal("2.0000"),
    },
}  # fmt: skip
_NET_ASSETS = {
    "guarantor_a": (312, 318, 325, 331),
    "guarantor_b": (186, 188, 187, 190),
    "insurer_a": (840, 856, 871, 893),
}
_REPORTED_ON = (date(2024, 12, 31), date(2025, 6, 30), date(2025, 12, 31), date(2026, 6, 30))


def writer_of(loan: Loan) -> str:
    """Who guarantees or insures the loan."""
    if loan.insured:
        return "insurer_a"
    return "guarantor_a" if loan.number % 10 < FIRST_OF_TEN else "guarantor_b"


def bank_part(loan: Loan, loss: int) -> int:
    """What the bank bears of a loss, in fen."""
    return fen(split(yuan(loss), [share.share_pct for share in SHARES[writer_of(loan)]])[0])


def insure(loans: list[Loan]) -> None:
    """Choose the insurer's loans: the first that is compensated, and some that were taken out before it.

    Wants the courses of the loans, in which the bank has borne its part of a loss already.
    """
    guaranteed = [loan for loan in loans if loan.guarantee_no]
    claimed = [loan for loan in guaranteed if _is_claimed(loan) and _bears_the_same(loan)]
    if claimed:
        first = min(claimed, key=lambda loan: (loan.compensated_on or LAST.last, loan.number))
        before = (first.compensated_on or LAST.last) - timedelta(days=30)
        others = [loan for loan in guaranteed if loan.disbursed_on < before and not loan.compensated_on]
        chosen = [first, *others[:COMPANIONS]]
    else:
        chosen = guaranteed[:COMPANIONS]
    for loan in chosen:
        loan.insured = True


def _bears_the_same(loan: Loan) -> bool:
    """Whether the bank's part of the loss is the same to the cent under the insurer's agreement."""
    shares = [share.share_pct for share in SHARES["insurer_a"]]
    return bank_part(loan, loan.claimed) == fen(split(yuan(loan.claimed), shares)[0])


def conclude(loans: list[Loan], *, people: People, timeline: Timeline) -> None:
    """Put the agreements, the pool and the writers' net assets on the timeline."""
    insured = [loan for loan in loans if loan.insured]
    for number, act in enumerate(_acts(insured, people)):
        timeline.add(moment(CONCLUDED, hour=9, minute=number), act)
    for writer, reported in _NET_ASSETS.items():
        for on, millions in zip(_REPORTED_ON, reported, strict=True):
            at = moment(on + timedelta(days=25), hour=11)
            timeline.add(at, _net_assets(writer, on, Decimal(millions * 1_000_000), people))


def _acts(insured: list[Loan], people: People) -> Iterator[Callable[[datetime], object]]:
    maker, approver = people["maker"], people["approver"]
    houses = {"guarantor_a": GUARANTORS[0], "guarantor_b": GUARANTORS[1], "insurer_a": INSURERS[0]}
    holds = _contributions(insured)
    multiple = Decimal(sum(loan.amount for loan in insured) // max(1, holds) + 2)
    day = CONCLUDED
    yield lambda now: pools.found(**POOL, by=maker, now=now)
    yield lambda now: pools.limit(
        POOL["code"], leverage_limit=multiple, fuse_measure="compensation_ratio", fuse_line_pct=Decimal("8.00"),
        document="《知识产权质押贷风险补偿资金池管理办法（示例）》示例〔2024〕10号", valid_from=day, by=maker, now=now,
    )  # fmt: skip
    yield lambda now: pools.approve(POOL["code"], version=1, by=approver, now=now)
    for party, part in zip(("市财政局", "镇街", "合作银行"), split(yuan(holds), [4, 4, 2]), strict=True):
        yield lambda now, party=party, part=part: pool_events.record(  # type: ignore[misc]
            pool=POOL["code"],
            kind="contribution",
            amount=part,
            party=party,
            effective_date=day,
            by=maker,
            now=now,
        )
    for writer, code in AGREEMENT_OF.items():
        yield lambda now, writer=writer, code=code: agreements.conclude(  # type: ignore[misc]
            code=code, guarantor=houses[writer].code, shares=SHARES[writer], valid_from=day,
            waiting_days=WAITING_DAYS, by=maker, now=now, **_TERMS[writer],
        )  # fmt: skip
        yield lambda now, code=code: agreements.approve(code, version=1, by=approver, now=now)  # type: ignore[misc]


def _contributions(insured: list[Loan]) -> int:
    """In fen, whole 万元: too little for the largest claim, or a tenth of what is insured where there is none."""
    losses = [loan.claimed for loan in insured if _is_claimed(loan)]
    ten_thousand = 10_000 * 100
    if losses:
        return max(ten_thousand, max(losses) // 2 * TOO_LITTLE_PCT // 100 // ten_thousand * ten_thousand)
    return (sum(loan.amount for loan in insured) // 10 // ten_thousand + 1) * ten_thousand


def _is_claimed(loan: Loan) -> bool:
    return loan.compensated_on is not None and loan.compensated_on <= LAST.last


def _net_assets(writer: str, on: date, amount: Decimal, people: People) -> Callable[[datetime], object]:
    by = people[writer]

    def act(now: datetime) -> None:
        with within(by.scope):
            net_assets.report(effective_date=on, amount=amount, deductions=Decimal("0.00"), by=by, now=now)

    return act
