"""返投: what of the money that came to the city is recognised for a fund, by which rules, and on what evidence."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Round

from finance_hub.kernel.models import Firm, Person
from finance_hub.kernel.models.fields import is_money, is_positive_money, money, one_of
from finance_hub.kernel.scoping import RowScope, ScopedManager
from funds.models.funds import Fund

#: At least one character that is not blank.
SAID = r"\S"


class Route(models.TextChoices):
    """Why money that reached the city counts for a fund."""

    INVESTED = "invested", "被投企业的本地投入"
    OWN_INPUT = "own_input", "合伙人自有投入"
    INTRODUCED = "introduced", "引荐企业的本地投入"
    RELOCATED = "relocated", "总部或核心业务迁入"
    TAXES_AND_FEES = "taxes_and_fees", "税收规费"


def _factor() -> models.DecimalField[Any, Any]:
    """A multiple with four places; null where the rules do not know the route, 0 where it never counts."""
    return models.DecimalField(max_digits=6, decimal_places=4, null=True)


class ReinvestmentRules(models.Model):
    """How much of the base of each route is recognised from a day on; of one day the rules recorded last.

    A set takes the place of the one before as a whole. What was recognised keeps the factor of its day.
    """

    append_only = True
    row_scope = RowScope(lookup="fund__manager_id", column="fund_id", parent="funds_fund", writer="")
    public_id = models.CharField(max_length=40, unique=True)
    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="reinvestment_rules")
    valid_from = models.DateField()
    document = models.CharField(max_length=200)
    invested_factor = _factor()
    own_input_factor = _factor()
    introduced_factor = _factor()
    relocated_factor = _factor()
    taxes_and_fees_factor = _factor()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    objects = ScopedManager["ReinvestmentRules"]()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(document__regex=SAID), name="reinvestment_rules_name_their_document"
            ),
            *(
                # NaN sorts above every number.
                models.CheckConstraint(
                    condition=Q(**{f"{route}_factor": None})
                    | Q(**{f"{route}_factor__gte": 0, f"{route}_factor__lt": 100}),
                    name=f"{route}_factor_is_a_multiple",
                )
                for route in Route.values
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["fund", "valid_from"], name="reinvestment_rules_by_date")]

    def factor(self, route: str) -> Any:
        """Of a route; None where these rules do not know it."""
        return getattr(self, f"{route}_factor")


class LocalInput(models.Model):
    """Money that reached the city through one firm, known by the document that proves it.

    It counts once, whatever it is recognised for, and for one fund: of several funds' inputs of one firm and
    reference only one has cases that stand (`check_recognition` of migration 0008).
    """

    append_only = True
    row_scope = RowScope(lookup="fund__manager_id", column="fund_id", parent="funds_fund", writer="")
    public_id = models.CharField(max_length=40, unique=True)
    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="local_inputs")
    firm = models.ForeignKey(Firm, on_delete=models.PROTECT, related_name="+")
    #: The number of the audit report or certificate that proves the money.
    reference = models.CharField(max_length=100)
    objects = ScopedManager["LocalInput"]()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["fund", "firm", "reference"], name="local_input_is_entered_once"),
            models.CheckConstraint(
                condition=Q(reference__regex=r"^\S(.*\S)?$"), name="local_input_has_its_reference"
            ),
        ]


class Recognition(models.Model):
    """One case 认定 of a local input: `recognised` = `base` × `factor`, to the fen, halves up.

    Of one input the highest case that stands is counted, so that a better one adds the difference alone.
    A cancellation is a row that `reverses` the first; a correction `corrects` one that was taken back.
    """

    append_only = True
    row_scope = RowScope(
        lookup="input__fund__manager_id", column="input_id", parent="funds_localinput", writer=""
    )
    public_id = models.CharField(max_length=40, unique=True)
    input = models.ForeignKey(LocalInput, on_delete=models.PROTECT, related_name="recognitions")
    rules = models.ForeignKey(ReinvestmentRules, on_delete=models.PROTECT, related_name="+")
    route = models.CharField(max_length=14, choices=Route.choices)
    base = money()
    factor = models.DecimalField(max_digits=6, decimal_places=4)
    recognised = money()
    effective_date = models.DateField()
    evidence = models.CharField(max_length=500)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    reverses = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="reversed_by")
    corrects = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="corrected_by")
    objects = ScopedManager["Recognition"]()

    class Meta:
        constraints: ClassVar = [
            # That rules, factor and input belong together is held by `check_recognition` of migration 0008.
            one_of("route", Route, name="route_of_recognition_is_known"),
            is_positive_money("base", name="recognised_base_is_positive"),
            is_money("recognised", name="recognised_amount_is_not_negative", least=0),
            models.CheckConstraint(
                condition=Q(recognised=Round(F("base") * F("factor"), precision=2)),
                name="recognised_is_base_times_factor",
            ),
            models.CheckConstraint(condition=Q(evidence__regex=SAID), name="recognition_has_its_evidence"),
            models.CheckConstraint(
                condition=Q(corrects=None) | Q(reverses=None), name="corrected_recognition_is_no_reversal"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["input", "effective_date"], name="recognition_by_date")]
