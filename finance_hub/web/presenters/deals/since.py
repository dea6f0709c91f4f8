"""Somebody else was faster: what they changed, what the person typed, and what the form then holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from finance_hub.web import fields, words
from finance_hub.web.contexts.grids import Cell, Grid, Heading, Line
from finance_hub.web.presenters.deals import header_forms, wording
from funds.operations.pipeline.editing import StaleDeal
from funds.queries import deal_lives


@dataclass(frozen=True)
class Since:
    """`said` is the form with the person's own entries, and theirs where the person changed nothing."""

    sentence: str
    grid: Grid
    said: dict[str, str]


def since(deal: Any, problem: StaleDeal, *, opened: int, said: Mapping[str, str]) -> Since:
    """`deal` as it is now, `said` what was sent by somebody who began from version `opened`."""
    before, now = deal_lives.header_as_of(deal, version=opened), header_forms.held_by(deal)
    own = {name: text for name, text in said.items() if not _is_same(name, text, before.get(name, text))}
    if not own.get("firm_name", "").strip():  # of a firm with a code the form has no name
        own.pop("firm_name", None)
    untouched = {name: _typed(name, now[name]) for name in before if name not in own and name in now}
    errors = sorted(problem.errors, key=lambda error: header_forms.HEADER.index(error.context["field"]))
    lines = [_line(error.context, own) for error in errors]
    who = words.listed(list(dict.fromkeys(error.context["by"] for error in problem.errors)))
    sentence = _("%(who)s changed this deal after you opened it. Your own entries are in the form below: save them "
                 "over what was changed, or take theirs.") % {"who": who}  # fmt: skip
    return Since(sentence, _grid(lines), {**said, **untouched})


def theirs(deal: Any, *, opened: int, said: Mapping[str, str]) -> dict[str, str]:
    """The form with what others changed since in place of the person's own."""
    before, now = deal_lives.header_as_of(deal, version=opened), header_forms.held_by(deal)
    return {**said, **{name: _typed(name, now[name]) for name in before if name in now}}


def _grid(lines: list[Line]) -> Grid:
    return Grid(
        key="since",
        title=_("What was changed since you opened it"),
        headings=(
            Heading(_("Field")), Heading(_("Was")), Heading(_("Is now")), Heading(_("Changed by")),
            Heading(_("Yours")),
        ),
        lines=tuple(lines),
    )  # fmt: skip


def _line(context: Mapping[str, str], own: Mapping[str, str]) -> Line:
    name = context["field"]
    at = datetime.fromisoformat(context["at"])
    yours = own[name] if name in own else _("not changed by you: theirs is in the form")
    return Line((
        Cell(wording.field(name)),
        Cell(wording.value(name, context["old"])),
        Cell(wording.value(name, context["new"])),
        Cell(context["by"], note=words.moment(at), is_tight=True),
        Cell(_shown(name, yours) if name in own else yours),
    ))  # fmt: skip


def _is_same(name: str, typed: str, before: str | None) -> bool:
    return _plain(name, typed) == _plain(name, before or "")


def _plain(name: str, typed: str) -> str:
    """What was typed as the record would have it; what cannot be read is as it is."""
    if name == "uscc":
        return header_forms.code_of(typed)
    if name != "planned_amount":
        return typed.strip()
    try:
        return header_forms.as_text(fields.amount(typed))
    except fields.Unread:
        return typed


def _typed(name: str, text: str) -> str:
    """A value of the record as the form has it."""
    return wording.value(name, text) if name == "planned_amount" else text


def _shown(name: str, typed: str) -> str:
    """An own entry in words; of a choice that is none, as it was sent."""
    try:
        return wording.value(name, _plain(name, typed))
    except (KeyError, ArithmeticError):
        return typed
