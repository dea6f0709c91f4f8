"""Specialty loans as banks report them, and guarantees."""

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
from loans.models.contracts import Contract, Drawdown, LoanProduct, Pledge, PledgeType, RepaymentMethod
from loans.models.exports import HoldingsExport
from loans.models.facts import LoanEvent, LoanPosition, RecordType
from loans.models.feed import FeedEvent, FeedEventType, FeedHead
from loans.models.findings import Finding, SubjectKind
from loans.models.guarantees import Guarantee, GuaranteeEvent, GuaranteeEventKind
from loans.models.reconciliations import Confirmation
from loans.models.webhooks import DeliveryState, EndpointState, WebhookDelivery, WebhookEndpoint

__all__ = [
    "MOST_PARTS",
    "Acceptance",
    "BatchState",
    "Confirmation",
    "Contract",
    "Dataset",
    "Decision",
    "DeliveryState",
    "Drawdown",
    "EndpointState",
    "FeedEvent",
    "FeedEventType",
    "FeedHead",
    "Finding",
    "Guarantee",
    "GuaranteeEvent",
    "GuaranteeEventKind",
    "HoldingsExport",
    "LoanEvent",
    "LoanPosition",
    "LoanProduct",
    "LoanReportBatch",
    "Outcome",
    "Pledge",
    "PledgeType",
    "RecordType",
    "RepaymentMethod",
    "RowOutcome",
    "SubjectKind",
    "WebhookDelivery",
    "WebhookEndpoint",
]  # fmt: skip
