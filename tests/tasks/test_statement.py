"""A bank's monthly statement: for itself and the centre, with nobody else's figures, and a place only among many."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from finance_hub.kernel import scoping
from finance_hub.kernel.access import EVERYTHING
from tasks.briefing.tear import bank
from tasks.briefing.tear.page import render
from tasks.briefing.tear.reported import facts_of
from tasks.models import Figure, Snapshot
from tests.briefing import reader
from tests.briefing.walk import parts
from tests.cast import Api, Cast
from tests.tasks.conftest import KNOWN, make_snapshot
from tests.tasks.test_sheets import make, refused, words

Speak = Callable[[str], Api]
OWN = "/banks/bank-a/tear-sheet"
#: What nobody but the other banks may read on theirs.
OTHERS = Decimal("7777777700.00")


@pytest.fixture(autouse=True)
def _nobody_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tasks.api.sheets.PATIENCE", 0)


def month_with(
    others: int, *, month: date = date(2026, 10, 1), own: str = "30000000.00", at: Any = KNOWN
) -> Snapshot:
    """A snapshot in which bank-a and so many others have a balance, bank-b first among them."""
    snapshot = make_snapshot(month, balance=f"{own[:-2]}{others:02}", known_at=at)
    rows = [
        ("loans.balance", "bank", "bank-a", Decimal(own)),
        ("loans.disbursed", "bank", "bank-a", None),
        ("loans.balance", "bank_product", "bank-a:rd", Decimal("12340000.00")),
        ("loans.disbursed", "bank_product", "bank-a:rd", Decimal("1230000.00")),
        ("loans.balance", "bank_product", "bank-b:rd", OTHERS),
        *(("loans.balance", "bank", f"bank-{'bcdefgh'[n]}", OTHERS) for n in range(others)),
    ]
    Figure.objects.bulk_create(
        Figure(
            snapshot=snapshot, code=code, scope=scope, key=key, value=value, label="研发贷", label_en="R&D loan",
            reason="" if value is not None else "not-reported",
        )
        for code, scope, key, value in rows
    )  # fmt: skip
    return snapshot


@pytest.mark.parametrize(("others", "place"), [(0, None), (1, None), (4, None), (5, (6, 6)), (7, (8, 8))])
def test_a_place_is_given_only_among_five_others(
    everything: Cast, others: int, place: tuple[int, int] | None
) -> None:
    found = facts_of(everything.organisation("bank-a"), month_with(others)).ranks
    assert found.get("loans.balance") == place
    assert "loans.disbursed" not in found, "what was not reported has no place"


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_nothing_on_it_is_anybody_elses(everything: Cast, language: Any) -> None:
    snapshot = month_with(6)
    page = bank.page(everything.organisation("bank-a"), snapshot, language=language)
    said = " ".join(parts(page))
    assert "bank-a" in said
    for other in ("bank-b", "bank-c", "乙银行", "Bank B", "777,777", "7,777.78", "77.78"):
        assert other not in said
    printed = reader.text(render(page))
    assert "777,777" not in printed
    assert ("3,000.00" if language == "zh-hans" else "30.00") in printed
    assert ("1,234.00" if language == "zh-hans" else "12.34") in printed


def test_a_month_that_was_restated_is_told(everything: Cast) -> None:
    month_with(0, month=date(2026, 9, 1), own="20000000.00", at=KNOWN.replace(day=1))
    month_with(0, month=date(2026, 9, 1), own="25000000.00", at=KNOWN.replace(day=2))
    later = month_with(0, month=date(2026, 9, 1), own="99000000.00", at=KNOWN.replace(day=20))
    assert later.known_at > KNOWN
    (changed,) = facts_of(everything.organisation("bank-a"), month_with(0)).changed
    assert (str(changed.month), changed.first, changed.now) == ("2026-09", 20_000_000, 25_000_000)


def test_a_bank_has_its_own_made_and_the_centre_any(cast: Cast, api: Speak) -> None:
    with scoping.within(EVERYTHING):
        month_with(6)
    sheet = make(api("bank_a"), OWN)
    assert (sheet["of"], sheet["state"]) == ("bank", "ready")
    said = words(api("bank_a"), sheet)
    assert "银行月度对账单" in said
    assert "777,777" not in said
    assert make(api("maker"), OWN)["state"] == "ready"
    for stranger, status in (
        ("bank_b", 404), ("guarantor_a", 403), ("manager_angel", 403), ("department", 403), ("admin", 403),
    ):  # fmt: skip
        assert api(stranger).post(OWN, {}, key="").status_code == status, stranger
        assert api(stranger).get(f"{OWN}/{sheet['id']}/file").status_code == status, stranger
    refused(api("maker").post("/banks/guarantor-a/tear-sheet", {}, key=""), 404, "not-found")
    refused(api("bank_a").get(f"/banks/bank-b/tear-sheet/{sheet['id']}"), 404, "not-found")
