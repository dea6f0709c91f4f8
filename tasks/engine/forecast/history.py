"""What the history of the pipeline says of its stages, and who is still on the road."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from tasks.engine.forecast.listings import Candidate
from tasks.engine.forecast.stages import LISTED, OUT, SUSPENDED, Prior, Spell, Stage, Stages


class Entry(NamedTuple):
    """An attempt of a firm on a board entered a stage on a day."""

    attempt: int
    firm: str | int
    board: str
    stage: str
    entered_on: date


class _Walk(NamedTuple):
    """An attempt up to a day: its spells, the stage it is in, since when; `ended` where it dropped out."""

    firm: str | int
    spells: list[Spell]
    stage: str
    since: date
    ended: bool


def stages_from(history: Iterable[Entry], *, priors: Sequence[Prior], as_of: date) -> Stages:
    """The stages of the road as the entries before the day `as_of` show them.

    `priors` are one a stage, in the order of the road, whose end is the listing. The entries of an attempt come
    in the order of time. A suspension stays in its stage and its time goes on; a stage that an attempt skipped
    says nothing of it. Raises ValueError for an unknown stage, for a step back in time or on the road, for one
    after the end, and for priors that name a stage twice or none.
    """
    names = [prior.stage for prior in priors]
    if not names or len(set(names)) < len(names):
        raise ValueError("priors are one for each stage of the road")
    empty = Stages(as_of, tuple(map(Stage, priors)))
    spells = [spell for walk in _walks(history, empty) for spell in walk.spells]
    road = (Stage.of(prior, (spell for spell in spells if spell.stage == prior.stage)) for prior in priors)
    return Stages(as_of, tuple(road))


def candidates_from(history: Iterable[Entry], *, stages: Stages) -> list[Candidate]:
    """Every attempt that was on the road or listed on the day of the stages. Raises as `stages_from` does."""
    return [
        Candidate(walk.firm, walk.stage, walk.since, stages)
        for walk in _walks(history, stages)
        if not walk.ended
    ]


def _walks(history: Iterable[Entry], stages: Stages) -> Iterator[_Walk]:
    attempts: dict[int, list[Entry]] = {}
    for entry in history:
        if entry.entered_on < stages.as_of:
            attempts.setdefault(entry.attempt, []).append(entry)
    for entries in attempts.values():
        yield _walk(entries, stages)


def _walk(entries: Sequence[Entry], stages: Stages) -> _Walk:
    first = entries[0]
    stages.index(first.stage)
    stage, since, ended = first.stage, first.entered_on, False
    spells: list[Spell] = []
    before = since
    for entry in entries[1:]:
        if entry.entered_on < before:
            raise ValueError(f"attempt {entry.attempt} goes back in time to {entry.entered_on}")
        if ended or stage == LISTED:
            raise ValueError(f"attempt {entry.attempt} goes on after its end")
        before = entry.entered_on
        if entry.stage in (SUSPENDED, stage):
            continue
        ended = entry.stage in OUT
        if not ended and stages.index(entry.stage) < stages.index(stage):
            raise ValueError(f"attempt {entry.attempt} goes back from {stage} to {entry.stage}")
        spells.append(Spell(stage, (entry.entered_on - since).days, not ended))
        if not ended:
            stage, since = entry.stage, entry.entered_on
    if not ended and stage != LISTED:
        spells.append(Spell(stage, (stages.as_of - since).days, None))
    return _Walk(first.firm, spells, stage, since, ended)
