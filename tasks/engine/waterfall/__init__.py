"""Who gets the cash that a fund distributes: its investors, or its manager as carried interest 收益分成.

Investors have their capital back first, then a preferred return 门槛收益 on it; the manager then catches up
追补 to a target share of the profit, and what is left is split. Amounts are yuan, to the cent.

A manager that has put in capital of its own is, with that capital, an investor: its flows belong among the
events where they bear carry, and stay out of them where they do not.
"""

from tasks.engine.waterfall.clawback import Clawback, clawback
from tasks.engine.waterfall.concession import Concession, concession
from tasks.engine.waterfall.deal_by_deal import american, whole_fund_events
from tasks.engine.waterfall.realised import Realised, allot, realised
from tasks.engine.waterfall.records import Deal, Event, Kind, Party, Payment, Tier
from tasks.engine.waterfall.terms import Compounding, Terms
from tasks.engine.waterfall.whole_fund import european, hypothetical

__all__ = [
    "Clawback",
    "Compounding",
    "Concession",
    "Deal",
    "Event",
    "Kind",
    "Party",
    "Payment",
    "Realised",
    "Terms",
    "Tier",
    "allot",
    "american",
    "clawback",
    "concession",
    "european",
    "hypothetical",
    "realised",
    "whole_fund_events",
]
