"""How many firms will list: forecast from the pipeline's own history, stage by stage."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from finance_hub.kernel.text import Text
from listings import stage_priors
from listings.models import Board
from listings.queries import StageRow
from tasks.catalogue.entry import Point
from tasks.catalogue.listing_counts import BOARD_NAMES, Count, Horizon, counts, horizon
from tasks.engine.forecast import (
    BEYOND_HISTORY,
    Distribution,
    Entry,
    Prior,
    Stages,
    candidates_from,
    listings_by,
    stages_from,
)
from tasks.engine.value import NOT_REPORTED, Value
from tasks.frames import Frames, firm_names, once
from tasks.target_facts import TargetFact

#: A probability below half of the last place that is kept would be kept as nothing.
LEAST = 5e-9


class Forecast(NamedTuple):
    """How many listings there are by the horizon, counted in one way."""

    way: Count
    horizon: Horizon
    distribution: Distribution

    @property
    def notes(self) -> tuple[str, ...]:
        return (*self.horizon.notes, *told(self.distribution))


def foresee(
    stages: Sequence[StageRow], *, boards: Iterable[str], since: date, as_of: date, until: date
) -> Distribution:
    """Firms listed on the boards on a day of `[since, until]`, by the stages entered before `as_of`.

    Firms that were listed before `since` are none of them. How long firms stay and how many go on is asked of
    all attempts on the boards of history, shrunk to `stage_priors`.
    """
    wanted = set(boards)
    road = _road(stages, as_of=as_of)
    history = [Entry(*row) for row in stages if row.board in wanted]
    candidates = [
        each for each in candidates_from(history, stages=road) if not (each.listed and each.since < since)
    ]
    return listings_by(candidates, deadline=until)


def told(of: Distribution) -> tuple[str, ...]:
    """The notes of a forecast; of the firms that have stayed longer than any, how many they are."""
    return tuple(_counted(note) for note in of.notes)


def _counted(note: str) -> str:
    prefix, _, firms = note.partition(": ")
    return f"{prefix}: {len(firms.split(', '))}" if prefix == BEYOND_HISTORY else note


def _road(stages: Sequence[StageRow], *, as_of: date) -> Stages:
    known = set(counts().history_boards)
    history = [Entry(*row) for row in stages if row.board in known]
    priors = [Prior(*row) for row in stage_priors.assumed()]
    return stages_from(history, priors=priors, as_of=as_of)


def _target(frames: Frames) -> TargetFact | None:
    return next((each for each in frames.targets if each.metric == counts().metric), None)


@once
def forecasts(frames: Frames) -> list[Forecast]:
    """One for each way to count; none without a target, or where it has no deadline."""
    target = _target(frames)
    ahead = target and horizon(target.deadline, as_of=frames.month.end)
    if not target or not ahead:
        return []
    return [Forecast(way, ahead, _of(frames, target, way.boards, ahead.until)) for way in counts().counts]


def _of(frames: Frames, target: TargetFact, boards: Iterable[str], until: date) -> Distribution:
    return foresee(
        frames.stages, boards=boards, since=target.baseline_date, as_of=frames.month.end, until=until
    )


def expected(frames: Frames) -> Iterable[Point]:
    """By way to count: the expected number of listings; without a forecast the reason why."""
    found = forecasts(frames)
    if not found:
        return [Point.missing(NOT_REPORTED, key=each.code, label=each.name) for each in counts().counts]
    return [_point(each, each.distribution.expected) for each in found]


def at_least_target(frames: Frames) -> Iterable[Point]:
    """By way to count: the probability that there are as many listings as the target asks for."""
    found, target = forecasts(frames), _target(frames)
    if not found or target is None:
        return [Point.missing(NOT_REPORTED, key=each.code, label=each.name) for each in counts().counts]
    needed = int(Decimal(target.value))
    return [_point(each, each.distribution.at_least(needed)) for each in found]


def probability(frames: Frames) -> Iterator[Point]:
    """By way to count and number of listings, up to the last number that is likely at all."""
    for each in forecasts(frames):
        pmf = each.distribution.pmf
        last = max(n for n, likely in enumerate(pmf) if likely >= LEAST)
        for number, likely in enumerate(pmf[: last + 1]):
            label = Text(f"{each.way.name.zh}：{number}家", f"{each.way.name.en}: {number}")
            yield _kept(likely, key=f"{each.way.code}|{number}", label=label)


def expected_by_board(frames: Frames) -> Iterator[Point]:
    """By board: the expected number of listings. A firm that tries on two boards stands on both."""
    target = _target(frames)
    for each in forecasts(frames)[:1]:
        for board in Board.values:
            if target is not None:
                found = _of(frames, target, [board], each.horizon.until)
                yield _kept(found.expected, key=board, label=BOARD_NAMES[board], notes=each.horizon.notes)


def chances(frames: Frames) -> Iterator[Point]:
    """By firm that is under way: the probability that it lists by the horizon, the likeliest first."""
    headline = next((each for each in forecasts(frames) if each.way.code == counts().headline), None)
    if headline is None:
        return
    listed = {row.firm_id for row in frames.pipeline if row.stage == "listed"}
    ahead = [each for each in headline.distribution.chances if each.firm not in listed]
    names = firm_names([int(each.firm) for each in ahead]) if ahead else {}
    for each in ahead:
        code, name = names[int(each.firm)]
        yield _kept(each.probability, key=code, label=Text(name, name), notes=headline.horizon.notes)


def _point(of: Forecast, number: float) -> Point:
    return _kept(number, key=of.way.code, label=of.way.name, notes=of.notes)


def _kept(number: float, *, key: str, label: Text, notes: tuple[str, ...] = ()) -> Point:
    return Point.of(Value(number, None, notes), key=key, label=label)
