"""Specialty loans as banks report them, and guarantees."""

from loans.models.batches import Acceptance, BatchState, Dataset, LoanReportBatch, Outcome, RowOutcome
from loans.models.contracts import Contract, Drawdown, LoanProduct, Pledge, PledgeType, RepaymentMethod
from loans.models.exports import HoldingsExport
from loans.models.facts import LoanEvent, LoanPosition, RecordType
from loans.models.findings import Finding, SubjectKind
from loans.models.guarantees import Guarantee, GuaranteeEvent, GuaranteeEventKind
from loans.models.reconciliations import Confirmation

__all__ = [
    "Acceptance", "BatchState", "Confirmation", "Contract", "Dataset", "Drawdown", "Finding", "Guarantee",
    "GuaranteeEvent", "GuaranteeEventKind", "HoldingsExport", "LoanEvent", "LoanPosition", "LoanProduct",
    "LoanReportBatch", "Outcome", "Pledge", "PledgeType", "RecordType", "RepaymentMethod", "RowOutcome",
    "SubjectKind",
]  # fmt: skip
