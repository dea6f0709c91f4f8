"""No IP stands in two live pledges: within a bank, across banks, within a file, at the same moment."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from finance_hub.kernel.access import EVERYTHING, Scope
from finance_hub.kernel.scoping import within
from loans.models import LivePledge
from loans.queries.pledges import wrongly_listed
from tests.cast import Api, Cast
from tests.loans.bank import Row, disbursement, ndjson, repayment, reversal, run, send, totals, upload
from tests.loans.test_the_database_refuses import copied, refused
from tests.loans.test_two_at_once import at_once

Speak = Callable[[str], Api]
ALREADY, ELSEWHERE, WITH_IT = "ip-pledged-already", "ip-pledged-elsewhere", "drawdown-refused"


def ip(number: str = "ZL201510000041", registration: str | None = None, **changes: str) -> Row:
    return {
        "type": "patent", "certificate_no": number, "registration_no": registration or f"Y-{number}",
        "appraised_value": "5000.00", "share_pct": "50.00",
    } | changes  # fmt: skip


def pledged(event: str, *pledges: Row, drawdown: str = "JJ-1", **changes: Any) -> Row:
    return disbursement(
        event, product="ip_pledge", pledges=list(pledges) or [ip()], drawdown_no=drawdown, **changes
    )


def live(bank: str | None = None) -> set[str]:
    with within(EVERYTHING):
        rows = LivePledge.objects.filter(**({"bank__code": bank} if bank else {}))
        return set(rows.filter(number_kind="certificate").values_list("number", flat=True))


class TestOfOneBank:
    def test_a_live_pledge_is_registered_by_both_its_numbers(self, api: Speak) -> None:
        assert send(api("bank_a"), [pledged("E-1")]).result["accepted"] == 1
        with within(EVERYTHING):
            numbers = LivePledge.objects.order_by("number_kind").values_list("number_kind", "number")
            assert list(numbers) == [("certificate", "ZL201510000041"), ("registration", "Y-ZL201510000041")]

    def test_it_is_refused_at_the_pledge_and_told_where_it_stands(self, api: Speak) -> None:
        bank = api("bank_a")
        send(bank, [pledged("E-1")])
        sent = send(bank, [pledged("E-2", ip("OTHER", share_pct="10.00"), ip(), drawdown="JJ-2")])
        assert sent.faults() == [(ALREADY, "#/pledges/1")]
        assert sent.rows()[0]["errors"][0]["context"] == {"contract_no": "HT-1", "drawdown_no": "JJ-1"}
        assert live() == {"ZL201510000041"}

    @pytest.mark.parametrize(
        "again",
        [
            ip("zl 2015 1000 0041"),
            ip("ZL201510000041".translate({at: at + 0xFEE0 for at in range(0x21, 0x7F)})),
            ip("ANOTHER", "Y-ZL201510000041"),
            ip("ANOTHER", "y-zl201510000041 "),
        ],
    )
    def test_it_is_known_however_it_is_written_and_by_either_number(self, api: Speak, again: Row) -> None:
        bank = api("bank_a")
        send(bank, [pledged("E-1")])
        assert send(bank, [pledged("E-2", again, drawdown="JJ-2")]).faults() == [(ALREADY, "#/pledges/0")]

    def test_another_type_of_right_is_another_right(self, api: Speak) -> None:
        bank = api("bank_a")
        send(bank, [pledged("E-1")])
        assert send(bank, [pledged("E-2", ip(type="trademark"), drawdown="JJ-2")]).result["accepted"] == 1

    def test_a_loan_repaid_in_full_frees_it_and_one_repaid_in_part_does_not(self, api: Speak) -> None:
        bank = api("bank_a")
        send(bank, [pledged("E-1"), repayment("E-2", "999.99")])
        assert send(bank, [pledged("E-3", drawdown="JJ-2")]).faults() == [(ALREADY, "#/pledges/0")]
        send(bank, [repayment("E-4", "0.01")])
        assert live() == set()
        assert send(bank, [pledged("E-3", drawdown="JJ-2")]).result["accepted"] == 1

    def test_a_disbursement_taken_back_frees_it(self, api: Speak) -> None:
        bank, lent = api("bank_a"), pledged("E-1")
        send(bank, [lent, reversal("R-1", lent)])
        assert live() == set()

    def test_a_loan_revived_by_a_reversal_must_find_its_ip_free(self, api: Speak) -> None:
        bank, back = api("bank_a"), repayment("E-2", "1000.00")
        send(bank, [pledged("E-1"), back])
        send(bank, [pledged("E-3", drawdown="JJ-2")])
        sent = send(bank, [reversal("R-1", back)])
        assert sent.faults() == [(ALREADY, "#/drawdown_no")]
        assert bank.get("/contracts/HT-1").json()["balance"] == "1000.00"

    def test_a_revision_may_change_the_pledge_and_frees_the_old_one(self, api: Speak) -> None:
        bank = api("bank_a")
        send(bank, [pledged("E-1")])
        revised = pledged("E-1", ip("NEW"), revision=2, reason_code="input-error")
        assert send(bank, [revised]).result["accepted"] == 1
        assert live() == {"NEW"}

    def test_a_revision_that_takes_a_pledged_ip_goes_with_the_rest_of_its_drawdown(self, api: Speak) -> None:
        bank = api("bank_a")
        send(bank, [pledged("E-1"), pledged("E-2", ip("B"), drawdown="JJ-2")])
        revised = pledged("E-2", ip(), revision=2, reason_code="input-error", drawdown="JJ-2")
        sent = send(bank, [revised, repayment("E-3", "10.00", drawdown_no="JJ-2"), repayment("E-4", "1.00")])
        assert sent.codes() == [(1, [ALREADY]), (2, [WITH_IT])]
        assert live() == {"ZL201510000041", "B"}

    def test_a_late_lower_revision_is_history_and_claims_nothing(self, api: Speak) -> None:
        bank = api("bank_a")
        send(bank, [pledged("E-1", ip("NEW"), revision=2, reason_code="input-error")])
        send(bank, [pledged("E-9", ip("OLD"), drawdown="JJ-9")])
        assert send(bank, [pledged("E-1", ip("OLD"))]).result["accepted"] == 1
        assert live() == {"NEW", "OLD"}

    def test_a_file_sent_again_is_unchanged(self, api: Speak) -> None:
        bank, rows = api("bank_a"), [pledged("E-1"), repayment()]
        send(bank, rows)
        assert send(bank, rows).result == {"accepted": 0, "unchanged": 2, "rejected": 0, "warnings": 0}


_STEPS = st.lists(
    st.tuples(
        st.sampled_from(["lend", "lend", "repay", "repay all", "take back", "revise"]),
        st.integers(0, 3),  # the drawdown
        st.integers(0, 2),  # the IP
        st.booleans(),  # another bank
        st.booleans(),  # with the row before, in one file
    ),
    min_size=3,
    max_size=8,
)


@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=_STEPS)
def test_whatever_is_sent_the_list_is_that_of_the_facts(
    api: Speak, steps: list[tuple[str, int, int, bool, bool]]
) -> None:
    banks = api("bank_a"), api("bank_b")
    files: list[tuple[bool, list[Row]]] = []
    for number, (act, drawdown, right, other, joined) in enumerate(steps):
        row = _row(act, drawdown, f"ZL-{right}", number)
        if joined and files and files[-1][0] == other:
            files[-1][1].append(row)
        else:
            files.append((other, [row]))
    with transaction.atomic():
        for other, rows in files:
            assert send(banks[other], rows).state == "applied"
            with within(EVERYTHING):
                assert wrongly_listed() == []
        transaction.set_rollback(True)


def _row(act: str, drawdown: int, right: str, number: int) -> Row:
    name = f"JJ-{drawdown}"
    lent = pledged(f"L-{drawdown}", ip(right), drawdown=name)
    if act == "lend":
        return lent
    if act == "revise":
        return lent | {"revision": number + 2, "reason_code": "input-error"}
    if act == "take back":
        return reversal(f"V-{number}", lent)
    amount = "1000.00" if act == "repay all" else "400.00"
    return repayment(f"R-{number}", amount, drawdown_no=name)


class TestWithinAFile:
    def test_the_earlier_row_has_it_and_the_later_goes_with_its_repayments(self, api: Speak) -> None:
        rows = [
            pledged("E-1"),
            repayment("E-2", "1.00"),
            pledged("E-3", drawdown="JJ-2"),
            repayment("E-4", "1.00", drawdown_no="JJ-2"),
        ]
        sent = send(api("bank_a"), rows)
        assert sent.codes() == [(3, [ALREADY]), (4, [WITH_IT])]
        assert sent.rows()[1]["errors"][0]["context"] == {"row": "3"}

    def test_a_loan_repaid_in_the_same_file_is_not_live(self, api: Speak) -> None:
        rows = [pledged("E-1"), repayment("E-2", "1000.00"), pledged("E-3", drawdown="JJ-2")]
        assert send(api("bank_a"), rows).result["rejected"] == 0
        assert live() == {"ZL201510000041"}

    def test_one_that_stands_keeps_it_before_any_new_row(self, api: Speak) -> None:
        bank = api("bank_a")
        send(bank, [pledged("E-1")])
        sent = send(bank, [pledged("E-2", drawdown="JJ-2"), repayment("E-3", "1.00")])
        assert sent.codes() == [(1, [ALREADY])]

    def test_the_same_certificate_twice_in_one_row(self, api: Speak) -> None:
        sent = send(api("bank_a"), [pledged("E-1", ip(), ip())])
        assert sent.faults() == [(ALREADY, "#/pledges/1")]

    def test_one_registration_may_cover_several_rights_of_a_loan(self, api: Speak) -> None:
        rows = [pledged("E-1", ip("A", "Y-1"), ip("B", "Y-1"))]
        assert send(api("bank_a"), rows).result["accepted"] == 1

    def test_csv_and_a_dry_run_say_the_same_and_a_dry_run_leaves_nothing(self, api: Speak) -> None:
        rows = [pledged("E-1"), pledged("E-2", drawdown="JJ-2")]
        sent = send(api("bank_a"), rows, format="csv", dry_run=True)
        assert sent.faults() == [(ALREADY, "#/pledges/0")]
        assert live() == set()

    def test_all_or_nothing_takes_nothing(self, api: Speak) -> None:
        rows = [pledged("E-1"), pledged("E-2", drawdown="JJ-2")]
        assert send(api("bank_a"), rows, acceptance="all_or_nothing").state == "rejected"
        assert live() == set()


class TestAcrossBanks:
    def test_another_bank_hears_that_it_is_pledged_elsewhere_and_no_more(self, api: Speak) -> None:
        send(api("bank_a"), [pledged("E-1", contract_no="SECRET-1")])
        sent = send(api("bank_b"), [pledged("E-1")])
        assert sent.faults() == [(ELSEWHERE, "#/pledges/0")]
        [error] = sent.rows()[0]["errors"]
        assert (error["context"], error["message_en"]) == ({}, "This IP is pledged elsewhere")
        assert "SECRET" not in str(sent.rows())
        assert "bank-a" not in str(sent.rows())

    def test_it_is_free_for_the_other_once_repaid(self, api: Speak) -> None:
        send(api("bank_a"), [pledged("E-1"), repayment("E-2", "1000.00")])
        assert send(api("bank_b"), [pledged("E-1")]).result["accepted"] == 1
        assert (live("bank-a"), live("bank-b")) == (set(), {"ZL201510000041"})

    def test_a_bank_does_not_see_what_others_have_pledged(self, api: Speak, cast: Cast) -> None:
        send(api("bank_a"), [pledged("E-1")])
        with within(Scope(organisation_id=cast.organisation("bank-b").pk)):
            assert LivePledge.objects.count() == 0

    def test_two_banks_at_the_same_moment_one_has_it(self, committed: Cast) -> None:
        """The one that loses does its job again and then names the row."""
        banks = [Api(committed.key(name)) for name in ("bank_a", "bank_b")]
        batches = []
        for bank in banks:
            rows = [pledged(f"E-{n}", ip(f"ZL-{n}"), drawdown=f"JJ-{n}") for n in range(40)]
            batch = upload(bank, ndjson(rows), control_totals=totals(rows))
            assert bank.post(f"/loan-report-batches/{batch}/submit").status_code == 202
            batches.append(batch)
        first = at_once(*(lambda b=batch: run(b) for batch in batches))
        assert set(first) <= {"succeeded", "queued"}
        assert "succeeded" in first
        _lapse_pauses()
        for batch, outcome in zip(batches, first, strict=True):
            if outcome == "queued":
                assert run(batch) == "succeeded"
        results = [
            bank.get(f"/loan-report-batches/{batch}").json()["result"]
            for bank, batch in zip(banks, batches, strict=True)
        ]
        assert sorted(result["accepted"] for result in results) == [0, 40]
        assert len(live()) == 40


def _lapse_pauses() -> None:
    from finance_hub.kernel.models import Job

    Job.objects.filter(state="queued").update(lease_until="2000-01-01T00:00:00Z")


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({}, "no_ip_stands_in_two_live_pledges"),
        ({"number": "'X'", "type": "'land'"}, "live_pledge_type_is_known"),
        ({"number": "'X'", "number_kind": "'serial'"}, "live_pledge_number_kind_is_known"),
        ({"number": "'X'", "drawdown_id": "0"}, "live_pledge_is_of_its_drawdowns_bank"),
    ],
)
def test_the_database_refuses_it_by_name(api: Speak, changes: dict[str, str], constraint: str) -> None:
    send(api("bank_a"), [pledged("E-1")])
    with within(EVERYTHING):
        assert constraint in refused(copied("loans_livepledge", **changes))


def test_not_even_in_the_name_of_another_bank(api: Speak, cast: Cast) -> None:
    send(api("bank_a"), [pledged("E-1")])
    send(api("bank_b"), [disbursement()])
    with within(EVERYTHING):
        said = refused(
            copied(
                "loans_livepledge",
                bank_id=str(cast.organisation("bank-b").pk),
                drawdown_id="(SELECT max(id) FROM loans_drawdown)",
            )
        )
    assert "no_ip_stands_in_two_live_pledges" in said
