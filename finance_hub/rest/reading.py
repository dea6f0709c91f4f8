"""How a shape finds what it shows in an object or a dictionary.

What a shape shows is worked out once for its class: to build its fields anew for every answer costs more
than the answer.
"""

from __future__ import annotations

import copy
from functools import cache
from typing import Any, NamedTuple

from rest_framework import serializers

#: Stands for a value that wants the framework's own way of finding it.
ODD = object()
Shape = serializers.Serializer[Any]


class Part(NamedTuple):
    """What is shown under a name: the path to it, the field that says it, what is said where the path ends early."""

    name: str
    path: list[str]
    field: Any
    lacking: Any


@cache
def parts(shape: type[Shape]) -> tuple[Part, ...]:
    """The parts of every answer in this shape."""
    return tuple(
        Part(str(field.field_name), field.source_attrs, field, None if field.default is None else ODD)
        for field in shape()._readable_fields
    )


def parts_of(shown: Shape) -> list[Part]:
    """The parts of one answer: the shapes inside of it are its own, for they may ask it who is asking."""
    return [_own(part, shown) for part in parts(type(shown))]


def _own(part: Part, answer: Shape) -> Part:
    if not isinstance(part.field, serializers.BaseSerializer):
        return part
    inner = copy.deepcopy(part.field)
    inner.bind(part.name, answer)
    return part._replace(field=inner)


def row_of(shape: type[Shape]) -> type[Shape]:
    """The shape of a list's rows, whether the list's shape was declared or that of a row."""
    data = next((part.field for part in parts(shape) if part.name == "data"), None)
    return type(data.child) if data is not None else shape


def value_at(path: list[str], instance: Any, lacking: Any) -> Any:
    """The value at the end of a path; `lacking` where something on it is null, ODD where it has to be called."""
    value = instance
    for name in path:
        if value is None:
            return lacking
        try:
            value = value[name] if type(value) is dict else getattr(value, name)
        except (KeyError, AttributeError):
            return ODD
    return ODD if callable(value) else value
