"""Everything that reads funds: for people and the API, and frames for the figures."""

from funds.queries.accounts import Account, accounts
from funds.queries.deal_frames import (
    DealRow,
    HoldingRow,
    exits_frame,
    holdings_frame,
    investments_frame,
    write_offs_frame,
)
from funds.queries.frames import CapitalRow, FlowRow, FundRow, capital_frame, flows_frame, funds_frame
from funds.queries.holdings import worth
from funds.queries.overviews import Glance, glances
from funds.queries.positions import (
    Position,
    deals,
    entry,
    fund,
    funds,
    holding,
    holdings,
    investors,
    ledger,
    ledger_as_known,
    position,
    positions,
    valuations,
)
from funds.queries.roll_forwards import RollForward, roll_forward

__all__ = [
    "Account", "CapitalRow", "DealRow", "FlowRow", "FundRow", "Glance", "HoldingRow", "Position", "RollForward",
    "accounts", "capital_frame", "deals", "entry", "exits_frame", "flows_frame", "fund", "funds", "funds_frame",
    "glances", "holding", "holdings", "holdings_frame", "investments_frame", "investors", "ledger",
    "ledger_as_known", "position", "positions", "roll_forward", "valuations", "worth", "write_offs_frame",
]  # fmt: skip
