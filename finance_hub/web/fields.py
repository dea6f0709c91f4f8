"""Fields of forms: what a page asks, and what people typed made into values.

People are met half way: full-width digits, thousands separators and the sign of the yuan are read; what is
doubtful is refused beside its field, in the words that the API has for it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from finance_hub.kernel.typed import Unread as Unread
from finance_hub.kernel.typed import amount as amount
from finance_hub.kernel.typed import day as day
from finance_hub.kernel.typed import number, whole
from finance_hub.kernel.typed import require_plain as require_plain
from finance_hub.rest.wording import WORDS
from finance_hub.web import words
from finance_hub.web.contexts import forms
from finance_hub.web.contexts.chrome import FieldError
from finance_hub.web.contexts.overview import Choice

#: As the API has it: how many people decide, and how long their names are.
MOST_NAMES, LONGEST_PERSON = 30, 100
_LINES = r"\s*[\r\n]+\s*"
_BETWEEN_NAMES = re.compile(r"[、,，;；]")


@dataclass(frozen=True)
class Field:
    """A field of a form. `choices` are (value, label); `initial` is what it holds before anybody types.

    `most` is the longest text, of a file its size in bytes; `greatest` the greatest whole number.
    """

    name: str
    label: str
    kind: forms.Kind = "words"
    hint: str = ""
    required: bool = True
    choices: tuple[tuple[str, str], ...] = ()
    initial: str = ""
    most: int = 200
    greatest: int | None = None
    asks: str = ""


def read(fields: Sequence[Field], said: Mapping[str, str]) -> tuple[dict[str, Any], tuple[FieldError, ...]]:
    """Values by name, and what is wrong in the order of the fields.

    money and number are Decimals, whole an int, day a date, tick a bool, names a list, words, text and choice
    text; what may be left out and was, is None. Files travel apart (`finance_hub.web.uploads`).
    """
    values: dict[str, Any] = {}
    errors: list[FieldError] = []
    for field in fields:
        if field.kind == "file":
            continue
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


def names(typed: str) -> list[str]:
    """People, one a line or set apart by commas or stops, each once. Raises Unread."""
    found = [part.strip() for part in _BETWEEN_NAMES.split(typed)]
    listed = list(dict.fromkeys(name for name in found if name))
    if not listed:
        raise Unread("required")
    if len(listed) > MOST_NAMES or any(len(name) > LONGEST_PERSON for name in listed):
        raise Unread("max_length")
    return listed


def _value(field: Field, typed: str) -> Any:
    if field.kind == "tick":
        if field.required and typed != "yes":
            raise Unread("required")
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
        return _whole(field, typed)
    if field.kind == "number":
        return number(typed)
    if field.kind == "choice":
        if typed not in {value for value, _label in field.choices}:
            raise Unread("invalid_choice")
        return typed
    if field.kind == "names":
        return names(_words(field, re.sub(_LINES, ";", typed.strip())))
    # Paragraphs become one: what is kept is a line, as the API takes it.
    return _words(field, re.sub(_LINES, " ", typed.strip()) if field.kind == "text" else typed.strip())


def _whole(field: Field, typed: str) -> int:
    found = whole(typed)
    if field.greatest is not None and found > field.greatest:
        raise Unread("max_value")
    return found


def _words(field: Field, typed: str) -> str:
    if len(typed) > field.most:
        raise Unread("max_length")
    require_plain(typed)
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
        asks=field.asks,
    )
