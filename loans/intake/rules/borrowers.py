"""Unified social credit codes of a block: each distinct code is checked once."""

from __future__ import annotations

import polars as pl

from finance_hub.kernel import uscc
from loans.intake.rules.checks import Check


def checks(rows: pl.DataFrame) -> list[Check]:
    """The rules that the codes of these rows break, one a kind of fault."""
    by_fault: dict[str, list[str]] = {}
    for code in rows["uscc"].drop_nulls().unique(maintain_order=True):
        fault = uscc.check(code)
        if fault:
            by_fault.setdefault(fault, []).append(code)
    return [Check(f"uscc-{fault}", "uscc", pl.col("uscc").is_in(codes)) for fault, codes in by_fault.items()]
