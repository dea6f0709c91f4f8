"""The words of ILPA's templates as data: transaction types with their treatment, lines, and what our ledger tells.

Read from `data/ilpa.json`, which names its sources. Where an entry of ours could be one of several types, the
data lists them as `candidates` and `untold` says what the ledger does not know.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from finance_hub.kernel.text import Text

_FILE = Path(__file__).parent / "data" / "ilpa.json"


class Template(NamedTuple):
    name: str
    version: str
    published: date


class TransactionType(NamedTuple):
    """`unfunded`, `paid_in` and `distributed` are 1, 0 or -1: what a positive amount does to each.

    `with_facility` and `without_facility` are its signs in the investors' net return in either view; `inside`
    is whether it counts against the commitment, None where it is no flow with an investor; `methods` are the
    versions of the performance template that know it.
    """

    code: str
    side: str
    name: Text
    unfunded: int
    paid_in: int
    distributed: int
    inside: bool | None
    recallable: bool
    with_facility: int
    without_facility: int
    methods: tuple[str, ...]
    source: str
    confidence: str


class Rule(NamedTuple):
    """What an entry of ours is where it matches `when`: the one `type`, or none; and what it might be as well."""

    when: Mapping[str, tuple[Any, ...]]
    type: TransactionType | None
    candidates: tuple[TransactionType, ...]
    untold: Text | None

    def fits(self, marks: Mapping[str, Any]) -> bool:
        return all(marks.get(name) in among for name, among in self.when.items())


class Line(NamedTuple):
    """A line of the reporting template. `held` is whether our books know it; `total` whether others add up to it."""

    code: str
    section: str
    name: Text
    held: bool
    total: bool


class Source(NamedTuple):
    code: str
    name: str
    published: date
    url: str


@cache
def version() -> str:
    return str(_read()["version"])


@cache
def template(name: str) -> Template:
    """`reporting` or `performance`."""
    return Template(**_dated(_read()["templates"][name]))


@cache
def sources() -> tuple[Source, ...]:
    return tuple(Source(code, **_dated(said)) for code, said in _read()["sources"].items())


@cache
def types() -> Mapping[str, TransactionType]:
    """{code: type} in the order of the data."""
    return {row["code"]: _type(row) for row in _read()["types"]}


@cache
def rules() -> tuple[Rule, ...]:
    known = types()
    return tuple(
        Rule(
            {name: tuple(among) for name, among in row["when"].items()},
            known[row["type"]] if row["type"] else None,
            tuple(known[code] for code in row["candidates"]),
            Text(**row["untold"]) if row["untold"] else None,
        )
        for row in _read()["ledger"]
    )


@cache
def lines() -> tuple[Line, ...]:
    """The lines of the reporting template, in its order."""
    return tuple(
        Line(row["code"], row["section"], Text(row["zh"], row["en"]), row["held"], row["total"])
        for row in _read()["lines"]
    )


def rule_for(marks: Mapping[str, Any]) -> Rule:
    """The first rule that fits an entry of this kind and these marks; LookupError where the data knows none."""
    for rule in rules():
        if rule.fits(marks):
            return rule
    raise LookupError(f"no rule of {_FILE.name} fits {dict(marks)}")


def _type(row: Mapping[str, Any]) -> TransactionType:
    same = {name: row[name] for name in TransactionType._fields if name not in ("name", "methods")}
    return TransactionType(**same, name=Text(row["zh"], row["en"]), methods=tuple(row["methods"]))


def _dated(said: Mapping[str, Any]) -> dict[str, Any]:
    return {**said, "published": date.fromisoformat(said["published"])}


@cache
def _read() -> dict[str, Any]:
    held: dict[str, Any] = orjson.loads(_FILE.read_bytes())
    return held
