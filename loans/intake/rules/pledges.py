"""Pledges of a row: few rows have them, so they are read one by one."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from finance_hub.kernel import money
from loans import formats, limits
from loans.intake.parse import Fault
from loans.models import PledgeType

_SHARE = re.compile(r"(0|[1-9][0-9]{0,2})(\.[0-9]{1,2})?", re.ASCII)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")

Wrong = tuple[str, str, dict[str, Any]]


def read(sent: dict[int, Any]) -> tuple[dict[int, str], list[Fault]]:
    """{row number: canonical JSON of its pledges}, and what is wrong with the others.

    A row's pledges are a list of objects as NDJSON sends them, or cells by name as CSV does.
    """
    good: dict[int, str] = {}
    faults: list[Fault] = []
    for number, value in sent.items():
        pledges, wrong = _of_row(value)
        faults += [Fault(number, code, pointer, context) for code, pointer, context in wrong]
        if not wrong:
            good[number] = json.dumps(pledges, ensure_ascii=False, sort_keys=True)
    return good, faults


def _of_row(value: Any) -> tuple[list[dict[str, str]], list[Wrong]]:
    if isinstance(value, dict) and set(value) <= set(formats.PLEDGE_COLUMNS):
        groups = _from_cells(value)
    elif not isinstance(value, list):
        return [], [("not-a-list", "#/pledges", {})]
    elif len(value) > limits.MOST_PLEDGES:
        return [], [("too-many-pledges", "#/pledges", {})]
    else:
        groups = {f"#/pledges/{at}/": pledge for at, pledge in enumerate(value)}
    wrong = [fault for prefix, pledge in groups.items() for fault in _faults(pledge, prefix)]
    if wrong:
        return [], wrong
    pledges = [_canonical(pledge) for pledge in groups.values()]
    total = sum((Decimal(pledge["share_pct"]) for pledge in pledges), Decimal(0))
    if total > 100:
        return [], [("pledge-shares-exceed-100", "#/pledges", {"sum": str(total)})]
    return pledges, []


def _from_cells(cells: dict[str, str]) -> dict[str, dict[str, str]]:
    groups: dict[str, dict[str, str]] = {}
    for name, cell in cells.items():
        number, field = re.fullmatch(r"pledge_(\d)_(\w+)", name).groups()  # type: ignore[union-attr]
        groups.setdefault(f"#/pledge_{number}_", {})[field] = cell
    return groups


def _faults(pledge: Any, prefix: str) -> Iterator[Wrong]:
    if not isinstance(pledge, dict):
        yield "not_a_dict", prefix.rstrip("/"), {}
        return
    for name in sorted(set(pledge) - set(formats.PLEDGE)):
        yield "unknown-field", prefix + name[:64], {}
    for name in formats.PLEDGE:
        fault = _fault(name, pledge.get(name))
        if fault:
            yield fault[0], prefix + name, fault[1]


def _fault(name: str, value: Any) -> tuple[str, dict[str, Any]] | None:
    if name == "appraised_value":
        return _money_fault(value)
    if value is None or value == "":
        return "required", {}
    if not isinstance(value, str):
        return "not-a-string", {}
    if name == "type":
        allowed = sorted(PledgeType.values)
        return None if value in allowed else ("not-allowed", {"allowed": ", ".join(allowed)})
    if name == "share_pct":
        well = _SHARE.fullmatch(value) and 0 < Decimal(value) <= 100
        return None if well else ("pledge-share-format", {})
    if len(value) > 64:
        return "too-long", {"longest": "64"}
    return ("control-characters", {}) if _CONTROL.search(value) else None


def _money_fault(value: Any) -> tuple[str, dict[str, Any]] | None:
    try:
        return ("amount-negative", {}) if money.parse(value) < 0 else None
    except money.UnableToReadMoney as error:
        return error.code, {}


def _canonical(pledge: dict[str, str]) -> dict[str, str]:
    share = Decimal(pledge["share_pct"]).quantize(money.CENT)
    value = money.parse(pledge["appraised_value"])
    return {**pledge, "share_pct": str(share), "appraised_value": str(value)}
