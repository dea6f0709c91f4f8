"""Specialty loans as banks report them, and guarantees."""

from loans.models.agreements import Agreement, AgreementShare, AgreementTerms, CapBase, FeeBase, Party
from loans.models.batches import Acceptance, BatchState, Dataset, LoanReportBatch, Outcome, RowOutcome
from loans.models.claims import Claim, ClaimShare, Recovery, RecoveryShare
from loans.models.contracts import Contract, Drawdown, LoanProduct, Pledge, PledgeType, RepaymentMethod
from loans.models.facts import LoanEvent, LoanPosition, RecordType
from loans.models.guarantees import Customer, Guarantee, GuaranteeEvent, GuaranteeEventKind, Instrument
from loans.models.net_assets import NetAssets
from loans.models.pools import FuseMeasure, Pool, PoolEvent, PoolEventKind, PoolLimits

__all__ = [
    "Acceptance",
    "Agreement",
    "AgreementShare",
    "AgreementTerms",
    "BatchState",
    "CapBase",
    "Claim",
    "ClaimShare",
    "Contract",
    "Customer",
    "Dataset",
    "Drawdown",
    "FeeBase",
    "FuseMeasure",
    "Guarantee",
    "GuaranteeEvent",
    "GuaranteeEventKind",
    "Instrument",
    "LoanEvent",
    "LoanPosition",
    "LoanProduct",
    "LoanReportBatch",
    "NetAssets",
    "Outcome",
    "Party",
    "Pledge",
    "PledgeType",
    "Pool",
    "PoolEvent",
    "PoolEventKind",
    "PoolLimits",
    "RecordType",
    "Recovery",
    "RecoveryShare",
    "RepaymentMethod",
    "RowOutcome",
]  # fmt: skip
