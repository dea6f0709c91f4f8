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
from funds.queries.positions import (
    Position,
    capital_flows,
    deals,
    fund,
    funds,
    holding,
    holdings,
    investors,
    ledger,
    net_assets,
    position,
    valuations,
)
from funds.queries.roll_forwards import RollForward, roll_forward
from funds.queries.stakes import StakeRow, stakes_frame
from funds.queries.terms import Headroom, headroom, in_force, terms

__all__ = [
    "Account", "CapitalRow", "DealRow", "FlowRow", "FundRow", "Headroom", "HoldingRow", "Position",
    "RollForward", "StakeRow", "accounts", "capital_flows", "capital_frame", "deals", "exits_frame",
    "flows_frame", "fund", "funds", "funds_frame", "headroom", "holding", "holdings", "holdings_frame",
    "in_force", "investments_frame", "investors", "ledger", "net_assets", "position", "roll_forward",
    "stakes_frame", "terms", "valuations", "write_offs_frame",
]  # fmt: skip
