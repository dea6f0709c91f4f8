"""What every ratio returns: a number, or the reason why there is none."""

import math
from dataclasses import dataclass
from typing import Final, Self

# Stable codes: they are stored with figures and translated at the edge, so they are never renamed.
ONE_SIGN: Final = "one-sign"  # only outflows or only inflows: no rate can balance them
NO_ROOT: Final = "no-root"  # both signs, but no rate above -100 % balances them
TOO_FEW_FLOWS: Final = "too-few-flows"  # fewer than two moments with a net flow
OUT_OF_RANGE: Final = "out-of-range"  # a rate exists but no float above -1 and below infinity holds it
NO_DENOMINATOR: Final = "no-denominator"  # the divisor is zero: the ratio has no meaning, it is not 0
NOT_REPORTED: Final = "not-reported"  # an input is missing: not reported is not zero
UNDEFINED: Final = "undefined"  # an input lies outside what the formula is defined for

REASONS: Final = frozenset(
    {ONE_SIGN, NO_ROOT, TOO_FEW_FLOWS, OUT_OF_RANGE, NO_DENOMINATOR, NOT_REPORTED, UNDEFINED}
)

# Notes stand beside a value that is right but must be read with care.
UNDER_ONE_YEAR: Final = "under-one-year"  # an annual rate of a shorter history: GIPS forbids showing it alone
MULTIPLE_ROOTS: Final = "multiple-roots"  # prefix, "multiple-roots: -0.1, 1.5": all rates, ascending


@dataclass(frozen=True, slots=True)
class Value:
    """A finite number or a reason (one of `REASONS`), never both and never neither."""

    value: float | None
    reason: str | None
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse with ValueError what would let a missing figure pass for a number."""
        if (self.value is None) == (self.reason is None):
            raise ValueError("a Value holds either a number or a reason")
        if self.value is not None and not math.isfinite(self.value):
            raise ValueError("a Value's number is finite")
        if self.reason is not None and self.reason not in REASONS:
            raise ValueError(f"unknown reason {self.reason!r}")

    @classmethod
    def of(cls, value: float, *, notes: tuple[str, ...] = ()) -> Self:
        """A value that exists."""
        return cls(float(value), None, notes)

    @classmethod
    def none(cls, reason: str) -> Self:
        """No value, and why."""
        return cls(None, reason)


def ratio(numerator: float, denominator: float) -> Value:
    """`numerator / denominator`, or `no-denominator` where the divisor is zero."""
    if denominator == 0:
        return Value.none(NO_DENOMINATOR)
    quotient = numerator / denominator
    return Value.of(quotient) if math.isfinite(quotient) else Value.none(UNDEFINED)
