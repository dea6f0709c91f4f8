"""A ratio as the API shows it: a number, or the reason why there is none."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from drf_spectacular.utils import extend_schema_field

from finance_hub.kernel.text import Text
from finance_hub.rest.fields import Record, Strict, Words

_PLACES = Decimal("0.0001")
NO_DENOMINATOR = "no-denominator"


@extend_schema_field({"type": "string", "pattern": r"^\d+\.\d{4}$", "example": "1.2500"})
class Multiple(Strict):
    """A plain number with four places, as a decimal string; only ever answered."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(read_only=True, **kwargs)

    def to_representation(self, value: Decimal) -> str:
        return f"{value.quantize(_PLACES, rounding=ROUND_HALF_EVEN):f}"


class Ratio(Record):
    """`value`, or `reason` where the denominator is zero; the other is null."""

    value = Multiple(allow_null=True)
    reason = Words(max_length=20, allow_null=True)


def ratio(numerator: Decimal, denominator: Decimal) -> dict[str, Any]:
    """What `Ratio` shows of two amounts."""
    if denominator:
        return {"value": numerator / denominator, "reason": None}
    return {"value": None, "reason": NO_DENOMINATOR}


#: Said of every score: what it is, and which way it goes.
SCORE_IS_A_FORECAST = Text(
    "按第三方转录的评分表预测；返投比例越高得分越低，不得以高为优",
    "Forecast from a third-party copy of the scoring table; a higher ratio scores lower, never better",
)
