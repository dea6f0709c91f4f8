"""Exposure, concentration and its limits computed a second time, in SQL, over a city where caps and pools bind."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from finance_hub.kernel import firms
from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.models import Firm
from finance_hub.kernel.scoping import within
from tasks import catalogue, snapshots
from tasks.invariants import figures
from tasks.models import Figure, Snapshot
from tasks.records import SOURCES, Adds, Reading
from tasks.records.reading import totals
from tests.cast import Api, Cast
from tests.funds.conftest import FIRM, OTHER_FIRM, made
from tests.loans.covered import agree, cover, loss, open_pool
from tests.tasks.test_concentration_limits import approve, propose
from tests.tasks.test_exposure_agrees import OCTOBER, THIRD, varied

__all__ = ["varied"]
Speak = Callable[[str], Api]
FIGURES = r"^(exposure|concentration|baton)\."
#: A cap of 5 % leaves little of the public parts, and so does the pool; fen are left over in every split.
TIGHT = [
    ("bank", "20.00"), ("pool", "3.33"), ("re_guarantor", "20.01"), ("national_fund", "40.00"), ("guarantor", "16.66")
]  # fmt: skip
LIMITS: tuple[dict[str, Any], ...] = (
    {"top_n": 1},
    {"top_n": 1, "dimension": "group"},
    {"top_n": 5, "dimension": "sub_fund"},
    {"measure": "hhi", "top_n": ..., "limit": "0.2", "warning": "0.1", "dimension": "bank"},
    {"measure": "amount", "top_n": ..., "limit": "1000000.5", "warning": "1", "dimension": "town"},
    {"measure": "fund_share", "top_n": ..., "fund": "angel"},
    {"measure": "fund_share", "top_n": ..., "fund": "mother", "dimension": "industry"},
)


@pytest.fixture
def bound(api: Speak, varied: None) -> None:
    """A cap that two firms of a group and one alone run into, losses in part written off, and every kind of limit."""
    open_pool(api, "small", balance="10000.03", leverage_limit="500.00")
    agree(
        api,
        "tight",
        parts=TIGHT,
        keeper="bank",
        pool="small",
        compensation_cap_pct="5.00",
        valid_from="2025-01-01",
    )
    guarantor = api("guarantor_a")
    for number, principal, uscc, contract in (
        ("T-1", "1000000.01", FIRM, "HT-1"), ("T-2", "77777.77", OTHER_FIRM, "HT-77"), ("T-3", "123.45", OTHER_FIRM, "HT-2"),
        ("T-4", "3333333.35", FIRM, "HT-78"), ("T-5", "250000.07", THIRD, "HT-79"), ("T-6", "41.41", THIRD, "HT-80"),
    ):  # fmt: skip
        cover(
            guarantor,
            number,
            principal=principal,
            agreement="tight",
            uscc=uscc,
            firm_name="甲",
            contract_no=contract,
        )
    lost = cover(guarantor, "T-7", principal="20000.03", agreement="tight", uscc=THIRD, firm_name="丙")
    made(guarantor.post(f"{lost}/claims", loss("10000.01")))
    gone = {"kind": "write_off", "amount": "1234.57", "effective_date": "2026-10-02"}
    made(guarantor.post(f"{lost}/events", gone))
    Firm.objects.filter(uscc=FIRM).update(industry="C39", town="乌镇镇", stage="growth")
    Firm.objects.filter(uscc=THIRD).update(industry="I65", town="濮院镇")
    for changes in LIMITS:
        assert approve(api, propose(api, **changes)).status_code == 200


def take() -> Snapshot:
    return snapshots.take(OCTOBER, known_at=timezone.now(), taken_at=timezone.now())[0]


@pytest.mark.usefixtures("bound")
def test_both_computations_agree_to_the_cent(cast: Cast) -> None:
    with within(EVERYTHING):
        taken = take()
        assert [str(one) for one in figures.differences(taken)] == []
        lines_add_up(taken)
        found = {(row.code, row.key): row.value for row in taken.figures.all()}
        # The group shares what two firms alone would both use.
        alone = sum(found["exposure.largest_public", uscc] or 0 for uscc in (FIRM, OTHER_FIRM))
        assert 0 < (found["exposure.largest_public", _group()] or 0) < alone
        assert found["concentration.unknown", "stage"] not in (0, 1)
        a_later_change_of_the_registry_is_not_known_then(cast, taken)
        a_cent_is_found(taken)


def lines_add_up(taken: Snapshot) -> None:
    reading, seen = Reading(OCTOBER, taken.known_at), 0
    for figure in taken.figures.filter(code__regex=FIGURES, value__isnull=False):
        source = SOURCES[figure.code, figure.scope]
        if source.adds is Adds.SUM:
            assert totals(source, reading, key=figure.key).amount == figure.value, (figure.code, figure.key)
            seen += bool(figure.value)
    assert seen > 30


def a_later_change_of_the_registry_is_not_known_then(cast: Cast, taken: Snapshot) -> None:
    firm, now = Firm.objects.get(uscc=FIRM), timezone.now()
    for changes in (
        {"industry": "A01", "town": "崇福镇"},
        {"industry": "B06"},
        {"stage": "seed", "control_group": None},
    ):
        told: dict[str, Any] = changes
        firm = firms.edit(firm, version=firm.version, by=cast["maker"], now=now, **told)
    assert [str(one) for one in figures.differences(taken)] == []
    after = take()
    assert [str(one) for one in figures.differences(after)] == []
    assert "B" in after.figures.filter(code="concentration.amount").values_list("key", flat=True)


def a_cent_is_found(taken: Snapshot) -> None:
    """In every single figure that has a value: none of them is passed over."""
    whole = {"yuan": Decimal("0.01"), "count": Decimal(1)}
    unit = {entry.code: entry.unit.value for entry in catalogue.ENTRIES}
    copied = list(taken.figures.filter(code__regex=FIGURES, value__isnull=False))
    taken.pk, taken.public_id, taken.fingerprint = None, "ss_changed", "f" * 64
    taken.save(force_insert=True)
    for figure in copied:
        figure.pk, figure.snapshot = None, taken
        figure.value += whole.get(unit[figure.code], Decimal("0.000001"))
    Figure.objects.bulk_create(copied)
    named = {(one.code, one.scope, one.key) for one in figures.differences(taken)}
    assert named == {(one.code, one.scope, one.key) for one in copied}


def _group() -> str:
    return str(Firm.objects.values_list("control_group_id", flat=True).get(uscc=FIRM))
