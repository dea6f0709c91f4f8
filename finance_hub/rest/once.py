"""A POST is answered once per Idempotency-Key: worked on once, replayed afterwards."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from django.http.response import HttpResponseBase
from rest_framework.request import Request
from rest_framework.response import Response

from finance_hub.kernel import idempotency, scoping
from finance_hub.kernel.models import Person
from finance_hub.rest.operation import Operation

_KEPT = ("Location", "ETag", "Retry-After")
T = TypeVar("T")


def answer(
    request: Request,
    operation: Operation,
    *,
    person: Person,
    handle: Callable[[], HttpResponseBase],
    body_sha256: str | None = None,
) -> HttpResponseBase:
    """The answer of `handle`, run in one transaction within the person's scope, where the answer is kept too.

    `body_sha256` is that of a body which is no JSON and was received already.
    """
    claimed = _claim(request, person=person, body_sha256=body_sha256)
    if isinstance(claimed, idempotency.Answer):
        return _replay(claimed)
    try:
        with scoping.within(person.scope):
            response = cast(Response, handle())
            _keep(request, operation, response, person=person, attempt=claimed)
    except idempotency.TakenOver as late:
        raise idempotency.InProgress from late
    except BaseException:
        idempotency.abandon(person=person, key=_key(request), attempt=claimed)
        raise
    return response


def answer_later(
    request: Request,
    operation: Operation,
    *,
    person: Person,
    begin: Callable[[], T],
    finish: Callable[[T], Response],
) -> HttpResponseBase:
    """The answer of `finish`, which waits, outside of any transaction, for what `begin` has set going.

    `begin` runs in one transaction of its own and finds its own traces: whoever repeats a request
    that died while it waited begins again and waits for the same thing. What `begin` refuses frees
    the key; what happens afterwards leaves it claimed until its lease runs out.
    """
    claimed = _claim(request, person=person)
    if isinstance(claimed, idempotency.Answer):
        return _replay(claimed)
    try:
        with scoping.within(person.scope):
            begun = begin()
    except BaseException:
        idempotency.abandon(person=person, key=_key(request), attempt=claimed)
        raise
    response = finish(begun)
    try:
        _keep(request, operation, response, person=person, attempt=claimed)
    except idempotency.TakenOver as late:
        raise idempotency.InProgress from late
    return response


def _key(request: Request) -> str:
    return idempotency.read_key(request.headers.get("Idempotency-Key"))


def _request_id(request: Request) -> str:
    return str(request.META.get("finance_hub.request_id", ""))


def _claim(request: Request, *, person: Person, body_sha256: str | None = None) -> int | idempotency.Answer:
    return idempotency.claim(
        person=person,
        key=_key(request),
        method_path=f"{request.method} {request.get_full_path()}",
        body_sha256=body_sha256 or idempotency.fingerprint(request.data),
        request_id=_request_id(request),
    )


def _keep(
    request: Request, operation: Operation, response: Response, *, person: Person, attempt: int
) -> None:
    headers = {name: response[name] for name in _KEPT if name in response}
    body = _without_secrets(response.data, operation)
    kept = idempotency.Answer(response.status_code, headers, body, _request_id(request))
    idempotency.complete(person=person, key=_key(request), attempt=attempt, answer=kept)


def _without_secrets(body: Any, operation: Operation) -> Any:
    """What may be stored: a secret is shown once and never again, not even by a replay."""
    if not operation.shown_once:
        return body
    return {name: None if name in operation.shown_once else value for name, value in body.items()}


def _replay(answer: idempotency.Answer) -> Response:
    headers = {**answer.headers, "Idempotent-Replayed": "true"}
    return Response(answer.body, status=answer.status, headers=headers)
