"""A figure is a number or a reason, and nothing between."""

import math

import pytest

from tasks.engine.value import NO_DENOMINATOR, NOT_REPORTED, REASONS, Value, ratio


def test_a_value_holds_its_number_and_no_reason() -> None:
    assert Value.of(0.25, notes=("under-one-year",)) == Value(0.25, None, ("under-one-year",))


def test_a_missing_value_holds_its_reason_and_no_number() -> None:
    assert Value.none(NOT_REPORTED) == Value(None, "not-reported")


def test_zero_is_a_number() -> None:
    assert Value.of(0).value == 0.0


@pytest.mark.parametrize(
    ("number", "why"), [(1.0, "no-root"), (None, None), (math.nan, None), (math.inf, None), (-math.inf, None)]
)
def test_what_is_neither_a_number_nor_a_reason_is_refused(number: float | None, why: str | None) -> None:
    with pytest.raises(ValueError, match="Value"):
        Value(number, why)


def test_a_reason_nobody_has_worded_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown reason"):
        Value.none("because")


def test_the_reasons_that_clients_know_keep_their_codes() -> None:
    known = {
        "one-sign",
        "no-root",
        "too-few-flows",
        "no-denominator",
        "not-reported",
        "undefined",
        "out-of-range",
    }
    assert known == REASONS


def test_a_ratio_divides() -> None:
    assert ratio(1.0, 4.0) == Value.of(0.25)


@pytest.mark.parametrize("numerator", [0.0, 5.0, -5.0])
def test_a_ratio_to_nothing_is_not_zero(numerator: float) -> None:
    assert ratio(numerator, 0.0) == Value.none(NO_DENOMINATOR)
