"""Waiting for the end of a piece of work: woken by its notice, with nothing open in between."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TypeVar

from rest_framework.request import Request

from finance_hub.kernel import notices
from finance_hub.kernel.problems import refuse
from finance_hub.kernel.text import Text
from finance_hub.rest.operation import Query

Found = TypeVar("Found")
#: A job that is given up says nothing: whoever waits looks again so often.
LOOK_AGAIN_SECONDS = 2.0
#: So many threads of this process may wait at once; more callers are answered with what is known now, so that
#: those who wait never leave nobody to answer.
MOST_WAITING = 6
#: The longest that a caller may ask to wait.
MOST_SECONDS = 25
WAIT = Query(
    "wait",
    Text("最多等待的秒数（上限 25）", "Seconds to wait at most while it is being worked on (up to 25)"),
    example="20",
)
_seats = threading.BoundedSemaphore(MOST_WAITING)


def seconds_of(request: Request) -> int:
    """What the parameter `wait` asks, at most MOST_SECONDS. Raises InvalidFields (`not-an-integer`)."""
    text = request.query_params.get(WAIT.name)
    if text is None:
        return 0
    if text.isascii() and text.isdigit():
        return min(int(text[:4]), MOST_SECONDS)
    raise refuse("#/wait", "not-an-integer", "应为整数秒", "A whole number of seconds is expected")


def settled(
    look: Callable[[], Found], *, is_over: Callable[[Found], bool], topic: str, seconds: float
) -> Found:
    """What `look` finds once it is over or the time is up. Call outside a transaction.

    `look` opens and closes its own; whoever ends the work tells the topic (at most 63 bytes).
    """
    found = look()
    if is_over(found) or seconds <= 0:
        return found
    if not _seats.acquire(blocking=False):
        return found
    try:
        return _wait(look, is_over, topic=topic, until=time.monotonic() + seconds)
    finally:
        _seats.release()


def _wait(look: Callable[[], Found], is_over: Callable[[Found], bool], *, topic: str, until: float) -> Found:
    with notices.listening(topic) as wait:
        while True:
            found = look()
            left = until - time.monotonic()
            if is_over(found) or left <= 0:
                return found
            wait(min(left, LOOK_AGAIN_SECONDS))
