"""A bank's report: declared, uploaded, submitted, and what became of each row."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

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
    SUBMITTED = "submitted"  # a part of a report whose other parts are still to come
    AWAITING_APPROVAL = "awaiting_approval"  # it restates a month that is closed for long
    VALIDATING = "validating"
    VALIDATED = "validated"  # a dry run ends here
    APPLIED = "applied"
    REJECTED = "rejected"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class Decision(models.TextChoices):
    APPROVED = "approved"
    REFUSED = "refused"


#: A report has no more parts than this.
MOST_PARTS = 50


class LoanReportBatch(models.Model):
    row_scope = RowScope(lookup="bank_id", column="bank_id")
    public_id = models.CharField(max_length=40, unique=True)
    bank = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, db_index=False, related_name="loan_report_batches"
    )
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
    state = models.CharField(max_length=20, choices=BatchState.choices)
    content_bytes = models.BigIntegerField(null=True)
    #: The header of a CSV or XLSX file, so that its rejected rows go back in the bank's own columns.
    columns = models.JSONField(null=True)
    #: An earlier batch of the same content, all of whose rows were accepted: nothing was left to do.
    repeats = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    job = models.OneToOneField(Job, on_delete=models.PROTECT, null=True, related_name="+")
    #: A report too large for one file comes in parts, which are applied together; empty for a whole one.
    report_id = models.CharField(max_length=64, default="", blank=True)
    part_no = models.PositiveSmallIntegerField(null=True)
    parts = models.PositiveSmallIntegerField(null=True)
    #: Of a part that was set off with the others: the first of them, which has the job and the outcome.
    #: It is of the same bank by a key over both.
    first_part = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, db_constraint=False, related_name="+"
    )
    #: The centre's word on a batch that awaited it.
    decision = models.CharField(max_length=8, choices=Decision.choices, default="", blank=True)
    decision_reason = models.CharField(max_length=500, default="", blank=True)
    decided_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
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
            models.CheckConstraint(
                condition=Q(report_id="", part_no=None, parts=None)
                | (
                    ~Q(report_id="")
                    & Q(part_no__isnull=False, part_no__gte=1)
                    & Q(parts__isnull=False, parts__lte=MOST_PARTS, part_no__lte=F("parts"))
                ),
                name="a_part_has_its_report_number_and_count",
            ),
            # A part that came to nothing may be sent again.
            models.UniqueConstraint(
                fields=["bank", "report_id", "part_no"],
                condition=~Q(report_id="") & ~Q(state__in=["cancelled", "expired", "rejected"]),
                name="one_batch_per_part_of_a_report",
            ),
            models.CheckConstraint(
                condition=Q(decision="", decision_reason="", decided_by=None, decided_at=None)
                | (
                    Q(
                        decision__in=sorted(Decision.values),
                        decided_by__isnull=False,
                        decided_at__isnull=False,
                    )
                    & ~Q(decision_reason="")
                ),
                name="a_decision_has_its_person_time_and_reason",
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
