"""The probability that each firm lists by a deadline, and how many do."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tasks.engine.forecast.distribution import Chance, Distribution, poisson_binomial
from tasks.engine.forecast.stages import Stages

# Prefixes of notes. "thin-history: inquiry 2": two firms have left the stage, fewer than its prior weighs.
THIN_HISTORY: Final = "thin-history"
# "beyond-history: 17": the firm has stayed longer than any that was watched; the prior alone says how it goes on.
BEYOND_HISTORY: Final = "beyond-history"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A firm's attempt that has been in a stage since a day, on the road of its board; or is listed since."""

    firm: str | int
    stage: str
    since: date
    stages: Stages

    def __post_init__(self) -> None:
        """Refuse with ValueError a stage that is not on the road, and one entered after the day of the stages."""
        self.stages.index(self.stage)
        if self.since > self.stages.as_of:
            raise ValueError(f"{self.firm} enters {self.stage} on {self.since}, after {self.stages.as_of}")

    @property
    def place(self) -> int:
        """Where on the road it is."""
        return self.stages.index(self.stage)

    @property
    def listed(self) -> bool:
        return self.place == len(self.stages.road)

    @property
    def spent(self) -> int:
        """The days it has been in its stage."""
        return (self.stages.as_of - self.since).days


def listings_by(candidates: Iterable[Candidate], *, deadline: date) -> Distribution:
    """How many firms list on the day `deadline` or before.

    A firm counts once: with several attempts it lists where one of them does, as if they were independent. One
    that is listed already counts if it was by the deadline. A deadline before the day of the stages leaves no
    time for any other.
    """
    given = sorted(candidates, key=lambda each: (str(each.firm), each.place, each.since))
    arrivals: dict[tuple[int, int], list[NDArray[np.float64]]] = {}
    either: dict[str | int, float] = {}
    for candidate in given:
        days = (deadline - candidate.stages.as_of).days
        known = (id(candidate.stages), days)
        if days >= 0 and known not in arrivals:
            arrivals[known] = _arrivals(candidate.stages, days=days)
        chance = _chance(candidate, arrivals.get(known, []), deadline=deadline)
        before = either.get(candidate.firm, 0.0)
        either[candidate.firm] = min(1.0, before + chance * (1 - before))
    chances = [Chance(firm, probability) for firm, probability in either.items()]
    return Distribution(
        poisson_binomial([chance.probability for chance in chances]),
        math.fsum(chance.probability for chance in chances),
        tuple(sorted(chances, key=lambda chance: (-chance.probability, str(chance.firm)))),
        _notes([each for each in given if not each.listed]),
    )


def _arrivals(stages: Stages, *, days: int) -> list[NDArray[np.float64]]:
    """By place on the road: the probability that who enters it on the first day lists within 0, 1, … `days`."""
    within = [np.ones(days + 1)]
    for stage in reversed(stages.road):
        leaving = stage.conversion * stage.leaving(spent=0, days=days)
        within.append(np.convolve(leaving, within[-1])[: days + 1])
    return within[::-1]


def _chance(candidate: Candidate, arrivals: Sequence[NDArray[np.float64]], *, deadline: date) -> float:
    if candidate.listed:
        return float(candidate.since <= deadline)
    if not arrivals:
        return 0.0
    rest = arrivals[candidate.place + 1]
    stage = candidate.stages.road[candidate.place]
    leaving = stage.leaving(spent=candidate.spent, days=len(rest) - 1)
    return min(1.0, stage.conversion * float(leaving @ rest[::-1]))


def _notes(candidates: Sequence[Candidate]) -> tuple[str, ...]:
    thin = {
        (place, stage.prior.stage, stage.leavings)
        for candidate in candidates
        for place, stage in enumerate(candidate.stages.road)
        if place >= candidate.place and stage.leavings < stage.prior.strength
    }
    here = [(each, each.stages.road[each.place]) for each in candidates]
    beyond = dict.fromkeys(
        str(each.firm) for each, stage in here if stage.leavings and not stage.seen(each.spent)
    )
    told = {
        THIN_HISTORY: [f"{stage} {leavings}" for _, stage, leavings in sorted(thin)],
        BEYOND_HISTORY: list(beyond),
    }
    return tuple(f"{code}: {', '.join(items)}" for code, items in told.items() if items)
