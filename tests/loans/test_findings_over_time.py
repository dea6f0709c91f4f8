"""The life of a finding: seen first, seen again, resolved, back; and who sees it. The catalogue of rules."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.periods import Month
from finance_hub.kernel.scoping import NoScope, within
from loans import quality
from loans.models import Finding
from loans.operations import findings as operations
from tests.cast import NOW, Api, Cast
from tests.loans.bank import disbursement, position, send
from tests.loans.test_findings import LATER, OCTOBER, listed, look, register_borrowers, stock

Speak = Callable[[str], Api]


@pytest.fixture(autouse=True)
def known_firms(cast: Cast) -> None:
    register_borrowers()


class TestLife:
    @pytest.fixture
    def differing(self, api: Speak) -> Api:
        bank = api("bank_a")
        send(bank, [disbursement()])
        stock(bank, position("990.00"))
        return bank

    def rows(self) -> list[tuple[datetime, datetime, datetime | None]]:
        with within(EVERYTHING):
            held = Finding.objects.order_by("pk")
            return list(held.values_list("first_seen_at", "last_seen_at", "resolved_at"))

    def test_what_is_still_there_keeps_its_first_day(self, differing: Api) -> None:
        later = LATER + timedelta(days=3)
        look()
        assert look(at=later)["resolved"] == 0
        assert self.rows() == [(LATER, later, None)]
        stock(differing, position("980.00", revision=2))
        look(at=later + timedelta(days=1))
        assert listed(differing)[0]["context"]["stock"] == "980.00"
        assert self.rows()[0][0] == LATER

    def test_what_is_gone_is_resolved_and_stays_on_record(self, differing: Api) -> None:
        look()
        stock(differing, position("1000.00", revision=2))
        gone = LATER + timedelta(days=3)
        assert look(at=gone) == {"found": dict.fromkeys(quality.BY_CODE, 0), "resolved": 1}
        assert self.rows() == [(LATER, LATER, gone)]
        assert listed(differing) == []
        [old] = listed(differing, "?state=resolved")
        assert (old["rule"], old["age_days"], bool(old["resolved_at"])) == ("stock-flow-differs", 3, True)

    def test_what_comes_back_is_a_new_finding(self, differing: Api) -> None:
        for n, balance in enumerate(("990.00", "1000.00", "980.00")):
            if n:
                stock(differing, position(balance, revision=n + 1))
            look(at=LATER + timedelta(days=n))
        assert [(first, bool(end)) for first, _, end in self.rows()] == [
            (LATER, True), (LATER + timedelta(days=2), False),
        ]  # fmt: skip
        assert len(listed(differing, "?state=all")) == 2

    def test_another_month_is_left_alone(self, differing: Api) -> None:
        look()
        assert look(Month(2026, 9), at=LATER + timedelta(days=1))["resolved"] == 0
        assert len(listed(differing)) == 1

    def test_is_seen_by_its_bank_and_the_centre_alone(self, differing: Api, api: Speak) -> None:
        look()
        assert listed(api("bank_b")) == listed(api("bank_b"), "?bank=bank-a") == []
        assert len(listed(api("maker"))) == len(listed(api("auditor"), "?bank=bank-a")) == 1
        assert listed(api("maker"), "?bank=bank-b") == []
        for who in ("guarantor_a", "manager_angel", "admin", "department"):
            assert api(who).get("/findings").status_code == 403

    @pytest.mark.parametrize(
        ("query", "count"),
        [("?rule=stock-flow-differs", 1), ("?rule=late-report", 0), ("?period=2026-10", 1), ("?period=2026-09", 0),
         ("?state=open", 1), ("?state=all", 1)],
    )  # fmt: skip
    def test_is_found_by_its_facts(self, differing: Api, query: str, count: int) -> None:
        look()
        assert len(listed(differing, query)) == count

    @pytest.mark.parametrize(
        "query", ["?rule=nonsense", "?state=lost", "?period=2026-13", "?cursor=x", "?limit=0"]
    )
    def test_a_question_that_makes_no_sense_is_refused(self, api: Speak, query: str) -> None:
        assert api("maker").get(f"/findings{query}").status_code == 422

    def test_a_rule_that_is_no_more_still_has_its_name(self, differing: Api) -> None:
        look()
        with within(EVERYTHING):
            Finding.objects.update(rule="long-gone")
        [one] = listed(differing)
        assert (one["rule"], one["message"], one["severity"]) == ("long-gone", "long-gone", "notice")


class TestTheCatalogue:
    def test_every_rule_speaks_both_languages_and_fills_its_sentence(self) -> None:
        from string import Formatter

        assert len(quality.BY_CODE) == len(quality.RULES) == 15
        for rule in quality.RULES:
            assert len(rule.code) <= 40
            for text in (rule.name, rule.sentence, rule.advice):
                assert all(text)
                assert text.en.isascii()
            names = [{name for _, name, _, _ in Formatter().parse(said) if name} for said in rule.sentence]
            assert names[0] == names[1]
            assert all(f"'{name}'" in rule.sql for name in names[0])

    def test_no_rule_reads_without_a_scope(self, cast: Cast) -> None:
        with pytest.raises(NoScope):
            operations.refresh(OCTOBER, now=NOW)
