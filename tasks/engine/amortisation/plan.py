"""The plan of a loan of which only its dates are known, and what extensions 展期 make of it."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from tasks.engine.amortisation.periods import periods_until
from tasks.engine.amortisation.schedule import Instalment, schedule
from tasks.engine.amounts import Amount, exact

#: Interest on CNY loans: a 360th of the yearly rate a day, the first day counted, the last not.
DAY_COUNT = "ACT/360"


class TooManyInstalments(ValueError):
    """The dates of the loan ask for more instalments than anybody plans."""


class Terms(NamedTuple):
    """`extensions` are (day of agreement, new maturity) in the order in which they were agreed."""

    principal: Amount
    annual_rate_pct: Amount
    start: date
    maturity: date
    method: str
    frequency: str
    extensions: Sequence[tuple[date, date]] = ()


def plan(terms: Terms, *, most: int) -> list[Instalment]:
    """The instalments from start to the maturity in force, as `schedule` has them.

    What was due by the day an extension is agreed on stays; the rest is spread anew, by the same method, to
    the new maturity. The last instalment is what an extension moves, even one agreed on after it was due; an
    extension that moves nothing later is none. Raises TooManyInstalments above `most`, ValueError as
    `schedule` does.
    """
    rows = _spread(exact(terms.principal), terms, start=terms.start, maturity=terms.maturity, most=most)
    for agreed, later in terms.extensions:
        kept = [row for row in rows[:-1] if row.due <= agreed]
        begin, left = (kept[-1].due, kept[-1].balance) if kept else (terms.start, exact(terms.principal))
        if left and later > rows[-1].due:
            rows = kept + _spread(left, terms, start=begin, maturity=later, most=most - len(kept))
    return rows


def _spread(left: Decimal, terms: Terms, *, start: date, maturity: date, most: int) -> list[Instalment]:
    periods = periods_until(maturity, start=start, frequency=terms.frequency)
    if periods > most:
        raise TooManyInstalments(f"{periods} instalments are more than {most}")
    return schedule(
        left, annual_rate_pct=terms.annual_rate_pct, periods=periods, start=start, maturity=maturity,
        method=terms.method, day_count=DAY_COUNT, frequency=terms.frequency,
    )  # fmt: skip
