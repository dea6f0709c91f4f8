"""Reads of loans and guarantees, within the scope in force."""

from loans.queries.ageing import MigrationRow, VintageRow, migration_frame, vintage_frame
from loans.queries.at_risk import (
    GuaranteedRow,
    PledgedRow,
    SharedRow,
    TierRow,
    guaranteed_frame,
    pledged_frame,
    shared_frame,
    tier_frame,
)
from loans.queries.batches import (
    batch,
    batches,
    missing_datasets,
    not_reported,
    parts_of,
    reported,
    unfinished_reports,
)
from loans.queries.branches import BranchBalanceRow, branch_balance_frame
from loans.queries.contracts import (
    balances,
    contract,
    contracts,
    disbursed,
    drawdowns_of,
    events_of,
    extended_maturities,
    latest_positions,
)
from loans.queries.covers import (
    CoverRow,
    RoomRow,
    cover_frame,
    held_by_pools,
    room_frame,
)
from loans.queries.debts import DebtRow, debts
from loans.queries.first_loans import FirstLoan, first_loan, first_loans
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
from loans.queries.prices import Price, SpreadDifference, prices, spread_differences
from loans.queries.products import ProductTerms, product_terms, products
from loans.queries.renewals import RenewalRow, RenewedRow, renewal_frame, renewed_but_normal
from loans.queries.repayment import RepaymentTerms, drawdown, repayment_terms
from loans.queries.standings import confirmation_key, confirmed, confirmed_as, out_of_proportion, standings
from loans.queries.subsidies import (
    FirmSubsidyRow,
    SubsidyLine,
    SubsidyRow,
    firm_subsidy_frame,
    subsidy_frame,
    subsidy_lines,
)

__all__ = [
    "BalanceRow", "BranchBalanceRow", "CoverRow", "DebtRow", "FirmSubsidyRow", "FirstLoan", "FuseRow",
    "GuaranteeRow", "GuaranteedRow", "IssuanceRow", "MigrationRow", "NetAssetsRow", "OverdueRow",
    "PledgedRow", "PoolRow", "PositionRow", "Price", "ProductTerms", "RenewalRow", "RenewedRow",
    "RepaymentTerms", "RoomRow", "SharedRow", "SpreadDifference", "Standing", "SubsidyLine", "SubsidyRow",
    "TierRow", "VintageRow", "balance_frame", "balances", "batch", "batches", "branch_balance_frame",
    "confirmation_key", "confirmed", "confirmed_as", "contract", "contracts", "cover_frame", "debts",
    "disbursed", "drawdown", "drawdowns_of", "events_of", "extended_maturities", "firm_subsidy_frame",
    "first_loan", "first_loans", "fuse_frame", "guarantee_frame", "guaranteed_frame", "held_by_pools",
    "issuance_frame", "latest_positions", "migration_frame", "missing_datasets", "net_assets_frame",
    "not_reported", "out_of_proportion", "overdue_frame", "parts_of", "pledged_frame", "pool_frame",
    "position_frame", "prices", "product_terms", "products", "renewal_frame", "renewed_but_normal",
    "repayment_terms", "reported", "room_frame", "shared_frame", "spread_differences", "standings",
    "subsidy_frame", "subsidy_lines", "tier_frame", "unfinished_reports", "vintage_frame",
]  # fmt: skip
