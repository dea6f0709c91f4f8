"""Exposure, concentration and its limits computed a second time, in SQL, over a city in which every line has something."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.scoping import within
from tasks import snapshots
from tasks.invariants import figures
from tasks.records import SOURCES, Adds, Reading
from tasks.records.reading import totals
from tests.cast import Api
from tests.tasks.test_concentration_limits import approve, propose
from tests.tasks.test_exposure_agrees import OCTOBER, varied

__all__ = ["varied"]
Speak = Callable[[str], Api]


@pytest.mark.usefixtures("varied")
def test_both_computations_agree_and_lines_add_up(api: Speak) -> None:
    for changes in (
        {"top_n": 1}, {"dimension": "group", "top_n": 1}, {"dimension": "sub_fund", "top_n": 5},
        {"measure": "hhi", "top_n": ..., "limit": "0.2", "warning": "0.1", "dimension": "bank"},
        {"measure": "amount", "top_n": ..., "limit": "1000000.5", "warning": "1", "dimension": "town"},
        {"measure": "amount", "top_n": ..., "limit": "1000000.5", "warning": "1", "dimension": "group"},
        {"measure": "fund_share", "top_n": ..., "fund": "angel", "dimension": "firm"},
        {"measure": "fund_share", "top_n": ..., "fund": "mother", "dimension": "group"},
    ):  # fmt: skip
        limit: dict[str, Any] = changes
        assert approve(api, propose(api, **limit)).status_code == 200
    with within(EVERYTHING):
        taken, _new = snapshots.take(OCTOBER, known_at=timezone.now(), taken_at=timezone.now())
        assert [str(one) for one in figures.differences(taken)] == []
        reading = Reading(OCTOBER, taken.known_at)
        for figure in taken.figures.filter(code__regex="^(exposure|concentration|baton)"):
            print(figure.code, figure.scope, figure.key, figure.value, figure.reason)
            source = SOURCES[figure.code, figure.scope]
            if source.adds is Adds.SUM and figure.value is not None:
                assert totals(source, reading, key=figure.key).amount == figure.value, figure
