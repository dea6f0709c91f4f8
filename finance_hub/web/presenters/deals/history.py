"""Who changed what of a deal and when: steps, corrections, edits of the header, payments and documents."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from finance_hub.kernel.models import Person
from finance_hub.web import words
from finance_hub.web.contexts.grids import Cell, Grid, Heading, Line
from finance_hub.web.presenters.deals import wording
from funds.models import DealChange, DealDocument


class Act(NamedTuple):
    """One thing that somebody recorded; `detail` is what it was and became."""

    at: datetime
    by: Person
    what: str
    detail: str


def history(
    steps: Sequence[Any], edits: Sequence[DealChange], paid: Sequence[Any], papers: Sequence[DealDocument]
) -> Grid:
    """Newest first; of what was recorded at one moment, in the order of the road."""
    acts = sorted((*_steps(steps), *_edits(edits), *_paid(paid), *_papers(papers)), key=lambda act: act.at)
    return Grid(
        key="history",
        title=_("Who recorded what"),
        headings=(Heading(_("Recorded")), Heading(_("By")), Heading(_("What")), Heading(_("In detail"))),
        lines=tuple(
            Line((
                Cell(words.moment(act.at), is_tight=True), Cell(act.by.full_name, is_tight=True),
                Cell(act.what), Cell(act.detail),
            ))
            for act in reversed(acts)
        ),
    )  # fmt: skip


def _steps(steps: Sequence[Any]) -> Iterator[Act]:
    for step in steps:
        stage, day = wording.standing(step.stage), words.day(step.effective_date)
        if step.skipped:
            yield Act(
                step.recorded_at, step.recorded_by, _("%(stage)s left out") % {"stage": stage}, step.reason
            )
        elif step.corrects:
            before = f"{wording.standing(step.corrects.stage)} {words.day(step.corrects.effective_date)}"
            said = f"{before} → {stage} {day}"
            yield Act(step.recorded_at, step.recorded_by, _("Step corrected"), said)
        else:
            yield Act(step.recorded_at, step.recorded_by, stage, day)


def _edits(edits: Sequence[DealChange]) -> Iterator[Act]:
    for edit in edits:
        for name, said in edit.changes.items():
            old, new = (wording.value(name, said[which]) for which in ("old", "new"))
            yield Act(edit.recorded_at, edit.recorded_by, wording.field(name), f"{old} → {new}")


def _paid(paid: Sequence[Any]) -> Iterator[Act]:
    for one in paid:
        said = f"{words.day(one.event.effective_date)} {words.yuan(one.event.cost)}"
        yield Act(one.recorded_at, one.recorded_by, _("Payment tied to the deal"), said)


def _papers(papers: Sequence[DealDocument]) -> Iterator[Act]:
    for one in papers:
        said = _("%(name)s (%(step)s)") % {"name": one.name, "step": wording.standing(one.step.stage)}
        yield Act(one.uploaded_at, one.uploaded_by, _("Document attached"), said)
