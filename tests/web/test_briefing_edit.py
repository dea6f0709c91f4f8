"""The form of a draft: what the operation refuses stands beside the field in which it was typed."""

from __future__ import annotations

import re
import uuid
from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from finance_hub.kernel import scoping
from finance_hub.kernel.access import EVERYTHING
from tasks.briefing import editions
from tasks.models import Briefing
from tests.cast import Cast
from tests.tasks.conftest import make_snapshot
from tests.web.conftest import Browse

POINTS = {"points": "2", "zh-1": "一条。", "en-1": "One.", "zh-2": "两条。", "en-2": "Two."}


@pytest.fixture
def draft(cast: Cast) -> Briefing:
    """October's: open, and two reporters silent."""
    with scoping.within(EVERYTHING):
        month = make_snapshot(date(2026, 10, 1), balance="64000000.00")
        made = editions.draft(month, requested_by=cast["maker"], now=timezone.now())
    assert made is not None
    return made


def send(browse: Browse, draft: Briefing, **said: str) -> Any:
    form = {"token": uuid.uuid4().hex, "step": "save", "note": "", **POINTS, **said}
    return browse("maker").post(f"/briefings/{draft.public_id}/edit", form)


def faults(answer: Any) -> list[str]:
    return re.findall(r'id="([a-z]+(?:-\d+)?)-error"', answer.content.decode())


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"zh-1": "共77家。"}, "zh-1"), ({"zh-2": "共77家。"}, "zh-2"), ({"en-1": "There are 88."}, "en-1"),
        ({"en-2": "There are 88."}, "en-2"), ({"note": "机密"}, "note"),
        ({"reasons": "1", "against-1": "month-open", "reason-1": "x" * 301}, "reason-1"),
    ],
)  # fmt: skip
def test_a_fault_is_said_beside_its_field(
    draft: Briefing, browse: Browse, said: dict[str, str], field: str
) -> None:
    answer = send(browse, draft, **said)
    assert (answer.status_code, faults(answer)) == (422, [field])


def test_a_reason_against_what_stands_no_longer_is_refused_above_the_reasons(
    draft: Briefing, browse: Browse
) -> None:
    """What stands now has fields of its own, which are not those of the form that was opened before."""
    said = {
        "reasons": "2",
        "against-1": "gone",
        "reason-1": "x",
        "against-2": "month-open",
        "reason-2": "待补报后关账",
    }
    answer = send(browse, draft, **said)
    assert (answer.status_code, faults(answer)) == (422, ["reasons"])
    page = answer.content.decode()
    assert "没有这一情形" in page
    assert re.search(r'name="against-1" value="month-open">.*?待补报后关账</textarea>', page, re.DOTALL)


def test_a_reason_is_taken(draft: Briefing, browse: Browse) -> None:
    said = {"reasons": "1", "against-1": "month-open", "reason-1": "待补报后关账"}
    assert send(browse, draft, **said).status_code == 302
