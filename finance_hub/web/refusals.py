"""Refusals as forms show them."""

from __future__ import annotations

from finance_hub.kernel.problems import Problem
from finance_hub.web import words
from finance_hub.web.contexts.chrome import FieldError


def field_errors(refused: Problem) -> tuple[FieldError, ...]:
    """The errors beside their fields: `#/file` is the input with the id `file`."""
    return tuple(
        FieldError(error.pointer.removeprefix("#/"), words.say(error.message)) for error in refused.errors
    )
