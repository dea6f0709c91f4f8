"""JSON in and out: strict when read, decimals as strings when written."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, NoReturn

import orjson
from django.conf import settings
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer

from finance_hub.kernel.problems import Problem
from finance_hub.kernel.text import Text

#: No shape of ours nests deeper than a handful of levels.
DEEPEST = 32
_SURROGATE = re.compile("[\ud800-\udfff]")
#: UTF-8 holds no surrogate: only an escape can bring one in.
_ESCAPED_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")


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
        value = json.loads(
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
    _require_plain(value, may_hold_surrogates=_ESCAPED_SURROGATE.search(raw) is not None)
    return value


def _require_plain(value: Any, *, may_hold_surrogates: bool) -> None:
    """Refuse what a column or a fingerprint cannot hold: deep nesting and lone surrogates."""
    level = [value]
    for _ in range(DEEPEST):
        parts = [inner for outer in level for inner in _parts(outer)]
        if may_hold_surrogates and any(isinstance(part, str) and _SURROGATE.search(part) for part in parts):
            raise MalformedJson(fault="a lone surrogate is no character")
        level = [part for part in parts if isinstance(part, (dict, list))]
        if not level:
            return
    raise MalformedJson(fault=f"nested more than {DEEPEST} levels deep")


def _parts(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return [*value, *value.values()]
    return value if isinstance(value, list) else ()


def _whole(text: str) -> int | JsonNumber:
    return int(text) if len(text) <= 18 else JsonNumber(text)


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value: dict[str, Any] = {}
    for name, inner in pairs:
        if name in value:
            raise MalformedJson(fault=f"the name {name[:100]!r} occurs twice")
        value[name] = inner
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
