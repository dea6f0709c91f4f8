"""Public-market equivalents: what the same money would have made in an index.

Amounts are the investor's: contributions negative, distributions positive; `index` is the index level on
the date of each. The fund's NAV stands beside the flow of the last period and never replaces it. Periods
are equal, or lie at `dates`, and a rate is then yearly. All forms return a `Value`: `undefined` where an
index level is not positive, `not-reported` where one or a NAV is missing.

Sources: Kaplan and Schoar 2005; Long and Nickels 1996; Rouvinez 2003 (PME+); Gredil, Griffiths and Stucke
2014 (direct alpha, here the discrete yearly rate, not its logarithm).
"""

import math
from collections.abc import Sequence
from datetime import date

from tasks.engine.amounts import Amount
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
    left = ln_pme_nav(amounts, index, dates=dates)
    if left.value is None or left.value < 0:
        return left if left.value is None else Value.none(UNDEFINED)
    return _rate(_plain(amounts), left.value, dates)


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
    factor = pme_plus_lambda(amounts, index, nav=nav, dates=dates)
    if factor.value is None or nav is None or factor.value < 0:
        return factor if factor.value is None else Value.none(UNDEFINED)
    scaled = [flow * factor.value if flow > 0 else flow for flow in _plain(amounts)]
    return _rate(scaled, float(nav), dates)


def direct_alpha(amounts: Amounts, index: Amounts, *, nav: Amount | None = 0, dates: Dates = None) -> Value:
    """The rate by which the fund beat the index: the IRR of the flows compounded to the end at the index."""
    grown = _grown(amounts, index, nav, dates)
    return grown if isinstance(grown, Value) else _rate(*grown, dates)


def _grown(
    amounts: Amounts, index: Amounts, nav: Amount | None, dates: Dates
) -> tuple[list[float], float] | Value:
    """Each flow carried to the last date at the index, and the NAV; or why that cannot be done."""
    if len(amounts) != len(index) or (dates is not None and len(dates) != len(amounts)):
        raise ValueError("as many index levels and dates as amounts")
    if not amounts:
        return Value.none(TOO_FEW_FLOWS)
    if nav is None or None in amounts or None in index:
        return Value.none(NOT_REPORTED)
    levels, end = _plain(index), _end(index, dates)
    if not all(level > 0 for level in levels):
        return Value.none(UNDEFINED)
    return [flow * end / level for flow, level in zip(_plain(amounts), levels, strict=True)], float(nav)


def _end(index: Amounts, dates: Dates) -> float:
    """The index level on the latest date."""
    at = len(index) - 1 if dates is None else max(range(len(dates)), key=lambda at: dates[at])
    return _plain(index)[at]


def _rate(flows: Sequence[float], last: float, dates: Dates) -> Value:
    """The IRR of the flows with a last value on the last date."""
    if dates is None:
        return irr([*flows[:-1], flows[-1] + last])
    return xirr([*dates, max(dates)], [*flows, last])


def _plain(amounts: Amounts) -> list[float]:
    return [float(amount) for amount in amounts if amount is not None]


def _inflow(flows: Sequence[float]) -> float:
    return math.fsum(flow for flow in flows if flow > 0)


def _outflow(flows: Sequence[float]) -> float:
    return -math.fsum(flow for flow in flows if flow < 0)
