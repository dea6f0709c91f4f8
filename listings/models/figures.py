"""What listing standards measure a firm by: its financial years, and what is stated of it as it stands."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import ExtractYear

from finance_hub.kernel.models import Firm
from finance_hub.kernel.models.fields import is_money, money, one_of
from finance_hub.kernel.scoping import CENTRE_ONLY, ScopedManager
from listings.models.correcting import Correctable, only_corrections_take_back
from listings.models.procedure import SAID

SIGNED_MONEY = ("net_profit", "net_profit_less_non_recurring", "operating_cash_flow")
PLAIN_MONEY = ("revenue", "rd")
COUNTS = ("invention_patents", "rd_staff", "staff")
#: The figures of a year, in the order in which people ask for them; a figure nobody reported is null.
YEARLY = (
    "revenue", "net_profit", "net_profit_less_non_recurring", "rd", "operating_cash_flow", "roe", *COUNTS,
    "unqualified_opinion",
)  # fmt: skip
FIRST_YEAR = 1990


def _count(**kwargs: Any) -> models.PositiveIntegerField[Any, Any]:
    return models.PositiveIntegerField(null=True, **kwargs)


class FinancialYear(Correctable):
    """A financial year, which is the calendar year, as reported on a day after it. Amounts are yuan.

    `roe` is the weighted return on net assets by the lower of both profits, as a fraction; staff and patents
    (inventions used in the main business) are those at the end of the year.
    """

    row_scope = CENTRE_ONLY
    firm = models.ForeignKey(Firm, on_delete=models.PROTECT, related_name="financial_years")
    year = models.PositiveSmallIntegerField()
    revenue = money(null=True)
    net_profit = money(null=True)
    net_profit_less_non_recurring = money(null=True)
    rd = money(null=True)
    operating_cash_flow = money(null=True)
    roe = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    invention_patents = _count()
    rd_staff = _count()
    staff = _count()
    unqualified_opinion = models.BooleanField(null=True)
    source = models.CharField(max_length=300)
    objects = ScopedManager["FinancialYear"]()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["firm", "year"], condition=Q(corrects=None), name="a_financial_year_is_recorded_once"
            ),
            models.CheckConstraint(
                condition=Q(year__gte=FIRST_YEAR)
                & Q(year__lt=ExtractYear(F("effective_date"))),
                name="a_financial_year_is_reported_after_its_end",
            ),
            *(is_money(name, name=f"{name}_of_the_year_is_money") for name in SIGNED_MONEY),
            *(is_money(name, name=f"{name}_of_the_year_is_money", least=0) for name in PLAIN_MONEY),
            models.CheckConstraint(condition=Q(roe__gt=-1000, roe__lt=1000), name="roe_is_a_number"),
            models.CheckConstraint(
                condition=Q(rd_staff__lte=F("staff")), name="rd_staff_is_part_of_the_staff"
            ),
            models.CheckConstraint(
                condition=Q(taken_back=True) | Q(*[(f"{name}__isnull", False) for name in YEARLY], _connector=Q.OR),
                name="a_financial_year_reports_something",
            ),
            models.CheckConstraint(condition=Q(source__regex=SAID), name="a_financial_year_has_its_source"),
            only_corrections_take_back("only_a_recorded_year_is_taken_back"),
            models.UniqueConstraint(fields=["id", "firm", "year"], name="financial_year_of_one_firm"),
        ]  # fmt: skip


class Stated(models.TextChoices):
    """What a person states of a firm as it stands; whoever states it has looked at the papers."""

    EXPECTED_MARKET_CAP = "expected_market_cap", "预计市值"
    SHARE_CAPITAL = "share_capital_after_issue", "发行后股本总额"
    PUBLIC_FLOAT = "public_float_share", "公开发行股份占比"
    NET_ASSETS = "net_assets", "期末净资产"
    SHARES_OFFERED = "shares_offered", "公开发行股份数"
    SUBSCRIBERS = "subscribers", "发行对象人数"
    HOLDERS = "holders_after_issue", "发行后股东人数"
    NEEQ_MONTHS = "neeq_innovation_layer_months", "新三板创新层连续挂牌月数"
    YEARS_IN_OPERATION = "years_in_operation", "持续经营年数"
    CONTROLLER_YEARS = "controller_unchanged_years", "实际控制人未变更年数"
    STAGED_RESULTS = "staged_results_with_large_market", "取得阶段性成果且市场空间大"
    SOFTWARE = "software", "软件企业"
    SOFTWARE_AMOUNT = "software_may_count_rd_amount", "软件企业可按研发金额认定"
    STAR_5 = "applies_under_star_5", "按科创板第五套标准申报"
    RED_CHIP = "red_chip_listed_overseas", "已境外上市红筹企业"
    MODERN_INDUSTRY = "modern_industry", "现代产业体系或战略性新兴产业"
    RECOGNISED = "technology_recognised_by_state", "核心技术经国家主管部门认定"
    AWARD = "state_science_award", "获国家科技奖"
    MAJOR_PROJECT = "state_major_project", "承担国家重大科技专项"
    IMPORT_SUBSTITUTION = "import_substitution", "实现进口替代"


#: What is stated as a yes or a no, in yuan, and as a fraction of 1; everything else is a whole number.
YES_NO: list[str] = Stated.values[10:]
IN_YUAN: list[str] = [
    Stated.EXPECTED_MARKET_CAP.value, Stated.SHARE_CAPITAL.value, Stated.NET_ASSETS.value,
]  # fmt: skip
FRACTIONS: list[str] = [Stated.PUBLIC_FLOAT.value]


class FirmStatement(Correctable):
    """A `number` or a yes or no (`holds`), as it stood on its day; `source` is also whose estimate it is."""

    row_scope = CENTRE_ONLY
    firm = models.ForeignKey(Firm, on_delete=models.PROTECT, related_name="statements")
    name = models.CharField(max_length=40, choices=Stated.choices)
    number = models.DecimalField(max_digits=22, decimal_places=6, null=True)
    holds = models.BooleanField(null=True)
    source = models.CharField(max_length=300)
    objects = ScopedManager["FirmStatement"]()

    class Meta:
        constraints: ClassVar = [
            one_of("name", Stated, name="stated_name_is_known"),
            models.CheckConstraint(
                condition=Q(taken_back=True)
                | Q(name__in=YES_NO, number=None, holds__isnull=False)
                | (~Q(name__in=YES_NO) & Q(number__isnull=False, holds=None)),
                name="a_statement_is_a_number_or_a_yes_or_no",
            ),
            models.CheckConstraint(
                condition=Q(number__gte=0, number__lt=10**16), name="a_stated_number_is_a_number"
            ),
            models.CheckConstraint(condition=Q(source__regex=SAID), name="a_statement_has_its_source"),
            only_corrections_take_back("only_a_recorded_statement_is_taken_back"),
            models.UniqueConstraint(fields=["id", "firm", "name"], name="statement_of_one_firm"),
        ]
