"""Two people record terms for the same product at the same moment."""

from __future__ import annotations

from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.scoping import within
from loans.models import SubsidyScheme
from loans.operations.terms import SubsidyOverlaps, record_subsidy_scheme
from tests.cast import NOW, Cast
from tests.loans.test_subsidies import SCHEME
from tests.loans.test_two_at_once import at_once


def test_two_schemes_for_one_product_have_one_winner(committed: Cast) -> None:
    def record() -> str:
        with within(EVERYTHING):
            try:
                record_subsidy_scheme(**SCHEME, by=committed["maker"], now=NOW)
            except SubsidyOverlaps:
                return "overlaps"
        return "recorded"

    assert sorted(at_once(record, record, record)) == ["overlaps", "overlaps", "recorded"]
    assert SubsidyScheme.objects.count() == 1
