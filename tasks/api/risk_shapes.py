"""What the API says of tolerances, assumptions, joint loss and stress runs."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from finance_hub.kernel.periods import Month
from finance_hub.rest.errors import language_of
from finance_hub.rest.fields import Choice, Day, Moment, Money, MonthText, Name, Record, Whole, Words, YesNo
from tasks.api.shapes import Number, RuleShape
from tasks.models import ParameterKind, RiskAssumptions, StressRun, StressScenario
from tasks.risk import runs
from tasks.risk.parameters import label
from tasks.risk.tolerances import STATUSES, BudgetOfMonth, Tolerances


class BudgetMonth(Record):
    period = MonthText()
    used = Money(allow_null=True, signed=True)
    limit = Money(allow_null=True)
    used_share = Number(allow_null=True)


class BudgetShown(Record):
    """One rule on one key of its scope, in yuan.

    `losses_left` write-offs of `median_write_off` (the median of `write_offs` of them) still fit; `warning` says so
    in words. `committed` is signed and not paid: principal once it is paid.
    """

    code = Words(max_length=80)
    label = Words(max_length=200)  # type: ignore[assignment]  # DRF has a label too
    rule = RuleShape()
    limit = Money(allow_null=True)
    used = Money(allow_null=True, signed=True)
    used_share = Number(allow_null=True)
    realised = Money(allow_null=True)
    impaired = Money(allow_null=True)
    left = Money(allow_null=True, signed=True)
    committed = Money(allow_null=True)
    median_write_off = Money(allow_null=True)
    write_offs = Whole()
    losses_left = Whole(allow_null=True)
    status = Choice(STATUSES)
    warning = Words(max_length=300)
    history = BudgetMonth(many=True)

    def to_representation(self, instance: BudgetOfMonth) -> dict[str, Any]:
        language = language_of(self.context["request"])
        said = {
            **instance._asdict(), "label": instance.label.say(language), "warning": instance.warning.say(language),
            "status": instance.status, "median_write_off": instance.typical,
            "history": [{**past._asdict(), "period": past.month} for past in instance.history],
        }  # fmt: skip
        return super().to_representation(said)


class TolerancesShown(Record):
    """`lapsed` are rules that have ended, and that no other has followed."""

    period = MonthText()
    snapshot = Words(max_length=40)
    budgets = BudgetShown(many=True)
    lapsed = RuleShape(many=True)

    def to_representation(self, instance: Tolerances) -> dict[str, Any]:
        period = Month.of(instance.snapshot.month)
        said = {"period": period, "snapshot": instance.snapshot.public_id}
        return super().to_representation({**said, "budgets": instance.budgets, "lapsed": instance.lapsed})


class ParameterRequest(Record):
    """`value` is a fraction; `source` says what it rests on, `is_invented` that it rests on nothing published."""

    kind = Choice(ParameterKind.values)
    key = Words(max_length=20)
    value = Number(least="0", most="1", places=6)
    source = Words(max_length=300)  # type: ignore[assignment]  # DRF has a source too
    is_invented = YesNo()


class ParameterShown(ParameterRequest):
    label = Words(max_length=100)  # type: ignore[assignment]  # DRF has a label too

    def to_representation(self, instance: Any) -> dict[str, Any]:
        said = {name: getattr(instance, name) for name in ("kind", "key", "value", "source", "is_invented")}
        language = language_of(self.context["request"])
        return super().to_representation({**said, "label": label(said["kind"], said["key"]).say(language)})


class AssumptionsRequest(Record):
    """A whole set: every class, stage and instrument once, the loading "*", and loadings by section as wanted."""

    valid_from = Day()
    document = Words(max_length=200)
    parameters = serializers.ListField(child=ParameterRequest(), allow_empty=False, max_length=100)


class DeliveredShown(Record):
    document = Words(max_length=200)
    parameters = ParameterShown(many=True)


class RiskAssumptionsShown(DeliveredShown):
    id = Words(max_length=40)
    valid_from = Day()
    recorded_at = Moment()
    recorded_by = Words(max_length=100)

    def to_representation(self, instance: RiskAssumptions) -> dict[str, Any]:
        said = {
            "id": instance.public_id, "valid_from": instance.valid_from, "document": instance.document,
            "recorded_at": instance.recorded_at, "recorded_by": instance.recorded_by.full_name,
            "parameters": list(instance.parameters.all()),
        }  # fmt: skip
        return super().to_representation(said)


class ScenarioRequest(Record):
    """Factors multiply what is assumed: `pd_factor` of the firms of one `industry` (a section of GB/T 4754), of all
    where it is ""; the listing factors hit firms on their way to a listing. `largest_group` fails for certain."""

    code = Words(max_length=40)
    name = Name(max_length=100)
    name_en = Name(max_length=100)
    document = Words(max_length=200)
    valid_from = Day()
    industry = Words(max_length=1, min_length=0, required=False, default="")
    pd_factor = Number(least="0.0001", most="100", required=False, default=1)
    loading_factor = Number(least="0.0001", most="10", required=False, default=1)
    listing_pd_factor = Number(least="0.0001", most="100", required=False, default=1)
    listing_lgd_factor = Number(least="0.0001", most="10", required=False, default=1)
    failing = Choice(["", "largest_group"], required=False, default="")
    is_dropped = YesNo(required=False, default=False)


class ScenarioShown(ScenarioRequest):
    id = Words(max_length=40, source="public_id")
    recorded_at = Moment()
    recorded_by = Words(max_length=100, source="recorded_by.full_name")


class JointLossShown(Record):
    """`result` holds books, limits, payers, contributions and sensitivities: amounts as yuan in text, chances as
    numbers in [0, 1]. `draws` scenarios were drawn from `seed`."""

    period = MonthText()
    snapshot = Words(max_length=40)
    assumptions = RiskAssumptionsShown()
    scenario = Words(max_length=40, allow_null=True)
    seed = Whole()
    draws = Whole()
    computed_at = Moment()
    result = serializers.JSONField()


class StressRequest(Record):
    period = MonthText()


class PartShown(Record):
    scenario = Words(max_length=40, allow_null=True)
    state = Words(max_length=12)
    step = Words(max_length=40, allow_null=True)


class StressRunShown(Record):
    """`done` of `parts` are computed. `comparison` has a row a scenario against the base case, none until joined."""

    id = Words(max_length=40)
    period = MonthText()
    snapshot = Words(max_length=40)
    assumptions = Words(max_length=40)
    state = Choice(["queued", "running", "succeeded", "failed", "cancelled"])
    requested_by = Words(max_length=64)
    requested_at = Moment()
    finished_at = Moment(allow_null=True)
    done = Whole()
    parts = PartShown(many=True)
    comparison = serializers.ListField(child=serializers.JSONField())

    def to_representation(self, instance: StressRun) -> dict[str, Any]:
        parts = list(instance.parts.all())
        said = {
            "id": instance.public_id, "period": Month.of(instance.snapshot.month),
            "snapshot": instance.snapshot.public_id, "assumptions": instance.assumptions.public_id,
            "state": runs.state(instance), "requested_by": instance.requested_by.username,
            "requested_at": instance.requested_at, "finished_at": instance.finished_at,
            "done": sum(part.result_id is not None for part in parts), "comparison": instance.comparison or [],
            "parts": [
                {
                    "scenario": part.scenario.code if part.scenario else None, "state": part.job.state,
                    "step": part.job.progress.get("step"),
                }
                for part in parts
            ],
        }  # fmt: skip
        return super().to_representation(said)


def scenario_code(scenario: StressScenario | None) -> str | None:
    return scenario.code if scenario else None
