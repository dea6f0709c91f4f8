"""Rows as a bank's core system writes them: flow of a month, stock at its end."""

from __future__ import annotations

from typing import Any

from finance_hub.demo.chance import chance
from finance_hub.demo.lending import course
from finance_hub.demo.lending.loans import Fact, Loan
from finance_hub.kernel import money
from finance_hub.kernel.periods import Month

Row = dict[str, Any]
#: From so many days overdue a loan is at least in the class; the bank follows the floors.
TIERS = ((360, "loss"), (270, "doubtful"), (90, "substandard"), (0, "special_mention"))
APPRAISED_TIMES = (18, 34)


def flow(loans: list[Loan], month: Month) -> list[Row]:
    """What happened in the month, by day; on one day, in the order of the drawdowns."""
    facts = [
        (fact.day, loan.number, number, fact, loan)
        for loan in loans
        for number, fact in enumerate(loan.facts)
        if month.first <= fact.day < month.end
    ]
    facts.sort(key=lambda found: found[:3])
    return [_flow_row(loan, fact, number) for _day, _loan, number, fact, loan in facts]


def stock(loans: list[Loan], month: Month) -> list[Row]:
    """Every drawdown with a balance at the end of the month, once."""
    owed = ((loan, course.balance(loan, month.last)) for loan in loans)
    return [_stock_row(loan, balance, month) for loan, balance in owed if balance]


def warrant_of(loan: Loan) -> str:
    """The bank's reference of the warrant that came with a loan; "" where none did."""
    return str(_terms(loan).get("warrant_ref", "")) if loan.product == "investment_linked" else ""


def text(fen: int) -> str:
    """Fen as yuan in a decimal string."""
    return f"{money.yuan(fen):.2f}"


def _flow_row(loan: Loan, fact: Fact, number: int) -> Row:
    row: Row = {
        "client_row_id": f"{loan.number}-{number}",
        "contract_no": loan.contract_no,
        "drawdown_no": loan.drawdown_no,
        "external_event_id": f"E-{loan.number:06d}-{number:02d}",
        "revision": 1,
        "record_type": fact.kind,
        "uscc": loan.firm.uscc,
        "firm_name": loan.firm.name_on(fact.day),
        "value_date": fact.day.isoformat(),
        "amount": text(fact.amount),
        "currency": "CNY",
    }
    return row | (_terms(loan) if fact.kind == "disbursement" else fact.more or {})


def _terms(loan: Loan) -> Row:
    dice = chance(loan.number, "terms")
    terms: Row = {
        "product": loan.product,
        "annual_rate_pct": f"{loan.price.rate:.4f}",
        "maturity_date": loan.maturity_date.isoformat(),
        "repayment_method": loan.method,
        "lpr_spread_bp": loan.price.spread,
        "purpose_industry": loan.firm.trade.industry,
        "branch_code": f"330483-{loan.bank + 1:02d}{dice.randint(1, 6):02d}",
    }
    if loan.guarantee_no:
        terms["guarantee_ref"] = loan.guarantee_no
    if loan.product == "rd" and dice.random() < 0.3:
        terms["interest_subsidy_pct"] = dice.choice(("0.5000", "0.8000", "1.0000"))
    if loan.product == "investment_linked" and dice.random() < 0.25:
        terms["warrant_ref"] = f"RG-{loan.disbursed_on.year}-{loan.number:06d}"
    if loan.product == "ip_pledge":
        terms["pledges"] = _pledges(loan)
    return terms


def _pledges(loan: Loan) -> list[Row]:
    dice = chance(loan.number, "pledges")
    shares = dice.choice((("100.00",), ("70.00",), ("60.00", "40.00"), ("50.00", "30.00")))
    value = loan.amount * dice.randint(*APPRAISED_TIMES) // 10
    return [
        {
            "type": dice.choice(("patent", "patent", "patent", "trademark", "copyright", "data_ip")),
            "certificate_no": f"ZS{loan.disbursed_on.year}{loan.number:06d}{number}",
            "registration_no": f"Y{loan.disbursed_on.year}33{loan.number:07d}{number}",
            "appraised_value": text(value * int(share[:-3]) // 100),
            "share_pct": share,
        }
        for number, share in enumerate(shares, start=1)
    ]


def _stock_row(loan: Loan, balance: int, month: Month) -> Row:
    days, principal = course.overdue(loan, month.last)
    return {
        "client_row_id": f"{loan.number}-{month}",
        "contract_no": loan.contract_no,
        "drawdown_no": loan.drawdown_no,
        "revision": 1,
        "uscc": loan.firm.uscc,
        "balance": text(balance),
        "overdue_days": days,
        "overdue_principal": text(principal),
        "overdue_interest": text(int(principal * float(loan.price.rate) / 36_000 * days)),
        "five_tier": _tier(days),
    }


def _tier(days: int) -> str:
    return next((tier for more_than, tier in TIERS if days > more_than), "normal")
