"""What the state has published on government funds, read from `data/fund_policy.json` with its documents."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from finance_hub.kernel.text import Text

_FILE = Path(__file__).parent / "data" / "fund_policy.json"


class Score(NamedTuple):
    """What the yearly evaluation of a fund gives for its reinvestment ratio 返投比例: more for a lower one."""

    document: Text
    points: int


class FeeBases(NamedTuple):
    """The bases that a management fee should be reckoned on."""

    document: Text
    bases: frozenset[str]


def reinvestment_score(ratio: Decimal | None, *, day: date) -> Score | None:
    """The points for a ratio of local investment to fiscal money on a day; `ratio` None where none is asked for.

    0 points from 150 % on, 3 below 50 % or for none: a higher ratio is not a better one. None before the
    document is public. The copy that the table is taken from does not say whether it is the ratio asked for
    or the one reached, so callers name which they give.
    """
    rule = _rules()["reinvestment_score"]
    if day < date.fromisoformat(rule["valid_from"]):
        return None
    if ratio is None:
        return Score(Text(**rule["document"]), rule["none"])
    reached = next(step for step in rule["points"] if step["below"] is None or ratio < Decimal(step["below"]))
    return Score(Text(**rule["document"]), reached["points"])


def fee_bases(day: date) -> FeeBases | None:
    """What the guidance of 2025 wants as the base of a fee; None before it was published."""
    rule = _rules()["fee_base"]
    if day < date.fromisoformat(rule["valid_from"]):
        return None
    return FeeBases(Text(**rule["document"]), frozenset(rule["bases"]))


@cache
def _rules() -> dict[str, Any]:
    rules: dict[str, Any] = json.loads(_FILE.read_text())
    return rules
