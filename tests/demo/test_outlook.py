"""The demo's index is an invented one and says so; every fund has a benchmark and assumptions."""

from __future__ import annotations

from finance_hub.demo import outlook
from finance_hub.demo.capital.charters import CITY, SUBS
from finance_hub.demo.chance import chance
from finance_hub.demo.timeline import Timeline


def test_closes_are_of_weekdays_above_zero_and_the_same_for_a_seed() -> None:
    rows = outlook._closes(chance(42, "index"))
    assert rows == outlook._closes(chance(42, "index")) != outlook._closes(chance(43, "index"))
    assert {row.date.weekday() for row in rows} == {0, 1, 2, 3, 4}
    assert len({row.date for row in rows}) == len(rows) > 990
    assert min(row.level for row in rows) > 200


def test_every_tier_is_foreseen() -> None:
    assert {charter.tier for charter in (*CITY, *SUBS)} == set(outlook.ASSUMED)
    for rates, life, _bow, growth in outlook.ASSUMED.values():
        assert len(rates) < life
        assert list(growth) == sorted(growth)


def test_each_month_is_entered_once_and_each_fund_has_its_own() -> None:
    timeline = Timeline()
    outlook.measure(people={}, timeline=timeline, dice=chance(42, "index"))
    months = 12 * 3 + 10 + 1  # from 2022-12 to 2026-10
    assert len(timeline._due) == 1 + months + 2 * (len(CITY) + len(SUBS))
