"""Texts that remember which stored figures they print, so that a reader can go back to them.

To whoever only sets them they are plain texts; cut, joined or cleaned, they are plain texts again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from enum import StrEnum
from string import Formatter
from typing import NamedTuple, Self


class Ref(NamedTuple):
    """One stored figure: the month of its snapshot, written 2026-10, and the figure's names in it.

    The month alone is the snapshot of the issue, or the one that it compares with; another one of that month is named
    after it, 2026-09@ss_…. What is no figure of the catalogue: joint losses have the code `JOINT`, the kind of limit as
    scope, its code and what is told of it as key (code|probability); what the plan sets has the code `SET`, the scope
    target, the target's code as key.
    """

    month: str
    code: str
    scope: str = ""
    key: str = ""


#: What stands for the chance that a limit is passed: no figure of the catalogue, kept with the month's losses.
JOINT = "joint-loss"
#: What stands for the value that the plan sets for a target.
SET = "target-set"


class Rule(StrEnum):
    """What a printed number makes of its figures, in their order.

    VALUE: the figure · SUM: all of them · CHANGE: growth from the second to the first, in points for ratios, in
    units for counts · CHANGE_SIZE: the same without its sign, which the words tell ·
    DIFFERENCE: the first less all others · SIZE: the same without its sign · NEGATIVE: the figure
    with the other sign · REMAINDER: the first less the second and third, with the fourth · SHARE: the first of the
    second · PART: the first of the sum of the others · COUNT: how many figures there are.
    """

    VALUE = "value"
    SUM = "sum"
    CHANGE = "change"
    CHANGE_SIZE = "change-size"
    DIFFERENCE = "difference"
    SIZE = "size"
    NEGATIVE = "negative"
    REMAINDER = "remainder"
    SHARE = "share"
    PART = "part"
    COUNT = "count"


class Form(StrEnum):
    """How money is printed: TABLE in the unit of tables, which stands beside it; HEADLINE with its own unit. What is no
    money but has a unit of its own (a target's) is OWN."""

    TABLE = "table"
    HEADLINE = "headline"
    OWN = "own"


class Printed(str):
    """A number as printed. `value`: in yuan, or plain, None where it is missing and the text says why; `unit`: of the
    catalogue, with which a workbook shows it as a number."""

    __slots__ = ("form", "of", "places", "rule", "unit", "value")
    of: tuple[Ref, ...]
    rule: Rule
    form: Form
    unit: str
    places: int | None
    value: Decimal | None

    def __new__(
        cls,
        text: str,
        *,
        of: Iterable[Ref],
        value: Decimal | None,
        unit: str,
        rule: Rule = Rule.VALUE,
        form: Form = Form.TABLE,
        places: int | None = None,
    ) -> Self:
        made = super().__new__(cls, text)
        made.of, made.rule, made.form = tuple(of), rule, form
        made.unit, made.value, made.places = unit, value, places
        return made


class Term(str):
    """The name of a figure, which leads to its definition."""

    __slots__ = ("code",)
    code: str

    def __new__(cls, text: str, *, code: str) -> Self:
        made = super().__new__(cls, text)
        made.code = code
        return made


#: A sentence in parts, of which some are `Printed`.
Sentence = tuple[str, ...]


def sentence(template: str, numbers: Mapping[str, str]) -> Sentence:
    """The template with `{names}` filled, in parts; a number keeps what it remembers."""
    parts: list[str] = []
    for words, name, _spec, _conversion in Formatter().parse(template):
        parts += [words] if words else []
        if name is not None:
            parts.append(numbers[name])
    return tuple(parts)


def parts_of(words: str | Sentence) -> Sentence:
    """The parts, where it may be a text of one."""
    return (words,) if isinstance(words, str) else words


def plain(words: str | Sentence) -> str:
    """The text alone."""
    return words if isinstance(words, str) else "".join(words)
