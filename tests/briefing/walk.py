"""Walk a content tree, and print its numbers a second time from the stored figures."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from tasks.briefing.layout import Column, Issue
from tasks.briefing.origin import JOINT, Form, Printed, Ref, Rule, Term

Values = Mapping[Ref, Decimal | None]
#: Digits that are no figures: days and months, years of funds, numbers of targets, shares that a rule names, quarters.
NO_FIGURE = re.compile(
    r"\d{4}年设立|(?<=of )\d{4}$|\d{4}年\d{1,2}月(\d{1,2}日)?|\d{4}-\d{2}(-\d{2})?|[A-Z]{1,3}\d+(-\d+)*(\.\d+)*"
)


def parts(node: Any) -> Iterator[Any]:
    """Every text of the tree, in order; the parts of a sentence one by one."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, tuple):
        for one in node:
            yield from parts(one)
    elif is_dataclass(node):
        for field in fields(node):
            yield from parts(getattr(node, field.name))


def numbers(issue: Issue) -> list[Printed]:
    return [text for text in parts(issue) if isinstance(text, Printed)]


def terms(issue: Issue) -> list[Term]:
    return [text for text in parts(issue) if isinstance(text, Term)]


def again(number: Printed, values: Values, *, language: str) -> str:
    """The text of a number that has a value, made of the figures by the rule of units, with a hand of its own."""
    value = _value(number, [values[ref] or Decimal(0) for ref in number.of])
    if number.rule in (Rule.CHANGE, Rule.CHANGE_SIZE):
        text = {"ratio": lambda: _grouped(value * 100, 2), "count": lambda: _grouped(value, 0)}.get(
            number.unit, lambda: _grouped(value * 100, 1) + "%"
        )()
        signed = number.rule is Rule.CHANGE and value > 0 and re.search("[1-9]", text)
        return f"+{text}" if signed else text
    if number.form is Form.OWN:
        money, counted = (
            _grouped(value / (10**6 if language == "en" else 10**8), 2),
            f"{value.normalize():,f}",
        )
        return money if number == money else counted
    if number.unit == "yuan":
        return _money(value, number, language)
    if number.unit == "ratio":
        return _grouped(value * 100, 2 if number.places is None else number.places) + "%"
    return _grouped(value, {"count": 0, "index": 4}.get(number.unit, 2))


def _value(number: Printed, of: list[Decimal]) -> Decimal:
    match number.rule:
        case Rule.VALUE:
            (one,) = of
            return one
        case Rule.SUM:
            return sum(of, Decimal(0))
        case Rule.CHANGE if number.unit in {"ratio", "count"}:
            return of[0] - of[1]
        case Rule.CHANGE:
            return (of[0] - of[1]) / of[1]
        case Rule.CHANGE_SIZE if number.unit in {"ratio", "count"}:
            return abs(of[0] - of[1])
        case Rule.CHANGE_SIZE:
            return abs((of[0] - of[1]) / of[1])
        case Rule.DIFFERENCE:
            return of[0] - sum(of[1:], Decimal(0))
        case Rule.SIZE:
            return abs(of[0] - of[1])
        case Rule.NEGATIVE:
            return -of[0]
        case Rule.REMAINDER:
            return of[0] - of[1] - of[2] + of[3]
        case Rule.SHARE:
            return of[0] / of[1]
        case Rule.PART:
            return of[0] / sum(of[1:], Decimal(0))
        case Rule.COUNT:
            return Decimal(len(of))


def _grouped(value: Decimal, places: int) -> str:
    rounded = value.quantize(Decimal(10) ** -places, rounding=ROUND_HALF_UP)
    digits = f"{abs(rounded):,}"
    return f"−{digits}" if rounded < 0 else digits


def _money(value: Decimal, number: Printed, language: str) -> str:
    """In tables 万元 or CNY million; with its unit 亿元 from one 亿 on, CNY billion from one billion on."""
    small, large = (10**6, 10**9) if language == "en" else (10**4, 10**8)
    if number.form is Form.TABLE:
        return _grouped(value / small, 2)
    above = abs(value) >= large
    digits = _grouped(value / (large if above else small), 2)
    if number == digits:  # a tile has its unit beside it
        return digits
    if language == "en":
        return f"CNY {digits} {'billion' if above else 'million'}"
    return f"{digits}{'亿元' if above else '万元'}"


def loose(issue: Issue) -> list[str]:
    """Texts of sentences, findings, tiles and cells of figures that hold digits and remember no figure."""
    said = [text for point in issue.key_points for text in parts(point)]
    for tile in issue.tiles:
        said += parts((tile.value, tile.unit, *tile.change_labels))
    for section in issue.sections:
        for block in section.blocks:
            said += [text for name in ("text", "finding") for text in parts(getattr(block, name, ()))]
            said += [text for series in getattr(block, "series", ()) for text in series.labels]
            columns: tuple[Column, ...] = getattr(block, "columns", ())
            for row in getattr(block, "rows", ()):
                pairs = zip(columns, row, strict=True)
                said += [text for column, cell in pairs if column.align == "right" for text in parts(cell)]
    return [
        text for text in said if not isinstance(text, Printed) and re.search(r"\d", NO_FIGURE.sub("", text))
    ]


def joint(result: Any, month: str) -> dict[Ref, Decimal | None]:
    """What a month's joint losses say, as the briefing refers to it."""
    return {
        Ref(month, JOINT, one["kind"], f"{one['code']}|{what}"): Decimal(str(one[what]))
        for one in result.content["limits"]
        for what in ("room", "expected", "probability")
    }
