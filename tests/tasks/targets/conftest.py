"""The department of the cast is the science bureau of the plan."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from tasks import targets
from tasks.models import TargetReport
from tests.cast import NOW, Cast

SCIENCE = "科技局"
#: Reported by the science bureau, quarterly, with a deadline that the plan does not print.
INSTITUTES = "S3-1-04"


ANSWER: dict[str, Any] = {
    "words": "按文件",
    "document": "会议纪要〔2026〕4号",
    "effective_date": "2026-03-10",
}


def answer(code: str, cast: Cast, **said: Any) -> None:
    targets.answer(code, **{**ANSWER, "effective_date": date(2026, 3, 10), **said}, by=cast["maker"], now=NOW)


@pytest.fixture
def bureau(everything: Cast) -> Cast:
    targets.assign_unit(
        SCIENCE, organisation="tech-bureau", by=everything["maker"], now=datetime(2022, 1, 5, tzinfo=UTC)
    )
    return everything


@pytest.fixture
def tell(bureau: Cast) -> Callable[..., TargetReport]:
    """Reports a value by the department, approved an hour later unless it is to wait."""

    def told(
        code: str, value: str, *, as_of: str = "2026-09-30", by: str = "department", waits: bool = False,
        now: datetime = NOW, **said: Any,
    ) -> TargetReport:  # fmt: skip
        made = targets.report(
            code, as_of=date.fromisoformat(as_of), value=Decimal(value), evidence="统计月报", by=bureau[by],
            now=now, **said,
        )  # fmt: skip
        if not waits:
            targets.approve(made.public_id, by=bureau["approver"], now=now)
        return made

    return told
