"""Moments at the ends of the calendar are refused by name, never met with a fault of ours."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.cast import Api


@pytest.mark.parametrize(
    "moment", ["9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00%2B23:59", "2026-11-05T09:30:00", "soon"]
)
@pytest.mark.parametrize("path", ["/holdings", "/holdings/hd_none"])
def test_a_moment_that_is_none_is_refused(api: Callable[[str], Api], path: str, moment: str) -> None:
    answer = api("maker").get(f"{path}?known_at={moment}")
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "#/known_at")
