"""The clock asks everybody who may have something due, and nobody's failure keeps the others waiting."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.conf import settings as of_django
from django.utils.module_loading import import_string

from finance_hub import celery

asked: list[datetime] = []


def notes(*, now: datetime) -> None:
    asked.append(now)


def fails(*, now: datetime) -> None:
    raise RuntimeError("out of order")


def test_one_that_fails_is_logged_and_the_next_is_asked(
    settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    asked.clear()
    settings.DUE = (f"{__name__}.fails", f"{__name__}.notes")
    celery.due()
    assert [moment.tzinfo is not None for moment in asked] == [True]
    assert "out of order" in caplog.text


def test_everybody_who_is_asked_is_there_and_takes_the_time() -> None:
    for name in (*of_django.DUE, *of_django.CHORES.values()):
        assert "now" in import_string(name).__annotations__


def test_every_chore_is_in_the_schedule_and_nothing_else_is() -> None:
    scheduled = {entry["args"][0] for entry in celery.app.conf.beat_schedule.values() if entry.get("args")}
    assert scheduled == set(of_django.CHORES)


def test_every_kind_of_job_has_its_function() -> None:
    for name in of_django.JOB_HANDLERS.values():
        assert callable(import_string(name))
