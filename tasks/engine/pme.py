"""Public-market equivalents: what the same money would have made in an index.

Amounts are the investor's: contributions negative, distributions positive; `index` is the index level on
the date of each. The fund's NAV stands beside the flow of the last period and never replaces it. Periods
are equal, or lie at `dates`, and a rate is then yearly. All forms return a `Value`: `not-reported` where an
amount, an index level, a date or the NAV is missing (None or NaN), `undefined` where an index level is not
positive or an amount is infinite. They raise ValueError where the lengths differ, and TypeError for an amount
that is no number or a day that is no date; of a datetime the civil date counts.

Sources: Kaplan and Schoar 2005; Long and Nickels 1996; Rouvinez 2003 (PME+); Gredil, Griffiths and Stucke
2014 (direct alpha, here the discrete yearly rate, not its logarithm).
"""

import math
from collections.abc import Sequence
from datetime import date

from tasks.engine.amounts import Amount, as_float
from tasks.engine.days import civil, given
from tasks.engine.returns import irr, xirr
from tasks.engine.value import NOT_REPORTED, TOO_FEW_FLOWS, UNDEFINED, Value, ratio

Dates = Sequence[date] | None
Amounts = Sequence[Amount | None]


def ks_pme(amounts: Amounts, index: Amounts, *, nav: Amount | None = 0, dates: Dates = None) -> Value:
    """Kaplan-Schoar: compounded distributions and NAV over compounded contributions; above 1 beats the index.

    `dates` are accepted for a common form and change nothing: the index carries the time.
    """
    grown = _grown(amounts, index, nav, dates)
    if isinstance(grown, Value):
        return grown
    flows, last = grown
    return ratio(_inflow(flows) + last, _outflow(flows))


def ln_pme_nav(amounts: Amounts, index: Amounts, *, dates: Dates = None) -> Value:
    """What would be left of the same flows in the index at the end; negative where it ran dry before."""
    grown = _grown(amounts, index, 0, dates)
    return grown if isinstance(grown, Value) else Value.of(-math.fsum(grown[0]))


def ln_pme(amounts: Amounts, index: Amounts, *, nav: Amount | None = 0, dates: Dates = None) -> Value:
    """Long-Nickels: the IRR of the flows with what is left in the index; `undefined` where that is negative.

    `nav` is accepted for a common form and changes nothing: the index's own end value takes its place.
    """
    flows, days = _plain(amounts), _listed(dates)
    left = ln_pme_nav(flows, index, dates=days)
    if left.value is None or left.value < 0:
        return left if left.value is None else Value.none(UNDEFINED)
    return _rate(flows, left.value, days)


def pme_plus_lambda(
    amounts: Amounts, index: Amounts, *, nav: Amount | None = 0, dates: Dates = None
) -> Value:
    """The factor on distributions at which the index portfolio ends at the fund's NAV.

    `(Σ C I_T/I_t - NAV) / Σ D I_T/I_t`; without distributions there is none.
    """
    grown = _grown(amounts, index, nav, dates)
    if isinstance(grown, Value):
        return grown
    flows, last = grown
    return ratio(_outflow(flows) - last, _inflow(flows))


def pme_plus(amounts: Amounts, index: Amounts, *, nav: Amount | None = 0, dates: Dates = None) -> Value:
    """The IRR of contributions, scaled distributions and NAV; `undefined` where the factor is negative."""
    flows, days = _plain(amounts), _listed(dates)
    factor = pme_plus_lambda(flows, index, nav=nav, dates=days)
    if factor.value is None or factor.value < 0:
        return factor if factor.value is None else Value.none(UNDEFINED)
    scaled = [flow * factor.value if flow > 0 else flow for flow in flows]
    return _rate(scaled, as_float(nav), days)


def direct_alpha(amounts: Amounts, index: Amounts, *, nav: Amount | None = 0, dates: Dates = None) -> Value:
    """The rate by which the fund beat the index: the IRR of the flows compounded to the end at the index."""
    days = _listed(dates)
    grown = _grown(amounts, index, nav, days)
    return grown if isinstance(grown, Value) else _rate(*grown, days)


def _grown(
    amounts: Amounts, index: Amounts, nav: Amount | None, dates: Dates
) -> tuple[list[float], float] | Value:
    """Each flow carried to the last date at the index, and the NAV; or why that cannot be done."""
    flows, levels, last = _plain(amounts), _plain(index), as_float(nav)
    days = None if dates is None else list(map(civil, dates))
    if len(flows) != len(levels) or (days is not None and len(days) != len(flows)):
        raise ValueError("as many index levels and dates as amounts")
    if not flows:
        return Value.none(TOO_FEW_FLOWS)
    if any(map(math.isnan, (*flows, *levels, last))) or (days is not None and None in days):
        return Value.none(NOT_REPORTED)
    if not all(0 < level < math.inf for level in levels):
        return Value.none(UNDEFINED)
    end = levels[_latest(days) if days else -1]
    grown = [flow * (end / level) for flow, level in zip(flows, levels, strict=True)]
    # What a float does not hold, alone or in a sum, has no equivalent.
    if not sum(map(abs, grown)) + abs(last) < math.inf:
        return Value.none(UNDEFINED)
    return grown, last


def _latest(days: Sequence[date | None]) -> int:
    """Which of the days is the last; of several, the first that was given."""
    return max(range(len(days)), key=lambda at: days[at] or date.min)


def _rate(flows: Sequence[float], last: float, dates: Dates) -> Value:
    """The IRR of the flows with a last value on the last date."""
    if dates is None:
        return irr([*flows[:-1], flows[-1] + last])
    days = list(map(given, dates))
    return xirr([*days, max(days)], [*flows, last])


def _plain(amounts: Amounts) -> list[float]:
    return list(map(as_float, amounts))


def _listed(dates: Dates) -> list[date] | None:
    return None if dates is None else list(dates)


def _inflow(flows: Sequence[float]) -> float:
    return math.fsum(flow for flow in flows if flow > 0)


def _outflow(flows: Sequence[float]) -> float:
    return -math.fsum(flow for flow in flows if flow < 0)
