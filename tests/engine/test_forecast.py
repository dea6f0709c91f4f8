"""How many firms list by a day, worked out by hand, and what is refused."""

import math
import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from tasks.engine.forecast import (
    Candidate,
    Chance,
    Distribution,
    Entry,
    Prior,
    Spell,
    Stage,
    candidates_from,
    listings_by,
    poisson_binomial,
    stages_from,
)  # fmt: skip
from tests.engine.roads import AS_OF, COMMITTEE, HISTORY, REGISTERED, ROAD, attempt, day, joined

STAGES = stages_from(HISTORY, priors=ROAD, as_of=AS_OF)
IN_TWO_DAYS = AS_OF + timedelta(days=2)
about = pytest.approx


def test_the_stages_by_hand() -> None:
    committee, registered = STAGES.road
    assert (committee.leavings, committee.on, registered.leavings, registered.on) == (3, 2, 2, 2)
    assert (committee.conversion, registered.conversion) == (about(0.6), about(0.88))
    assert [committee.at_risk[days] for days in (0, 9, 10, 11, 14, 15, 20)] == [5, 5, 4, 2, 2, 1, 1]
    # (2 × 1/2 + 2) / (2 + 4) = 1/2 leave on day 10, (2 × 1/4) / (2 × 1/2 + 2) = 1/6 of the rest on day 11.
    assert committee.leaving(spent=10, days=1).tolist() == about([0.5, 0.5 / 6])
    # (3 × 1/2 + 1) / (3 + 2) = 1/2, (3 × 1/4 + 1) / (3 × 1/2 + 1) = 0.7, then the prior's own 1/2.
    assert registered.leaving(spent=0, days=3).tolist() == about([0, 0.5, 0.35, 0.075])


def test_the_listings_by_hand() -> None:
    result = listings_by(candidates_from(HISTORY, stages=STAGES), deadline=IN_TWO_DAYS)
    fifth = 0.6 * 0.88 * (0.5 * 0.85 + 0.5 / 6 * 0.5)  # = 0.2464
    sixth = 0.88 * (1 - 0.5 * 0.3 * 0.5)  # = 0.814
    fourth = 0.6 * 0.88 * (1 / 34 * 0.85 + 33 / 34 / 66 * 0.5)  # = 0.528 × 1.1 / 34
    assert (fifth, sixth, fourth) == (about(0.2464), about(0.814), about(0.01708235294))
    assert result.chances == (
        Chance("F1", 1.0), Chance("F3", 1.0), Chance("F6", about(sixth)), Chance("F5", about(fifth)),
        Chance("F4", about(fourth)),
    )  # fmt: skip
    assert result.pmf[:2] == (0, 0)
    assert result.pmf[2] == about(0.1401696 * (1 - fourth))
    assert result.expected == about(3.07748235294)
    # Both of F5 and F6, or one of them and F4: 0.2005696 + 0.6592608 × 0.01708235294.
    assert result.at_least(4) == about(0.21183132)
    assert [result.at_least(n) for n in (-1, 0, 2, 6)] == [1, 1, 1, 0]
    assert result.notes == ("thin-history: registered 2",)
    paper = (Path(__file__).parents[2] / "docs" / "listing-forecast.md").read_text("utf-8")
    printed = [fifth, sixth, fourth, result.expected, result.at_least(4)]
    assert re.findall(r"\*\*([0-9.]+)\*\*", paper) == [f"{figure:.4f}".rstrip("0") for figure in printed]


def test_a_history_that_weighs_as_much_as_its_prior_is_not_thin() -> None:
    stages = stages_from(HISTORY, priors=(COMMITTEE, replace(REGISTERED, strength=2)), as_of=AS_OF)
    assert listings_by(candidates_from(HISTORY, stages=stages), deadline=IN_TWO_DAYS).notes == ()


def test_without_history_the_prior_is_all() -> None:
    """Of 100 firms 80 list in the end; half of them after one day, a quarter after two."""
    stages = stages_from([], priors=[REGISTERED], as_of=AS_OF)
    firm = Candidate("F", "registered", AS_OF, stages)
    for days, probability in enumerate((0, 0.4, 0.6, 0.7, 0.75)):
        result = listings_by([firm], deadline=AS_OF + timedelta(days=days))
        assert result.expected == about(probability)
    assert result.notes == ("thin-history: registered 0",)
    assert listings_by([firm], deadline=AS_OF + timedelta(days=400)).expected == about(0.8)


def test_a_prior_without_weight_leaves_the_history_alone() -> None:
    """Kaplan and Meier: of four 2 leave on day 10; of the one still watched on day 20 all."""
    stages = stages_from(HISTORY, priors=(replace(COMMITTEE, strength=0), REGISTERED), as_of=AS_OF)
    leaving = stages.road[0].leaving(spent=0, days=30)
    assert {days: p for days, p in enumerate(leaving.tolist()) if p} == {10: 0.5, 20: 0.5}
    assert stages.road[0].conversion == about(2 / 3)
    assert stages_from([], priors=[replace(COMMITTEE, strength=0)], as_of=AS_OF).road[0].conversion == 0.5


def test_a_firm_that_stayed_longer_than_any_goes_on_as_the_prior_says() -> None:
    firm = Candidate("F9", "registered", day(500), STAGES)
    result = listings_by([firm, Candidate("F5", "committee", day(10), STAGES)], deadline=AS_OF)
    assert result.chances[0] == Chance("F9", about(0.88 * 0.5))
    assert result.notes == ("thin-history: registered 2", "beyond-history: F9")


def test_a_suspension_stays_in_its_stage_and_goes_back_to_it() -> None:
    back = attempt(1, ("committee", 50), ("suspended", 40), ("committee", 20), ("registered", 5))
    on = attempt(2, ("committee", 50), ("suspended", 40), ("registered", 5))
    still = attempt(3, ("committee", 50), ("suspended", 40))
    stages = stages_from(joined(back, on, still), priors=ROAD, as_of=AS_OF)
    assert stages.road[0] == Stage.of(
        COMMITTEE, [Spell("committee", 45, True), Spell("committee", 45, True), Spell("committee", 50, None)]
    )
    assert candidates_from(still, stages=stages) == [Candidate("F3", "committee", day(50), stages)]


def test_what_is_of_the_day_and_later_is_not_known() -> None:
    later = [Entry(5, "F5", "star", "withdrawn", AS_OF), Entry(7, "F7", "star", "committee", AS_OF)]
    assert stages_from([*HISTORY, *later], priors=ROAD, as_of=AS_OF) == STAGES
    tomorrow = replace(STAGES, as_of=AS_OF + timedelta(days=1))
    firms = [
        [each.firm for each in candidates_from([*HISTORY, *later], stages=on)] for on in (STAGES, tomorrow)
    ]
    assert firms == [["F1", "F3", "F4", "F5", "F6"], ["F1", "F3", "F4", "F6", "F7"]]


def test_a_skipped_stage_says_nothing_of_it() -> None:
    skipped = attempt(1, ("committee", 50), ("listed", 20))
    stages = stages_from(skipped, priors=ROAD, as_of=AS_OF)
    assert (stages.road[0].on, stages.road[1]) == (1, Stage(REGISTERED))


def test_a_firm_lists_once() -> None:
    """Two attempts of 0.2464 and 0.814 list it with 1 - 0.7536 × 0.186; one that is listed, surely."""
    first, second = Candidate("F", "committee", day(10), STAGES), Candidate("F", "registered", day(1), STAGES)
    both = listings_by([first, second], deadline=IN_TWO_DAYS)
    assert both.pmf == about((0.1401696, 0.8598304))
    listed = Candidate("F", "listed", day(90), STAGES)
    assert listings_by([listed, first, second], deadline=IN_TWO_DAYS).pmf == (0, 1)


def test_a_listing_after_the_deadline_is_not_one_by_it() -> None:
    listed, waiting = Candidate("A", "listed", day(5), STAGES), Candidate("B", "registered", day(9), STAGES)
    assert listings_by([listed, waiting], deadline=day(6)).pmf == (1, 0, 0)
    assert listings_by([listed, waiting], deadline=day(5)).pmf == (0, 1, 0)
    assert listings_by([], deadline=day(5)) == Distribution((1.0,), 0.0)


def test_each_board_has_a_road_of_its_own() -> None:
    quick = stages_from([], priors=[replace(REGISTERED, conversion=1, strength=0)], as_of=AS_OF)
    result = listings_by(
        [Candidate("A", "registered", day(1), STAGES), Candidate("B", "registered", day(1), quick)],
        deadline=AS_OF,
    )
    assert [chance.probability for chance in result.chances] == about([0.5, 0.44])


@pytest.mark.parametrize(
    ("changed", "match"),
    [
        ({"conversion": -0.01}, "conversion"),
        ({"conversion": 1.01}, "conversion"),
        ({"conversion": math.nan}, "conversion"),
        ({"least_days": -1}, "least_days"),
        ({"least_days": 11}, "least_days"),
        ({"mean_days": 9.9}, "least_days"),
        ({"mean_days": math.inf}, "least_days"),
        ({"mean_days": math.nan}, "least_days"),
        ({"strength": -1}, "strength"),
        ({"strength": math.inf}, "strength"),
        ({"strength": math.nan}, "strength"),
        ({"source": " "}, "source"),
        ({"stage": "listed"}, "stage of the road"),
        ({"stage": "withdrawn"}, "stage of the road"),
    ],
)
def test_a_prior_that_is_none_is_refused(changed: dict[str, Any], match: str) -> None:
    with pytest.raises(ValueError, match=match):
        replace(COMMITTEE, **changed)


@pytest.mark.parametrize(
    ("entries", "match"),
    [
        ([("inquiry", 9)], "unknown stage 'inquiry'"),
        ([("suspended", 9)], "unknown stage 'suspended'"),
        ([("withdrawn", 9)], "unknown stage 'withdrawn'"),
        ([("committee", 9), ("inquiry", 8)], "unknown stage 'inquiry'"),
        ([("committee", 8), ("registered", 9)], "back in time"),
        ([("committee", 20), ("suspended", 8), ("registered", 9)], "back in time"),
        ([("registered", 9), ("committee", 8)], "back from registered to committee"),
        ([("committee", 9), ("withdrawn", 8), ("registered", 7)], "after its end"),
        ([("registered", 9), ("listed", 8), ("listed", 7)], "after its end"),
    ],
)
def test_a_history_that_cannot_be_is_refused(entries: list[tuple[str, int]], match: str) -> None:
    for read in (
        lambda history: stages_from(history, priors=ROAD, as_of=AS_OF),
        lambda history: candidates_from(history, stages=STAGES),
    ):
        with pytest.raises(ValueError, match=match):
            read(attempt(1, *entries))


@pytest.mark.parametrize("priors", [(), (COMMITTEE, COMMITTEE)])
def test_a_road_without_stages_or_with_one_twice_is_refused(priors: tuple[Prior, ...]) -> None:
    with pytest.raises(ValueError, match="one for each stage"):
        stages_from([], priors=priors, as_of=AS_OF)


def test_a_candidate_that_cannot_be_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown stage 'inquiry'"):
        Candidate("F", "inquiry", day(1), STAGES)
    with pytest.raises(ValueError, match="after 2026-01-01"):
        Candidate("F", "committee", date(2026, 1, 2), STAGES)


@pytest.mark.parametrize("probability", [-0.1, 1.1, math.nan, math.inf])
def test_what_is_no_probability_is_refused(probability: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        poisson_binomial([0.5, probability])
