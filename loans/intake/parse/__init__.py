"""Parse: a file as blocks of text columns, whatever its format, compression and encoding."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from finance_hub.kernel.files import encoding_of
from loans.intake.parse import csvs, ndjson, xlsx
from loans.intake.parse.block import Block, Fault, Listed
from loans.intake.parse.unpack import pieces

__all__ = ["Block", "Fault", "Listed", "Source", "open_file"]


@dataclass(frozen=True)
class Source:
    """`columns` is the header of a CSV or XLSX file, None for NDJSON; `blocks` can be read once."""

    columns: list[str] | None
    blocks: Iterator[Block]


def open_file(path: Path, *, format: str, dataset: str) -> Source:
    """Open a content file. Raises FileRefused here or while the blocks are read."""
    base, _, packing = format.partition("+")
    packed = packing == "gzip"
    if base == "ndjson":
        return Source(None, ndjson.blocks(pieces(path, packed=packed), dataset=dataset))
    if base == "xlsx":
        table = xlsx.open_table(path, dataset=dataset)
        return Source(table.columns, table.blocks())
    encoding = encoding_of(pieces(path, packed=packed))
    table = csvs.open_table(pieces(path, packed=packed), dataset=dataset, encoding=encoding)
    return Source(table.columns, table.blocks())
