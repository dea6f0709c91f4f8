"""Everything that reads funds: for people and the API, and frames for the figures."""

from funds.queries import ownership, rounds, securities
from funds.queries.accounts import Account, accounts
from funds.queries.deal_frames import (
    DealRow,
    HeldStake,
    HoldingRow,
    exits_frame,
    holdings_frame,
    holdings_in,
    investments_frame,
    write_offs_frame,
)
from funds.queries.fee_bases import (
    FeeTerms,
    earned_by_manager,
    fee_bases,
    fee_terms,
    fees_charged,
    manager_earnings,
    quarters_of,
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
    net_assets_fen,
    position,
    positions,
    valuations,
)
from funds.queries.realisation import DealFlows, PartnerFlow, cost_flows, deal_flows, fiscal_flows
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
from funds.queries.sightings import deals_by_place, entries_of_firm
from funds.queries.signed import SignedRow, signed_frame
from funds.queries.sources import SourceRow, of_kind, sources_frame
from funds.queries.stakes import StakeRow, stakes_frame
from funds.queries.staleness import stale
from funds.queries.terms import in_force, terms

__all__ = [
    "Account", "CapitalRow", "Counted", "Deadline", "DealFlows", "DealRow", "DueRow", "FeeTerms", "FlowRow",
    "FundRow", "Glance", "Headroom", "HeldStake", "HoldingRow", "PartnerFlow", "Position", "RecognisedRow",
    "Reinvestment", "RollForward", "SignedRow", "SourceRow", "StakeRow", "accounts", "capital_flows",
    "capital_frame", "cost_flows", "deadlines", "deal_flows", "deals", "deals_by_place", "due_frame",
    "earned_by_manager", "entries_of_firm", "entry", "exits_frame", "fee_bases", "fee_terms",
    "fees_charged", "fiscal_flows", "flows_frame", "fund", "funds", "funds_frame", "glances", "headroom",
    "holding", "holdings", "holdings_frame", "holdings_in", "in_force", "investments_frame", "investors",
    "ledger", "ledger_as_known", "manager_earnings", "net_assets", "net_assets_fen", "of_kind", "ownership",
    "position", "positions", "quarters_of", "recognised_frame", "recognitions", "reinvestment",
    "reinvestment_rules", "roll_forward", "rounds", "securities", "signed_frame", "sources_frame",
    "stakes_frame", "stale", "terms", "valuations", "worth", "write_offs_frame",
]  # fmt: skip
