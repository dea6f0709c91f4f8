"""Refusals as forms show them."""

from __future__ import annotations

from finance_hub.kernel.problems import Problem
from finance_hub.web import words
from finance_hub.web.contexts.chrome import FieldError


def field_errors(refused: Problem, *, otherwise: str = "") -> tuple[FieldError, ...]:
    """The errors beside their fields: `#/file` is the input with the id `file`.

    A refusal that names no field is said beside the one called `otherwise`.
    """
    if not refused.errors:
        return (FieldError(otherwise, words.say(refused.said)),)
    return tuple(
        FieldError(error.pointer.removeprefix("#/"), words.say(error.message)) for error in refused.errors
    )
