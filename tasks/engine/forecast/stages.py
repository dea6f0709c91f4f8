"""The stages of the road: how long firms stay in each, and what part of them goes on.

The hazard of leaving on the d-th day is that of Kaplan and Meier, shrunk to a prior as if `strength` more firms
had been seen that stay as it says: (strength × f(d) + left on d) / (strength × S(d) + at risk on d), where f
and S are the prior's probabilities of leaving on day d and of staying up to it. This is the mean of a beta
process (Hjort 1990, "Nonparametric Bayes estimators based on beta processes"); where nobody has stayed as long it
is the prior's own hazard. The part that goes on is shrunk in the same way.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

LISTED: Final = "listed"
SUSPENDED: Final = "suspended"
OUT: Final = frozenset({"withdrawn", "rejected"})


@dataclass(frozen=True, slots=True)
class Prior:
    """What is assumed of a stage before its history is looked at, and `source`, where that comes from.

    The part `conversion` of the firms that leave goes on. Nobody leaves before `least_days`; from then on
    every day as many of those still there, such that they stay for `mean_days` on average. It weighs as much
    as `strength` firms: 0 leaves the history alone, as far as it goes.
    """

    stage: str
    conversion: float
    least_days: int
    mean_days: float
    strength: float
    source: str

    def __post_init__(self) -> None:
        """Refuse with ValueError what is no probability, no duration, no weight or nobody's."""
        if not 0 <= self.conversion <= 1:
            raise ValueError(f"conversion of {self.stage} lies between 0 and 1")
        if self.least_days < 0 or not self.least_days < self.mean_days < math.inf:
            raise ValueError(f"least_days of {self.stage} is not negative and below its mean_days")
        if not 0 <= self.strength < math.inf:
            raise ValueError(f"strength of {self.stage} is not negative")
        if not self.source.strip() or self.stage in {LISTED, SUSPENDED, *OUT}:
            raise ValueError(f"a prior of {self.stage!r} is of a stage of the road, and names its source")

    @property
    def hazard(self) -> float:
        """The part of those still there that leaves on a day, from `least_days` on."""
        return 1 / (1 + self.mean_days - self.least_days)


class Spell(NamedTuple):
    """A firm's stay in a stage: for `days` until it went on (True) or dropped out (False), or so far (None)."""

    stage: str
    days: int
    went_on: bool | None


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage with its history: by day, how many `left` on it of how many `at_risk`; of all who left, `on`."""

    prior: Prior
    left: tuple[int, ...] = ()
    at_risk: tuple[int, ...] = ()
    on: int = 0

    @classmethod
    def of(cls, prior: Prior, spells: Iterable[Spell]) -> "Stage":
        """The stage as its spells show it; who is still there was at risk on each day before this one."""
        stays = list(spells)
        last = max((spell.days for spell in stays), default=-1)
        left, at_risk = [0] * (last + 1), [0] * (last + 1)
        for spell in stays:
            if spell.went_on is not None:
                left[spell.days] += 1
            until = spell.days + (spell.went_on is not None)
            for day in range(until):
                at_risk[day] += 1
        return cls(prior, tuple(left), tuple(at_risk), sum(spell.went_on is True for spell in stays))

    @property
    def leavings(self) -> int:
        """How many have left, either way."""
        return sum(self.left)

    @property
    def conversion(self) -> float:
        """The part of those who leave that goes on."""
        weight = self.prior.strength + self.leavings
        if weight == 0:
            return self.prior.conversion
        return (self.prior.strength * self.prior.conversion + self.on) / weight

    def seen(self, days: int) -> bool:
        """Whether any firm has stayed for so many days and was watched on the next."""
        return days < len(self.at_risk) and self.at_risk[days] > 0

    def leaving(self, *, spent: int, days: int) -> NDArray[np.float64]:
        """The probability of leaving after 0, 1, … `days` more days, of a firm that has spent `spent` here."""
        hazard = self._hazard(np.arange(spent, spent + days + 1))
        staying = np.append(1.0, np.cumprod(1 - hazard)[:-1])
        gone: NDArray[np.float64] = hazard * staying
        return gone

    def _hazard(self, days: NDArray[np.int64]) -> NDArray[np.float64]:
        prior = self.prior
        own = np.where(days >= prior.least_days, prior.hazard, 0.0)
        staying = prior.strength * (1 - prior.hazard) ** np.maximum(days - prior.least_days, 0)
        left, at_risk = (_padded(column, days) for column in (self.left, self.at_risk))
        weight = staying + at_risk
        return np.divide(staying * own + left, weight, out=own, where=at_risk > 0)


@dataclass(frozen=True, slots=True)
class Stages:
    """The road as known on the day `as_of`, which had not begun: its stages in order, the listing after them."""

    as_of: date
    road: tuple[Stage, ...]

    def index(self, stage: str) -> int:
        """The place of a stage on the road; the listing's is behind the last. Raises ValueError."""
        names = [*(each.prior.stage for each in self.road), LISTED]
        if stage not in names:
            raise ValueError(f"unknown stage {stage!r}")
        return names.index(stage)


def _padded(column: tuple[int, ...], days: NDArray[np.int64]) -> NDArray[np.float64]:
    """The column on each of the days, 0 on those behind its end."""
    values: NDArray[Any] = np.asarray([*column, 0], dtype=np.float64)
    return values[np.minimum(days, len(column))]
