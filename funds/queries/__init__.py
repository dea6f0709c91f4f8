"""Everything that reads funds: for people and the API, and frames for the figures."""

from funds.queries import ownership, rounds, securities
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
    capital_flows,
    deals,
    entry,
    fund,
    funds,
    holding,
    holdings,
    investors,
    ledger,
    ledger_as_known,
    net_assets,
    position,
    positions,
    valuations,
)
from funds.queries.roll_forwards import RollForward, roll_forward
from funds.queries.stakes import StakeRow, stakes_frame
from funds.queries.staleness import stale
from funds.queries.terms import Headroom, headroom, in_force, terms

__all__ = [
    "Account", "CapitalRow", "DealRow", "FlowRow", "FundRow", "Glance", "Headroom", "HoldingRow",
    "Position", "RollForward", "StakeRow", "accounts", "capital_flows", "capital_frame", "deals", "entry",
    "exits_frame", "flows_frame", "fund", "funds", "funds_frame", "glances", "headroom", "holding",
    "holdings", "holdings_frame", "in_force", "investments_frame", "investors", "ledger",
    "ledger_as_known", "net_assets", "ownership", "position", "positions", "roll_forward", "rounds", "securities", "stakes_frame",
    "stale", "terms",
    "valuations", "worth", "write_offs_frame",
]  # fmt: skip
