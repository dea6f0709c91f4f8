"""Agreements: shares to 100, dated rules, two people, versions; and the guarantees that are made under them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from finance_hub.kernel import firms
from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.models import Firm
from finance_hub.kernel.scoping import within
from loans.guarantee_rules import bounds, limit, weights
from loans.models import AgreementTerms
from tests.cast import NOW, Api, Cast
from tests.loans.bank import FIRM, OTHER_FIRM
from tests.loans.covered import PLAN, agree, codes, cover, guarantee, loss, shares, terms

Speak = Callable[[str], Api]
NEW = {"code": "plan", "name": "分险协议", "guarantor": "guarantor-a"}
BANK_19 = [("bank", "19.99"), ("national_fund", "40.00"), ("re_guarantor", "20.00"), ("guarantor", "20.01")]
NATIONAL_41 = [
    ("bank", "20.00"),
    ("national_fund", "40.01"),
    ("re_guarantor", "20.00"),
    ("guarantor", "19.99"),
]
RE_19 = [("bank", "20.00"), ("national_fund", "40.00"), ("re_guarantor", "19.99"), ("guarantor", "20.01")]

WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({"shares": shares([("bank", "20.00"), ("guarantor", "79.99")])}, "shares-do-not-add-up", "#/shares"),
    ({"shares": shares([("bank", "20.00"), ("guarantor", "80.01")])}, "shares-do-not-add-up", "#/shares"),
    ({"shares": []}, "empty", "#/shares"),
    ({"shares": shares([("bank", "50.00"), ("bank", "50.00")]), "keeper": "bank"}, "party-twice", "#/shares"),
    ({"shares": shares([("bank", "0.00"), ("guarantor", "100.00")])}, "amount-not-positive", "#/shares/0/share_pct"),
    ({"shares": shares([("lottery", "100.00")])}, "invalid_choice", "#/shares/0/party"),
    ({"shares": shares(BANK_19)}, "bank-share-below-minimum", "#/shares"),
    ({"shares": shares(NATIONAL_41)}, "national-fund-share-above-maximum", "#/shares"),
    ({"shares": shares(RE_19)}, "re-guarantor-share-below-minimum", "#/shares"),
    ({"compensation_cap_pct": "5.01"}, "compensation-cap-above-maximum", "#/compensation_cap_pct"),
    ({"borrower_cap": "30000000.01"}, "borrower-cap-above-maximum", "#/borrower_cap"),
    ({"borrower_cap": ...}, "borrower-cap-above-maximum", "#/borrower_cap"),
    ({"compensation_cap_base": ...}, "cap-without-base", "#/compensation_cap_base"),
    ({"keeper": "insurer"}, "keeper-without-share", "#/keeper"),
    ({"keeper": "national_fund"}, "invalid_choice", "#/keeper"),
    ({"pool": "pool"}, "pool-without-share", "#/pool"),
    ({"shares": shares([("bank", "50.00"), ("pool", "50.00")]), "keeper": "bank"}, "pool-without-share", "#/pool"),
    ({"valid_to": "2026-01-01"}, "ends-before-it-begins", "#/valid_to"),
    ({"guarantor": "bank-a"}, "does_not_exist", "#/guarantor"),
    ({"bank": "guarantor-a"}, "does_not_exist", "#/bank"),
    ({"fee_rate_max_pct": "100"}, "max_value", "#/fee_rate_max_pct"),
    ({"waiting_days": -1}, "min_value", "#/waiting_days"),
    ({"fee_days_in_year": 0}, "not-a-year-of-fees", "#/fee_days_in_year"),
    ({"fee_days_in_year": 366}, "not-a-year-of-fees", "#/fee_days_in_year"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "code", "pointer"), WRONG)
def test_terms_that_break_a_rule_are_refused(
    api: Speak, changes: dict[str, Any], code: str, pointer: str
) -> None:
    answer = api("maker").post("/agreements", NEW | terms(**changes))
    assert answer.status_code == 422, answer.content
    assert [(e["code"], e["pointer"]) for e in answer.json()["errors"]] == [(code, pointer)]
    assert api("maker").get("/agreements").json()["data"] == []


def test_a_rule_names_its_value_and_document_in_both_languages(api: Speak) -> None:
    body = NEW | terms(shares=shares(BANK_19))
    [zh] = api("maker").post("/agreements", body).json()["errors"]
    [en] = api("maker").post("/agreements", body, Accept_Language="en").json()["errors"]
    assert ("20.00" in zh["message"], "财金〔2024〕60号" in zh["message"]) == (True, True)
    assert en["message"].startswith("Not less than 20.00")


def test_a_rule_holds_from_its_day_on(api: Speak) -> None:
    """Terms of an agreement that began before the rule are not measured by it."""
    early = terms(BANK_19, valid_from="2024-07-23")
    assert api("maker").post("/agreements", NEW | early).status_code == 201
    late = terms(BANK_19, valid_from="2024-07-24")
    assert codes(api("maker").post("/agreements/plan/terms", late))[2] == [
        ("bank-share-below-minimum", "#/shares")
    ]


def test_the_rules_are_dated_data() -> None:
    assert bounds(date(2024, 7, 23)) == []
    assert {bound.code for bound in bounds(date(2026, 1, 1))} >= {"bank-share-below-minimum"}
    assert all(bound.document for bound in bounds(date(2026, 1, 1)))
    assert weights(date(2018, 4, 1)) == {}
    assert weights(date(2026, 1, 1))["small_micro"].weight == Decimal("0.75")
    assert (limit("single", date(2026, 1, 1)), limit("single", date(2018, 4, 1))) == (Decimal("0.10"), None)


class TestTwoPeople:
    def test_nobody_approves_what_they_proposed(self, api: Speak, cast: Cast) -> None:
        from loans.operations import agreements

        api("maker").post("/agreements", NEW | terms())
        with within(EVERYTHING), pytest.raises(agreements.SelfApproval):
            agreements.approve("plan", version=1, by=cast["maker"], now=NOW)

    def test_terms_are_approved_once(self, api: Speak) -> None:
        agree(api)
        answer = api("second_approver").post("/agreements/plan/terms/1/approve")
        assert codes(answer)[:2] == (409, "terms-already-approved")

    @pytest.mark.parametrize("version", ["2", "x", "1e3", "99999999999999999999"])
    def test_a_version_that_is_not_there_is_not_found(self, api: Speak, version: str) -> None:
        agree(api)
        assert api("approver").post(f"/agreements/plan/terms/{version}/approve").status_code == 404

    def test_a_code_is_used_once(self, api: Speak) -> None:
        agree(api)
        assert codes(api("maker").post("/agreements", NEW | terms()))[:2] == (409, "agreement-exists")

    def test_terms_nobody_approved_cover_nothing(self, api: Speak) -> None:
        api("maker").post("/agreements", NEW | terms())
        answer = api("guarantor_a").post("/guarantees", guarantee())
        assert codes(answer) == (422, "no-terms-in-force", [("no-terms-in-force", "#/agreement")])


class TestVersions:
    def test_a_guarantee_is_made_under_the_terms_of_its_first_day(self, api: Speak) -> None:
        agree(api)
        later = terms([("bank", "40.00"), ("guarantor", "60.00")], valid_from="2026-07-01")
        api("maker").post("/agreements/plan/terms", later)
        api("approver").post("/agreements/plan/terms/2/approve")
        guarantor = api("guarantor_a")
        before = guarantor.get(cover(guarantor, "DB-1", start_date="2026-06-30", principal="1.00")).json()
        after = guarantor.get(cover(guarantor, "DB-2", start_date="2026-07-01", principal="1.00")).json()
        assert [(g["terms_version"], g["bank_share_pct"], g["government_share_pct"]) for g in (before, after)] == [
            (1, "20.00", "60.00"), (2, "40.00", "0.00"),
        ]  # fmt: skip

    def test_terms_that_have_ended_cover_nothing(self, api: Speak) -> None:
        agree(api, valid_to="2026-07-01")
        guarantor = api("guarantor_a")
        cover(guarantor, "DB-1", start_date="2026-06-30", principal="1.00")
        answer = guarantor.post("/guarantees", guarantee("DB-2", start_date="2026-07-01", principal="1.00"))
        assert codes(answer)[1] == "no-terms-in-force"
        answer = guarantor.post("/guarantees", guarantee("DB-3", start_date="2025-12-31", principal="1.00"))
        assert codes(answer)[1] == "no-terms-in-force"


class TestCover:
    REFUSED: tuple[tuple[dict[str, Any], str, str], ...] = (
        ({"agreement": "other"}, "agreement-unknown", "#/agreement"),
        ({"bank_share_pct": "20.00"}, "shares-are-the-agreements", "#/bank_share_pct"),
        ({"agreement": ...}, "share-required", "#/bank_share_pct"),
        ({"fee_rate_pct": "1.0001"}, "fee-rate-above-maximum", "#/fee_rate_pct"),
        ({"principal": "30000000.01"}, "borrower-cap-exceeded", "#/principal"),
        ({"instrument": "credit_insurance"}, "instrument-not-of-organisation", "#/instrument"),
        ({"customer": "giant"}, "invalid_choice", "#/customer"),
    )

    @pytest.mark.parametrize(("changes", "code", "pointer"), REFUSED)
    def test_a_guarantee_that_does_not_fit_is_refused(
        self, api: Speak, changes: dict[str, Any], code: str, pointer: str
    ) -> None:
        agree(api, fee_rate_max_pct="1.0000")
        answer = api("guarantor_a").post("/guarantees", guarantee(**changes))
        assert answer.status_code == 422, answer.content
        assert [(e["code"], e["pointer"]) for e in answer.json()["errors"]] == [(code, pointer)]

    def test_an_agreement_of_one_bank_covers_no_other(self, api: Speak) -> None:
        agree(api, bank="bank-b")
        answer = api("guarantor_a").post("/guarantees", guarantee())
        assert codes(answer)[2] == [("agreement-unknown", "#/agreement")]

    def test_another_guarantors_agreement_is_as_absent(self, api: Speak) -> None:
        agree(api)
        other = api("guarantor_b")
        assert codes(other.post("/guarantees", guarantee()))[2] == [("agreement-unknown", "#/agreement")]
        assert other.get("/agreements/plan").status_code == 404
        assert other.get("/agreements").json()["data"] == []

    def test_a_borrowers_cap_counts_what_is_outstanding(self, api: Speak) -> None:
        agree(api)
        guarantor = api("guarantor_a")
        held = cover(guarantor, "DB-1", principal="20000000.00")
        refused = guarantor.post("/guarantees", guarantee("DB-2", principal="10000000.01"))
        assert codes(refused)[1] == "borrower-cap-exceeded"
        assert "20000000.00" in refused.json()["detail"]
        released = {"kind": "release", "amount": "0.01", "effective_date": "2026-10-01"}
        assert guarantor.post(f"{held}/events", released).status_code == 201
        cover(guarantor, "DB-2", principal="10000000.01")

    def test_related_firms_share_the_groups_cap(self, api: Speak, cast: Cast) -> None:
        agree(api, group_cap="100.00")
        guarantor = api("guarantor_a")
        cover(guarantor, "DB-1", principal="60.00")
        cover(guarantor, "DB-2", principal="40.00", uscc=OTHER_FIRM)
        with within(EVERYTHING):
            group = firms.group_named("某集团")
            Firm.objects.filter(uscc__in=[FIRM, OTHER_FIRM]).update(control_group=group)
        answer = guarantor.post("/guarantees", guarantee("DB-3", principal="0.01"))
        assert codes(answer)[:2] == (422, "group-cap-exceeded")

    def test_the_yearly_cap_counts_what_began_in_the_year(self, api: Speak) -> None:
        agree(api, yearly_cap="100.00", valid_from="2025-01-01")
        guarantor = api("guarantor_a")
        cover(guarantor, "DB-1", principal="100.00", start_date="2025-12-31", end_date="2026-12-30")
        cover(guarantor, "DB-2", principal="100.00", start_date="2026-01-01")
        answer = guarantor.post("/guarantees", guarantee("DB-3", principal="0.01"))
        assert codes(answer)[:2] == (422, "yearly-cap-exceeded")


class TestWhoReads:
    def test_a_bank_reads_the_guarantees_of_its_own_loans_and_writes_none(self, api: Speak) -> None:
        agree(api, bank="bank-a")
        held = cover(api("guarantor_a"))
        bank, other = api("bank_a"), api("bank_b")
        assert bank.get(held).json()["guarantee_no"] == "DB-1"
        assert len(bank.get("/guarantees").json()["data"]) == 1
        assert bank.get("/agreements/plan").json()["terms"][0]["shares"][1]["share_pct"] == "40.00"
        assert (other.get(held).status_code, other.get("/agreements/plan").status_code) == (404, 404)
        assert other.get("/guarantees").json()["data"] == []
        assert bank.post(f"{held}/claims", loss("1.00")).status_code == 403

    def test_a_bank_reads_the_parts_of_a_claim(self, api: Speak) -> None:
        agree(api)
        guarantor = api("guarantor_a")
        held = cover(guarantor)
        guarantor.post(f"{held}/claims", loss("100.00"))
        [claim] = api("bank_a").get(held).json()["claims"]
        assert next((s["party"], s["principal"]) for s in claim["shares"]) == ("bank", "20.00")

    def test_not_even_by_raw_sql_does_a_bank_write_what_it_reads(self, api: Speak, cast: Cast) -> None:
        from django.db import DatabaseError, connection, transaction

        from finance_hub.kernel.access import Scope
        from tests.loans.test_the_database_refuses import copied

        agree(api, bank="bank-a")
        guarantor = api("guarantor_a")
        held = cover(guarantor)
        guarantor.post(f"{held}/claims", loss("100.00"))
        with within(Scope(organisation_id=cast.organisation("bank-a").pk)):
            assert AgreementTerms.objects.count() == 1
            for table in (
                "loans_guarantee", "loans_guaranteeevent", "loans_claim", "loans_claimshare", "loans_agreement",
                "loans_agreementterms", "loans_agreementshare",
            ):  # fmt: skip
                with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
                    connection.cursor().execute(copied(table))
            with pytest.raises(DatabaseError, match="never_deleted"), transaction.atomic():
                connection.cursor().execute("DELETE FROM loans_guarantee")
            with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
                connection.cursor().execute("UPDATE loans_guarantee SET principal = 1")

    def test_a_guarantor_reads_its_own_and_proposes_nothing(self, api: Speak) -> None:
        agree(api)
        guarantor = api("guarantor_a")
        [shown] = guarantor.get("/agreements").json()["data"]
        assert (shown["code"], shown["terms"][0]["version"], shown["terms"][0]["approved_by"]) == (
            "plan", 1, "approver",
        )  # fmt: skip
        assert guarantor.post("/agreements", NEW | terms(PLAN)).status_code == 403
