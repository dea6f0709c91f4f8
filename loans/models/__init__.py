"""Specialty loans as banks report them, and guarantees."""

from loans.models.batches import Acceptance, BatchState, Dataset, LoanReportBatch, Outcome, RowOutcome
from loans.models.contracts import Contract, Drawdown, LoanProduct, Pledge, PledgeType, RepaymentMethod
from loans.models.facts import LoanEvent, LoanPosition, RecordType
from loans.models.guarantees import Guarantee, GuaranteeEvent, GuaranteeEventKind
from loans.models.terms import Branch, BranchKind, LivePledge, LprQuote, LprTenor, SubsidyScheme

__all__ = [
    "Acceptance", "BatchState", "Branch", "BranchKind", "Contract", "Dataset", "Drawdown", "Guarantee",
    "GuaranteeEvent", "GuaranteeEventKind", "LivePledge", "LoanEvent", "LoanPosition", "LoanProduct",
    "LoanReportBatch", "LprQuote", "LprTenor", "Outcome", "Pledge", "PledgeType", "RecordType",
    "RepaymentMethod", "RowOutcome", "SubsidyScheme",
]  # fmt: skip
