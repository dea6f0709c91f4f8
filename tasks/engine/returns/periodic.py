"""Returns of flows at equal periods; the first flow stands at time 0."""

import math
from collections.abc import Sequence

import numpy as np

from tasks.engine.amounts import Amount, as_float
from tasks.engine.arrays import Floats
from tasks.engine.returns.solving import single
from tasks.engine.value import NOT_REPORTED, ONE_SIGN, OUT_OF_RANGE, TOO_FEW_FLOWS, UNDEFINED, Value


def irr(amounts: Sequence[Amount | None]) -> Value:
    """The rate per period at which the flows are worth nothing, the one nearest to 0 in ln(1 + r).

    Notes, reasons and errors as for `xirr`, without the note on a short history: a period has no length here.
    """
    flows = np.array(list(map(as_float, amounts)), dtype=np.float64)
    return single(np.arange(flows.size, dtype=np.float64), flows)


def npv(rate: float, amounts: Sequence[Amount], *, start_from_zero: bool = True) -> float:
    """What flows at equal periods are worth at time 0.

    Spreadsheets discount the first flow too: `start_from_zero=False` does the same. NaN where an amount is
    missing. Raises ValueError for a rate of -1 or less or an infinite one, TypeError as `irr` does.
    """
    periodic = float(rate)
    if not -1 < periodic < math.inf:
        raise ValueError("a rate of -100 % or less has no discount factor, nor has an infinite one")
    first = 0 if start_from_zero else 1
    return float(
        sum(_worth(as_float(amount), periodic, at) for at, amount in enumerate(amounts, start=first))
    )


def _worth(amount: float, rate: float, at: int) -> float:
    """A flow of a later period now; 0 or infinite where no float holds it."""
    try:
        return amount / (1 + rate) ** at
    except OverflowError:
        return amount * 0.0
    except ZeroDivisionError:
        return amount * math.inf if amount else 0.0


def mirr(amounts: Sequence[Amount | None], *, finance_rate: float, reinvest_rate: float) -> Value:
    """The modified rate: outflows financed at one rate, inflows reinvested at another until the last period.

    `(FV(inflows) / -PV(outflows))^(1 / (n - 1)) - 1` (Lin 1976). A rate of -1 or less, or one that is no finite
    number, is `undefined`. Reasons and errors else as for `irr`.
    """
    flows = np.array(list(map(as_float, amounts)), dtype=np.float64)
    if np.isnan(flows).any():
        return Value.none(NOT_REPORTED)
    if flows.size < 2:
        return Value.none(TOO_FEW_FLOWS)
    rates = as_float(finance_rate), as_float(reinvest_rate)
    if not all(-1 < rate < math.inf for rate in rates) or not np.isfinite(flows).all():
        return Value.none(UNDEFINED)
    if flows.min() >= 0 or flows.max() <= 0:
        return Value.none(ONE_SIGN)
    financed, reinvested = map(math.log1p, rates)
    last, periods = flows.size - 1, np.arange(flows.size, dtype=np.float64)
    returned = _log_sum(flows, (last - periods) * reinvested)
    invested = _log_sum(-flows, -periods * financed)
    try:
        return Value.of(math.expm1((returned - invested) / last))
    except OverflowError:
        return Value.none(OUT_OF_RANGE)


def _log_sum(amounts: Floats, exponents: Floats) -> float:
    """`ln Σ a e^x` over the amounts above 0: no power in it is too large for a float."""
    paid = amounts > 0
    logs = np.log(amounts[paid]) + exponents[paid]
    largest = float(logs.max())
    return largest + math.log(math.fsum(np.exp(logs - largest)))
