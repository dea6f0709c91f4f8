"""Yuan is read from plain decimal strings only, and split without losing a fen."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from math import floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finance_hub.kernel import money

AMOUNTS = st.integers(-(10**18) + 1, 10**18 - 1).map(money.yuan)
WEIGHTS = st.lists(st.integers(0, 10**12), min_size=1, max_size=12).filter(any)

GOOD = {
    "0": "0.00",
    "7": "7.00",
    "0.1": "0.10",
    "1234567.89": "1234567.89",
    "-3.50": "-3.50",
    "9999999999999999.99": "9999999999999999.99",
}
HOSTILE = {
    "": "amount-missing",
    "NaN": "amount-format",
    "-NaN": "amount-format",
    "sNaN": "amount-format",
    "Infinity": "amount-format",
    "-inf": "amount-format",
    "1e5": "amount-format",
    "1E400": "amount-format",
    "1_000": "amount-format",
    "1,000.00": "amount-format",
    "１２３": "amount-format",
    "１２３.45": "amount-format",
    "٣٤": "amount-format",
    "0x10": "amount-format",
    "+5": "amount-format",
    "05": "amount-format",
    "00.10": "amount-format",
    ".5": "amount-format",
    "5.": "amount-format",
    " 5": "amount-format",
    "5 ": "amount-format",
    "5\n": "amount-format",
    "5\x00": "amount-format",
    "¥5": "amount-format",
    "--5": "amount-format",
    "null": "amount-format",
    "12.345": "amount-scale",
    "-0.001": "amount-scale",
    "10000000000000000": "amount-too-large",
    "-100000000000000000.00": "amount-too-large",
}


@pytest.mark.parametrize(("text", "yuan"), GOOD.items())
def test_a_plain_amount_is_read_to_the_fen(text: str, yuan: str) -> None:
    assert str(money.parse(text)) == yuan


@pytest.mark.parametrize(("text", "code"), HOSTILE.items())
def test_anything_else_is_refused_with_its_code(text: str, code: str) -> None:
    with pytest.raises(money.UnableToReadMoney) as refusal:
        money.parse(text)
    assert refusal.value.code == code


@pytest.mark.parametrize("value", [0.1, 1, True, Decimal("1.00"), b"1.00", ["1.00"]])
def test_only_text_is_an_amount(value: object) -> None:
    with pytest.raises(money.UnableToReadMoney, match="amount-not-a-string"):
        money.parse(value)


def test_nothing_is_no_amount() -> None:
    with pytest.raises(money.UnableToReadMoney, match="amount-missing"):
        money.parse(None)


@pytest.mark.parametrize("text", ["-0", "-0.0", "-0.00"])
def test_minus_nothing_is_nothing(text: str) -> None:
    assert str(money.parse(text)) == "0.00"


@given(AMOUNTS)
def test_every_amount_survives_being_written_and_read(amount: Decimal) -> None:
    assert money.parse(str(amount)) == amount
    assert money.yuan(money.fen(amount)) == amount


@given(st.text(max_size=12))
def test_whatever_is_read_is_finite_and_has_two_places(text: str) -> None:
    try:
        amount = money.parse(text)
    except money.UnableToReadMoney:
        return
    assert amount.is_finite()
    assert amount.as_tuple().exponent == -2


def test_a_fraction_of_a_fen_is_refused() -> None:
    with pytest.raises(ValueError, match="fraction of a fen"):
        money.fen(Decimal("0.005"))


def test_a_hundred_yuan_in_three_parts_gives_the_odd_fen_to_the_first() -> None:
    assert money.split(Decimal("100.00"), [1, 1, 1]) == [Decimal("33.34"), Decimal("33.33"), Decimal("33.33")]


def test_the_largest_remainder_gets_the_fen() -> None:
    # 0.05 by 3:1:1 is 3.0, 1.0, 1.0 fen; 0.04 is 2.4, 0.8, 0.8 fen: whole 2, 0, 0, then both 0.8 get one.
    assert money.split(Decimal("0.04"), [3, 1, 1]) == [Decimal("0.02"), Decimal("0.01"), Decimal("0.01")]


def test_a_loss_is_split_like_a_gain() -> None:
    assert money.split(Decimal("-0.04"), [3, 1, 1]) == [Decimal("-0.02"), Decimal("-0.01"), Decimal("-0.01")]


def test_remainders_are_told_apart_however_close_they_are() -> None:
    # Of 1 fen, 10^30 and 10^30 + 1 parts: the second's remainder is larger in the 31st digit.
    assert money.split(Decimal("0.01"), [10**30, 10**30 + 1]) == [Decimal("0.00"), Decimal("0.01")]


@given(AMOUNTS, WEIGHTS)
def test_the_parts_add_up_to_the_whole(amount: Decimal, weights: list[int]) -> None:
    assert sum(money.split(amount, weights)) == amount


@given(AMOUNTS, WEIGHTS)
def test_no_part_is_a_whole_fen_away_from_its_exact_share(amount: Decimal, weights: list[int]) -> None:
    for part, weight in zip(money.split(amount, weights), weights, strict=True):
        # |part - amount * weight / total| < 1 fen, without division
        assert abs(money.fen(part) * sum(weights) - money.fen(amount) * weight) < sum(weights)


@pytest.mark.parametrize("weights", [[], [0, 0], [1, -1], [-1]])
def test_weights_must_be_able_to_carry_something(weights: list[int]) -> None:
    with pytest.raises(ValueError, match="weights"):
        money.split(Decimal("1.00"), weights)


@given(st.integers(-(10**20), 10**20), st.lists(st.integers(0, 10_000), min_size=1, max_size=6).filter(any))
def test_fen_are_split_by_the_largest_remainders(amount: int, weights: list[int]) -> None:
    """As fractions say it, without any of the shortcuts."""
    exact = [Fraction(abs(amount) * weight, sum(weights)) for weight in weights]
    parts = [floor(share) for share in exact]
    while sum(parts) < abs(amount):
        lacking = [share - part for share, part in zip(exact, parts, strict=True)]
        parts[lacking.index(max(lacking))] += 1
    assert money.split_fen(amount, weights) == [part if amount > 0 else -part for part in parts]


def test_an_amount_is_shown_in_wan_rounded_half_up() -> None:
    assert str(money.in_unit(Decimal("12345.00"), unit=10_000, places=3)) == "1.235"
