"""JSON in and out: strict when read, decimals as strings when written."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NoReturn

import orjson
from django.conf import settings
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer

from finance_hub.kernel.problems import Problem
from finance_hub.kernel.text import Text


class MalformedJson(Problem):
    code = "malformed-json"
    status = 400
    title = Text("请求正文不是合法的 JSON", "The body is not valid JSON")
    detail = Text("{fault}", "{fault}")


class BodyTooLarge(Problem):
    code = "body-too-large"
    status = 413
    title = Text("请求正文过大", "The body is too large")


class JsonNumber(str):
    """A JSON number with a fraction or exponent, kept as text so that no digit is lost."""

    __slots__ = ()


class StrictJson(BaseParser):
    """Refuses duplicate names, NaN and Infinity, and anything that is not one UTF-8 JSON object."""

    media_type = "application/json"

    def parse(
        self, stream: Any, media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        raw = stream.read(settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
        if len(raw) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            raise BodyTooLarge
        value = read_json(raw)
        if not isinstance(value, dict):
            raise MalformedJson(fault="a JSON object is expected")
        return value


def read_json(raw: bytes) -> Any:
    """Decode strictly. Raises MalformedJson with the place of the fault."""
    try:
        return json.loads(
            raw.decode("utf-8"),
            object_pairs_hook=_no_duplicates,
            parse_constant=_no_constant,
            parse_float=JsonNumber,
            parse_int=_whole,
        )
    except UnicodeDecodeError as error:
        raise MalformedJson(fault=f"not UTF-8 at byte {error.start}") from error
    except json.JSONDecodeError as error:
        raise MalformedJson(fault=f"line {error.lineno} column {error.colno}: {error.msg}") from error
    except RecursionError as error:
        raise MalformedJson(fault="nested too deeply") from error


def _whole(text: str) -> int | JsonNumber:
    return int(text) if len(text) <= 18 else JsonNumber(text)


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise MalformedJson(fault=f"the name {twice!r} occurs twice")
    return value


def _no_constant(name: str) -> NoReturn:
    raise MalformedJson(fault=f"{name} is not JSON")


class Json(BaseRenderer):
    media_type = "application/json"
    format = "json"

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        return b"" if data is None else orjson.dumps(data, default=str)


class ProblemJson(Json):
    media_type = "application/problem+json"


class AnyFile(Json):
    """For views that answer a file: whatever the caller accepts; refusals are problem+json."""

    media_type = "*/*"
    format = "file"
