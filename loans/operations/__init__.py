"""Everything that writes to loans and guarantees: one transaction each, the audit entry last."""

from loans.intake.states import BatchExpired, IllegalBatchState
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

__all__ = [
    "BatchExpired", "IllegalBatchState", "cancel", "declare", "expire", "require_open", "settle", "submit",
    "submit_and_process", "take_content",
]  # fmt: skip
