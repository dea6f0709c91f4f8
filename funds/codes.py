"""What the codes of funds, deals and holdings are called, in both languages.

The Chinese words stand beside the codes in the models; pages, sheets and documents say the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db.models import TextChoices

from finance_hub.kernel.text import Text
from funds.models import FundEventKind, Nature, SecurityKind, UnitsKind, ValuationMethod
from funds.models.deals import DealSource, Instrument, Stage, Standing
from funds.models.funds import Capital
from funds.models.holdings import ExitRoute, HoldingEventKind
from funds.models.terms import Base, Compounding, Order


def _named(listed: type[TextChoices], english: Sequence[str]) -> Mapping[str, Text]:
    return {code: Text(str(zh), en) for (code, zh), en in zip(listed.choices, english, strict=True)}


TIERS: Mapping[str, Text] = {
    "angel": Text("天使基金", "Angel fund"),
    "mother": Text("母基金", "Mother fund"),
    "industry": Text("产业基金", "Industry fund"),
    "sub": Text("子基金", "Sub-fund"),
}
CAPITALS = _named(Capital, ("Fiscal capital", "State capital", "Social capital"))
LEDGER = _named(
    FundEventKind,
    (
        "Commitment", "Capital call", "Payment", "Distribution", "Management fee", "Expense",
        "Release of commitment", "Carried interest",
    ),
)  # fmt: skip
NATURES = _named(Nature, ("return of capital", "gain", "dividends and interest"))
HOLDING = _named(
    HoldingEventKind,
    ("Investment", "Exit", "Write-off", "Recovery after a write-off", "Dividend or interest"),
)
ROUTES = _named(ExitRoute, ("sold to another", "buy-back", "sold on the market", "liquidation"))
METHODS = _named(
    ValuationMethod, ("cost", "latest round", "market multiples", "net assets", "discounted cash flow")
)
SECURITIES = _named(SecurityKind, ("Convertible", "Warrant"))
SOURCES = _named(DealSource, ("roadshow", "referral", "own search", "a bank"))
INSTRUMENTS = _named(Instrument, ("equity", "convertible", "warrant"))
STAGES = _named(
    Stage,
    (
        "First meeting", "Screening", "Due diligence", "Committee", "Signing", "Payment", "Declined", "Withdrawn",
        "Reopened",
    ),
)  # fmt: skip
UNITS = _named(UnitsKind, ("bought", "converted", "exercised", "sold", "paid back"))
STANDINGS = _named(
    Standing,
    (
        "First meeting", "Screening", "Due diligence", "Committee", "Signing", "Payment", "Held", "Exited",
        "Written off", "Payment reversed", "Declined", "Withdrawn",
    ),
)  # fmt: skip
BASES = _named(Base, ("commitment", "paid-in", "invested", "net assets"))
ORDERS = _named(Order, ("whole fund", "deal by deal"))
COMPOUNDING = _named(Compounding, ("compounded annually", "compounded daily", "simple"))
