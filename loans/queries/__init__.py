"""Reads of loans and guarantees, within the scope in force."""

from loans.queries.batches import (
    batch,
    batches,
    missing_datasets,
    not_reported,
    parts_of,
    reported,
    unfinished_reports,
)
from loans.queries.contracts import (
    balances,
    contract,
    contracts,
    drawdowns_of,
    events_of,
    extended_maturities,
    latest_positions,
)
from loans.queries.frames import (
    BalanceRow,
    IssuanceRow,
    PositionRow,
    balance_frame,
    issuance_frame,
    position_frame,
)
from loans.queries.guarantees import (
    GuaranteeRow,
    NetAssetsRow,
    OverdueRow,
    Standing,
    guarantee_frame,
    net_assets_frame,
    overdue_frame,
)
from loans.queries.pools import FuseRow, PoolRow, fuse_frame, pool_frame
from loans.queries.standings import confirmation_key, confirmed, confirmed_as, out_of_proportion, standings

__all__ = [
    "BalanceRow", "FuseRow", "GuaranteeRow", "IssuanceRow", "NetAssetsRow", "OverdueRow", "PoolRow",
    "PositionRow", "Standing", "balance_frame", "balances", "batch", "batches", "confirmation_key",
    "confirmed", "confirmed_as", "contract", "contracts", "drawdowns_of", "events_of", "extended_maturities",
    "fuse_frame", "guarantee_frame", "issuance_frame", "latest_positions", "missing_datasets",
    "net_assets_frame", "not_reported", "out_of_proportion", "overdue_frame", "parts_of", "pool_frame",
    "position_frame", "reported", "standings", "unfinished_reports",
]  # fmt: skip
