"""The words that cells of a sheet choose from, in both languages."""

from __future__ import annotations

from finance_hub.kernel.text import Text
from funds.models import FundEventKind, Nature, ValuationMethod
from funds.models.deals import DealSource, Instrument, Stage
from funds.models.holdings import HoldingEventKind
from funds.workbook.columns import Choice

_ENGLISH = {
    FundEventKind: ("Commitment", "Capital call", "Payment", "Distribution", "Management fee", "Expense",
                    "Release of commitment", "Carried interest"),
    Nature: ("return of capital", "gain", "dividends and interest"),
    HoldingEventKind: ("Investment", "Exit", "Write-off", "Recovery after a write-off", "Dividend or interest"),
    ValuationMethod: ("cost", "latest round", "market multiples", "net assets", "discounted cash flow"),
    DealSource: ("roadshow", "referral", "own search", "bank"),
    Instrument: ("equity", "convertible", "warrant"),
    Stage: ("first meeting", "screening", "due diligence", "investment committee", "signed", "paid", "declined",
            "withdrawn", "reopened"),
}  # fmt: skip
LEDGER, NATURES, HOLDING, METHODS, SOURCES, INSTRUMENTS, STAGES = (
    tuple(
        Choice(code, Text(str(zh), en))
        for (code, zh), en in zip(listed.choices, _ENGLISH[listed], strict=True)
    )
    for listed in _ENGLISH
)
YES_NO = (Choice("yes", Text("是", "yes"), True), Choice("no", Text("否", "no"), False))
#: How an entry that is no plain one came to be.
STATES = (
    Choice("reversal", Text("冲销记录", "reversal")),
    Choice("reversed", Text("已冲销", "reversed")),
    Choice("correction", Text("更正后的记录", "corrected entry")),
    Choice("out", Text("转让转出", "transferred away")),
    Choice("in", Text("转让转入", "taken over by transfer")),
)
