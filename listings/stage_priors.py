"""What is assumed of each stage of the road where its history is thin, read from `data/stage_priors.json`.

Few of these figures are published: each row says in `source` what it rests on.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import NamedTuple

_FILE = Path(__file__).parent / "data" / "stage_priors.json"


class StagePrior(NamedTuple):
    """Of the firms that leave `stage` the part `conversion` goes on, after `least_days` and `mean_days` on average.

    The row weighs as much as `strength` firms of the pipeline's own history.
    """

    stage: str
    conversion: float
    least_days: int
    mean_days: float
    strength: float
    source: str


@cache
def assumed() -> tuple[StagePrior, ...]:
    """The stages in the order of the road, without the listing."""
    written = json.loads(_FILE.read_text("utf-8"))
    strength = float(written["strength"])
    return tuple(
        StagePrior(
            row["stage"],
            float(row["conversion"]),
            row["least_days"],
            float(row["mean_days"]),
            strength,
            row["source"],
        )
        for row in written["stages"]
    )
