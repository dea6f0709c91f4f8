"""The published listing standards, by version with their sources, read from `data/listing_standards.json`."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any, TypedDict

_FILE = Path(__file__).parent / "data" / "listing_standards.json"


class _Told(TypedDict, total=False):
    valid_to: str
    note: str


class StandardRow(_Told):
    """A version of the standard `code` as published, in force on the days `[valid_from, valid_to)`.

    `condition` is `{"all_of": [...]}`, `{"any_of": [...]}` or `{"metric", "op", "value"}`; `kind` says whether
    it is `financial`, an `attribute` of the board's firms, `structural` or for `weighted-voting` rights.
    """

    code: str
    board: str
    kind: str
    zh: str
    en: str
    valid_from: str
    condition: dict[str, Any]
    source: str


@cache
def published() -> tuple[StandardRow, ...]:
    """All versions, by board and code."""
    return tuple(json.loads(_FILE.read_text("utf-8"))["standards"])
