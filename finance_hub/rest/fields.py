"""Strict serializer fields: what is not exactly as documented is refused with its own code."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from itertools import islice
from typing import Any, TypeGuard

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

from finance_hub.kernel import money, uscc
from finance_hub.kernel.periods import SHANGHAI, Month, UnableToReadMonth, parse_date
from finance_hub.rest import reading
from finance_hub.rest.formats import JsonNumber
from finance_hub.rest.wording import WORDS

_SCHEMA: dict[str, dict[str, Any]] = {
    "money": {"type": "string", "pattern": r"^-?(0|[1-9]\d{0,15})(\.\d{1,2})?$", "example": "3000000.00"},
    "uscc": {
        "type": "string",
        "minLength": 18,
        "maxLength": 18,
        "pattern": r"^[0-9A-HJ-NP-RTUWXY]{2}\d{6}[0-9A-HJ-NP-RTUWXY]{10}$",
        "example": "91330483MA2B9PTN02",
    },
    "month": {"type": "string", "pattern": r"^\d{4}-(0[1-9]|1[0-2])$", "example": "2026-10"},
    "sha256": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
}


#: A hostile body of a hundred thousand names costs no more than this many errors.
MOST_UNKNOWN = 100
#: Stands for whatever is no text, so that the readers of the kernel refuse it as such.
NOT_TEXT = object()


def is_text(data: Any) -> TypeGuard[str]:
    """Whether it is a JSON string; a JSON number kept as text is none, however it is spelt."""
    return isinstance(data, str) and not isinstance(data, JsonNumber)


class Strict(serializers.Field[Any, Any, Any, Any]):
    """Raises ValidationError with a code of `rest.wording`."""

    def refuse(self, code: str) -> serializers.ValidationError:
        return serializers.ValidationError(WORDS[code].en, code=code)


class Words(Strict):
    """Text without control or invisible characters, trimmed of nothing: what is sent is what is kept."""

    def __init__(self, *, max_length: int, min_length: int = 1, **kwargs: Any) -> None:
        self.max_length, self.min_length = max_length, min_length
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> str:
        if not is_text(data):
            raise self.refuse("not-a-string")
        if len(data) < self.min_length or (self.min_length and not data.strip()):
            raise self.refuse("blank")
        if len(data) > self.max_length:
            raise self.refuse("max_length")
        if any(unicodedata.category(letter) in {"Cc", "Cf", "Cs", "Zl", "Zp"} for letter in data):
            raise self.refuse("control-characters")
        return data

    def to_representation(self, value: Any) -> str:
        return str(value)


class Name(Words):
    """Words that tell one from another: without blanks around them, which nobody sees."""

    def to_internal_value(self, data: Any) -> str:
        text = super().to_internal_value(data)
        if text != text.strip():
            raise self.refuse("surrounding-blanks")
        return text


@extend_schema_field(_SCHEMA["money"])
class Money(Strict):
    """Yuan as a decimal string; `positive` refuses zero, otherwise negatives are refused unless `signed`."""

    def __init__(self, *, positive: bool = False, signed: bool = False, **kwargs: Any) -> None:
        self.positive, self.signed = positive, signed
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> Decimal:
        try:
            amount = money.parse(data if data is None or is_text(data) else NOT_TEXT)
        except money.UnableToReadMoney as error:
            raise self.refuse(error.code) from error
        if self.positive and amount <= 0:
            raise self.refuse("amount-not-positive")
        if amount < 0 and not self.signed:
            raise self.refuse("amount-negative")
        return amount

    def to_representation(self, value: Decimal) -> str:
        return f"{value:.2f}"


@extend_schema_field({"type": "string", "pattern": r"^(0|[1-9]\d{0,2})(\.\d{1,2})?$", "example": "20.00"})
class Percent(Money):
    """From 0 to 100 with at most two places, as a decimal string."""

    def to_internal_value(self, data: Any) -> Decimal:
        share = super().to_internal_value(data)
        if share > 100:
            raise self.refuse("max_value")
        return share


_RATE = re.compile(r"(0|[1-9][0-9]{0,2})(\.[0-9]{1,4})?", re.ASCII)


@extend_schema_field({"type": "string", "pattern": f"^{_RATE.pattern}$", "example": "3.0000"})
class Rate(Strict):
    """Per cent, below 100 (or, `full`, up to it) with at most four places, as a decimal string."""

    def __init__(self, *, full: bool = False, **kwargs: Any) -> None:
        self.full = full
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> Decimal:
        if not is_text(data):
            raise self.refuse("not-a-string")
        if not _RATE.fullmatch(data):
            raise self.refuse("invalid")
        rate = Decimal(data)
        if rate > 100 or (rate == 100 and not self.full):
            raise self.refuse("max_value")
        return rate

    def to_representation(self, value: Decimal) -> str:
        return f"{value:.4f}"


@extend_schema_field({"type": "string", "format": "date", "example": "2026-10-17"})
class Day(Strict):
    """A civil date of Asia/Shanghai."""

    def to_internal_value(self, data: Any) -> date:
        try:
            return parse_date(data if is_text(data) else NOT_TEXT)
        except ValueError as error:
            raise self.refuse("date-format") from error

    def to_representation(self, value: date) -> str:
        return value.isoformat()


@extend_schema_field(_SCHEMA["month"])
class MonthText(Strict):
    def to_internal_value(self, data: Any) -> Month:
        if not is_text(data):
            raise self.refuse("month-format")
        try:
            return Month.parse(data)
        except UnableToReadMonth as error:
            raise self.refuse("month-format") from error

    def to_representation(self, value: Month | date) -> str:
        return str(value if isinstance(value, Month) else Month.of(value))


@extend_schema_field(_SCHEMA["uscc"])
class Uscc(Strict):
    def to_internal_value(self, data: Any) -> str:
        fault = uscc.check(data if is_text(data) else NOT_TEXT)
        if fault:
            raise self.refuse(f"uscc-{fault}")
        return str(data)

    def to_representation(self, value: str) -> str:
        return value


@extend_schema_field(_SCHEMA["sha256"])
class Sha256(Strict):
    def to_internal_value(self, data: Any) -> str:
        if not is_text(data) or not re.fullmatch("[0-9a-f]{64}", data, re.ASCII):
            raise self.refuse("sha256-format")
        return data

    def to_representation(self, value: str) -> str:
        return value


class Whole(Strict):
    def __init__(self, *, least: int = 0, most: int = 2**31 - 1, **kwargs: Any) -> None:
        self.least, self.most = least, most
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, JsonNumber) and data.is_whole:  # more digits than anything counts
            raise self.refuse("min_value" if data.startswith("-") else "max_value")
        if not isinstance(data, int) or isinstance(data, bool):
            raise self.refuse("not-an-integer")
        if not self.least <= data <= self.most:
            raise self.refuse("min_value" if data < self.least else "max_value")
        return data

    def to_representation(self, value: int) -> int:
        return value


@extend_schema_field({"type": "boolean"})
class YesNo(Strict):
    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            raise self.refuse("not-a-boolean")
        return data

    def to_representation(self, value: bool) -> bool:
        return value


class Choice(Strict):
    """One of the given words, case-sensitive."""

    def __init__(self, choices: Any, **kwargs: Any) -> None:
        self.choices = {str(choice): str(choice) for choice in choices}
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> str:
        if not is_text(data):
            raise self.refuse("not-a-string")
        if data not in self.choices:
            raise self.refuse("invalid_choice")
        return data

    def to_representation(self, value: Any) -> str:
        return str(value)


class Record(serializers.Serializer[Any]):
    """A serializer that refuses fields it does not know and fields that are only read."""

    def to_representation(self, instance: Any) -> dict[str, Any]:
        """As the framework does it, without building and asking each field anew for every answer and row."""
        shown: dict[str, Any] = {}
        for name, path, field, lacking in self._parts:
            value = reading.value_at(path, instance, lacking)
            if value is reading.ODD:
                try:
                    value = field.get_attribute(instance)
                except serializers.SkipField:
                    continue
            shown[name] = None if value is None else field.to_representation(value)
        return shown

    @cached_property
    def _parts(self) -> list[reading.Part]:
        return reading.parts_of(self)

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict):
            writable = {name for name, field in self.fields.items() if not field.read_only}
            unknown = islice((name for name in data if name not in writable), MOST_UNKNOWN)
            refused = {name: [_unknown()] for name in unknown}
            if refused:
                raise serializers.ValidationError(refused)
        return super().to_internal_value(data)


def _unknown() -> Any:
    return ErrorDetail(WORDS["unknown-field"].en, code="unknown-field")


@extend_schema_field({"type": "string", "format": "date-time", "example": "2026-11-03T09:12:44+08:00"})
class Moment(Strict):
    """RFC 3339 to the second, with the offset of Asia/Shanghai; only ever answered."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(read_only=True, **kwargs)

    def to_representation(self, value: datetime) -> str:
        return value.astimezone(SHANGHAI).isoformat(timespec="seconds")


@extend_schema_field({"type": "string", "format": "date-time", "example": "2026-11-03T09:12:44.105321+08:00"})
class Instant(Moment):
    """The same, as exactly as it is kept."""

    def to_representation(self, value: datetime) -> str:
        return value.astimezone(SHANGHAI).isoformat()
