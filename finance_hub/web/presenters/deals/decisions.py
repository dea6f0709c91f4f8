"""The record behind a decision 尽职免责, as forms ask for it: whole, or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from finance_hub.kernel.problems import refuse
from finance_hub.web import words
from finance_hub.web.fields import Field
from funds.models.deals import DECISIONS
from funds.operations.pipeline.rules import BOUND, DECIDED_AT, Decision

MOST_VOTES = 200
NAMES = ("decided_by", "votes_for", "votes_against", "grounds", "conflicts")


def is_decided_with(stage: str, before: Sequence[Any]) -> bool:
    """Whether a step of this stage behind those `before` needs a record of its own."""
    undecided = not any(one.stage in DECIDED_AT and one.decision for one in before)
    return stage in DECISIONS or (stage in BOUND and undecided)


def held(step: Any) -> dict[str, str]:
    """The record of a step as its form has it; empty without one."""
    if not step.decision:
        return {}
    said = {name: str(getattr(step, name)) for name in NAMES[1:]}
    return {**said, "decided_by": words.listed(step.decided_by)}


def asked(begun: dict[str, str], *, required: bool = True) -> list[Field]:
    """The fields of the record, with what is `begun`."""

    def field(
        name: str, label: str, kind: Any, *, most: int = 200, greatest: int | None = None, hint: str = ""
    ) -> Field:
        initial = begun.get(name, "")
        return Field(
            name, label, kind, hint=hint, required=required, initial=initial, most=most, greatest=greatest
        )

    names = _("Names, set apart by commas or one a line.")
    none = _("Said even where there are none.")
    return [
        field("decided_by", _("Decided by"), "names", most=2000, hint=names),
        field("votes_for", _("Votes for"), "whole", greatest=MOST_VOTES),
        field("votes_against", _("Votes against"), "whole", greatest=MOST_VOTES),
        field("grounds", _("Grounds"), "text", most=2000),
        field("conflicts", _("Conflicts of interest declared"), "text", most=2000, hint=none),
    ]


def without(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name not in NAMES}


def decided(values: dict[str, Any]) -> Decision | None:
    """The record of what was said, None where nothing was. Raises InvalidFields for half of one."""
    said: Any = {name: values.get(name) for name in NAMES}
    missing = [name for name, value in said.items() if value is None]
    if len(missing) == len(NAMES):
        return None
    if missing:
        raise refuse(
            f"#/{missing[0]}", "required", "决策记录须填写完整", "The record of a decision is given whole"
        )
    decision: Decision = said
    return decision
