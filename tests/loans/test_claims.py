"""Claims and recoveries: refused where they do not fit, taken back whole, and never more than there was."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from finance_hub.kernel.models import AuditEntry
from tests.cast import Api
from tests.loans.covered import PLAN, agree, agree_on_pool, codes, cover, guarantee, loss, parts

Speak = Callable[[str], Api]


@pytest.fixture
def held(api: Speak) -> str:
    """1,000.00 under the national shares with a cap of 100 %, waiting period 90 days."""
    agree(api, parts=PLAN, valid_from="2024-01-01", compensation_cap_pct="100.00")
    return cover(api("guarantor_a"), principal="1000.00")


def recovery(amount: str, **changes: Any) -> dict[str, Any]:
    return {"amount": amount, "effective_date": "2026-10-10"} | changes


REFUSED: list[tuple[dict[str, Any], str, list[tuple[str, str]]]] = [
    ({"principal": "1000.01"}, "guarantee-amount-exceeds-outstanding",
     [("guarantee-amount-exceeds-outstanding", "#/principal")]),
    ({"effective_date": "2026-08-29"}, "claim-before-waiting-period", []),
    ({"effective_date": "2026-11-06"}, "invalid-fields", [("date-in-future", "#/effective_date")]),
    ({"effective_date": "2026-01-09"}, "invalid-fields", [("date-before-start", "#/effective_date")]),
    ({"default_date": "2026-01-09"}, "invalid-fields", [("default-outside-guarantee", "#/default_date")]),
    ({"default_date": "2026-09-02"}, "invalid-fields", [("default-outside-guarantee", "#/default_date")]),
    ({"interest": "0.01"}, "interest-not-covered", []),
    ({"principal": "0.00"}, "invalid-fields", [("amount-not-positive", "#/principal")]),
    ({"principal": "-1.00"}, "invalid-fields", [("amount-not-positive", "#/principal")]),
    ({"principal": 100}, "invalid-fields", [("amount-not-a-string", "#/principal")]),
    ({"principal": "NaN"}, "invalid-fields", [("amount-format", "#/principal")]),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "code", "errors"), REFUSED)
def test_a_claim_that_does_not_fit_is_refused(
    api: Speak, held: str, changes: dict[str, Any], code: str, errors: list[tuple[str, str]]
) -> None:
    answer = api("guarantor_a").post(f"{held}/claims", loss("500.00") | changes)
    assert codes(answer) == (422, code, errors)
    assert api("guarantor_a").get(held).json()["claims"] == []


def test_the_earliest_day_is_named_and_is_allowed(api: Speak, held: str) -> None:
    early = loss("500.00", effective_date="2026-08-29")
    assert "2026-08-30" in api("guarantor_a").post(f"{held}/claims", early).json()["detail"]
    on_the_day = loss("500.00", effective_date="2026-08-30")
    assert api("guarantor_a").post(f"{held}/claims", on_the_day).status_code == 201


def test_interest_is_split_where_the_agreement_covers_it(api: Speak) -> None:
    """Of 10.01 interest: 2.00, 4.01, 2.00, 2.00; it ends no part of the guarantee and is owed by the firm."""
    agree(api, covers_interest=True)
    guarantor = api("guarantor_a")
    held = cover(guarantor, principal="1000.00")
    answer = guarantor.post(f"{held}/claims", loss("25.00", interest="10.01"))
    assert {s["party"]: s["interest"] for s in answer.json()["shares"]} == {
        "bank": "2.00", "national_fund": "4.01", "re_guarantor": "2.00", "guarantor": "2.00",
    }  # fmt: skip
    stands = guarantor.get(held).json()
    assert (stands["outstanding"], stands["compensated"], stands["interest_compensated"], stands["claim"]) == (
        "975.00", "20.00", "8.01", "28.01",
    )  # fmt: skip


def test_a_cap_on_what_was_released_opens_with_releases(api: Speak) -> None:
    """5 % of the 200.00 released, and of this claim's own 0: 10.00 for the public parties, the guarantor keeps the rest."""
    agree(api, compensation_cap_base="released")
    guarantor = api("guarantor_a")
    held = cover(guarantor, principal="1000.00")
    guarantor.post(f"{held}/events", {"kind": "release", "amount": "200.00", "effective_date": "2026-05-01"})
    assert parts(guarantor.post(f"{held}/claims", loss("100.00"))) == {
        "bank": "20.00", "national_fund": "6.67", "re_guarantor": "3.33", "guarantor": "70.00",
    }  # fmt: skip


def test_a_cap_begins_anew_with_the_year(api: Speak) -> None:
    agree(api, valid_from="2025-01-01")
    guarantor = api("guarantor_a")
    old = cover(guarantor, "DB-1", principal="100.00", start_date="2025-03-01", end_date="2026-02-28")
    cover(guarantor, "DB-2", principal="1000.00")
    in_2025 = loss("100.00", default_date="2025-06-01", effective_date="2025-12-31")
    assert parts(guarantor.post(f"{old}/claims", in_2025 | {"principal": "50.00"})) == {
        "bank": "10.00", "national_fund": "3.33", "re_guarantor": "1.67", "guarantor": "35.00",
    }  # fmt: skip
    assert parts(guarantor.post(f"{old}/claims", loss("50.00", default_date="2025-06-01"))) == {
        "bank": "10.00", "national_fund": "20.00", "re_guarantor": "10.00", "guarantor": "10.00",
    }  # fmt: skip


def test_without_an_agreement_the_three_shares_bear_the_loss(api: Speak) -> None:
    guarantor = api("guarantor_a")
    own = {"bank_share_pct": "20.00", "government_share_pct": "55.55", "guarantor_share_pct": "24.45"}
    held = cover(guarantor, agreement=..., principal="1000.00", **own)
    assert parts(guarantor.post(f"{held}/claims", loss("0.03"))) == {
        "bank": "0.00", "government": "0.02", "guarantor": "0.01",
    }  # fmt: skip


def test_a_compensation_by_its_amount_is_borne_by_who_pays(api: Speak) -> None:
    """200.00 by 55.55 : 24.45; 50.00 back by what each bore."""
    guarantor = api("guarantor_a")
    own = {"bank_share_pct": "20.00", "government_share_pct": "55.55", "guarantor_share_pct": "24.45"}
    held = cover(guarantor, agreement=..., principal="1000.00", **own)
    for kind, amount in (("compensation", "200.00"), ("recovery", "50.00")):
        entry = {"kind": kind, "amount": amount, "effective_date": "2026-10-20"}
        assert guarantor.post(f"{held}/events", entry).status_code == 201
    shown = guarantor.get(held).json()
    assert [(s["party"], s["principal"]) for s in shown["claims"][0]["shares"]] == [
        ("government", "138.88"), ("guarantor", "61.12"),
    ]  # fmt: skip
    assert [(s["party"], s["amount"]) for s in shown["recoveries"][0]["shares"]] == [
        ("government", "34.72"), ("guarantor", "15.28"),
    ]  # fmt: skip


@pytest.mark.parametrize("kind", ["compensation", "recovery"])
def test_under_an_agreement_a_loss_is_reported_as_a_claim(api: Speak, held: str, kind: str) -> None:
    entry = {"kind": kind, "amount": "1.00", "effective_date": "2026-10-20"}
    assert codes(api("guarantor_a").post(f"{held}/events", entry)) == (
        422, "claim-needed", [("claim-needed", "#/kind")],
    )  # fmt: skip


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


class TestPools:
    def test_a_reversed_claim_gives_the_pool_its_money_back(self, api: Speak) -> None:
        agree_on_pool(api)
        insurer = api("insurer_a")
        held = cover(insurer, principal="1000000.00", agreement="ip-pool")
        claim = insurer.post(f"{held}/claims", loss("333333.33")).json()["id"]
        insurer.post(f"{held}/claims/{claim}/reverse", {"effective_date": "2026-10-01"})
        assert api("maker").get("/risk-pools/pool").json()["balance"] == "120000.50"
        assert (
            parts(insurer.post(f"{held}/claims", loss("100.00", effective_date="2026-10-01")))["pool"]
            == "54.00"
        )

    def test_on_a_day_before_the_money_came_back_there_is_none(self, api: Speak) -> None:
        """The pool's balance between the claim and its reversal is 0: a claim of those days gets nothing."""
        agree_on_pool(api)
        insurer = api("insurer_a")
        held = cover(insurer, principal="1000000.00", agreement="ip-pool")
        claim = insurer.post(f"{held}/claims", loss("333333.33")).json()["id"]
        insurer.post(f"{held}/claims/{claim}/reverse", {"effective_date": "2026-10-01"})
        between = loss("100.00", effective_date="2026-09-15")
        assert parts(insurer.post(f"{held}/claims", between)) == {
            "pool": "0.00", "bank": "80.00", "insurer": "16.00", "other": "4.00",
        }  # fmt: skip

    def test_a_return_that_the_pool_has_spent_is_not_taken_back(self, api: Speak) -> None:
        agree_on_pool(api)
        insurer = api("insurer_a")
        held = cover(insurer, principal="1000000.00", agreement="ip-pool")
        insurer.post(f"{held}/claims", loss("333333.33"))
        made = insurer.post(f"{held}/recoveries", recovery("10000.00")).json()["id"]
        later = loss("100.00", effective_date="2026-10-20")
        assert parts(insurer.post(f"{held}/claims", later))["pool"] == "54.00"
        answer = insurer.post(f"{held}/recoveries/{made}/reverse", {"effective_date": "2026-10-25"})
        assert codes(answer)[:2] == (422, "pool-balance-too-low")

    def test_a_bank_above_the_line_gets_no_new_guarantee(self, api: Speak) -> None:
        """333,333.33 of 1,000,000 lost, of which 186,667.16 were compensated: 18.67 %, the line is 15 %."""
        agree_on_pool(api, fuse_line_pct="15.00")
        insurer = api("insurer_a")
        held = cover(insurer, principal="1000000.00", agreement="ip-pool")
        insurer.post(f"{held}/claims", loss("333333.33"))
        new = {"principal": "1.00", "agreement": "ip-pool"}
        answer = insurer.post("/guarantees", guarantee("DB-2", **new), Accept_Language="en")
        assert codes(answer)[:2] == (422, "pool-fuse-blown")
        assert answer.json()["detail"] == "The bank's compensation ratio is 18.67 %, the line is 15.00 %"
        [fuse] = api("auditor").get("/risk-pools/pool").json()["fuses"]
        assert fuse == {
            "bank": "bank-a", "measure": "compensation_ratio", "value_pct": "18.67", "line_pct": "15.00",
            "blown": True,
        }  # fmt: skip
        # The pool is closed for that bank alone; what it carries is another matter.
        answer = insurer.post("/guarantees", guarantee("DB-2", bank="bank-b", **new))
        assert codes(answer)[:2] == (422, "pool-leverage-exceeded")

    def test_a_pool_carries_ten_times_what_it_holds(self, api: Speak) -> None:

        agree_on_pool(api)
        insurer = api("insurer_a")
        cover(insurer, "DB-1", principal="1200005.00", agreement="ip-pool")
        answer = insurer.post("/guarantees", guarantee("DB-2", principal="0.01", agreement="ip-pool"))
        assert codes(answer) == (422, "pool-leverage-exceeded", [("pool-leverage-exceeded", "#/principal")])
        assert "1200005.00" in answer.json()["detail"]

    def test_another_guarantor_is_refused_by_what_it_does_not_see(self, api: Speak) -> None:
        """The pool is full of the insurer's policies."""

        agree_on_pool(api)
        agree(
            api, "shared", parts=[("pool", "50.00"), ("bank", "50.00")], keeper="bank", pool="pool",
            compensation_cap_pct=..., compensation_cap_base=..., borrower_cap=...,
        )  # fmt: skip
        cover(api("insurer_a"), "DB-1", principal="1200005.00", agreement="ip-pool")
        answer = api("guarantor_a").post(
            "/guarantees", guarantee("DB-2", principal="0.01", agreement="shared")
        )
        assert codes(answer)[1] == "pool-leverage-exceeded"

    def test_a_pool_without_approved_limits_carries_nothing(self, api: Speak) -> None:

        maker = api("maker")
        maker.post("/risk-pools", {"code": "new", "name": "新池", "name_en": "New"})
        agree(
            api, "shared", parts=[("pool", "50.00"), ("bank", "50.00")], keeper="bank", pool="new",
            compensation_cap_pct=..., compensation_cap_base=..., borrower_cap=...,
        )  # fmt: skip
        answer = api("guarantor_a").post("/guarantees", guarantee(principal="0.01", agreement="shared"))
        assert codes(answer)[1] == "pool-without-limits"


def test_fees_accrue_by_the_day_on_what_is_outstanding(api: Speak, held: str) -> None:
    """1,000.00 for 100 days and 400.00 for 199 days at 0.8 %: 179,600 yuan-days x 0.008 / 365 = 3.94."""
    guarantor = api("guarantor_a")
    path = cover(guarantor, "DB-9", principal="1000.00", fee_rate_pct="0.8000", start_date="2026-01-10")
    released = {"kind": "release", "amount": "600.00", "effective_date": "2026-04-20"}
    assert (date(2026, 4, 20) - date(2026, 1, 10)).days == 100
    guarantor.post(f"{path}/events", released)
    guarantor.post(f"{path}/events", {"kind": "fee", "amount": "2.00", "effective_date": "2026-05-01"})
    shown = guarantor.get(path).json()
    assert (date(2026, 11, 5) - date(2026, 4, 20)).days == 199
    assert (shown["fees_due"], shown["fees_paid"]) == (
        f"{Decimal(179_600) * Decimal('0.008') / 365:.2f}",
        "2.00",
    )
    assert shown["fees_due"] == "3.94"
    assert guarantor.get(held).json()["fees_due"] is None


def test_net_assets_are_reported_and_seen_by_their_own(api: Speak) -> None:
    new = {"effective_date": "2026-09-30", "amount": "300000000.00", "deductions": "20000000.00"}
    answer = api("guarantor_a").post("/net-assets", new)
    assert (answer.status_code, answer.json()["guarantor"]) == (201, "guarantor-a")
    assert api("guarantor_b").get("/net-assets").json()["data"] == []
    assert len(api("auditor").get("/net-assets").json()["data"]) == 1
    for changes, code in (
        ({"deductions": "300000000.00"}, "deductions-above-net-assets"),
        ({"effective_date": "2026-11-06"}, "date-in-future"),
        ({"amount": "0.00"}, "amount-not-positive"),
    ):
        refused = api("guarantor_a").post("/net-assets", new | changes)
        assert [e["code"] for e in refused.json()["errors"]] == [code]
    assert api("bank_a").post("/net-assets", new).status_code == 403
