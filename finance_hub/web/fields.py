"""Fields of forms: what a page asks, and what people typed made into values.

People are met half way: full-width digits, thousands separators and the sign of the yuan are read; what is
doubtful is refused beside its field, in the words that the API has for it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from finance_hub.kernel import money
from finance_hub.kernel.periods import parse_date
from finance_hub.rest.wording import WORDS
from finance_hub.web import words
from finance_hub.web.contexts import forms
from finance_hub.web.contexts.chrome import FieldError
from finance_hub.web.contexts.overview import Choice

_GROUPED = re.compile(r"[0-9]{1,3}(,[0-9]{3})+(\.[0-9]*)?", re.ASCII)
_DAY = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?", re.ASCII)


class Unread(ValueError):
    """What was typed is no value; `code` is the stable code of why."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


@dataclass(frozen=True)
class Field:
    """A field of a form. `choices` are (value, label); `initial` is what it holds before anybody types."""

    name: str
    label: str
    kind: forms.Kind = "words"
    hint: str = ""
    required: bool = True
    choices: tuple[tuple[str, str], ...] = ()
    initial: str = ""
    most: int = 200


def read(fields: Sequence[Field], said: Mapping[str, str]) -> tuple[dict[str, Any], tuple[FieldError, ...]]:
    """Values by name, and what is wrong in the order of the fields.

    money and number are Decimals, whole an int, day a date, tick a bool, words and choice text; what may be left
    out and was, is None.
    """
    values: dict[str, Any] = {}
    errors: list[FieldError] = []
    for field in fields:
        try:
            values[field.name] = _value(field, said.get(field.name, ""))
        except Unread as unread:
            errors.append(said_of(unread, name=field.name, label=field.label))
    return values, tuple(errors)


def said_of(unread: Unread, *, name: str, label: str) -> FieldError:
    """The refusal beside the field; the summary above the form says it too, so it names the field."""
    return FieldError(name, label + words.say(words.COLON) + words.say(WORDS[unread.code]))


def shown(fields: Sequence[Field], said: Mapping[str, str] | None) -> tuple[forms.Field, ...]:
    """The fields with what was typed, or as they are before anybody types."""
    return tuple(
        _shown(field, field.initial if said is None else said.get(field.name, "")) for field in fields
    )


def amount(typed: str) -> Decimal:
    """Yuan as people write them: 1,234,567.89, ￥1234567.89 or full-width digits. Raises Unread."""
    plain = re.sub(r"[\s¥元]", "", unicodedata.normalize("NFKC", typed))
    if not plain:
        raise Unread("amount-missing")
    if "," in plain and not _GROUPED.fullmatch(plain.removeprefix("-")):
        raise Unread("amount-format")
    try:
        return money.parse(plain.replace(",", ""))
    except money.UnableToReadMoney as unread:
        raise Unread(unread.code) from unread


def day(typed: str) -> date:
    """A date as people write it: 2026-06-01, 2026/6/1, 2026年6月1日 or 20260601. Raises Unread."""
    plain = unicodedata.normalize("NFKC", typed).strip()
    if re.fullmatch(r"[0-9]{8}", plain, re.ASCII):
        plain = f"{plain[:4]}-{plain[4:6]}-{plain[6:]}"
    parts = _DAY.fullmatch(plain)
    try:
        return parse_date(f"{parts[1]}-{int(parts[2]):02d}-{int(parts[3]):02d}" if parts else plain)
    except ValueError as unread:
        raise Unread("date-format") from unread


def whole(typed: str) -> int:
    """A count as people write it: 1,250,000, 1250000股 or full-width digits. Raises Unread."""
    plain = re.sub(r"[\s股]", "", unicodedata.normalize("NFKC", typed))
    if not re.fullmatch(r"[0-9]{1,18}", plain, re.ASCII) and not _GROUPED.fullmatch(plain):
        raise Unread("not-an-integer")
    digits = plain.replace(",", "")
    if not digits.isdigit():
        raise Unread("not-an-integer")
    return int(digits)


def number(typed: str) -> Decimal:
    """A price or a rate with at most six places; a sign of the yuan or of per cent is read over. Raises Unread."""
    plain = re.sub(r"[\s¥元%]", "", unicodedata.normalize("NFKC", typed))
    if "," in plain and not _GROUPED.fullmatch(plain):
        raise Unread("invalid")
    plain = plain.replace(",", "")
    if not re.fullmatch(r"[0-9]{1,12}(\.[0-9]{1,6})?", plain, re.ASCII):
        raise Unread("invalid")
    return Decimal(plain)


def _value(field: Field, typed: str) -> Any:
    if field.kind == "tick":
        return typed == "yes"
    if not typed.strip():
        if field.required:
            raise Unread("required")
        return None
    if field.kind == "money":
        return amount(typed)
    if field.kind == "day":
        return day(typed)
    if field.kind == "whole":
        return whole(typed)
    if field.kind == "number":
        return number(typed)
    if field.kind == "choice":
        if typed not in {value for value, _label in field.choices}:
            raise Unread("invalid_choice")
        return typed
    return _words(field, typed.strip())


def _words(field: Field, typed: str) -> str:
    if len(typed) > field.most:
        raise Unread("max_length")
    if any(unicodedata.category(letter) in {"Cc", "Cs", "Zl", "Zp"} for letter in typed):
        raise Unread("control-characters")
    return typed


def _shown(field: Field, value: str) -> forms.Field:
    return forms.Field(
        name=field.name,
        label=field.label,
        kind=field.kind,
        value=value,
        hint=field.hint,
        required=field.required,
        choices=tuple(Choice(code, label, code == value) for code, label in field.choices),
        most=field.most,
    )
