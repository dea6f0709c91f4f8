"""Numbers that are no money."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from drf_spectacular.utils import extend_schema_field

from finance_hub.rest.fields import Strict, is_text

_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,15})(\.[0-9]{1,6})?", re.ASCII)


@extend_schema_field({"type": "string", "pattern": f"^{_NUMBER.pattern}$", "example": "0.125000"})
class Number(Strict):
    """A decimal string with at most six places, below `most` either way."""

    def __init__(self, *, most: int = 10**16, **kwargs: Any) -> None:
        self.most = most
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> Decimal:
        if not is_text(data):
            raise self.refuse("not-a-string")
        if not _NUMBER.fullmatch(data):
            raise self.refuse("invalid")
        number = Decimal(data)
        if abs(number) >= self.most:
            raise self.refuse("max_value" if number > 0 else "min_value")
        return number

    def to_representation(self, value: Decimal) -> str:
        return f"{value.normalize():f}"
