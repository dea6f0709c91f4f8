"""The data files of the listings are whole, and what the figures take them and the records for."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import pairwise

from finance_hub.kernel import scoping
from finance_hub.kernel.access import EVERYTHING
from listings import queries, stage_priors, standards
from listings.models import Board
from listings.stages import FINAL, ROAD
from tasks.engine import forecast
from tasks.engine.readiness import read
from tests.listings.conftest import OTHER_FIRM, Desk, made


def test_a_standard_names_its_board_source_and_days() -> None:
    rows = standards.published()
    assert {row["board"] for row in rows} == set(Board) - {Board.HONG_KONG}
    assert all(row["source"] and row["zh"] and row["en"] for row in rows)
    versions = sorted(map(read, rows), key=lambda each: (each.code, each.valid_from))
    assert len({(each.code, each.valid_from) for each in versions}) == len(rows) == 35
    for former, later in pairwise(versions):
        if former.code == later.code:
            assert (former.board, former.kind) == (later.board, later.kind)
            assert former.valid_to == later.valid_from


def test_there_is_a_prior_for_each_stage_of_the_road() -> None:
    priors = [forecast.Prior(*row) for row in stage_priors.assumed()]
    assert [prior.stage for prior in priors] == list(ROAD[:-1])
    assert (ROAD[-1], FINAL) == (forecast.LISTED, forecast.OUT | {forecast.LISTED})


def test_the_records_make_a_forecast(desk: Desk) -> None:
    """A firm that was suspended and goes on, and one that withdrew and tries again elsewhere."""
    first = made(desk.start("inquiry", "2022-01-01"))["id"]
    made(desk.enter(first, "suspended", "2022-03-31"))
    made(desk.enter(first, "inquiry", "2022-06-30"))
    made(desk.enter(first, "committee", "2022-07-20"))
    second = made(desk.start("tutoring_filed", "2022-01-01", uscc=OTHER_FIRM, board="beijing"))["id"]
    made(desk.enter(second, "withdrawn", "2022-05-01"))
    made(desk.start("cultivation", "2022-06-01", uscc=OTHER_FIRM))
    as_of = date(2022, 8, 1)
    with scoping.within(EVERYTHING):
        history = [
            forecast.Entry(*row) for row in queries.stages_frame(as_of, datetime(2100, 1, 1, tzinfo=UTC))
        ]
    stages = forecast.stages_from(
        history, priors=[forecast.Prior(*row) for row in stage_priors.assumed()], as_of=as_of
    )
    candidates = forecast.candidates_from(history, stages=stages)
    assert [(each.stage, each.since) for each in candidates] == [
        ("committee", date(2022, 7, 20)), ("cultivation", date(2022, 6, 1)),
    ]  # fmt: skip
    assert {stage.prior.stage: (stage.on, stage.leavings) for stage in stages.road if stage.leavings} == {
        "inquiry": (1, 1), "tutoring_filed": (0, 1),
    }  # fmt: skip
    soon, late = (forecast.listings_by(candidates, deadline=date(year, 12, 31)) for year in (2022, 2040))
    assert 0 < soon.at_least(1) < late.at_least(1) < 1
    # In the end a firm lists where no stage loses it: two have been seen to leave, each shrunk by five assumed.
    lists = 0.9 * 0.93 * 0.98
    start = 0.5 * 0.8 * (5 * 0.7 + 0) / 6 * 0.9 * 0.95 * 0.98 * (5 * 0.7 + 1) / 6 * lists
    assert abs(late.expected - lists - start) < 1e-6
    assert late.notes[0].startswith("thin-history: cultivation 0, share_reform 0, tutoring_filed 1,")
