"""The verdict of each standard on a firm, and the way that is left to it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal, localcontext
from enum import StrEnum
from fractions import Fraction
from functools import partial
from typing import Final

from tasks.engine.readiness.conditions import AllOf, Condition, Limb, Standard
from tasks.engine.readiness.figures import Figure, Missing
from tasks.engine.readiness.financials import Financials, Unit
from tasks.engine.readiness.metrics import METRICS, Book, Metric, bound, opened

_STEPS: Final = {Unit.YUAN: Decimal("0.01"), Unit.RATIO: Decimal("0.000001")}
_WHOLE: Final = Decimal(1)


class Verdict(StrEnum):
    MEETS = "meets"
    FAILS = "fails"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Gap:
    """A limb that is not met. `distance` = needed - had, in the unit of the metric; None for a yes or no.

    What the firm `had` is rounded down to the fen or to a millionth, so that it never looks like enough. With
    `at_most` it had no more than that: the figure itself is not known. Above (`>`) a distance of 0 is one.
    """

    metric: str
    op: str
    needed: Decimal | bool
    had: Decimal | bool
    distance: Decimal | None
    at_most: bool


@dataclass(frozen=True, slots=True)
class Way:
    """What the nearest alternative of a standard still asks for: gaps to close, figures to find out.

    `undecided` counts the limbs that wait for figures; `shortfall` adds up the gaps as parts of what is
    needed, a gap to a yes or to "above 0" counting as a whole one.
    """

    failing: tuple[Gap, ...] = ()
    missing: tuple[Missing, ...] = ()
    undecided: int = 0
    shortfall: Fraction = Fraction(0)

    def rank(self) -> tuple[int, int, Fraction]:
        """Lower is nearer: the number of open limbs, those of them that fail, and by how much."""
        return len(self.failing) + self.undecided, len(self.failing), self.shortfall


@dataclass(frozen=True, slots=True)
class Assessment:
    """What a standard says of a firm.

    `missing` are the figures that would decide an unknown one; `failing` are the gaps of a failed one, on its
    nearest alternative. `way` is what that alternative asks for in all.
    """

    standard: str
    verdict: Verdict
    missing: tuple[Missing, ...]
    failing: tuple[Gap, ...]
    way: Way


@dataclass(frozen=True, slots=True)
class _Outcome:
    verdict: Verdict
    missing: tuple[Missing, ...]
    way: Way


def assess(
    financials: Financials, *, standards: Iterable[Standard], as_of: date, cagr_intervals: int = 2
) -> list[Assessment]:
    """The verdict of each standard in force on the day `as_of`, in the order given.

    Years that had not ended and an expected market cap of a later day do not count. A compound rate over "the
    last three years" has two intervals in Chinese practice; `cagr_intervals` counts them otherwise. Raises
    ValueError where two versions of a standard are in force at once, and for less than one interval.
    """
    if cagr_intervals < 1:
        raise ValueError(f"cagr_intervals: {cagr_intervals} is less than one")
    in_force = [standard for standard in standards if standard.in_force(as_of)]
    codes = [standard.code for standard in in_force]
    for code in codes:
        if codes.count(code) > 1:
            raise ValueError(f"two versions of {code} are in force on {as_of}")
    book = opened(financials, as_of=as_of, intervals=cagr_intervals)
    return [_assessment(standard.code, _judge(standard.condition, book)) for standard in in_force]


def nearest(assessments: Sequence[Assessment]) -> Assessment | None:
    """The standard that the firm meets, or lacks least for: of equals the first; None where there are none."""
    return min(assessments, key=lambda each: each.way.rank(), default=None)


def _assessment(code: str, outcome: _Outcome) -> Assessment:
    failing = outcome.way.failing if outcome.verdict is Verdict.FAILS else ()
    return Assessment(code, outcome.verdict, outcome.missing, failing, outcome.way)


def _judge(condition: Condition, book: Book) -> _Outcome:
    if isinstance(condition, Limb):
        return _limb(condition, METRICS[condition.metric], book)
    outcomes = [_judge(part, book) for part in condition.parts]
    verdicts = [outcome.verdict for outcome in outcomes]
    everything = isinstance(condition, AllOf)
    decisive, otherwise = (Verdict.FAILS, Verdict.MEETS) if everything else (Verdict.MEETS, Verdict.FAILS)
    verdict = next((each for each in (decisive, Verdict.UNKNOWN) if each in verdicts), otherwise)
    ways = [outcome.way for outcome in outcomes]
    way = _together(ways) if everything else min(ways, key=Way.rank)
    undecided = [outcome.missing for outcome in outcomes if outcome.verdict is Verdict.UNKNOWN]
    return _Outcome(verdict, _unique(undecided) if verdict is Verdict.UNKNOWN else (), way)


def _limb(limb: Limb, metric: Metric, book: Book) -> _Outcome:
    figure = metric.measure(book)
    needed = bound(metric, Fraction(limb.value), intervals=book.intervals)
    holds = _COMPARISONS[limb.op]
    if figure.value is not None and holds(figure.value, needed):
        return _Outcome(Verdict.MEETS, (), Way())
    if figure.at_most is not None and not holds(figure.at_most, needed) and _decides(limb, figure):
        gap, shortfall = _gap(limb, metric, figure, intervals=book.intervals)
        return _Outcome(Verdict.FAILS, (), Way((gap,), shortfall=shortfall))
    return _Outcome(Verdict.UNKNOWN, figure.missing, Way(missing=figure.missing, undecided=1))


def _decides(limb: Limb, figure: Figure) -> bool:
    """Whether what the figure is at most is enough to fail the limb: a `no` may still be what is asked for."""
    return figure.value is not None or limb.value is not False


_COMPARISONS: Final[dict[str, Callable[[Fraction, Fraction], bool]]] = {
    ">=": lambda had, needed: had >= needed,
    ">": lambda had, needed: had > needed,
    "=": lambda had, needed: had == needed,
}


def _gap(limb: Limb, metric: Metric, figure: Figure, *, intervals: int) -> tuple[Gap, Fraction]:
    """The gap, and the part of what is needed that it makes."""
    known = figure.at_most if figure.at_most is not None else Fraction(0)
    gap = partial(Gap, limb.metric, limb.op, limb.value, at_most=figure.value is None)
    if isinstance(limb.value, bool):
        return gap(had=bool(known), distance=None), Fraction(1)
    with localcontext() as context:
        context.prec = 60
        exact = Decimal(known.numerator) / known.denominator
        if metric.compound:
            exact = exact ** (_WHOLE / intervals) - 1
        step = _STEPS.get(metric.unit, _WHOLE)
        had = exact.quantize(step, rounding=ROUND_FLOOR)
        distance = (limb.value - exact).quantize(step, rounding=ROUND_CEILING)
    return gap(had=had, distance=distance), Fraction(distance) / Fraction(
        limb.value
    ) if limb.value else Fraction(1)


def _together(ways: Sequence[Way]) -> Way:
    return Way(
        tuple(gap for way in ways for gap in way.failing),
        _unique([way.missing for way in ways]),
        sum(way.undecided for way in ways),
        sum((way.shortfall for way in ways), Fraction(0)),
    )


def _unique(several: Iterable[tuple[Missing, ...]]) -> tuple[Missing, ...]:
    return tuple(dict.fromkeys(each for some in several for each in some))
