"""How often a principal may ask: token buckets in the broker's memory, counted there in one step.

A bucket holds as many tokens as the rate allows in its time and fills evenly. Counting is exact
however many ask at once, because the broker runs the script for one caller at a time. When the
broker is away nobody is counted and everybody is let in: a limit protects the service from its
clients, and must not become what takes it away from them. What must never be open (log-in) counts
in PostgreSQL; see `kernel.login`.
"""

from __future__ import annotations

import logging
import time
from functools import cache
from typing import Any, NamedTuple

import redis
from django.conf import settings
from rest_framework.request import Request

from finance_hub.kernel.models import Person
from finance_hub.kernel.problems import Problem
from finance_hub.kernel.text import Text
from finance_hub.rest.operation import Operation

#: The broker that did not answer is left alone so long.
_AWAY_SECONDS = 5.0
_TAKEN = "finance_hub.rate"
#: Of the rates counted for a whole organisation; the others are a person's own.
_SHARED = frozenset({"submit"})
log = logging.getLogger(__name__)

_TAKE = """
local most, per_ms = tonumber(ARGV[1]), tonumber(ARGV[1]) / tonumber(ARGV[2])
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local kept = redis.call('HMGET', KEYS[1], 'tokens', 'at')
local tokens = most
if kept[1] then
  tokens = math.min(most, tonumber(kept[1]) + math.max(0, now - tonumber(kept[2])) * per_ms)
end
local taken = 0
if tokens >= 1 then
  tokens, taken = tokens - 1, 1
end
redis.call('HSET', KEYS[1], 'tokens', string.format('%.6f', tokens), 'at', string.format('%.0f', now))
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return {taken, math.floor(tokens), math.ceil((1 - math.min(tokens, 1)) / per_ms), math.ceil((most - tokens) / per_ms)}
"""


class TooManyRequests(Problem):
    code = "too-many-requests"
    status = 429
    title = Text("请求过于频繁", "Too many requests")
    detail = Text(
        "每 {seconds} 秒最多 {most} 次；请在 {wait} 秒后重试",
        "At most {most} in {seconds} seconds: try again in {wait} seconds",
    )
    retry_after = 1


class Rate(NamedTuple):
    """So many in so many seconds."""

    most: int
    seconds: int


class Taken(NamedTuple):
    """`wait` until there is a token again and `full` until all are, in whole seconds, rounded up."""

    rate: Rate
    allowed: bool
    left: int
    wait: int
    full: int


def rate(name: str) -> Rate:
    """The rate of a name in the settings; KeyError for one that is not there."""
    return Rate(*settings.RATES[name])


def require(request: Request, operation: Operation) -> None:
    """Take a token for the operation, if it draws from a rate. Raises TooManyRequests."""
    name = operation.rate or ("read" if request.method in ("GET", "HEAD") else "")
    person = request.user
    if not name or not isinstance(person, Person):
        return
    who = f"organisation:{person.organisation_id}" if name in _SHARED else f"person:{person.pk}"
    taken = take(name, who=who)
    if taken is None:
        return
    request._request.META[_TAKEN] = taken
    if not taken.allowed:
        refused = TooManyRequests(most=taken.rate.most, seconds=taken.rate.seconds, wait=taken.wait)
        refused.retry_after = taken.wait
        raise refused


def headers(request: Any) -> dict[str, str]:
    """`RateLimit-*` for an answer to a request that was counted."""
    taken: Taken | None = request.META.get(_TAKEN)
    if taken is None:
        return {}
    return {
        "RateLimit-Limit": str(taken.rate.most),
        "RateLimit-Remaining": str(taken.left),
        "RateLimit-Reset": str(taken.full),
    }


def take(name: str, *, who: str) -> Taken | None:
    """Take a token out of somebody's bucket; None where nobody counts, because the broker is away."""
    allowed = rate(name)
    broker = _broker(settings.REDIS_URL)
    if time.monotonic() < broker.away_until:
        return None
    try:
        taken, left, wait, full = broker.script(
            keys=[f"rate:{name}:{who}"], args=[allowed.most, allowed.seconds * 1000]
        )
    except redis.RedisError as error:
        log.warning("rates are not counted: %s", error)
        broker.away_until = time.monotonic() + _AWAY_SECONDS
        return None
    return Taken(allowed, bool(taken), left, -(-wait // 1000), -(-full // 1000))


class _Broker:
    def __init__(self, url: str) -> None:
        connection = redis.Redis.from_url(url, socket_timeout=0.5, socket_connect_timeout=0.5)
        self.script = connection.register_script(_TAKE)
        self.away_until = 0.0


@cache
def _broker(url: str) -> _Broker:
    return _Broker(url)
