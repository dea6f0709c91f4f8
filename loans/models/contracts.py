"""Contracts and their drawdowns 借据. A contract is `(bank, contract_no)`.

Foreign keys without a constraint of their own are part of one over bank and parent together, and firm where both name it.
"""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from finance_hub.kernel.models import Firm, Organisation
from finance_hub.kernel.models.fields import is_money, money, one_of
from finance_hub.kernel.scoping import RowScope, ScopedManager

#: What a product may ask of its disbursements beyond the fields that every loan has.
REQUIRABLE = (
    "branch_code", "guarantee_ref", "interest_subsidy_pct", "lpr_spread_bp", "pledges", "purpose_industry",
    "talent_programme", "warrant_ref",
)  # fmt: skip


class LoanProduct(models.Model):
    """投融贷, 研发贷, 孵化贷, 知识产权质押贷: data, with both names.

    It is lent on the days of `[valid_from, valid_to)`, null being unbounded; a disbursement carries its
    `required_fields`.
    """

    code = models.CharField(max_length=24, primary_key=True)
    name = models.CharField(max_length=40)
    name_en = models.CharField(max_length=60)
    position = models.PositiveSmallIntegerField(unique=True)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    required_fields = ArrayField(models.CharField(max_length=24), default=list, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_to__gt=F("valid_from")),
                name="product_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(required_fields__contained_by=list(REQUIRABLE)),
                name="a_product_requires_fields_of_a_row",
            ),
        ]


class Contract(models.Model):
    row_scope = RowScope(lookup="bank_id", column="bank_id")
    bank = models.ForeignKey(Organisation, on_delete=models.PROTECT, db_index=False, related_name="contracts")
    contract_no = models.CharField(max_length=64)
    firm = models.ForeignKey(Firm, on_delete=models.PROTECT, db_index=False, related_name="contracts")
    recorded_at = models.DateTimeField()
    objects = ScopedManager["Contract"]()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["bank", "contract_no"], name="contract_is_bank_and_number")
        ]
        #: With the contract itself: a drawdown's contract is looked up with its firm, and by the firm alone all of its
        #: contracts would be read.
        indexes: ClassVar = [models.Index(fields=["firm", "id"], name="contract_by_firm")]


class RepaymentMethod(models.TextChoices):
    EQUAL_INSTALMENT = "equal-instalment", "等额本息"
    EQUAL_PRINCIPAL = "equal-principal", "等额本金"
    BULLET = "bullet", "一次还本"


class Drawdown(models.Model):
    """借据: one disbursement with its terms."""

    row_scope = RowScope(lookup="bank_id", column="bank_id")
    bank = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, db_constraint=False, db_index=False, related_name="+"
    )
    contract = models.ForeignKey(
        Contract, on_delete=models.PROTECT, db_constraint=False, db_index=False, related_name="drawdowns"
    )
    #: The contract's, told again so that a million loans are grouped by firm without a look at their contracts; a key
    #: over contract, bank and firm holds the two together.
    firm = models.ForeignKey(
        Firm, on_delete=models.PROTECT, db_constraint=False, db_index=False, related_name="+"
    )
    drawdown_no = models.CharField(max_length=64)
    #: Of a handful of products no index finds anything faster than a scan.
    product = models.ForeignKey(LoanProduct, on_delete=models.PROTECT, db_index=False, related_name="+")
    disbursed_on = models.DateField()
    maturity_date = models.DateField()
    annual_rate_pct = models.DecimalField(max_digits=9, decimal_places=4)
    repayment_method = models.CharField(max_length=20, choices=RepaymentMethod.choices)
    lpr_spread_bp = models.IntegerField(null=True)
    interest_subsidy_pct = models.DecimalField(max_digits=9, decimal_places=4, null=True)
    purpose_industry = models.CharField(max_length=5, default="", blank=True)
    branch_code = models.CharField(max_length=40, default="", blank=True)
    talent_programme = models.CharField(max_length=60, default="", blank=True)
    warrant_ref = models.CharField(max_length=64, default="", blank=True)
    guarantee_ref = models.CharField(max_length=64, default="", blank=True)
    recorded_at = models.DateTimeField()
    objects = ScopedManager["Drawdown"]()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["contract", "drawdown_no"], name="drawdown_once_per_contract"),
            one_of("repayment_method", RepaymentMethod, name="repayment_method_is_known"),
            models.CheckConstraint(
                condition=Q(annual_rate_pct__gte=0, annual_rate_pct__lt=100), name="rate_is_a_percentage"
            ),
            models.CheckConstraint(
                condition=Q(maturity_date__gt=F("disbursed_on")), name="loan_matures_after_disbursement"
            ),
        ]
        #: With the id: a foreign key that is checked through it reads one row, never all of a bank.
        indexes: ClassVar = [models.Index(fields=["bank", "id"], name="drawdown_by_bank")]


class PledgeType(models.TextChoices):
    PATENT = "patent", "专利"
    TRADEMARK = "trademark", "商标"
    COPYRIGHT = "copyright", "著作权"
    LAYOUT_DESIGN = "layout_design", "集成电路布图设计"
    DATA_IP = "data_ip", "数据知识产权"


class Pledge(models.Model):
    """Intellectual property pledged for a drawdown, with its share of the loan."""

    row_scope = RowScope(lookup="bank_id", column="bank_id")
    bank = models.ForeignKey(Organisation, on_delete=models.PROTECT, db_constraint=False, related_name="+")
    drawdown = models.ForeignKey(
        Drawdown, on_delete=models.PROTECT, db_constraint=False, related_name="pledges"
    )
    type = models.CharField(max_length=16, choices=PledgeType.choices)
    certificate_no = models.CharField(max_length=64)
    registration_no = models.CharField(max_length=64)
    appraised_value = money()
    share_pct = models.DecimalField(max_digits=5, decimal_places=2)
    objects = ScopedManager["Pledge"]()

    class Meta:
        constraints: ClassVar = [
            is_money("appraised_value", name="appraised_value_is_not_negative", least=0),
            one_of("type", PledgeType, name="pledge_type_is_known"),
            models.CheckConstraint(
                condition=Q(share_pct__gt=0, share_pct__lte=100), name="pledge_share_is_a_percentage"
            ),
        ]
