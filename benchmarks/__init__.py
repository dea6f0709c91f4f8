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


def interleaved(*works: Callable[[], object], rounds: int) -> tuple[float, ...]:
    """Median seconds of each, run in turns so that a slow spell of the machine slows all of them."""
    timings = [[_seconds(work) for work in works] for _ in range(rounds)]
    return tuple(median(each) for each in zip(*timings, strict=True))


def _seconds(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin
