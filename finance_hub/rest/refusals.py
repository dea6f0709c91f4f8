"""Which refusals an operation can answer: its own and those of the HTTP manners around it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from finance_hub.kernel import idempotency, keys
from finance_hub.kernel.problems import Forbidden, InvalidFields, NotFound, Problem, StaleVersion
from finance_hub.rest.authentication import NotAuthenticated
from finance_hub.rest.errors import Unavailable, UnsupportedMediaType
from finance_hub.rest.formats import BodyTooLarge, MalformedJson
from finance_hub.rest.operation import Operation
from finance_hub.rest.rates import TooManyRequests
from finance_hub.rest.views import VersionMissing


def of(
    operation: Operation, *, method: str, path: str, public: bool = False
) -> dict[int, list[type[Problem]]]:
    """Status → problems, in ascending order, each once."""
    found: dict[int, list[type[Problem]]] = {}
    for problem in _all(operation, method=method, path=path, public=public):
        same_status = found.setdefault(problem.status, [])
        if problem not in same_status:
            same_status.append(problem)
    return dict(sorted(found.items()))


def _all(operation: Operation, *, method: str, path: str, public: bool) -> Iterator[type[Problem]]:
    if not public:
        yield from (NotAuthenticated, keys.InvalidKey, keys.KeyExpired, Forbidden)
    if "{" in path:
        yield NotFound
    if operation.request:
        yield from (MalformedJson, BodyTooLarge, UnsupportedMediaType, InvalidFields)
    if operation.query:
        yield InvalidFields
    if method == "POST" and operation.idempotent:
        yield from (idempotency.KeyMissing, idempotency.KeyMalformed)
        yield from (idempotency.InProgress, idempotency.KeyReused)
    if operation.needs_version:
        yield from (VersionMissing, StaleVersion)
    if operation.rate or method == "GET":
        yield TooManyRequests
    yield from operation.problems
    yield Unavailable


def example(problem: type[Problem]) -> dict[str, Any]:
    """The refusal as a caller reads it in Chinese, without what only the case itself fills in."""
    plain = problem.detail is not None and "{" not in problem.detail.zh
    return {
        "type": f"https://service.example/api/v1/problems/{problem.code}",
        "code": problem.code,
        "status": problem.status,
        "title": problem.title.zh,
        "detail": problem.detail.zh if plain and problem.detail else problem.title.zh,
        "retryable": bool(problem.retry_after),
        "request_id": "req_01JD3M8Q5BZ7X9KT2VNC4H6WEA",
    }
