"""The management fee that is due for a period by the terms of a fund: base × rate, day by day (ACT/365F)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal, localcontext
from itertools import pairwise
from typing import Final, NamedTuple, TypeAlias

from tasks.engine.amounts import cents
from tasks.engine.sharing import largest_remainder

_YEAR: Final = 365
_PERCENT: Final = 100

Bases: TypeAlias = Sequence[tuple[date, Decimal]]


class FeeStep(NamedTuple):
    """From `since` on the fee is `rate_pct` per cent a year of `base`, a name of `bases`; None where none is agreed."""

    since: date
    base: str | None
    rate_pct: Decimal | None


class FeeLine(NamedTuple):
    """The days `[start, end)`, in which neither rate nor base changed, and what they add to the fee, in yuan."""

    start: date
    end: date
    base: str
    base_amount: Decimal
    rate_pct: Decimal
    amount: Decimal


class FeeDue(NamedTuple):
    """Yuan: the `lines` add up to `gross`; `due` = gross - offset; `offset_left` is above the fee, set off later."""

    lines: list[FeeLine]
    gross: Decimal
    offset: Decimal
    offset_left: Decimal
    due: Decimal


def fee_due(
    steps: Iterable[FeeStep],
    *,
    bases: Mapping[str, Bases],
    start: date,
    end: date,
    offset: Decimal = Decimal(0),
) -> FeeDue:
    """The fee of the days `[start, end)`.

    `steps` are the terms by day, of which the last before or on a day holds; `bases` says for each name from
    which day on the base stands at how many yuan (0 before the first, and where it is negative): what comes in
    on a day counts from that day on. `offset` is what the terms set off against the fee, at most the fee.

    The fee is rounded to the cent once, halves to the even one, and shared out to the lines by largest
    remainder. Raises ValueError for a negative offset, for a period that ends before it starts, for a negative
    rate and for a base without amounts.
    """
    if end < start:
        raise ValueError(f"end: {end} is before the start {start}")
    if offset < 0:
        raise ValueError(f"offset: {offset} is negative")
    agreed = sorted(steps, key=lambda step: step.since)
    with localcontext() as context:
        context.prec = 60
        parts = list(_parts(agreed, bases, start=start, end=end))
        raw = [line.base_amount * line.rate_pct * (line.end - line.start).days for line in parts]
        gross = cents(sum(raw, Decimal(0)) / (_PERCENT * _YEAR))
        lines = _shared(parts, raw, gross)
    taken = min(cents(offset), gross)
    return FeeDue(lines, gross, taken, cents(offset) - taken, gross - taken)


def _parts(
    steps: Sequence[FeeStep], bases: Mapping[str, Bases], *, start: date, end: date
) -> Iterable[FeeLine]:
    """The period cut where rate or base change; parts without a fee are left out."""
    changes = {step.since for step in steps} | {day for moves in bases.values() for day, _ in moves}
    cuts = [start, *sorted(day for day in changes if start < day < end), end]
    for since, until in pairwise(cuts):
        step = next((each for each in reversed(steps) if each.since <= since), None)
        if since == until or step is None or step.base is None or step.rate_pct is None:
            continue
        if step.rate_pct < 0:
            raise ValueError(f"rate_pct: {step.rate_pct} is negative")
        if step.base not in bases:
            raise ValueError(f"bases: there are no amounts of {step.base!r}")
        amount = _standing(bases[step.base], since)
        if amount > 0 and step.rate_pct:
            yield FeeLine(since, until, step.base, amount, step.rate_pct, Decimal(0))


def _standing(moves: Bases, day: date) -> Decimal:
    """What a base stands at on a day."""
    known = [(on, amount) for on, amount in moves if on <= day]
    return max(known, key=lambda move: move[0])[1] if known else Decimal(0)


def _shared(parts: Sequence[FeeLine], raw: Sequence[Decimal], gross: Decimal) -> list[FeeLine]:
    """The lines with their amounts; neighbours that differ in nothing are one."""
    merged: list[tuple[FeeLine, Decimal]] = []
    for line, weight in zip(parts, raw, strict=True):
        last = merged[-1] if merged else None
        if last and last[0][1:5] == (line.start, *line[2:5]):
            merged[-1] = (last[0]._replace(end=line.end), last[1] + weight)
        else:
            merged.append((line, weight))
    if not merged:
        return []
    shares = largest_remainder(gross, weights={str(n): weight for n, (_, weight) in enumerate(merged)})
    return [line._replace(amount=shares[str(n)]) for n, (line, _) in enumerate(merged)]


def quarter_of(day: date) -> tuple[date, date]:
    """(first day, the day after the last) of the calendar quarter that a day lies in."""
    first = date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)
    later = first + timedelta(days=93)
    return first, date(later.year, later.month, 1)
