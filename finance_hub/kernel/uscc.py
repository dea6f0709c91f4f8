"""Unified social credit codes, 统一社会信用代码 (GB 32100-2015).

Characters 9-17 are an organisation code with a check of its own (GB 11714). It is not enforced:
the registrar's check is the 18th character, and codes are in use whose inner check fails.
"""

from __future__ import annotations

import re

from finance_hub.kernel.text import Text

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
#: What `check` finds, in words.
FAULTS = {
    "not-a-string": Text("统一社会信用代码须为字符串", "The unified social credit code is a string"),
    "length": Text("统一社会信用代码须为 18 位", "The unified social credit code has 18 characters"),
    "characters": Text(
        "统一社会信用代码含有不允许的字符", "The unified social credit code holds a character it cannot have"
    ),
    "check-character": Text(
        "统一社会信用代码校验位不符", "The check character of the unified social credit code does not fit"
    ),
}
_VALUES = {letter: value for value, letter in enumerate(ALPHABET)}
_WEIGHTS = [pow(3, i, 31) for i in range(17)]
#: Register and class of organisation, region in digits, organisation code, check character.
_SHAPE = re.compile(r"[0-9A-HJ-NP-RTUWXY]{2}[0-9]{6}[0-9A-HJ-NP-RTUWXY]{10}", re.ASCII)


def check_character(first17: str) -> str:
    """The 18th character: (31 - Σ value·3^(i-1) mod 31) mod 31 in the code's alphabet."""
    total = sum(_VALUES[c] * w for c, w in zip(first17, _WEIGHTS, strict=True))
    return ALPHABET[-total % 31]


def check(code: object) -> str | None:
    """None for a valid code, otherwise the reason.

    Reasons: `not-a-string`, `length`, `characters` (lower case, I O Z S V, full width, region
    not digits), `check-character`.
    """
    if not isinstance(code, str):
        return "not-a-string"
    if len(code) != 18:
        return "length"
    if not _SHAPE.fullmatch(code):
        return "characters"
    if check_character(code[:17]) != code[17]:
        return "check-character"
    return None


def complete(first17: str) -> str:
    """The full code for 17 characters of the alphabet; raises KeyError for others."""
    return first17 + check_character(first17)
