"""The dated rules for guarantees, read from `data/guarantee_rules.json` with their source documents."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

_FILE = Path(__file__).parent / "data" / "guarantee_rules.json"


class Bound(NamedTuple):
    """Where one of `parties` takes part, `quantity` is at least `least` and at most `most`."""

    code: str
    parties: frozenset[str]
    quantity: str
    least: Decimal | None
    most: Decimal | None
    document: str

    def broken_by(self, quantities: Mapping[str, Decimal | None]) -> bool:
        """Whether the quantity is out of bounds. An upper bound that is not set at all is broken: no cap
        is more than any cap."""
        value = quantities[self.quantity]
        if self.least is not None:
            return value is None or value < self.least
        return value is None or (self.most is not None and value > self.most)


class Weight(NamedTuple):
    """Guarantees for a household of this kind that owes at most `household_most` yuan weigh `weight`."""

    customer: str
    weight: Decimal
    household_most: Decimal


def bounds(day: date) -> list[Bound]:
    """The bounds of agreements in force on a day."""
    return [
        Bound(
            rule["code"], frozenset(rule["with"]), rule["quantity"], _number(rule, "least"),
            _number(rule, "most"), rule["document"],
        )
        for rule in _in_force("bounds", day, by="code")
    ]  # fmt: skip


def weights(day: date) -> dict[str, Weight]:
    """Customer → weight of its liability 责任余额 on a day; every other guarantee weighs 1."""
    return {
        rule["customer"]: Weight(rule["customer"], Decimal(rule["weight"]), Decimal(rule["household_most"]))
        for rule in _in_force("weights", day, by="customer")
    }


def limit(code: str, day: date) -> Decimal | None:
    """The bound `leverage`, `single`, `group` (shares of net assets) or `policy_share` on a day."""
    for rule in _in_force("limits", day, by="code"):
        if rule["code"] == code:
            return _number(rule, "most") or _number(rule, "least")
    return None


def _in_force(kind: str, day: date, *, by: str) -> Iterator[dict[str, Any]]:
    """Of each name the rule that began last, if it has not ended."""
    latest: dict[str, dict[str, Any]] = {}
    for rule in sorted(_rules()[kind], key=lambda rule: str(rule["valid_from"])):
        if date.fromisoformat(rule["valid_from"]) <= day:
            latest[rule[by]] = rule
    for rule in latest.values():
        if "valid_to" not in rule or day < date.fromisoformat(rule["valid_to"]):
            yield rule


def _number(rule: Mapping[str, Any], name: str) -> Decimal | None:
    return Decimal(rule[name]) if name in rule else None


@cache
def _rules() -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = json.loads(_FILE.read_text("utf-8"))
    return found
