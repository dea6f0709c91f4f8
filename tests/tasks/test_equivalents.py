"""The same money in an index, worked out by hand; levels as known then, with their age."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from funds.queries import FlowRow
from tasks.catalogue.equivalents import Equivalents, equivalents
from tests.cast import Cast
from tests.funds.conftest import CITY, Desk, found_fund, made, refused
from tests.tasks.measuring import Speak, enter, found_index, record


@pytest.fixture
def fund(api: Speak) -> Desk:
    """1,000 paid in on 2023-01-01, 400 back on 2024-01-01, 900 left; the index: 100, 120, 150 after three years."""
    found_index(api)
    enter(api, d2023_01_01="100", d2024_01_01="120", d2025_12_31="150")
    angel = found_fund(api)
    made(angel.event("commitment", "1000.00", "2022-06-01", investor=CITY))
    for kind in ("call", "contribution"):
        made(angel.event(kind, "1000.00", "2023-01-01", investor=CITY))
    holding = made(angel.invest("1000.00", "2023-01-01"))["holding"]
    made(angel.exit(holding, cash="400.00", cost="250.00", on="2024-01-01"))
    made(angel.event("distribution", "400.00", "2024-01-01", investor=CITY))
    made(angel.value(holding, at="900.00", on="2024-01-01"))
    return angel


def benchmark(api: Speak, *, index: str = "example-500", since: str = "2022-06-01") -> None:
    made(api("maker").post("/funds/angel/benchmarks", {"index": index, "valid_from": since}))


def ask(desk: Desk, on: str = "2025-12-31", **query: str) -> dict[str, Any]:
    asked = "".join(f"&{name}={value}" for name, value in query.items())
    answer = desk.api.get(f"/funds/{desk.fund}/pme?as_of={on}{asked}")
    assert answer.status_code == 200, answer.content
    shown: dict[str, Any] = answer.json()
    return shown


def rate(of: Callable[[float], float]) -> float:
    """Where a function that falls from above zero crosses it, by halving."""
    low, high = 1e-9, 2.0
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if of(middle) > 0 else (low, middle)
    return low - 1


def test_by_hand(api: Speak, fund: Desk) -> None:
    """1,000 of 2023 are 1,500 of the end's money, 400 of 2024 are 500.

    KS (500 + 900) / 1500; in the index 1500 - 500 = 1,000 are left; λ = (1500 - 900) / 500 = 1.2.
    """
    benchmark(api)
    shown = ask(fund)

    def value(name: str) -> float:
        assert shown[name]["reason"] is None
        return float(shown[name]["value"])

    assert (shown["nav"], shown["index"]["code"]) == ("900.00", "example-500")
    assert value("ks_pme") == pytest.approx(1400 / 1500, abs=1e-8)
    for name, first, second, last in (
        ("ln_pme", 1000, 400, 1000), ("pme_plus", 1000, 480, 900), ("direct_alpha", 1500, 500, 900),
    ):  # fmt: skip
        worth = rate(lambda growth, a=first, b=second, c=last: -a + b / growth + c / growth**3)  # type: ignore[misc]
        assert value(name) == pytest.approx(worth, abs=1e-8)


def test_a_level_of_an_earlier_day_stands_in_and_says_its_age(api: Speak, fund: Desk) -> None:
    benchmark(api)
    shown = ask(fund, "2026-01-03")
    assert shown["levels"] == [
        {"date": "2023-01-01", "level": "100", "level_date": "2023-01-01", "age_days": 0},
        {"date": "2024-01-01", "level": "120", "level_date": "2024-01-01", "age_days": 0},
        {"date": "2026-01-03", "level": "150", "level_date": "2025-12-31", "age_days": 3},
    ]
    assert shown["ks_pme"]["value"] == "0.93333333"


def test_an_index_that_begins_after_the_first_flow_is_not_reported(api: Speak, fund: Desk) -> None:
    found_index(api, code="young")
    enter(api, code="young", d2023_06_01="100")
    shown = ask(fund, index="young")
    assert {shown[name]["reason"] for name in ("ks_pme", "ln_pme", "pme_plus", "direct_alpha")} == {
        "not-reported"
    }
    assert shown["levels"][0] == {"date": "2023-01-01", "level": None, "level_date": None, "age_days": None}
    assert shown["levels"][1]["age_days"] == (date(2024, 1, 1) - date(2023, 6, 1)).days


def test_before_a_benchmark_is_chosen_there_is_none(api: Speak, fund: Desk) -> None:
    benchmark(api, since="2025-01-01")
    assert ask(fund)["ks_pme"]["reason"] is None
    before = ask(fund, "2024-12-31")
    assert (before["index"], before["ks_pme"], before["levels"]) == (
        None, {"value": None, "reason": "no-benchmark", "notes": []}, [],
    )  # fmt: skip
    assert ask(fund, "2024-12-31", index="example-500")["ks_pme"]["reason"] is None


def test_the_choice_recorded_last_counts(api: Speak, fund: Desk) -> None:
    benchmark(api)
    found_index(api, code="flat")
    enter(api, code="flat", d2020_01_01="1")
    benchmark(api, index="flat")
    shown = ask(fund)
    # In an index that stands still KS-PME is the TVPI, and direct alpha the net IRR.
    assert (shown["index"]["code"], shown["ks_pme"]["value"]) == ("flat", "1.3")
    worth = rate(lambda growth: -1000 + 400 / growth + 900 / growth**3)
    assert float(shown["direct_alpha"]["value"]) == pytest.approx(worth, abs=1e-8)


def test_a_corrected_level_changes_what_is_known_now_and_not_then(api: Speak, fund: Desk, cast: Cast) -> None:
    found_index(api, code="mended")
    early, late = datetime(2026, 2, 1, tzinfo=UTC), datetime(2026, 3, 1, tzinfo=UTC)
    record(cast, date(2023, 1, 1), "100", now=early, code="mended")
    record(cast, date(2025, 12, 31), "200", now=early, code="mended")
    record(cast, date(2025, 12, 31), "100", now=late, code="mended")
    # The fund's own entries are of today: known_at may only ask the index about the past through it.
    assert ask(fund, index="mended")["ks_pme"]["value"] == "1.3"
    assert [
        each["level"] for each in ask(fund, index="mended", known_at="2026-02-01T00:00:00Z")["levels"]
    ] == ["200"]


def test_of_less_than_a_year_there_is_no_rate(api: Speak, fund: Desk) -> None:
    benchmark(api)
    shown = ask(fund, "2023-12-31")
    assert shown["ks_pme"]["reason"] is None
    assert {shown[name]["reason"] for name in ("ln_pme", "direct_alpha")} == {"under-one-year"}
    assert shown["pme_plus"]["reason"] == "no-denominator"


def test_strangers_and_nonsense(api: Speak, fund: Desk) -> None:
    found_fund(api, code="other", manager="industry-manager")
    for path in ("pme", "j-curve", "forecast", "benchmarks", "pacing-assumptions"):
        refused(api("manager_industry").get(f"/funds/angel/{path}"), 404, "not-found")
        refused(api("bank_a").get(f"/funds/angel/{path}"), 403, "forbidden")
    refused(fund.api.get("/funds/angel/pme?index=none"), 422, "does_not_exist")
    refused(fund.api.get("/funds/angel/pme?as_of=soon"), 422, "date-format")
    refused(fund.api.get("/funds/angel/pme?known_at=soon"), 422, "time-format")


def test_the_j_curve(api: Speak, fund: Desk) -> None:
    def curve(on: str) -> dict[str, Any]:
        shown: dict[str, Any] = fund.api.get(f"/funds/angel/j-curve?as_of={on}").json()
        return shown

    assert curve("2025-12-31") == {
        "as_of": "2025-12-31",
        "depth": {"date": "2023-01-01", "cumulative": "-1000.00"},
        "break_even": None,
        "reason": "not-reached",
        "cumulative": [
            {"date": "2023-01-01", "cumulative": "-1000.00"},
            {"date": "2024-01-01", "cumulative": "-600.00"},
        ],
    }
    assert (curve("2022-12-31")["depth"], curve("2022-12-31")["reason"]) == (None, "too-few-flows")
    holding = fund.api.get("/funds/angel/holdings").json()["data"][0]["id"]
    made(fund.exit(holding, cash="700.00", cost="750.00", on="2025-06-01"))
    made(fund.event("distribution", "700.00", "2025-06-02", investor=CITY))
    assert (curve("2025-12-31")["break_even"], curve("2025-12-31")["reason"]) == ("2025-06-02", None)


FEN = st.integers(1, 10**12)


@settings(max_examples=30)
@given(
    paid=st.lists(FEN, min_size=1, max_size=5), got=st.lists(FEN, max_size=5), nav=FEN, doublings=st.integers(1, 12),
    steps=st.lists(st.integers(50, 200), min_size=6, max_size=6),
)  # fmt: skip
def test_scaled_money_and_a_rescaled_index_change_no_equivalent(
    paid: list[int], got: list[int], nav: int, doublings: int, steps: list[int]
) -> None:
    """The unit is changed by doubling, which loses no bit: a factor at the edge of zero stays on its side."""
    days = [date(2015 + at, 3, 1) for at in range(6)]
    returned = [*got, 0, 0, 0, 0, 0]

    def seen(times: int) -> Equivalents:
        flows = [
            FlowRow(1, day, times * each, times * back)
            for day, each, back in zip(days, paid, returned, strict=False)
        ]
        levels: dict[date, Decimal | None] = {
            day: Decimal(times * step) for day, step in zip(days, steps, strict=True)
        }
        return equivalents(flows, nav_fen=nav * times, on=days[-1], levels=levels)

    for plain, scaled in zip(seen(1), seen(2**doublings), strict=True):
        assert plain.reason == scaled.reason
        assert plain.value is None or abs(plain.value - scaled.value) <= Decimal("2e-8") * max(
            1, abs(plain.value)
        )
