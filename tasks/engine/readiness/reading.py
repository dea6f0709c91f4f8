"""Standards as they are written down: rows of plain values, as JSON has them."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from tasks.engine.readiness.conditions import AllOf, AnyOf, Condition, Kind, Limb, Standard


def read(row: Mapping[str, Any]) -> Standard:
    """A standard from `code`, `board`, `kind`, `condition`, `valid_from` and, where it has ended, `valid_to`.

    Days are ISO dates. A condition is `{"all_of": [...]}`, `{"any_of": [...]}` or `{"metric", "op", "value"}`
    with a decimal string or a boolean. Raises ValueError for anything else.
    """
    try:
        ends = row.get("valid_to")
        return Standard(
            row["code"], row["board"], Kind(row["kind"]), _condition(row["condition"]),
            date.fromisoformat(row["valid_from"]), date.fromisoformat(ends) if ends else None,
        )  # fmt: skip
    except KeyError as error:
        raise ValueError(f"a standard has {error}") from error


def _condition(written: Mapping[str, Any]) -> Condition:
    if "all_of" in written:
        return AllOf(tuple(map(_condition, written["all_of"])))
    if "any_of" in written:
        return AnyOf(tuple(map(_condition, written["any_of"])))
    return Limb(written["metric"], written["op"], _value(written["value"]))


def _value(written: object) -> Decimal | bool:
    if isinstance(written, bool):
        return written
    if not isinstance(written, str):
        raise ValueError(f"a threshold is written as a decimal string, not as {written!r}")
    try:
        return Decimal(written)
    except InvalidOperation as error:
        raise ValueError(f"{written!r} is no number") from error
