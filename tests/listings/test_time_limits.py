"""Time limits by hand: when each is due, when its clock stands still, and when nobody knows."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listings.models import Board
from listings.models.procedure import FilingKind
from listings.stages import ROAD
from listings.time_limits import Paper, State, months_after, published, watch, working_day

D = date


def limits(
    stages: list[tuple[str, date]], on: date, *papers: Paper, board: str = "star"
) -> dict[str, tuple[str, date | None]]:
    found = watch(board=board, stages=stages, papers=papers, on=on)
    return {each.limit.code: (each.state.value, each.due_on) for each in found}


def test_the_exchange_accepts_within_five_working_days() -> None:
    # Friday 4 September 2026: Monday is the first day, Friday the fifth.
    filed = [("applied", D(2026, 9, 4))]
    for on, state in ((D(2026, 9, 4), "running"), (D(2026, 9, 11), "running"), (D(2026, 9, 12), "overdue")):
        assert limits(filed, on)["exchange-acceptance"] == (state, D(2026, 9, 11))
    # Suspended from Monday to Thursday: three days do not count.
    held = [*filed, ("suspended", D(2026, 9, 7)), ("applied", D(2026, 9, 10))]
    assert limits(held, D(2026, 9, 9))["exchange-acceptance"] == ("stopped", D(2026, 9, 13))
    assert limits(held, D(2026, 9, 14))["exchange-acceptance"] == ("running", D(2026, 9, 14))


def test_exchange_and_issuer_have_three_months_each() -> None:
    road = [("accepted", D(2026, 1, 5)), ("inquiry", D(2026, 2, 2))]
    letter, reply = Paper("inquiry_letter", D(2026, 2, 2), None), Paper("inquiry_reply", D(2026, 3, 2), None)
    again = Paper("inquiry_letter", D(2026, 3, 20), None)
    found = limits(road, D(2026, 2, 1), letter)
    assert (found["exchange-opinion"], "issuer-replies" in found) == (("running", D(2026, 4, 5)), False)
    # The issuer has had 28 days of its three months, and the exchange has waited for as long.
    found = limits(road, D(2026, 3, 2), letter, reply)
    assert found["exchange-opinion"] == ("running", D(2026, 5, 3))
    assert found["issuer-replies"] == ("stopped", D(2026, 5, 2))
    # It waits for 18 days until the second letter: its three months end 18 days later.
    found = limits(road, D(2026, 3, 25), letter, reply, again)
    assert found["issuer-replies"] == ("running", D(2026, 5, 20))
    assert found["exchange-opinion"] == ("stopped", D(2026, 5, 8))
    found = limits(road, D(2026, 5, 21), letter, reply, again)
    assert found["issuer-replies"] == ("overdue", D(2026, 5, 20))


def test_a_suspension_stops_both_clocks() -> None:
    road = [("accepted", D(2026, 1, 5)), ("inquiry", D(2026, 2, 2)), ("suspended", D(2026, 2, 10))]
    letter = Paper("inquiry_letter", D(2026, 2, 2), None)
    found = limits(road, D(2026, 6, 10), letter)
    assert found["issuer-replies"] == ("stopped", D(2026, 5, 2) + timedelta(days=120))
    back = [*road, ("inquiry", D(2026, 6, 10))]
    assert limits(back, D(2026, 6, 11), letter)["issuer-replies"] == ("running", D(2026, 8, 30))


def test_a_registration_is_decided_and_used_in_time() -> None:
    submitted = [("registration_submitted", D(2026, 10, 13))]
    assert limits(submitted, D(2026, 10, 31))["registration-decision"] == ("running", D(2026, 11, 10))
    registered = [*submitted, ("registered", D(2026, 11, 3))]
    assert limits(registered, D(2027, 11, 4))["registration-validity"] == ("overdue", D(2027, 11, 3))
    assert "registration-decision" not in limits(registered, D(2026, 11, 4))


def test_figures_age_and_may_be_extended_once() -> None:
    road = [("inquiry", D(2026, 2, 2))]
    year = Paper("figures_audited", D(2026, 4, 20), D(2025, 12, 31))
    half = Paper("figures_audited", D(2026, 9, 1), D(2026, 6, 30))
    assert limits(road, D(2026, 4, 1), year)["figures-age"] == ("unknown", None)
    assert limits(road, D(2026, 6, 30), year)["figures-age"] == ("running", D(2026, 6, 30))
    assert limits(road, D(2026, 7, 1), year)["figures-age"] == ("overdue", D(2026, 6, 30))
    extended = Paper("figures_extended", D(2026, 6, 15), None)
    assert limits(road, D(2026, 9, 30), year, extended)["figures-age"] == ("running", D(2026, 9, 30))
    # The extension was of the year's figures, not of the half-year's that follow.
    assert limits(road, D(2026, 10, 1), year, extended, half)["figures-age"] == ("running", D(2026, 12, 31))
    # A suspension does not keep them fresh.
    held = [*road, ("suspended", D(2026, 7, 1))]
    assert limits(held, D(2026, 7, 2), year)["figures-age"] == ("overdue", D(2026, 6, 30))


def test_what_is_over_or_elsewhere_is_not_watched() -> None:
    assert limits([("inquiry", D(2026, 2, 2)), ("withdrawn", D(2026, 3, 2))], D(2026, 4, 1)) == {}
    assert limits([("registered", D(2026, 2, 2)), ("listed", D(2026, 3, 2))], D(2026, 4, 1)) == {}
    assert limits([("applied", D(2026, 2, 2))], D(2026, 4, 1), board="hong_kong") == {}
    assert limits([("cultivation", D(2026, 2, 2))], D(2026, 4, 1)) == {}
    assert limits([("applied", D(2026, 2, 2))], D(2026, 2, 1)) == {}
    # A clock that began before the rule did is under no rule that is written down here.
    assert "exchange-acceptance" not in limits([("applied", D(2018, 2, 2))], D(2018, 2, 3))
    # When it was accepted, nobody has recorded.
    assert limits([("inquiry", D(2026, 2, 2))], D(2026, 4, 1))["exchange-opinion"] == ("unknown", None)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (D(2025, 12, 31), 6, D(2026, 6, 30)), (D(2026, 6, 30), 6, D(2026, 12, 31)), (D(2025, 12, 31), 9, D(2026, 9, 30)),
        (D(2026, 1, 30), 1, D(2026, 2, 28)), (D(2024, 2, 29), 12, D(2025, 2, 28)), (D(2026, 1, 5), 3, D(2026, 4, 5)),
    ],
)  # fmt: skip
def test_months_run_to_the_same_day_or_the_end_of_the_month(day: date, months: int, expected: date) -> None:
    assert months_after(day, months) == expected


@given(st.dates(D(2020, 1, 1), D(2030, 1, 1)), st.integers(1, 60))
def test_working_days_are_as_many_as_were_asked_for(day: date, count: int) -> None:
    end = working_day(day, count)
    between = [day + timedelta(days=at) for at in range(1, (end - day).days + 1)]
    assert sum(each.weekday() < 5 for each in between) == count
    assert end.weekday() < 5


def test_the_data_are_whole() -> None:
    boards, roads, kinds = set(Board.values), set(ROAD), set(FilingKind.values)
    for limit in published():
        assert limit.source
        assert set(limit.boards) <= boards
        assert set(limit.stages) <= roads
        assert limit.begins in {"stage", "first-letter", "period-end", *roads}
        assert limit.unit in {"months", "working-days"}
        assert limit.begins != "stage" or len(limit.stages) == 1
    assert {"inquiry_letter", "inquiry_reply", "figures_audited", "figures_extended"} == kinds
    assert {State.RUNNING, State.OVERDUE, State.STOPPED, State.UNKNOWN} == set(State)


def test_the_words_are_in_both_languages() -> None:
    for limit in published():
        texts: list[Any] = [limit.text, *([limit.note] if limit.note else [])]
        assert all(text.zh and text.en and text.en.isascii() for text in texts)
