"""Returns of flows at equal periods; the first flow stands at time 0."""

from collections.abc import Sequence

import numpy as np

from tasks.engine.amounts import Amount
from tasks.engine.returns.solving import single
from tasks.engine.value import NOT_REPORTED, ONE_SIGN, TOO_FEW_FLOWS, UNDEFINED, Value


def irr(amounts: Sequence[Amount | None]) -> Value:
    """The rate per period at which the flows are worth nothing, the one nearest to 0 in ln(1 + r).

    Notes and reasons as for `xirr`, without the note on a short history: a period has no length here.
    """
    if any(amount is None for amount in amounts):
        return Value.none(NOT_REPORTED)
    flows = np.array([float(amount) for amount in amounts if amount is not None])
    return single(np.arange(flows.size, dtype=np.float64), flows)


def npv(rate: float, amounts: Sequence[Amount], *, start_from_zero: bool = True) -> float:
    """What flows at equal periods are worth at time 0.

    Spreadsheets discount the first flow too: `start_from_zero=False` does the same.
    Raises ValueError for a rate of -1 or less.
    """
    if not rate > -1:
        raise ValueError("a rate of -100 % or less has no discount factor")
    first = 0 if start_from_zero else 1
    return float(sum(float(amount) / (1 + rate) ** at for at, amount in enumerate(amounts, start=first)))


def mirr(amounts: Sequence[Amount | None], *, finance_rate: float, reinvest_rate: float) -> Value:
    """The modified rate: outflows financed at one rate, inflows reinvested at another until the last period.

    `(FV(inflows) / -PV(outflows))^(1 / (n - 1)) - 1` (Lin 1976). A rate of -1 or less is `undefined`.
    """
    if any(amount is None for amount in amounts):
        return Value.none(NOT_REPORTED)
    flows = [float(amount) for amount in amounts if amount is not None]
    if len(flows) < 2:
        return Value.none(TOO_FEW_FLOWS)
    if finance_rate <= -1 or reinvest_rate <= -1 or not np.isfinite(flows).all():
        return Value.none(UNDEFINED)
    if min(flows) >= 0 or max(flows) <= 0:
        return Value.none(ONE_SIGN)
    last = len(flows) - 1
    invested = -npv(finance_rate, [min(flow, 0.0) for flow in flows])
    returned = npv(reinvest_rate, [max(flow, 0.0) for flow in flows]) * (1 + reinvest_rate) ** last
    return Value.of(float((returned / invested) ** (1 / last) - 1))
