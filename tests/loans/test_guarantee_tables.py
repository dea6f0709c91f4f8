"""Raw SQL against agreements, claims, recoveries and pools: what no code of ours could get past them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.db import connection

from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.scoping import within
from tests.cast import Api
from tests.conftest import Build
from tests.loans.covered import ZHONGSHAN, agree, agree_on_pool, cover, loss, terms
from tests.loans.test_the_database_refuses import Bad, copied, each, refused

Speak = Callable[[str], Api]


def fill(api: Speak) -> None:
    """A policy under a pool with a claim, a recovery, net assets and a release taken back."""
    agree_on_pool(api)
    # Another version, and another agreement, to be proposed and not approved.
    api("maker").post("/agreements/ip-pool/terms", terms(ZHONGSHAN, keeper="bank", pool="pool"))
    insurer = api("insurer_a")
    path = cover(insurer, principal="1000.00", agreement="ip-pool")
    assert insurer.post(f"{path}/claims", loss("100.00")).status_code == 201
    back = {"amount": "50.00", "effective_date": "2026-10-01"}
    assert insurer.post(f"{path}/recoveries", back).status_code == 201
    assert insurer.post("/net-assets", {"effective_date": "2026-09-30", "amount": "9.00"}).status_code == 201


@pytest.fixture(scope="class")
def filled(build: Build) -> None:
    build(fill)


@pytest.fixture
def held(filled: None, db: None) -> Iterator[None]:
    """All that stands, seen whole."""
    with within(EVERYTHING):
        yield


X = {"public_id": "'x'"}
BAD: Bad = [
    ("loans_agreement", {}, "loans_agreement_code_"),
    ("loans_agreementterms", {}, "one_terms_per_agreement_and_version"),
    ("loans_agreementterms", {"version": "9"}, "shares_of_a_loss_add_up_to_100"),
    ("loans_agreementterms", {"version": "9", "valid_to": "valid_from"}, "terms_end_after_they_begin"),
    ("loans_agreementterms", {"version": "9", "document": "''"}, "terms_name_their_document"),
    ("loans_agreementterms", {"version": "9", "keeper": "'pool'"}, "a_party_outside_the_caps_keeps_the_rest"),
    ("loans_agreementterms", {"version": "9", "compensation_cap_pct": "5"}, "a_compensation_cap_has_its_base"),
    ("loans_agreementterms", {"version": "9", "compensation_cap_pct": "'NaN'", "compensation_cap_base": "'released'"},
     "a_compensation_cap_has_its_base"),
    ("loans_agreementterms", {"version": "9", "borrower_cap": "'NaN'"}, "borrower_cap_is_positive"),
    ("loans_agreementterms", {"version": "9", "group_cap": "0"}, "group_cap_is_positive"),
    ("loans_agreementterms", {"version": "9", "yearly_cap": "-1"}, "yearly_cap_is_positive"),
    ("loans_agreementterms", {"version": "9", "fee_rate_max_pct": "100"}, "fee_rate_is_a_percentage"),
    ("loans_agreementterms", {"version": "9", "fee_base": "'gold'"}, "fee_base_is_known"),
    ("loans_agreementterms", {"version": "9", "fee_days_in_year": "364"}, "fee_year_has_360_or_365_days"),
    ("loans_agreementterms", {"version": "9", "approved_by_id": "proposed_by_id"}, "another_person_approves_the_terms"),
    ("loans_agreementterms", {"version": "9", "approved_by_id": "NULL"}, "another_person_approves_the_terms"),
    ("loans_agreementshare", {}, "one_share_per_"),
    ("loans_agreementshare", {"name": "'x'", "position": "9"}, "shares_of_a_loss_add_up_to_100"),
    ("loans_agreementshare", {"name": "'x'", "position": "9", "party": "'saint'"}, "party_is_known"),
    ("loans_agreementshare", {"name": "'x'", "position": "9", "share_pct": "0"}, "share_of_a_loss_is_a_percentage"),
    ("loans_agreementshare", {"name": "'x'", "position": "9", "share_pct": "'NaN'"}, "share_of_a_loss_is_a_percentage"),
    ("loans_guarantee", X | {"guarantee_no": "'x'", "bank_share_pct": "25", "guarantor_share_pct": "21"},
     "shares_are_those_of_the_terms"),
    ("loans_guarantee", X | {"guarantee_no": "'x'", "guarantor_id": "bank_id"}, "approved_terms_of_its_parties"),
    ("loans_guarantee", X | {"guarantee_no": "'x'", "terms_id":
     "(SELECT id FROM loans_agreementterms WHERE approved_at IS NULL)"}, "approved_terms_of_its_parties"),
    ("loans_guarantee", X | {"guarantee_no": "'x'", "instrument": "'bond'"}, "instrument_is_known"),
    ("loans_guarantee", X | {"guarantee_no": "'x'", "customer": "'king'"}, "customer_is_known"),
    ("loans_guarantee", X | {"guarantee_no": "'x'", "fee_rate_pct": "'NaN'"}, "guarantee_fee_rate_is_a_percentage"),
    ("loans_guaranteeevent", X | {"kind": "'gift'"}, "guarantee_event_kind_is_known"),
    ("loans_guaranteeevent", X | {"reverses_id": "id", "amount": "amount + 1"}, "reversal_repeats_the_guarantee_event"),
    ("loans_guaranteeevent", X | {"reverses_id": "id", "effective_date": "'2026-01-01'"},
     "reversal_follows_a_plain_event"),
    ("loans_claim", X | {"compensation_id": "NULL", "kept_id": "NULL"}, "parts_add_up_to_the_claim"),
    ("loans_claim", X | {"compensation_id": "NULL", "kept_id": "NULL", "principal": "'NaN'"},
     "claimed_principal_is_positive"),
    ("loans_claim", X | {"compensation_id": "NULL", "kept_id": "NULL", "interest": "-1"},
     "claimed_interest_is_not_negative"),
    ("loans_claim", X | {"compensation_id": "NULL", "kept_id": "NULL", "default_date": "effective_date + 1"},
     "a_claim_follows_its_default"),
    ("loans_claim", X | {"compensation_id": "NULL", "kept_id": "NULL", "reverses_id": "id", "principal": "1"},
     "reversal_repeats_the_claim"),
    ("loans_claimshare", {}, "one_part_of_a_claim_per_party"),
    ("loans_claimshare", {"name": "'x'"}, "parts_add_up_to_the_claim"),
    ("loans_claimshare", {"name": "'x'", "principal": "-0.01"}, "part_of_principal_is_not_negative"),
    ("loans_claimshare", {"name": "'x'", "interest": "'NaN'"}, "part_of_interest_is_not_negative"),
    ("loans_claimshare", {"name": "'x'", "guarantee_id": "0"}, "part_is_of_its_claims_guarantee"),
    ("loans_recovery", X | {"event_id": "NULL"}, "parts_add_up_to_the_recovery"),
    ("loans_recovery", X | {"event_id": "NULL", "cost": "amount + 0.01"}, "a_recovery_covers_its_cost"),
    ("loans_recovery", X | {"event_id": "NULL", "amount": "'NaN'"}, "recovered_amount_is_positive"),
    ("loans_recovery", X | {"event_id": "NULL", "claim_id": "0"}, "recovery_is_of_its_claims_guarantee"),
    ("loans_recoveryshare", {"name": "'x'"}, "parts_add_up_to_the_recovery"),
    ("loans_recoveryshare", {"name": "'x'", "amount": "'NaN'"}, "part_of_a_recovery_is_not_negative"),
    ("loans_pool", {}, "loans_pool_code_"),
    ("loans_poollimits", {}, "one_set_of_limits_per_pool_and_version"),
    ("loans_poollimits", {"version": "9", "fuse_line_pct": "0"}, "fuse_line_is_a_percentage"),
    ("loans_poollimits", {"version": "9", "leverage_limit": "'NaN'"}, "leverage_limit_is_positive"),
    ("loans_poollimits", {"version": "9", "document": "''"}, "pool_limits_name_their_document"),
    ("loans_poollimits", {"version": "9", "fuse_measure": "'mood'"}, "fuse_measure_is_known"),
    ("loans_poollimits", {"version": "9", "approved_by_id": "proposed_by_id"}, "another_person_approves_the_pool_limits"),
    ("loans_poollimits", {"version": "9", "approved_by_id": "NULL"}, "another_person_approves_the_pool_limits"),
    ("loans_poolevent", X | {"kind": "'withdrawal'", "amount": "120000.51"}, "no_pool_pays_more_than_it_holds"),
    ("loans_poolevent", X | {"kind": "'withdrawal'", "amount": "1", "effective_date": "'2026-01-04'"},
     "no_pool_pays_more_than_it_holds"),
    ("loans_poolevent", X | {"kind": "'payment'"}, "pool_event_names_party_claim_or_recovery"),
    ("loans_poolevent", X | {"party": "''"}, "pool_event_names_party_claim_or_recovery"),
    ("loans_poolevent", X | {"amount": "'NaN'"}, "pool_event_amount_is_positive"),
    ("loans_poolevent", X | {"reverses_id": "id", "amount": "1"}, "reversal_repeats_the_pool_event"),
    # The contribution taken back while the claim has drawn on it.
    ("loans_poolevent", X | {"reverses_id": "id", "effective_date": "'2026-10-20'"}, "no_pool_pays_more_than_it_holds"),
    ("loans_netassets", X | {"deductions": "amount"}, "net_assets_exceed_their_deductions"),
    ("loans_netassets", X | {"amount": "'NaN'"}, "net_assets_are_positive"),
]  # fmt: skip


class TestWhatStands:
    """Each goes back to what was filled in."""

    @each(BAD)
    def test_a_row_that_breaks_a_rule_is_refused_by_name(
        self, held: None, table: str, changes: dict[str, str], constraint: str
    ) -> None:
        assert constraint in refused(copied(table, **changes))

    def test_nobody_recovers_more_than_was_borne_whatever_the_sum(self, held: None) -> None:
        """A second recovery whose parts add up, but which gives it all to one party."""
        statement = f"""
            WITH made AS ({copied("loans_recovery", public_id="'x'", event_id="NULL")} RETURNING id, guarantee_id)
            INSERT INTO loans_recoveryshare (guarantee_id, recovery_id, position, party, name, amount)
            SELECT guarantee_id, id, 0, 'other', '', 50 FROM made"""  # noqa: S608
        assert "nobody_recovers_more_than_was_borne" in refused(statement)

    def test_a_claim_with_recoveries_is_not_taken_back(self, held: None) -> None:
        taken_back = copied(
            "loans_claim", public_id="'x'", compensation_id="NULL", kept_id="NULL", reverses_id="id"
        )
        statement = f"""
            WITH made AS ({taken_back} RETURNING id)
            INSERT INTO loans_claimshare (guarantee_id, claim_id, position, party, name, principal, interest)
            SELECT s.guarantee_id, made.id, s.position, s.party, s.name, s.principal, s.interest
              FROM loans_claimshare s, made"""  # noqa: S608
        assert "nobody_recovers_more_than_was_borne" in refused(statement)

    @pytest.mark.parametrize("table", ["loans_agreementterms", "loans_poollimits"])
    def test_terms_and_limits_change_only_by_approval(self, held: None, table: str) -> None:
        assert "terms_change_only_by_approval" in refused(f"UPDATE {table} SET document = 'y'")  # noqa: S608
        assert "terms_change_only_by_approval" in refused(f"UPDATE {table} SET approved_at = NULL")  # noqa: S608
        assert "terms_change_only_by_approval" in refused(f"DELETE FROM {table}")  # noqa: S608

    @pytest.mark.parametrize(
        "table",
        ["agreementshare", "claim", "claimshare", "recovery", "recoveryshare", "poolevent", "netassets"],
    )
    def test_facts_are_neither_changed_nor_deleted(self, held: None, table: str) -> None:
        assert "permission denied" in refused(f"UPDATE loans_{table} SET id = id")  # noqa: S608
        assert "permission denied" in refused(f"DELETE FROM loans_{table}")  # noqa: S608


def test_the_sums_are_checked_for_whoever_sees_less(api: Speak) -> None:
    """The scope ends before the transaction does: what is checked then must still see every row."""
    agree(api)
    guarantor = api("guarantor_a")
    assert guarantor.post(f"{cover(guarantor)}/claims", loss("100.00")).status_code == 201
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SELECT current_setting('app.scope', true)")
        assert cursor.fetchone()[0] in {"", None}
