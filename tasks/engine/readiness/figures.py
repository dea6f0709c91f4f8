"""A figure of a firm: known exactly, known to be at most something, or missing, and then of which year."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from tasks.engine.value import NO_DENOMINATOR, NOT_REPORTED


@dataclass(frozen=True, slots=True)
class Missing:
    """A figure that would decide; `year` is None for what belongs to none. `reason` is one of `value.REASONS`."""

    figure: str
    year: int | None = None
    reason: str = NOT_REPORTED


@dataclass(frozen=True, slots=True)
class Figure:
    """`value` where nothing is missing; otherwise what it is at most, if that much is known.

    No figure here is known to be at least something unless it is known: a year that nobody has reported may
    be one that the firm has not had.
    """

    value: Fraction | None
    at_most: Fraction | None
    missing: tuple[Missing, ...] = ()

    @classmethod
    def of(cls, value: Decimal | int | Fraction) -> "Figure":
        """A figure that is known."""
        exact = Fraction(value)
        return cls(exact, exact)

    @classmethod
    def none(cls, *missing: Missing) -> "Figure":
        """A figure of which nothing is known."""
        return cls(None, None, missing)


def lowest(figures: Sequence[Figure]) -> Figure:
    """The lowest of them: at most the lowest that is known."""
    return _joined(figures, min, [each.at_most for each in figures if each.at_most is not None])


def total(figures: Sequence[Figure]) -> Figure:
    """Their sum: at most the sum of what each is at most."""
    bounds = [each.at_most for each in figures if each.at_most is not None]
    return _joined(figures, sum, bounds if len(bounds) == len(figures) else [])


def mean(figures: Sequence[Figure]) -> Figure:
    """Their average."""
    whole, count = total(figures), len(figures)
    return Figure(_over(whole.value, count), _over(whole.at_most, count), whole.missing)


def quotient(numerator: Figure, denominator: Figure, *, name: str, year: int) -> Figure:
    """Their quotient; where the divisor is zero there is none, and `name` of `year` says so."""
    missing = _missing((numerator, denominator))
    if numerator.value is None or denominator.value is None:
        return Figure.none(*missing)
    if denominator.value == 0:
        return Figure.none(Missing(name, year, NO_DENOMINATOR))
    return Figure.of(numerator.value / denominator.value)


def _joined(
    figures: Sequence[Figure], join: Callable[[list[Fraction]], Fraction | int], bounds: list[Fraction]
) -> Figure:
    at_most = Fraction(join(bounds)) if bounds else None
    missing = _missing(figures)
    return Figure(None if missing else at_most, at_most, missing)


def _missing(figures: Iterable[Figure]) -> tuple[Missing, ...]:
    return tuple(dict.fromkeys(each for figure in figures for each in figure.missing))


def _over(value: Fraction | None, count: int) -> Fraction | None:
    return None if value is None else value / count
