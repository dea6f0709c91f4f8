"""Findings as a page: each with its rule, its age and the way to its row."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.periods import Month
from finance_hub.kernel.scoping import within
from loans.models import Finding
from tests.cast import Cast
from tests.web import reporting
from tests.web.conftest import Browse

RULE = "stock-flow-differs"


def add(
    cast: Cast, code: str, contract: str, *, month: str = "2026-10", resolved: bool = False, rule: str = RULE
) -> None:
    now = timezone.now()
    seen = now - timedelta(days=3)
    with within(EVERYTHING):
        Finding.objects.create(
            bank=cast.organisation(code), period=Month.parse(month).first, rule=rule, subject_kind="drawdown",
            contract_no=contract, drawdown_no="JJ-1", batch="lb_01", row_number=1234,
            context={"stock": "650.00", "flow": "700.00", "difference": "-50.00"},
            first_seen_at=seen, last_seen_at=seen, resolved_at=now if resolved else None,
        )  # fmt: skip


@pytest.fixture
def found(cast: Cast) -> Cast:
    add(cast, "bank-a", "HT-1")
    add(cast, "bank-a", "HT-2", month="2026-09")
    add(cast, "bank-a", "HT-3", resolved=True)
    add(cast, "bank-b", "HT-4")
    return cast


def contracts(browse: Browse, name: str, asked: str = "") -> list[str]:
    return re.findall(r"(HT-\d)", reporting.read(browse(name), f"/findings{asked}"))


@pytest.mark.usefixtures("found")
class TestFindings:
    @pytest.mark.parametrize(
        ("name", "asked", "shown"),
        [
            ("bank_a", "", ["HT-2", "HT-1"]),
            ("bank_b", "", ["HT-4"]),
            ("maker", "", ["HT-4", "HT-2", "HT-1"]),
            ("maker", "?bank=bank-a", ["HT-2", "HT-1"]),
            ("bank_b", "?bank=bank-a", []),
            ("bank_a", "?state=resolved", ["HT-3"]),
            ("bank_a", "?state=all", ["HT-3", "HT-2", "HT-1"]),
            ("bank_a", "?state=lost", ["HT-2", "HT-1"]),
            ("bank_a", "?month=2026-09", ["HT-2"]),
            ("bank_a", "?month=x", ["HT-2", "HT-1"]),
            ("bank_a", f"?rule={RULE}", ["HT-2", "HT-1"]),
            ("bank_a", "?rule=late-report", []),
        ],
    )
    def test_are_those_asked_for_of_those_that_are_theirs(
        self, browse: Browse, name: str, asked: str, shown: list[str]
    ) -> None:
        assert contracts(browse, name, asked) == shown

    def test_say_what_was_found_what_to_do_and_where(self, browse: Browse) -> None:
        answer = browse("bank_a").get("/findings?month=2026-10")
        text = reporting.read_answer(answer)

        assert "650.00" in text
        assert "HT-1 · JJ-1" in text
        assert "3 天" in text
        assert "第 1,234 行" in text
        assert 'href="/reports/batches/lb_01"' in answer.content.decode()

    def test_are_wholly_in_english(self, browse: Browse) -> None:
        text = reporting.read(browse("bank_a", language="en"), "/findings?state=all")
        text = text.replace("简体中文", "").replace("bank_a 某", "")

        assert "3 findings" in text
        assert re.findall(r"[\u4e00-\u9fff]+", text) == []

    def test_of_a_rule_that_is_no_more_are_shown_by_its_code(self, browse: Browse, cast: Cast) -> None:
        add(cast, "bank-b", "HT-5", rule="once-a-rule")
        assert "once-a-rule" in reporting.read(browse("bank_b"), "/findings")

    def test_go_on_in_pages_with_what_was_asked(self, browse: Browse, cast: Cast) -> None:
        for n in range(60):
            add(cast, "bank-b", f"C-{n:02d}")
        pages, address = [], "?month=2026-10&bank=bank-b"
        while address:
            text = browse("maker").get(f"/findings{address}").content.decode()
            pages.append(re.findall(r"C-(\d\d) ", text))
            link = re.search(r'rel="next" href="/findings([^"]+)"', text)
            address = link[1].replace("&amp;", "&") if link else ""
        assert [n for page in pages for n in page] == [f"{n:02d}" for n in range(59, -1, -1)]
        assert len(pages) == 2

    @pytest.mark.parametrize("name", ["guarantor_a", "manager_angel", "admin", "department"])
    def test_are_for_banks_and_the_centre(self, browse: Browse, name: str) -> None:
        assert browse(name).get("/findings").status_code == 403


def test_nothing_odd_is_said_so(browse: Browse) -> None:
    assert "没有发现问题" in reporting.read(browse("bank_a"), "/findings")
