"""A notice is shown before it is entered: the same split, the same refusals, and nothing kept."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from finance_hub.kernel import scoping
from finance_hub.kernel.models import AuditEntry
from finance_hub.kernel.problems import InvalidFields, NotFound
from funds import operations
from funds.models import FundEvent
from funds.operations.ledger import CallAboveUncalled, Marks
from funds.operations.notices import NothingToSplitBy
from tests.cast import Cast
from tests.funds.conftest import CITY, COMPANY, Desk, made


def preview(
    cast: Cast, amount: str, *, name: str = "manager_angel", **said: Any
) -> list[tuple[str, Decimal]]:
    asked: dict[str, Any] = {"fund": "angel", "kind": "call", "effective_date": date(2022, 6, 10), **said}
    with scoping.within(cast[name].scope):
        events = operations.preview_notice(**asked, amount=Decimal(amount), by=cast[name], now=timezone.now())
        return [(event.investor.name if event.investor else "", event.amount) for event in events]


@pytest.fixture
def committed(angel: Desk) -> Desk:
    made(angel.event("commitment", "70.00", "2022-06-01", investor=CITY))
    made(angel.event("commitment", "30.00", "2022-06-01", investor=COMPANY))
    return angel


def entered(cast: Cast) -> tuple[int, int]:
    with scoping.within(cast["maker"].scope):
        return FundEvent.objects.count(), AuditEntry.objects.count()


def test_a_preview_is_the_split_that_is_then_entered_and_keeps_nothing(committed: Desk, cast: Cast) -> None:
    before = entered(cast)
    seen = preview(cast, "33.33")
    assert seen == [(COMPANY, Decimal("10.00")), (CITY, Decimal("23.33"))]
    assert entered(cast) == before
    events = made(committed.notice("call", "33.33", "2022-06-10"))["events"]
    assert [(event["investor"], Decimal(event["amount"])) for event in events] == seen


@pytest.mark.parametrize(
    ("amount", "said", "refusal"),
    [
        ("100.01", {}, CallAboveUncalled),
        ("0.00", {}, InvalidFields),
        ("1.00", {"effective_date": date(2022, 5, 31)}, InvalidFields),
        ("1.00", {"kind": "contribution"}, NothingToSplitBy),
        ("1.00", {"basis": "paid_in"}, InvalidFields),
        ("1.00", {"marks": Marks(recallable=True)}, InvalidFields),
        ("1.00", {"fund": "no-such-fund"}, NotFound),
        ("1.00", {"name": "manager_industry"}, NotFound),
    ],
)
def test_what_would_be_refused_is_refused_already(
    committed: Desk, cast: Cast, amount: str, said: dict[str, Any], refusal: type[Exception]
) -> None:
    before = entered(cast)
    with pytest.raises(refusal):
        preview(cast, amount, **said)
    assert entered(cast) == before
