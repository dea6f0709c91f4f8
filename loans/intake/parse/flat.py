"""NDJSON rows that are what nearly all are, flat and without escapes, read at once as columns.

The pattern lets through only known names, strings without quotation marks or backslashes, and
integers where integers are due. What is left to hide is a name that stands twice: it shows in the
number of names, which is then larger than the number of values read.
"""

from __future__ import annotations

import io
from functools import cache

import polars as pl

from loans import formats

_NAME = r'"\s*:'


@cache
def _pattern(names: tuple[str, ...]) -> str:
    texts = "|".join(name for name in names if name not in formats.WHOLE and name != "pledges")
    whole = "|".join(name for name in names if name in formats.WHOLE)
    blank = r"[ \t]*"
    text = rf'"(?:{texts})"{blank}:{blank}"[^"\\\x00-\x1f]*"'
    number = rf'"(?:{whole})"{blank}:{blank}-?(?:0|[1-9][0-9]{{0,17}})'
    pair = f"(?:{text}|{number})"
    return rf"^{blank}\{{{blank}{pair}(?:{blank},{blank}{pair})*{blank}\}}{blank}$"


def read(lines: pl.DataFrame, *, names: tuple[str, ...]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """(rows with their fields as text columns, the lines that need a closer look).

    `lines` has row_number, line_number and original; the rows keep them.
    """
    columns = [name for name in names if name != "pledges"]
    flat = lines.filter(pl.col("original").str.contains(_pattern(names)))
    if flat.is_empty():
        return flat.with_columns(pl.lit(None, dtype=pl.String).alias(name) for name in columns), lines
    schema = {name: pl.Int64 if name in formats.WHOLE else pl.String for name in columns}
    content = flat.select(pl.col("original").str.join("\n")).item()
    values = pl.read_ndjson(io.BytesIO(content.encode()), schema=schema)
    found = pl.sum_horizontal(pl.col(name).is_not_null() for name in columns)
    honest = values.select(found).to_series() == flat["original"].str.count_matches(_NAME)
    rows = flat.hstack(values.cast(pl.String)).filter(honest)
    return rows, lines.join(rows, on="row_number", how="anti", maintain_order="left")
