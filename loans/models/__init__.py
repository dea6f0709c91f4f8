"""Specialty loans as banks report them, and guarantees."""

from loans.models.agreements import Agreement, AgreementShare, AgreementTerms, CapBase, FeeBase, Party
from loans.models.batches import (
    MOST_PARTS,
    Acceptance,
    BatchState,
    Dataset,
    Decision,
    LoanReportBatch,
    Outcome,
    RowOutcome,
)
from loans.models.claims import Claim, ClaimShare, Recovery, RecoveryShare
from loans.models.contracts import Contract, Drawdown, LoanProduct, Pledge, PledgeType, RepaymentMethod
from loans.models.exports import HoldingsExport
from loans.models.facts import LoanEvent, LoanPosition, RecordType
from loans.models.feed import FeedEvent, FeedEventType, FeedHead
from loans.models.findings import Finding, SubjectKind
from loans.models.guarantees import Customer, Guarantee, GuaranteeEvent, GuaranteeEventKind, Instrument
from loans.models.net_assets import NetAssets
from loans.models.pools import FuseMeasure, Pool, PoolEvent, PoolEventKind, PoolLimits
from loans.models.reconciliations import Confirmation
from loans.models.webhooks import DeliveryState, EndpointState, WebhookDelivery, WebhookEndpoint

__all__ = [
    "MOST_PARTS",
    "Acceptance",
    "Agreement",
    "AgreementShare",
    "AgreementTerms",
    "BatchState",
    "CapBase",
    "Claim",
    "ClaimShare",
    "Confirmation",
    "Contract",
    "Customer",
    "Dataset",
    "Decision",
    "DeliveryState",
    "Drawdown",
    "EndpointState",
    "FeeBase",
    "FeedEvent",
    "FeedEventType",
    "FeedHead",
    "Finding",
    "FuseMeasure",
    "Guarantee",
    "GuaranteeEvent",
    "GuaranteeEventKind",
    "HoldingsExport",
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
    "SubjectKind",
    "WebhookDelivery",
    "WebhookEndpoint",
]  # fmt: skip
