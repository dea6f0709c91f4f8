"""Strict fields of the ground's own."""

from __future__ import annotations

import re
from typing import Any

from finance_hub.rest.fields import Strict, YesNo, is_text

USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{2,63}", re.ASCII)
CODE = re.compile(r"[a-z][a-z0-9-]{1,39}", re.ASCII)
INDUSTRY = re.compile(r"([A-T]([0-9]{2,4})?)?", re.ASCII)


class Code(Strict):
    """What an organisation is called by in data: lower-case letters, digits, hyphens."""

    def to_internal_value(self, data: Any) -> str:
        if not is_text(data) or not CODE.fullmatch(data):
            raise self.refuse("code-format")
        return data

    def to_representation(self, value: str) -> str:
        return value


class Username(Strict):
    def to_internal_value(self, data: Any) -> str:
        if not is_text(data) or not USERNAME.fullmatch(data):
            raise self.refuse("username-format")
        return data

    def to_representation(self, value: str) -> str:
        return value


class Industry(Strict):
    """A code of GB/T 4754-2017: a letter, or a letter with two to four digits; empty for unknown."""

    def to_internal_value(self, data: Any) -> str:
        if not is_text(data) or not INDUSTRY.fullmatch(data):
            raise self.refuse("industry-format")
        return data

    def to_representation(self, value: str) -> str:
        return value


class IsSet(YesNo):
    """Whether there is a value, and never the value."""

    def to_representation(self, value: Any) -> bool:
        return bool(value)
