"""Rules: what a row can be told without the database, checked as columns, every fault of every row."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from finance_hub.kernel.periods import Month
from loans.faults import WARNINGS
from loans.intake.parse import Block, Fault
from loans.intake.rules import borrowers, checks, flow, pledges, stock
from loans.models import Dataset

__all__ = ["Checked", "Rules"]

_ABSENT = {"required", "amount-missing"}


@dataclass(frozen=True)
class Checked:
    """`good` rows are typed, those of a flow carry `content_sha256`; `bad` ones only say who they are.

    `faults` holds warnings of good rows too.
    """

    good: pl.DataFrame
    bad: pl.DataFrame
    faults: Sequence[Fault]


class Rules:
    """The rules of one batch."""

    def __init__(self, *, dataset: str, period: Month, today: date, products: Iterable[str]) -> None:
        self.is_flow = dataset == Dataset.FLOW
        self._checks = (
            flow.checks(period=period, today=today, products=products) if self.is_flow else stock.checks()
        )
        self._typed = flow.typed() if self.is_flow else stock.typed()

    def check(self, block: Block) -> Checked:
        rows, faults = block.rows, list(block.faults)
        if self.is_flow:
            rows, more = _with_pledges(block)
            faults += more
        # A value of the wrong type was read as absent; it is not also missing.
        wrong = {(fault.row_number, fault.pointer) for fault in faults}
        found = checks.find(rows, [*self._checks, *borrowers.checks(rows)])
        faults += [f for f in found if f.code not in _ABSENT or (f.row_number, f.pointer) not in wrong]
        bad = {fault.row_number for fault in faults if fault.code not in WARNINGS}
        is_bad = rows["row_number"].is_in(sorted(bad))
        good = (rows.filter(~is_bad) if bad else rows).with_columns(self._typed)
        if self.is_flow:
            good = good.with_columns(_digest(good, flow.CONTENT))
        return Checked(good, _who(rows.filter(is_bad), block), faults)

    def sums(self) -> dict[str, pl.Expr]:
        """The control sums of a block as expressions, over rows whose amount is well-formed money."""
        if not self.is_flow:
            return {"balance": checks.amount("balance").sum()}
        kind, sum_ = pl.col("record_type"), checks.amount("amount")
        return {
            "disbursed": sum_.filter(kind == "disbursement").sum(),
            "repaid": sum_.filter(kind == "repayment").sum(),
        }


def _with_pledges(block: Block) -> tuple[pl.DataFrame, list[Fault]]:
    numbers = block.rows["row_number"]
    good, faults = pledges.read(block.pledges)
    texts = [good.get(number) for number in numbers] if good else [None] * len(numbers)
    return block.rows.with_columns(
        pl.Series("pledges", texts, dtype=pl.String),
        numbers.is_in(list(block.pledges)).alias("has_pledges"),
    ), faults


def _who(bad: pl.DataFrame, block: Block) -> pl.DataFrame:
    """Number, line, the sender's ids (cut to what a list can hold) and the row as sent."""
    ids = [
        pl.col(name).str.replace_all("\x00", "", literal=True).str.slice(0, 64)
        for name in ("client_row_id", "contract_no")
    ]
    listed = bad.select("row_number", "line_number", *ids, "original")
    unreadable = pl.DataFrame(
        [(row.row_number, row.line_number, None, None, row.original) for row in block.unreadable],
        schema=listed.schema,
        orient="row",
    )
    return pl.concat([listed, unreadable])


def _digest(good: pl.DataFrame, content: Sequence[str]) -> pl.Series:
    """SHA-256 of `name=value` of what is given, so that a field added later changes no old digest."""
    parts = [
        pl.when(pl.col(name).is_not_null()).then(pl.lit(f"\x1f{name}=") + pl.col(name).cast(pl.String))
        for name in sorted(content)
    ]
    texts = good.select(pl.concat_str(parts, ignore_nulls=True)).to_series()
    return pl.Series("content_sha256", ["\\x" + hashlib.sha256(text.encode()).hexdigest() for text in texts])
