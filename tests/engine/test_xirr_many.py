"""Rates of many series at once."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.engine.returns import xirr, xirr_many
from tests.engine.flows import FLOWS, START, YEAR, dated


@settings(max_examples=30)
@given(many=st.lists(FLOWS, min_size=1, max_size=8), seed=st.randoms(use_true_random=False))
def test_a_batch_gives_what_each_series_gives_alone(many: Any, seed: Any) -> None:
    rows = [
        (number * 7 - 3, day, float(amount)) for number, flows in enumerate(many) for day, amount in flows
    ]
    seed.shuffle(rows)
    ids, days, amounts = zip(*rows, strict=True)
    values, reasons = xirr_many(ids, np.datetime64(START) + np.array(days), amounts)
    alone = [xirr(*dated(flows)) for flows in many]
    assert reasons == [one.reason for one in alone]
    expected = [math.nan if one.value is None else one.value for one in alone]
    assert values == pytest.approx(expected, rel=1e-9, abs=1e-12, nan_ok=True)


def test_a_bad_series_in_a_batch_leaves_the_others_alone() -> None:
    rows = [
        (9, START, -100.0), (9, START + YEAR, 110.0),
        (2, START, -100.0), (2, START + YEAR, math.nan),
        (5, START, -100.0), (5, START + YEAR, -1.0),
        (1, START, math.inf), (1, START + YEAR, 1.0),
        (-4, START, 0.0),
        (7, START, -200.0), (7, START + YEAR, 200.0), (7, START + YEAR * 2, -100.0),
    ]  # fmt: skip
    ids, dates, amounts = zip(*rows, strict=True)
    values, reasons = xirr_many(ids, dates, amounts)
    assert reasons == ["too-few-flows", "undefined", "not-reported", "one-sign", "no-root", None]
    assert np.isnan(values[:5]).all()
    assert values[5] == pytest.approx(0.10, abs=1e-14)


def test_a_missing_date_is_not_reported() -> None:
    dates = np.array(["2020-01-01", "NaT", "2020-01-01", "2021-01-01"], dtype="datetime64[D]")
    values, reasons = xirr_many([1, 1, 2, 2], dates, [-1.0, 2.0, -1.0, 2.0])
    assert reasons == ["not-reported", None]
    assert values[1] == pytest.approx(2 ** (365 / 366) - 1)


def test_a_batch_of_nothing_is_nothing() -> None:
    values, reasons = xirr_many([], [], [])
    assert values.shape == (0,)
    assert reasons == []


def test_ids_at_the_ends_of_their_range_keep_their_order() -> None:
    ends = [2**63 - 1, -(2**63), 2**63 - 1, -(2**63)]
    values, reasons = xirr_many(ends, [365, 365, 0, 0], [110, 120, -100, -100])
    assert reasons == [None, None]
    assert values == pytest.approx([0.2, 0.1])
