"""What a figure is: code, unit, scope, wording, definition, the function that computes it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from django.utils.module_loading import import_string

from finance_hub.kernel.money import yuan
from finance_hub.kernel.text import Text

if TYPE_CHECKING:
    from tasks.engine.value import Value
    from tasks.frames import Frames

_PLACES = Decimal("0.00000001")


class Unit(StrEnum):
    """YUAN amounts, RATIO plain numbers shown as percent, MULTIPLE shown with two places, COUNT whole."""

    YUAN = "yuan"
    RATIO = "ratio"
    MULTIPLE = "multiple"
    COUNT = "count"
    INDEX = "index"


class Scope(StrEnum):
    CITY = ""
    FUND = "fund"
    FUND_FIRM = "fund_firm"
    CAPITAL = "capital"
    BANK = "bank"
    PRODUCT = "product"
    BANK_PRODUCT = "bank_product"
    FIVE_TIER = "five_tier"
    GUARANTOR = "guarantor"
    GUARANTOR_FIRM = "guarantor_firm"
    GUARANTOR_GROUP = "guarantor_group"
    POOL = "pool"
    POOL_BANK = "pool_bank"
    FIRM = "firm"
    STAGE = "stage"
    MOVE = "move"
    FIRM_MOVE = "firm_move"
    TARGET = "target"
    REPORTER = "reporter"
    OVERDUE = "overdue"
    BANK_OVERDUE = "bank_overdue"
    MIGRATION = "migration"
    VINTAGE = "vintage"
    BRANCH_KIND = "branch_kind"
    RENEWAL = "renewal"
    LINE = "exposure_line"
    FIRM_LINE = "firm_line"
    GROUP = "group"
    INDUSTRY = "industry"
    TOWN = "town"
    GROWTH = "growth_stage"
    SUB_FUND = "sub_fund"
    DIMENSION = "dimension"
    DIMENSION_TOP = "dimension_top"
    LIMIT = "limit"
    BATON = "baton"
    BUDGET = "budget"
    COUNTING = "counting"
    LISTINGS = "listings"
    BOARD = "board"
    READINESS = "readiness"
    TARGET_STATUS = "target_status"
    RESPONSIBLE_UNIT = "responsible_unit"


NO_LABEL = Text("", "")


def rounded(number: float) -> Decimal:
    """A number as it is kept, to eight places."""
    return Decimal(repr(number)).quantize(_PLACES, rounding=ROUND_HALF_EVEN)


@dataclass(frozen=True)
class Point:
    """One computed value: exactly one of `value` and `reason` is set."""

    value: Decimal | None
    reason: str = ""
    key: str = ""
    label: Text = NO_LABEL
    notes: tuple[str, ...] = field(default=())

    @classmethod
    def of_fen(cls, fen: int, *, key: str = "", label: Text = NO_LABEL) -> Point:
        return cls(yuan(fen), key=key, label=label)

    @classmethod
    def of(cls, value: Value, *, key: str = "", label: Text = NO_LABEL) -> Point:
        """A ratio of the engine; ratios are rounded to eight places when they are kept."""
        if value.value is None:
            return cls(None, value.reason or "undefined", key, label, value.notes)
        return cls(rounded(value.value), "", key, label, value.notes)

    @classmethod
    def missing(cls, reason: str, *, key: str = "", label: Text = NO_LABEL) -> Point:
        return cls(None, reason, key, label)


Function = Callable[["Frames"], Iterable[Point]]


@dataclass(frozen=True)
class Entry:
    """`function` is `module.name` below tasks.catalogue, imported by the job that computes.

    Pages and documents read the wording here and the value from the stored figure.
    `records` names what kind of records stands behind it; `tasks.records` has their statements.
    """

    code: str
    unit: Unit
    scope: Scope
    name: Text
    definition: Text
    function: str
    records: str

    def compute(self, frames: Frames) -> list[Point]:
        function: Function = import_string(f"tasks.catalogue.{self.function}")
        return list(function(frames))
