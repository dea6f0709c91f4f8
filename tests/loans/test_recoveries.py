"""Recoveries, write-offs and reversals: never more than there was, and taken back whole."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from finance_hub.kernel.models import AuditEntry
from tests.cast import Api
from tests.loans.covered import agree_widely, codes, loss, parts, recovery

Speak = Callable[[str], Api]


@pytest.fixture
def held(api: Speak) -> str:
    return agree_widely(api)


class TestRecoveries:
    WRONG: tuple[tuple[dict[str, Any], str, str], ...] = (
        ({"amount": "500.01"}, "recovery-exceeds-compensation", "#/amount"),
        ({"amount": "501.00", "cost": "0.99"}, "recovery-exceeds-compensation", "#/amount"),
        ({"amount": "1.00", "cost": "1.01"}, "cost-above-recovery", "#/cost"),
        ({"effective_date": "2026-08-31"}, "recovery-exceeds-compensation", "#/amount"),
        ({"claim": "gc_none"}, "claim-unknown", "#/claim"),
        ({"effective_date": "2026-11-06"}, "date-in-future", "#/effective_date"),
    )

    @pytest.mark.parametrize(("changes", "code", "pointer"), WRONG)
    def test_more_than_was_borne_or_before_it_is_refused(
        self, api: Speak, held: str, changes: dict[str, Any], code: str, pointer: str
    ) -> None:
        guarantor = api("guarantor_a")
        guarantor.post(f"{held}/claims", loss("500.00"))
        answer = guarantor.post(f"{held}/recoveries", recovery("1.00") | changes)
        assert answer.status_code == 422, answer.content
        assert [(e["code"], e["pointer"]) for e in answer.json()["errors"]] == [(code, pointer)]

    def test_of_several_claims_one_is_named(self, api: Speak, held: str) -> None:
        guarantor = api("guarantor_a")
        first = guarantor.post(f"{held}/claims", loss("500.00")).json()["id"]
        guarantor.post(f"{held}/claims", loss("100.00"))
        assert codes(guarantor.post(f"{held}/recoveries", recovery("1.00")))[2] == [
            ("claim-unknown", "#/claim")
        ]
        named = recovery("500.00", claim=first)
        assert parts(guarantor.post(f"{held}/recoveries", named))["bank"] == "100.00"
        assert codes(guarantor.post(f"{held}/recoveries", named | {"amount": "0.01"}))[1] == (
            "recovery-exceeds-compensation"
        )

    def test_one_that_costs_all_it_brings_gives_nothing(self, api: Speak, held: str) -> None:
        guarantor = api("guarantor_a")
        guarantor.post(f"{held}/claims", loss("500.00"))
        back = parts(guarantor.post(f"{held}/recoveries", recovery("5.00", cost="5.00")))
        assert set(back.values()) == {"0.00"}
        assert guarantor.get(held).json()["recovered"] == "0.00"

    def test_what_is_written_off_is_owed_no_more(self, api: Speak, held: str) -> None:
        """400 compensated; 100 written off leave 300; the firm pays 400 all the same."""
        guarantor = api("guarantor_a")
        claim = guarantor.post(f"{held}/claims", loss("500.00")).json()["id"]
        entry = {"kind": "write_off", "amount": "400.01", "effective_date": "2026-10-01"}
        assert codes(guarantor.post(f"{held}/events", entry))[1] == "write-off-exceeds-claim"
        guarantor.post(f"{held}/events", entry | {"amount": "100.00"})
        assert guarantor.get(held).json()["claim"] == "300.00"
        assert codes(guarantor.post(f"{held}/claims/{claim}/reverse", {"effective_date": "2026-10-02"}))[
            1
        ] == ("recovery-exceeds-compensation")
        guarantor.post(f"{held}/recoveries", recovery("500.00"))
        shown = guarantor.get(held).json()
        assert (shown["recovered"], shown["claim"]) == ("400.00", "0.00")


class TestReversal:
    def test_of_a_claim_restores_the_guarantee(self, api: Speak, held: str) -> None:
        guarantor = api("guarantor_a")
        before = guarantor.get(held).json()
        claim = guarantor.post(f"{held}/claims", loss("500.00")).json()
        answer = guarantor.post(f"{held}/claims/{claim['id']}/reverse", {"effective_date": "2026-09-01"})
        assert (answer.status_code, answer.json()["reverses"], answer.json()["shares"]) == (
            201, claim["id"], claim["shares"],
        )  # fmt: skip
        after = guarantor.get(held).json()
        changed = {name for name in before if before[name] != after[name]}
        assert changed <= {"events", "claims", "fees_due"}
        assert parts(guarantor.post(f"{held}/claims", loss("1000.00")))["bank"] == "200.00"

    def test_of_a_recovery_restores_what_the_firm_owes(self, api: Speak, held: str) -> None:
        guarantor = api("guarantor_a")
        guarantor.post(f"{held}/claims", loss("500.00"))
        made = guarantor.post(f"{held}/recoveries", recovery("500.00")).json()["id"]
        assert guarantor.get(held).json()["claim"] == "0.00"
        answer = guarantor.post(f"{held}/recoveries/{made}/reverse", {"effective_date": "2026-10-10"})
        assert answer.status_code == 201, answer.content
        assert guarantor.get(held).json()["claim"] == "400.00"
        assert guarantor.post(f"{held}/recoveries", recovery("500.00")).status_code == 201

    def test_goes_back_in_order(self, api: Speak, held: str) -> None:
        guarantor = api("guarantor_a")
        claim = guarantor.post(f"{held}/claims", loss("500.00")).json()["id"]
        made = guarantor.post(f"{held}/recoveries", recovery("1.00")).json()["id"]
        day = {"effective_date": "2026-10-20"}
        assert codes(guarantor.post(f"{held}/claims/{claim}/reverse", day))[:2] == (
            409,
            "claim-has-recoveries",
        )
        reversal = guarantor.post(f"{held}/recoveries/{made}/reverse", day).json()["id"]
        assert codes(guarantor.post(f"{held}/recoveries/{made}/reverse", day))[1] == "entry-already-reversed"
        assert codes(guarantor.post(f"{held}/recoveries/{reversal}/reverse", day))[1] == "entry-is-a-reversal"
        assert guarantor.post(f"{held}/claims/{claim}/reverse", day).status_code == 201
        assert codes(guarantor.post(f"{held}/claims/{claim}/reverse", day))[1] == "entry-already-reversed"
        assert codes(guarantor.post(f"{held}/recoveries", recovery("1.00")))[2] == [
            ("claim-unknown", "#/claim")
        ]

    @pytest.mark.parametrize(
        ("day", "code"), [("2026-08-31", "reversal-before-event"), ("2026-11-06", "date-in-future")]
    )
    def test_has_its_day(self, api: Speak, held: str, day: str, code: str) -> None:
        guarantor = api("guarantor_a")
        claim = guarantor.post(f"{held}/claims", loss("500.00")).json()["id"]
        answer = guarantor.post(f"{held}/claims/{claim}/reverse", {"effective_date": day})
        assert codes(answer)[2] == [(code, "#/effective_date")]

    def test_of_an_entry_names_it_and_leaves_those_of_claims_alone(self, api: Speak, held: str) -> None:
        guarantor = api("guarantor_a")
        entry = {"kind": "release", "amount": "100.00", "effective_date": "2026-05-01"}
        released = guarantor.post(f"{held}/events", entry).json()["id"]
        claim = guarantor.post(f"{held}/claims", loss("500.00")).json()["id"]
        day = {"effective_date": "2026-10-20"}
        answer = guarantor.post(f"{held}/events/{released}/reverse", day)
        assert (answer.status_code, answer.json()["reverses"]) == (201, released)
        assert guarantor.get(held).json()["outstanding"] == "500.00"
        paid = next(e["id"] for e in guarantor.get(held).json()["events"] if e["kind"] == "compensation")
        refused = guarantor.post(f"{held}/events/{paid}/reverse", day)
        assert (codes(refused)[:2], claim in refused.json()["detail"]) == ((409, "event-of-a-claim"), True)

    def test_of_what_is_not_there_is_not_found(self, api: Speak, held: str) -> None:
        day = {"effective_date": "2026-10-20"}
        for path in ("events/ge_none", "claims/gc_none", "recoveries/gr_none"):
            assert api("guarantor_a").post(f"{held}/{path}/reverse", day).status_code == 404
            assert api("guarantor_b").post(f"{held}/{path}/reverse", day).status_code == 404

    def test_is_in_the_audit_trail(self, api: Speak, held: str) -> None:
        guarantor = api("guarantor_a")
        claim = guarantor.post(f"{held}/claims", loss("500.00")).json()["id"]
        guarantor.post(f"{held}/claims/{claim}/reverse", {"effective_date": "2026-10-20"})
        found = AuditEntry.objects.filter(subject=f"guarantee:{held.rpartition('/')[2]}").order_by("seq")
        assert list(found.values_list("action", flat=True)) == [
            "guarantee.create", "guarantee.claim", "guarantee.reverse",
        ]  # fmt: skip
