"""Cells as the text that a row format wants, or what is wrong with them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum

#: What calamine makes of a cell.
Value = str | float | int | bool | date | datetime | time | timedelta

#: A double holds fifteen digits, whatever they are; beyond, the fen are a guess.
_EXACT_DIGITS = 15
#: With so few digits before the point, two after it are exact, and more are too many anyway.
_SAFE_WHOLE = 12


class Kind(StrEnum):
    """What a column takes besides text."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    ANY = "any"


def read(value: Value, kind: str) -> tuple[str, str]:
    """(its text, the code of what is wrong with it or "").

    A number is written out with all its digits and without an exponent, so that the rules for
    text find what they find in a CSV file. A text column takes no number: a spreadsheet has
    dropped the leading zeros of a code and its digits after the fifteenth before we see it.
    """
    if isinstance(value, str):
        return value, ""
    if isinstance(value, bool):
        return str(value).upper(), "" if kind == Kind.ANY else "cell-boolean"
    if isinstance(value, (float, int)):
        return _number(value, kind)
    is_day = isinstance(value, date) and not isinstance(value, datetime)
    if kind == Kind.ANY or (kind == Kind.DATE and is_day):
        return str(value), ""
    return str(value), "date-with-time" if kind == Kind.DATE else "cell-date"


def _number(value: float, kind: str) -> tuple[str, str]:
    exact = Decimal(repr(value))
    text = format(exact, "f").removesuffix(".0").removeprefix("-" if exact == 0 else "")
    if kind == Kind.TEXT:
        return text, "cell-not-text"
    return text, "cell-not-exact" if kind == Kind.NUMBER and _is_guessed(text) else ""


def _is_guessed(text: str) -> bool:
    """Whether a double of this size may stand for other digits than were meant."""
    whole, _, fraction = text.lstrip("-").partition(".")
    digits = whole + fraction if fraction else whole.rstrip("0")
    return len(whole) > _SAFE_WHOLE and len(digits) > _EXACT_DIGITS
