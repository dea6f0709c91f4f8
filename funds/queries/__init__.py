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
from funds.queries.headroom import Deadline, Headroom, deadlines, headroom
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
from funds.queries.reinvestment import (
    Counted,
    DueRow,
    RecognisedRow,
    Reinvestment,
    due_frame,
    recognised_frame,
    recognitions,
    reinvestment,
    reinvestment_rules,
)
from funds.queries.roll_forwards import RollForward, roll_forward
from funds.queries.sources import SourceRow, of_kind, sources_frame
from funds.queries.stakes import StakeRow, stakes_frame
from funds.queries.terms import in_force, terms

__all__ = [
    "Account", "CapitalRow", "Counted", "Deadline", "DealRow", "DueRow", "FlowRow", "FundRow", "Glance", "Headroom", "HoldingRow",
    "Position", "RecognisedRow", "Reinvestment", "RollForward", "SourceRow", "StakeRow", "accounts", "capital_flows",
    "capital_frame", "deadlines", "deals", "due_frame", "entry", "exits_frame", "flows_frame", "fund", "funds", "funds_frame",
    "glances", "headroom", "holding", "holdings", "holdings_frame", "in_force", "investments_frame", "investors",
    "ledger", "ledger_as_known", "net_assets", "of_kind", "position", "positions", "recognised_frame", "recognitions",
    "reinvestment", "reinvestment_rules", "roll_forward", "sources_frame", "stakes_frame", "terms", "valuations", "worth",
    "write_offs_frame",
]  # fmt: skip
