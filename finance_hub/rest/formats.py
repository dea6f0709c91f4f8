"""JSON in and out: strict when read, decimals as strings when written."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, NoReturn

import orjson
from django.conf import settings
from django.http.request import UnreadablePostError
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


class BodyIncomplete(Problem):
    code = "body-incomplete"
    status = 400
    title = Text("请求正文没有收全", "The body did not arrive whole")


class BodyTooLarge(Problem):
    code = "body-too-large"
    status = 413
    title = Text("请求正文过大", "The body is too large")


class JsonNumber(str):
    """A JSON number with a fraction, an exponent or too many digits, kept as text so that none is lost."""

    __slots__ = ()

    @property
    def is_whole(self) -> bool:
        """Whether it is written as a whole number."""
        return self.removeprefix("-").isdigit()


class StrictJson(BaseParser):
    """Refuses duplicate names, NaN and Infinity, and anything that is not one UTF-8 JSON object."""

    media_type = "application/json"

    def parse(
        self, stream: Any, media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        try:
            raw = stream.read(settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
        except UnreadablePostError as error:  # the client went away, or said nothing for too long
            raise BodyIncomplete from error
        if len(raw) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            raise BodyTooLarge
        value = read_json(raw)
        if not isinstance(value, dict):
            raise MalformedJson(fault=Text("应为一个 JSON 对象", "a JSON object is expected"))
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
        raise MalformedJson(
            fault=Text("第 {byte} 字节不是 UTF-8", "not UTF-8 at byte {byte}").fill(byte=error.start)
        ) from error
    except json.JSONDecodeError as error:
        raise MalformedJson(
            fault=Text("第 {line} 行第 {column} 个字符处", "line {line} column {column}").fill(
                line=error.lineno, column=error.colno
            )
        ) from error
    except RecursionError as error:
        raise MalformedJson(fault=Text("嵌套过深", "nested too deeply")) from error
    _require_plain(value, may_hold_surrogates=_ESCAPED_SURROGATE.search(raw) is not None)
    return value


def _require_plain(value: Any, *, may_hold_surrogates: bool) -> None:
    """Refuse what a column or a fingerprint cannot hold: deep nesting and lone surrogates."""
    level = [value]
    for _ in range(DEEPEST):
        parts = [inner for outer in level for inner in _parts(outer)]
        if may_hold_surrogates and any(isinstance(part, str) and _SURROGATE.search(part) for part in parts):
            raise MalformedJson(fault=Text("含有不成对的代理字符", "a lone surrogate is no character"))
        level = [part for part in parts if isinstance(part, (dict, list))]
        if not level:
            return
    raise MalformedJson(
        fault=Text("嵌套超过 {most} 层", "nested more than {most} levels deep").fill(most=DEEPEST)
    )


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
            raise MalformedJson(
                fault=Text("字段“{name}”出现两次", "the name {name} occurs twice").fill(name=name[:100])
            )
        value[name] = inner
    return value


def _no_constant(name: str) -> NoReturn:
    raise MalformedJson(fault=Text("{name} 不是 JSON", "{name} is not JSON").fill(name=name))


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
