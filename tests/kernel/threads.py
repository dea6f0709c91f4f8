"""Many callers at the same moment, each with a database connection of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from django.db import connection

R = TypeVar("R")


def at_once(count: int, do: Callable[[int], R]) -> list[R]:
    """`do(0)` … `do(count - 1)`, released together; their results in order, the first error raised."""
    gate = threading.Barrier(count)

    def one(number: int) -> R:
        try:
            gate.wait(timeout=30)
            return do(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))
