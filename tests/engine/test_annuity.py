"""Annuities to the last digit."""

import math
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
import pyxirr
from hypothesis import given
from hypothesis import strategies as st

from tasks.engine import amortisation
from tasks.engine.amortisation import (
    cumipmt,
    cumprinc,
    ipmt,
    pmt,
    ppmt,
    rate,
)
from tasks.engine.value import Value
from tests.engine.published import cases


@pytest.mark.parametrize("case", cases("amortization", "pmt", "ipmt", "ppmt"))
def test_annuities_agree_with_published_ones(case: dict[str, Any]) -> None:
    arguments = dict(case["input"])
    yearly, months = arguments.pop("rate").split("/")
    function = getattr(amortisation, case["kind"])
    if isinstance(case["expected"], str):
        assert str(function(Decimal(yearly) / Decimal(months), **arguments)) == case["expected"]
    else:
        result = function(float(yearly) / float(months), **arguments)
        assert result == pytest.approx(case["expected"], abs=case["tolerance"])


@given(
    per=st.integers(1, 24),
    r=st.floats(0.0001, 0.2),
    pv=st.floats(1, 1e6),
    fv=st.floats(-1e6, 1e6),
    first=st.booleans(),
)
def test_annuities_agree_with_an_independent_library(
    per: int, r: float, pv: float, fv: float, first: bool
) -> None:
    slack = 1e-9 * (pv + abs(fv))
    theirs = pyxirr.pmt(r, 24, pv, fv, pmt_at_beginning=first)
    assert pmt(r, 24, pv, fv, at_start=first) == pytest.approx(theirs, abs=slack)
    assert ipmt(r, per, 24, pv, fv, at_start=first) == pytest.approx(
        pyxirr.ipmt(r, per, 24, pv, fv, pmt_at_beginning=first), abs=slack
    )
    # Paid at the start, their first principal leaves out a part, and all of them do not add up to the loan.
    if per > 1 or not first:
        assert ppmt(r, per, 24, pv, fv, at_start=first) == pytest.approx(
            pyxirr.ppmt(r, per, 24, pv, fv, pmt_at_beginning=first), abs=slack
        )


@given(r=st.floats(0.0001, 0.2), pv=st.floats(1, 1e6), nper=st.integers(1, 60), first=st.booleans())
def test_all_principal_is_the_loan_and_the_rate_is_found_again(
    r: float, pv: float, nper: int, first: bool
) -> None:
    assert cumprinc(r, nper, pv, 1, nper, at_start=first) == pytest.approx(-pv)
    payment = pmt(r, nper, pv, at_start=first)
    assert cumipmt(r, nper, pv, 1, nper, at_start=first) == pytest.approx(payment * nper + pv, abs=1e-6 * pv)
    if nper > 1:
        assert rate(nper, payment, pv, at_start=first).value == pytest.approx(r, rel=1e-7)


def test_payments_without_interest_by_hand() -> None:
    assert pmt(0, 10, 1000, 500) == -150.0
    assert ipmt(0, 3, 10, 1000) == 0.0
    assert ppmt(Decimal(0), 3, 10, 1000) == Decimal(-100)
    assert rate(10, -100, 1000).value == pytest.approx(0, abs=1e-12)


def test_a_payment_at_the_start_holds_no_interest_the_first_time() -> None:
    assert ipmt(0.1, 1, 2, 210, at_start=True) == 0.0
    # 210 / (1 + 1/1.1) = 110 at once; the remaining 100 have grown by 10.
    assert pmt(0.1, 2, 210, at_start=True) == pytest.approx(-110)
    assert ipmt(0.1, 2, 2, 210, at_start=True) == pytest.approx(-10)


@pytest.mark.parametrize("per", [-1, 0, 13])
def test_a_payment_that_does_not_exist_is_none(per: int) -> None:
    assert ipmt(0.01, per, 12, 1000) is None
    assert ppmt(0.01, per, 12, 1000) is None


@pytest.mark.parametrize(("start", "end"), [(0, 5), (5, 4), (1, 13), (-3, -1)])
def test_payments_that_do_not_exist_have_no_sum(start: int, end: int) -> None:
    assert cumipmt(0.01, 12, 1000, start, end) is None
    assert cumprinc(0.01, 12, 1000, start, end) is None


@pytest.mark.parametrize(("r", "nper"), [(-1, 12), (-2.5, 12), (math.nan, 12), (0.01, 0), (0.01, -1)])
def test_an_annuity_that_cannot_be_is_refused(r: float, nper: int) -> None:
    with pytest.raises(ValueError, match=r"rate|period"):
        pmt(r, nper, 1000)


def test_a_rate_that_balances_nothing_has_a_reason() -> None:
    assert rate(12, 100, 1000) == Value.none("one-sign")
    assert rate(0, -100, 1000) == Value.none("too-few-flows")


def test_periods_are_whole_numbers_of_any_type() -> None:
    plain = pmt(0.01, 24, 2000), ipmt(0.01, 2, 24, 2000), cumprinc(0.01, 24, 2000, 1, 24)
    assert plain == (
        pmt(0.01, 24.0, 2000),  # type: ignore[arg-type]
        ipmt(0.01, Decimal(2), np.int64(24), 2000),  # type: ignore[arg-type]
        cumprinc(0.01, 24, np.float64(2000), 1, 24.0),  # type: ignore[arg-type]
    )
    assert rate(Decimal(10), 0, -3500, 10000) == rate(10, 0, -3500, 10000)  # type: ignore[arg-type]
    for call in (
        lambda: pmt(0.01, 24.5, 2000),  # type: ignore[arg-type]
        lambda: ipmt(0.01, 1.5, 24, 2000),  # type: ignore[arg-type]
        lambda: ppmt(0.01, math.nan, 24, 2000),  # type: ignore[arg-type]
        lambda: cumipmt(0.01, 24, 2000, 0.5, 2),  # type: ignore[arg-type]
        lambda: rate(math.inf, -1, 10),  # type: ignore[arg-type]
    ):
        with pytest.raises(ValueError, match="whole numbers"):
            call()
