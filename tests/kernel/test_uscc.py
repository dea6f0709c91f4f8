"""Unified social credit codes, against cases published by others."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from finance_hub.kernel import uscc
from tests.engine.published import cases

CODES = st.from_regex(r"\A[0-9A-HJ-NP-RTUWXY]{2}[0-9]{6}[0-9A-HJ-NP-RTUWXY]{9}\Z").map(uscc.complete)


@pytest.mark.parametrize("case", cases("uscc", "uscc"))
def test_the_published_case_is_judged_as_published(case: dict[str, Any]) -> None:
    assert (uscc.check(case["input"]) is None) is case["expected"]


@given(CODES)
def test_a_completed_code_is_valid(code: str) -> None:
    assert uscc.check(code) is None


@given(CODES, st.integers(0, 16), st.sampled_from(uscc.ALPHABET))
def test_one_wrong_character_is_noticed(code: str, place: int, letter: str) -> None:
    assume(code[place] != letter)
    assert uscc.check(code[:place] + letter + code[place + 1 :]) is not None


@given(CODES, st.integers(0, 15))
def test_two_characters_swapped_are_noticed(code: str, place: int) -> None:
    assume(code[place] != code[place + 1])
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert uscc.check(swapped) is not None


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (None, "not-a-string"),
        (91330483, "not-a-string"),
        ("", "length"),
        ("91330483MA2B9PTN0", "length"),
        ("91330483MA2B9PTN022", "length"),
        ("91330483ma2b9ptn02", "characters"),
        ("91330483MA2B9PTI02", "characters"),
        ("９1330483MA2B9PTN02", "characters"),
        ("91A30483MA2B9PTN02", "characters"),
        ("91330483MA2B9PTN0\n", "characters"),
        ("91330483MA2B9PTN03", "check-character"),
    ],
)
def test_the_reason_is_named(code: object, reason: str) -> None:
    assert uscc.check(code) == reason
