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
    "Acceptance", "BatchState", "Contract", "Dataset", "Drawdown", "Guarantee", "GuaranteeEvent",
    "GuaranteeEventKind", "LoanEvent", "LoanPosition", "LoanProduct", "LoanReportBatch", "Outcome", "Pledge",
    "PledgeType", "RecordType", "RepaymentMethod", "RowOutcome",
    "Agreement", "AgreementShare", "AgreementTerms", "CapBase", "Claim", "ClaimShare", "Customer", "FeeBase",
    "FuseMeasure", "Instrument", "NetAssets", "Party", "Pool", "PoolEvent", "PoolEventKind", "PoolLimits",
    "Recovery", "RecoveryShare",
]  # fmt: skip
