"""However rows are ordered they come to the same; and of two who confirm at once one enters."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from finance_hub.kernel import audit
from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.scoping import within
from funds.models import FundEvent
from tests.cast import Api, Cast
from tests.funds.conftest import CITY, COMPANY, Desk, found_fund
from tests.funds.rows import LEDGER, ask, preview
from tests.kernel.threads import at_once

ROWS = st.fixed_dictionaries({
    "kind": st.sampled_from(["commitment", "call", "contribution", "distribution", "fee", "release", "?"]),
    "investor": st.sampled_from([CITY, COMPANY, ""]),
    "amount": st.sampled_from(["0.01", "100", "250.50", "1000"]),
    "effective_date": st.sampled_from(["2022-06-01", "2022-06-02", "2022-07-01"]),
})  # fmt: skip


def content(row: dict[str, str]) -> tuple[str, ...]:
    return tuple(row[name] for name in ("kind", "investor", "amount", "effective_date"))


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(ROWS, min_size=1, max_size=8), data=st.data())
def test_any_order_of_the_rows_gives_the_same_outcomes(angel: Desk, rows: Any, data: Any) -> None:
    shuffled = data.draw(st.permutations(rows))

    def said(given: list[dict[str, str]]) -> list[Any]:
        judged = preview(angel, "ledger", given)["rows"]
        return sorted(
            (content(row), one["outcome"], [(error["code"], error["pointer"]) for error in one["errors"]])
            for row, one in zip(given, judged, strict=True)
        )

    assert said(shuffled) == said(rows)
    with within(EVERYTHING):
        assert not FundEvent.objects.exists()


@pytest.fixture
def committed_desk(committed: Cast) -> Desk:
    speak: Callable[[str], Api] = lambda name: Api(committed.key(name))  # noqa: E731
    return found_fund(speak)


def test_of_two_who_confirm_the_same_preview_one_enters(committed_desk: Desk) -> None:
    shown = preview(committed_desk, "ledger", LEDGER)
    answers = at_once(
        3, lambda _: ask(committed_desk, "ledger", LEDGER, fingerprint=shown["fingerprint"]).json()
    )

    assert sorted(answer.get("code", "entered") for answer in answers) == [
        "entered", "import-differs", "import-differs",
    ]  # fmt: skip
    with within(EVERYTHING):
        assert FundEvent.objects.count() == len(LEDGER)
    assert audit.verify() is None
