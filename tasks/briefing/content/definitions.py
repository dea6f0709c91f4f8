"""What the figures of this issue mean, and what the plan leaves open."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass
from typing import Any

from tasks import wording
from tasks.briefing.content.desk import Desk
from tasks.briefing.layout import Column, Section, Subheading, Table
from tasks.briefing.origin import Printed, Term
from tasks.catalogue import BY_CODE, ENTRIES, Entry, Scope

Place = tuple[str, str]


def section(desk: Desk, printed: Iterable[Any]) -> Section:
    """Of the parts of the issue that are given: definitions of what they print and name, in the catalogue's order."""
    places = {place for part in printed for place in _places(part)}
    return Section(
        desk.say("口径说明", "Definitions"),
        "definitions",
        (
            Subheading(desk.say("本期指标口径", "Figures of this issue")),
            _figures(desk, places),
            Subheading(desk.say("方案未明事项", "Open questions of the plan")),
            _questions(desk),
        ),
    )


def _figures(desk: Desk, places: set[Place]) -> Table:
    """Each name of a code once, with what it means for the city where it is told of the city; the first row of a code
    is where its name leads."""
    found: dict[tuple[str, str], Entry] = {}
    for entry in ENTRIES:
        if (entry.code, entry.scope.value) in places:
            key = (entry.code, entry.name.zh)
            found[key] = entry if entry.scope is Scope.CITY else found.get(key, entry)
    led: set[str] = set()
    rows = []
    for entry in found.values():
        name = desk.text(entry.name)
        rows.append((name if entry.code in led else Term(name, code=entry.code), desk.text(entry.definition)))
        led.add(entry.code)
    return Table(
        number=0,
        caption=desk.say("指标口径", "How the figures are defined"),
        unit="",
        columns=(
            Column(desk.say("指标", "Figure"), weight=1.2),
            Column(desk.say("口径", "Definition"), weight=4.0),
        ),
        rows=tuple(rows),
        empty_text=wording.DASH,
        note=desk.say(
            "各数按其显示单位单独四舍五入，不为凑平合计而调整。",
            "Each number is rounded on its own in the unit shown; none is moved so that a total comes out even.",
        ),
    )


def _questions(desk: Desk) -> Table:
    return Table(
        number=0,
        caption=desk.say("方案未写明、尚无答复的事项", "What the plan leaves open and nobody has answered"),
        unit="",
        columns=(
            Column(desk.say("事项", "Question"), weight=4.0),
            Column(desk.say("涉及目标", "Targets"), weight=1.4),
        ),
        rows=tuple(
            (
                desk.say(one.text, one.text_en),
                desk.listed(sorted(target.code for target in one.targets.all())),
            )
            for one in desk.held.questions
        ),
        empty_text=desk.say("无未明事项", "Nothing is left open"),
    )


def _places(node: Any) -> Iterator[Place]:
    """Code and scope of every number below a node of the tree; of a name the first scope of its code."""
    if isinstance(node, Printed):
        yield from ((ref.code, ref.scope) for ref in node.of)
    elif isinstance(node, Term):
        yield node.code, BY_CODE[node.code][0].scope.value
    elif isinstance(node, tuple | list):
        for one in node:
            yield from _places(one)
    elif is_dataclass(node):
        for field in fields(node):
            yield from _places(getattr(node, field.name))
