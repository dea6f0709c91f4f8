"""What happened to loans (flow) and how they stood at month end (stock): append-only.

Foreign keys without a constraint of their own are part of one over two columns: bank and parent
(migration `facts_stay_with_their_bank`), so that no row of one bank hangs on a row of another. Their indexes begin
the ones below.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from finance_hub.kernel.models import Organisation
from finance_hub.kernel.models.fields import is_money, is_month, money, one_of
from finance_hub.kernel.scoping import RowScope, ScopedManager
from loans.models.batches import LoanReportBatch
from loans.models.contracts import Drawdown


class RecordType(models.TextChoices):
    DISBURSEMENT = "disbursement"
    REPAYMENT = "repayment"
    EXTENSION = "extension"
    REFINANCING = "refinancing"
    WRITE_OFF = "write_off"
    RECOVERY = "recovery"
    ADJUSTMENT = "adjustment"
    REVERSAL = "reversal"


class LoanEvent(models.Model):
    """One revision of one event. The highest revision known at a time is the one in force.

    `effect` is what the event does to the balance of the drawdown: + disbursed, - repaid,
    refinanced or written off, ± adjusted, the opposite of what a reversal takes back, 0 for an
    extension and a recovery (a recovered write-off is income, its balance is gone).
    """

    append_only = True
    row_scope = RowScope(lookup="bank_id", column="bank_id")
    bank = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, db_constraint=False, db_index=False, related_name="+"
    )
    batch = models.ForeignKey(
        LoanReportBatch, on_delete=models.PROTECT, db_constraint=False, db_index=False, related_name="events"
    )
    row_number = models.PositiveIntegerField()
    client_row_id = models.CharField(max_length=64, default="", blank=True)
    drawdown = models.ForeignKey(
        Drawdown, on_delete=models.PROTECT, db_constraint=False, db_index=False, related_name="events"
    )
    external_event_id = models.CharField(max_length=64)
    revision = models.PositiveIntegerField()
    record_type = models.CharField(max_length=12, choices=RecordType.choices)
    value_date = models.DateField()
    amount = money()
    effect = money()
    reverses = models.CharField(max_length=64, default="", blank=True)
    reason_code = models.CharField(max_length=40, default="", blank=True)
    maturity_date = models.DateField(null=True)
    content_sha256 = models.BinaryField(max_length=32)
    recorded_at = models.DateTimeField()
    objects = ScopedManager["LoanEvent"]()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["bank", "external_event_id", "revision"], name="one_fact_per_event_and_revision"
            ),
            one_of("record_type", RecordType, name="record_type_is_known"),
            is_money("amount", name="loan_amount_is_money"),
            is_money("effect", name="loan_effect_is_money"),
            models.CheckConstraint(
                condition=Q(record_type="adjustment") | Q(amount__gte=0),
                name="only_adjustments_may_be_negative",
            ),
            models.CheckConstraint(condition=Q(revision__gte=1), name="event_revision_starts_at_one"),
            models.CheckConstraint(
                condition=(Q(record_type="reversal") & ~Q(reverses=""))
                | (~Q(record_type="reversal") & Q(reverses="")),
                name="a_reversal_and_only_it_names_an_event",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["bank", "reverses"], condition=~Q(reverses=""), name="loan_event_by_reversed"
            ),
            models.Index(fields=["drawdown", "value_date"], name="loan_event_by_drawdown"),
            models.Index(fields=["batch", "row_number"], name="loan_event_by_batch"),
            #: The few that take another's place.
            models.Index(
                fields=["bank", "external_event_id"], condition=Q(revision__gt=1), name="loan_event_revised"
            ),
            #: What few loans ever see.
            models.Index(
                fields=["record_type", "value_date"],
                condition=Q(record_type__in=["extension", "refinancing", "write_off"]),
                name="loan_event_seldom",
            ),
        ]


class LoanPosition(models.Model):
    """A drawdown at the end of a month, as its bank reported it.

    The table is partitioned by bank and month: a book each. Books are opened and bound by functions
    of the database (migration `positions_in_books`); `loans.intake.apply.books` calls them.
    """

    append_only = True
    pk = models.CompositePrimaryKey("drawdown_id", "month", "revision", "bank_id")
    row_scope = RowScope(lookup="bank_id", column="bank_id")
    bank = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, db_constraint=False, db_index=False, related_name="+"
    )
    batch = models.ForeignKey(
        LoanReportBatch,
        on_delete=models.PROTECT,
        db_constraint=False,
        db_index=False,
        related_name="positions",
    )
    row_number = models.PositiveIntegerField()
    client_row_id = models.CharField(max_length=64, default="", blank=True)
    drawdown = models.ForeignKey(
        Drawdown, on_delete=models.PROTECT, db_constraint=False, db_index=False, related_name="positions"
    )
    month = models.DateField()
    revision = models.PositiveIntegerField()
    balance = money()
    overdue_days = models.PositiveIntegerField()
    overdue_principal = money(default=0)
    overdue_interest = money(default=0)
    five_tier = models.CharField(max_length=16)
    recorded_at = models.DateTimeField()
    objects = ScopedManager["LoanPosition"]()

    class Meta:
        constraints: ClassVar = [
            is_month("month", name="position_month_is_a_first"),
            is_money("balance", name="balance_is_not_negative", least=0),
            is_money("overdue_principal", name="overdue_principal_is_not_negative", least=0),
            is_money("overdue_interest", name="overdue_interest_is_not_negative", least=0),
            # A bank may report worse than the floor of the overdue days, never better (令〔2023〕1号).
            models.CheckConstraint(
                condition=Q(five_tier="loss")
                | Q(five_tier="doubtful", overdue_days__lte=360)
                | Q(five_tier="substandard", overdue_days__lte=270)
                | Q(five_tier__in=["normal", "special_mention"], overdue_days__lte=90),
                name="five_tier_is_not_better_than_its_floor",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["batch", "row_number"], name="position_by_batch"),
            #: The few that take another's place, and the few that have gone bad (`loans.queries.ageing.BAD`).
            models.Index(fields=["drawdown", "month"], condition=Q(revision__gt=1), name="position_revised"),
            models.Index(
                fields=["drawdown", "month"],
                condition=Q(overdue_days__gt=90) | Q(five_tier__in=["substandard", "doubtful", "loss"]),
                name="position_gone_bad",
            ),
        ]
