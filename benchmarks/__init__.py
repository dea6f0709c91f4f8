"""Benchmarks: each module has a `measure()` that runs our code and a peer in turns and gives their ratio."""

import time
from collections.abc import Callable
from statistics import median
from typing import Any, NotRequired, TypedDict


class Result(TypedDict):
    """What `measure()` gives: our seconds, their ratio to the peer's, and the ratio we allow ourselves."""

    name: str
    ratio: float
    limit: float
    peer: str
    seconds: float
    details: NotRequired[dict[str, Any]]


def interleaved(
    ours: Callable[[], object], peer: Callable[[], object], *, rounds: int
) -> tuple[float, float]:
    """Median seconds of both, run in turns so that a slow spell of the machine slows both."""
    timings = [(_seconds(ours), _seconds(peer)) for _ in range(rounds)]
    mine, theirs = zip(*timings, strict=True)
    return median(mine), median(theirs)


def _seconds(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin
