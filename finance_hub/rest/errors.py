"""Every refusal as RFC 9457 problem+json with a stable code, in the caller's language."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import orjson
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from redis.exceptions import RedisError
from rest_framework import exceptions, status
from rest_framework.request import Request
from rest_framework.response import Response

from finance_hub.kernel.problems import FieldError, Forbidden, InvalidFields, NotFound, Problem
from finance_hub.kernel.text import Text
from finance_hub.rest.formats import BodyTooLarge
from finance_hub.rest.wording import words

log = logging.getLogger(__name__)
#: A hostile body with a hundred thousand wrong names gets no answer of their size.
MOST_ERRORS = 100


class MethodNotAllowed(Problem):
    code = "method-not-allowed"
    status = 405
    title = Text("不支持此方法", "This method is not allowed here")


class UnsupportedMediaType(Problem):
    code = "unsupported-media-type"
    status = 415
    title = Text("不支持此内容类型", "This content type is not supported")


class LengthRequired(Problem):
    code = "length-required"
    status = 411
    title = Text("须给出 Content-Length", "The length of the body is required")


class NotAcceptable(Problem):
    code = "not-acceptable"
    status = 406
    title = Text("无法提供所要求的格式", "The wanted format is not available")


#: What a database or a broker raises that is away, or that others kept busy for too long.
AWAY = (OperationalError, InterfaceError, RedisError)


class Unavailable(Problem):
    code = "temporarily-unavailable"
    status = 503
    title = Text("服务暂时不可用，请稍后重试", "The service is away for a moment: try again")
    retry_after = 5


class InternalError(Problem):
    code = "internal-error"
    status = 500
    title = Text("服务内部错误，已记录", "An internal error; it has been recorded")


def language_of(request: Any) -> str:
    """`en` where the caller prefers it to Chinese, else `zh-Hans` (RFC 9110, 12.5.4)."""
    best = {"zh": 0.0, "en": 0.0}
    for given in request.headers.get("Accept-Language", "")[:500].split(","):
        tag, _, weight = given.strip().lower().partition(";q=")
        language = tag.split("-")[0]
        if language in best:
            best[language] = max(best[language], _weight(weight))
    return "en" if best["en"] > best["zh"] else "zh-Hans"


def _weight(text: str) -> float:
    return float(text) if re.fullmatch(r"[01](\.[0-9]{0,3})?", text, re.ASCII) else 0.0 if text else 1.0


def answer(error: Exception, context: dict[str, Any]) -> Response:
    """DRF's exception handler: never a 500 for input, never a stack trace to the caller."""
    request: Request = context["request"]
    problem = _as_problem(error)
    if isinstance(problem, InternalError):
        log.error("unexpected error in %s %s", request.method, request.path, exc_info=error)
    response = Response(body(problem, request), status=problem.status)
    if problem.retry_after:
        response["Retry-After"] = str(problem.retry_after)
    if problem.status == status.HTTP_401_UNAUTHORIZED:
        response["WWW-Authenticate"] = 'Bearer realm="finance_hub"'
    response["Content-Language"] = language_of(request)
    response.content_type = "application/problem+json"
    return response


def problem_response(problem: Problem, request: HttpRequest) -> HttpResponse:
    """The same refusal from outside of the API's views."""
    said = orjson.dumps(body(problem, request))
    headers = {"Content-Language": language_of(request), "Cache-Control": "no-store"}
    return HttpResponse(said, "application/problem+json", problem.status, headers=headers)


def body(problem: Problem, request: Any) -> dict[str, Any]:
    language = language_of(request)
    said: dict[str, Any] = {
        "type": request.build_absolute_uri(f"/api/v1/problems/{problem.code}"),
        "code": problem.code,
        "status": problem.status,
        "title": problem.title.say(language),
        "detail": problem.said.say(language),
        "retryable": bool(problem.retry_after),
        "request_id": request.META.get("finance_hub.request_id", ""),
    }
    if problem.errors:
        said["errors"] = [error.as_dict(language) for error in problem.errors[:MOST_ERRORS]]
    if "original_request_id" in problem.context:
        said["original_request_id"] = problem.context["original_request_id"]
    return said


def _as_problem(error: Exception) -> Problem:
    if isinstance(error, Problem):
        return error
    if isinstance(error, exceptions.ValidationError):
        return InvalidFields(errors=tuple(_field_errors(error.detail, "#")))
    if isinstance(error, AWAY):
        log.warning("a server behind is away: %s", error)
        return Unavailable()
    translated: dict[type[Exception], type[Problem]] = {
        Http404: NotFound,
        exceptions.NotFound: NotFound,
        exceptions.PermissionDenied: Forbidden,
        exceptions.MethodNotAllowed: MethodNotAllowed,
        exceptions.UnsupportedMediaType: UnsupportedMediaType,
        exceptions.NotAcceptable: NotAcceptable,
    }
    for known, problem in translated.items():
        if isinstance(error, known):
            return problem()
    if type(error).__name__ == "RequestDataTooBig":
        return BodyTooLarge()
    return InternalError()


def token(name: object) -> str:
    """A name in a JSON pointer in URI-fragment form (RFC 6901, section 6)."""
    return quote(str(name)[:100].replace("~", "~0").replace("/", "~1"), safe="~", errors="replace")


def _field_errors(detail: Any, pointer: str) -> Iterator[FieldError]:
    if isinstance(detail, dict):
        for name, inner in detail.items():
            yield from _field_errors(
                inner, pointer if name == "non_field_errors" else f"{pointer}/{token(name)}"
            )
    elif isinstance(detail, list):
        for index, inner in enumerate(detail):
            nested = isinstance(inner, (dict, list))
            yield from _field_errors(inner, f"{pointer}/{index}" if nested else pointer)
    else:
        yield FieldError(detail.code, pointer, words(detail.code), getattr(detail, "context", {}))
