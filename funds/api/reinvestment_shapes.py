"""What the API of 返投 takes and gives, with examples."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from finance_hub.rest.fields import Choice, Day, Moment, Money, Rate, Record, Uscc, Whole, Words
from funds.api.ratios import Ratio
from funds.api.shapes import page_of
from funds.models import Route
from funds.models.terms import Base

_FACTOR: dict[str, Any] = {"required": False, "allow_null": True}


class NewRules(Record):
    """A factor multiplies the base of its route: 1.0000 for all of it, 0.0000 for never; null is not recognised."""

    valid_from = Day()
    document = Words(max_length=200)
    invested = Rate(**_FACTOR, source="invested_factor")
    own_input = Rate(**_FACTOR, source="own_input_factor")
    introduced = Rate(**_FACTOR, source="introduced_factor")
    relocated = Rate(**_FACTOR, source="relocated_factor")
    taxes_and_fees = Rate(**_FACTOR, source="taxes_and_fees_factor")


class RulesShown(NewRules):
    id = Words(max_length=40, source="public_id")
    recorded_at = Moment()
    recorded_by = Words(max_length=100, source="recorded_by.full_name")


class NewCase(Record):
    """`base` is what the rules multiply; `evidence` says what proves it."""

    route = Choice(Route.values)
    base = Money(positive=True)
    effective_date = Day()
    evidence = Words(max_length=500)


class NewRecognition(NewCase):
    """`reference` is the number of what proves the money: named again, it is another case of the same money."""

    uscc = Uscc()
    firm_name = Words(max_length=200, required=False)
    reference = Words(max_length=100)


class NewReversal(Record):
    effective_date = Day()
    evidence = Words(max_length=500)


class RecognitionShown(NewCase):
    """`recognised` = `base` × `factor`. What is counted of it depends on the other cases of the same money."""

    id = Words(max_length=40, source="public_id")
    uscc = Words(max_length=18, source="input.firm.uscc")
    firm_name = Words(max_length=200, source="input.firm.name")
    reference = Words(max_length=100, source="input.reference")
    factor = Rate()
    recognised = Money()
    rules = Words(max_length=40, source="rules.public_id")
    document = Words(max_length=200, source="rules.document")
    recorded_at = Moment()
    recorded_by = Words(max_length=100, source="recorded_by.full_name")
    reverses = Words(max_length=40, source="reverses.public_id", default=None, allow_null=True)
    corrects = Words(max_length=40, source="corrects.public_id", default=None, allow_null=True)


class CountedShown(Record):
    """Money of one reference and its best case that stands."""

    uscc = Words(max_length=18)
    firm = Words(max_length=200)
    reference = Words(max_length=100)
    route = Choice(Route.values)
    recognised = Money()


class ScoreShown(Record):
    document = Words(max_length=200)
    points = Whole()


class ReinvestmentShown(Record):
    """Recognised local investment and both ratios, told apart; what the terms ask for is null where they do not.

    The scores are forecasts, of the multiple asked for and of the ratio reached: a higher ratio scores lower.
    """

    recognised = Money()
    by_route = serializers.DictField(child=Money())
    fiscal_paid_in = Money()
    fiscal_committed = Money()
    to_fiscal_paid_in = Ratio()
    to_fiscal_committed = Ratio()
    multiple = Rate(allow_null=True)
    base = Choice(Base.values, allow_null=True)
    base_amount = Money(allow_null=True)
    due = Money(allow_null=True)
    left = Money(allow_null=True)
    document = Words(max_length=200, min_length=0)
    score_asked = ScoreShown(allow_null=True)
    score_reached = ScoreShown(allow_null=True)
    score_note = Words(max_length=200)
    inputs = CountedShown(many=True)


RulesPage, RecognitionPage = page_of(RulesShown), page_of(RecognitionShown)

_ENTERED = {"recorded_at": "2026-11-05T09:30:00+08:00", "recorded_by": "王某"}
NEW_RULES = {
    "valid_from": "2022-06-01", "document": "返投认定办法（示例）", "invested": "1.0000", "own_input": "1.0000",
    "introduced": "0.3000", "relocated": "1.5000", "taxes_and_fees": "0.0000",
}  # fmt: skip
RULES = {"id": "rr_01JD3M8Q4T", **NEW_RULES, **_ENTERED}
NEW_RECOGNITION = {
    "uscc": "91330483MA2B9PTN02", "firm_name": "桐乡示例科技有限公司", "reference": "嘉会审〔2026〕118号",
    "route": "own_input", "base": "8000000.00", "effective_date": "2026-03-31", "evidence": "专项审计报告第3页",
}  # fmt: skip
_CASE = {
    "id": "rc_01JD3M8Q4T", **NEW_RECOGNITION, "factor": "1.0000", "recognised": "8000000.00",
    "rules": "rr_01JD3M8Q4T", "document": "返投认定办法（示例）", **_ENTERED, "reverses": None, "corrects": None,
}  # fmt: skip
RECOGNITION = _CASE
NEW_REVERSAL = {"effective_date": "2026-06-30", "evidence": "审计报告撤回"}
REVERSAL = {**_CASE, **NEW_REVERSAL, "id": "rc_01JD3M8Q5B", "reverses": "rc_01JD3M8Q4T"}
NEW_CORRECTION = {
    "route": "introduced", "base": "8000000.00", "effective_date": "2026-03-31", "evidence": "情形认定有误",
}  # fmt: skip
CORRECTION = {
    **_CASE, **NEW_CORRECTION, "id": "rc_01JD3M8Q6C", "factor": "0.3000", "recognised": "2400000.00",
    "corrects": "rc_01JD3M8Q4T",
}  # fmt: skip
