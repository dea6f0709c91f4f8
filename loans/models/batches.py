"""A bank's report: declared, uploaded, submitted, and what became of each row."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from finance_hub.kernel.models import Job, Organisation, Person
from finance_hub.kernel.models.fields import is_month, one_of
from finance_hub.kernel.scoping import RowScope, ScopedManager


class Dataset(models.TextChoices):
    FLOW = "flow"
    STOCK = "stock"


class Acceptance(models.TextChoices):
    VALID_ROWS = "valid_rows"
    ALL_OR_NOTHING = "all_or_nothing"


class BatchState(models.TextChoices):
    UPLOADING = "uploading"
    UPLOADED = "uploaded"
    VALIDATING = "validating"
    VALIDATED = "validated"  # a dry run ends here
    APPLIED = "applied"
    REJECTED = "rejected"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class LoanReportBatch(models.Model):
    row_scope = RowScope(lookup="bank_id", column="bank_id")
    public_id = models.CharField(max_length=40, unique=True)
    bank = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="loan_report_batches")
    period = models.DateField()
    dataset = models.CharField(max_length=6, choices=Dataset.choices)
    acceptance = models.CharField(max_length=16, choices=Acceptance.choices)
    dry_run = models.BooleanField(default=False)
    format = models.CharField(max_length=12)
    client_reference = models.CharField(max_length=64, default="", blank=True)
    idempotency_key = models.CharField(max_length=255)
    content_sha256 = models.CharField(max_length=64)
    #: {"rows": int, "disbursed": "…", "repaid": "…"} or {"rows": int, "balance": "…"}
    declared_totals = models.JSONField()
    computed_totals = models.JSONField(null=True)
    applied_totals = models.JSONField(null=True)
    #: {"accepted": int, "unchanged": int, "rejected": int, "warnings": int}
    result = models.JSONField(null=True)
    #: The problem that stopped the whole batch: {"code", "zh", "en", "errors"}.
    error = models.JSONField(null=True)
    state = models.CharField(max_length=12, choices=BatchState.choices)
    content_bytes = models.BigIntegerField(null=True)
    #: The header of a CSV file, so that its rejected rows go back in the bank's own columns.
    columns = models.JSONField(null=True)
    #: An earlier batch of the same content, all of whose rows were accepted: nothing was left to do.
    repeats = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    job = models.OneToOneField(Job, on_delete=models.PROTECT, null=True, related_name="+")
    declared_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    declared_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1, help_text="Raised by every change of state; the ETag.")
    objects = ScopedManager["LoanReportBatch"]()

    class Meta:
        constraints: ClassVar = [
            is_month("period", name="batch_period_is_a_first"),
            one_of("dataset", Dataset, name="dataset_is_known"),
            one_of("acceptance", Acceptance, name="acceptance_is_known"),
            one_of("state", BatchState, name="batch_state_is_known"),
            models.UniqueConstraint(
                fields=["declared_by", "idempotency_key"], name="one_batch_per_idempotency_key"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["bank", "period"], name="batch_by_bank_and_period")]


class Outcome(models.TextChoices):
    ACCEPTED = "accepted"  # of a dry run, which leaves no facts behind
    REJECTED = "rejected"
    UNCHANGED = "unchanged"
    WARNING = "warning"


class RowOutcome(models.Model):
    """A row that was not simply accepted (accepted rows are the facts that name the batch).

    A drawdown that a snapshot leaves out has a warning without row number. Bank and batch are
    held by one constraint over both.
    """

    append_only = True
    row_scope = RowScope(lookup="bank_id", column="bank_id")
    bank = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, db_constraint=False, db_index=False, related_name="+"
    )
    batch = models.ForeignKey(
        LoanReportBatch,
        on_delete=models.PROTECT,
        db_constraint=False,
        db_index=False,
        related_name="outcomes",
    )
    row_number = models.PositiveIntegerField(null=True)
    line_number = models.PositiveIntegerField(null=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    client_row_id = models.CharField(max_length=64, default="", blank=True)
    contract_no = models.CharField(max_length=64, default="", blank=True)
    #: [{"code", "pointer", "context"}]; `loans.faults` has the sentences.
    errors = models.JSONField(default=list)
    #: The row as sent, decoded to text; bytes that are no text stand as \\xff.
    original = models.TextField(default="", blank=True)
    objects = ScopedManager["RowOutcome"]()

    class Meta:
        constraints: ClassVar = [
            one_of("outcome", Outcome, name="row_outcome_is_known"),
            models.UniqueConstraint(fields=["batch", "row_number", "outcome"], name="one_outcome_per_row"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["batch", "outcome", "id"], name="row_outcome_in_file_order")
        ]
