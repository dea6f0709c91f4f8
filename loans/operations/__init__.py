"""Everything that writes to loans and guarantees: one transaction each, the audit entry last."""

from loans.intake.states import BatchExpired, IllegalBatchState
from loans.operations.approvals import approve, refuse
from loans.operations.batches import (
    cancel,
    declare,
    expire,
    require_open,
    settle,
    submit,
    submit_and_process,
    take_content,
)
from loans.operations.inline import report
from loans.operations.sweeping import sweep
from loans.operations.uploads import confirm, report_nothing, try_out

__all__ = [
    "BatchExpired", "IllegalBatchState", "approve", "cancel", "confirm", "declare", "expire", "refuse",
    "report", "report_nothing", "require_open", "settle", "submit", "submit_and_process", "sweep",
    "take_content", "try_out",
]  # fmt: skip
