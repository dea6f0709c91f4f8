"""The files of a batch: one, or for a report in parts one a part, read in their order as one stream of rows."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import polars as pl

from finance_hub.kernel.files import WrongColumns
from loans.intake.parse import Block
from loans.intake.receive import path_of
from loans.intake.refusals import ContentMissing
from loans.models import LoanReportBatch


class Content(NamedTuple):
    """One file; `part` is the batch that declared it."""

    part: LoanReportBatch
    path: Path


def contents_of(batch: LoanReportBatch) -> list[Content]:
    """The files that are applied together when `batch` is, in their order. Raises ContentMissing."""
    parts = [batch]
    if batch.first_part_id:
        parts = list(LoanReportBatch.objects.filter(first_part=batch).order_by("part_no"))
    found = [Content(part, path_of(part.public_id)) for part in parts]
    if not all(content.path.exists() for content in found):
        raise ContentMissing
    return found


def one_header(before: list[str] | None, columns: list[str] | None) -> list[str] | None:
    """The header of the files so far and of one more. Raises WrongColumns where they differ."""
    if before is not None and columns != before:
        raise WrongColumns
    return columns


def numbered_from(block: Block, rows_before: int) -> Block:
    """The block as it stands in the whole report: its row numbers go on from those of the files before."""
    if not rows_before:
        return block
    return replace(
        block,
        rows=block.rows.with_columns(pl.col("row_number") + rows_before),
        faults=[fault._replace(row_number=fault.row_number + rows_before) for fault in block.faults],
        unreadable=[row._replace(row_number=row.row_number + rows_before) for row in block.unreadable],
        pledges={number + rows_before: pledges for number, pledges in block.pledges.items()},
    )
