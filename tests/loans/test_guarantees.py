"""Guarantees: reported by one guarantor, seen by it and the centre, never more paid than was there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.models import AuditEntry, Firm
from finance_hub.kernel.scoping import within
from loans import queries
from loans.queries import GuaranteeRow
from tests.cast import Api, Cast
from tests.loans.bank import FIRM, OTHER_FIRM, disbursement, send

Speak = Callable[[str], Api]
URL = "/guarantees"
NEW: dict[str, Any] = {
    "guarantee_no": "DB-1", "uscc": FIRM, "firm_name": "示例科技有限公司", "bank": "bank-a", "contract_no": "HT-1",
    "principal": "1000.00", "start_date": "2026-10-05", "end_date": "2027-10-04", "bank_share_pct": "20.00",
    "government_share_pct": "55.55", "guarantor_share_pct": "24.45",
}  # fmt: skip


def _new(api: Api, **changes: Any) -> str:
    answer = api.post(URL, NEW | changes)
    assert answer.status_code == 201, answer.content
    return str(answer.json()["id"])


def _event(api: Api, guarantee: str, kind: str, amount: str, day: str = "2026-10-20") -> Any:
    return api.post(f"{URL}/{guarantee}/events", {"kind": kind, "amount": amount, "effective_date": day})


def test_a_guarantee_is_followed_from_its_start_to_a_recovery(api: Speak) -> None:
    """1000 guaranteed, 300 released, 200 paid out, 50 of it got back: 500 is outstanding."""
    guarantor = api("guarantor_a")
    guarantee = _new(guarantor)
    for kind, amount in (("release", "300.00"), ("compensation", "200.00"), ("recovery", "50.00")):
        assert _event(guarantor, guarantee, kind, amount).status_code == 201
    shown = guarantor.get(f"{URL}/{guarantee}").json()
    stands = {name: shown[name] for name in ("outstanding", "released", "compensated", "recovered")}
    assert stands == {
        "outstanding": "500.00",
        "released": "300.00",
        "compensated": "200.00",
        "recovered": "50.00",
    }
    assert [event["kind"] for event in shown["events"]] == ["release", "compensation", "recovery"]
    assert (shown["guarantor"], shown["bank"], shown["uscc"]) == ("guarantor-a", "bank-a", FIRM)


TOO_MUCH = [
    ("release", "700.01", "2026-10-20", "guarantee-amount-exceeds-outstanding", "#/amount"),
    ("compensation", "700.01", "2026-10-20", "guarantee-amount-exceeds-outstanding", "#/amount"),
    ("recovery", "200.01", "2026-10-25", "recovery-exceeds-compensation", "#/amount"),
    ("recovery", "0.01", "2026-10-14", "recovery-exceeds-compensation", "#/amount"),
    ("release", "1.00", "2026-10-04", "date-before-start", "#/effective_date"),
    ("release", "1.00", "2026-11-06", "date-in-future", "#/effective_date"),
    ("release", "0.00", "2026-10-20", "amount-not-positive", "#/amount"),
    ("forgiveness", "1.00", "2026-10-20", "invalid_choice", "#/kind"),
]


@pytest.mark.parametrize(("kind", "amount", "day", "code", "pointer"), TOO_MUCH)
def test_an_event_that_does_not_fit_is_refused(
    api: Speak, kind: str, amount: str, day: str, code: str, pointer: str
) -> None:
    guarantor = api("guarantor_a")
    guarantee = _new(guarantor)
    assert _event(guarantor, guarantee, "release", "100.00").status_code == 201
    assert _event(guarantor, guarantee, "compensation", "200.00", "2026-10-15").status_code == 201
    answer = _event(guarantor, guarantee, kind, amount, day)
    assert answer.status_code == 422, answer.content
    assert [(error["code"], error["pointer"]) for error in answer.json()["errors"]] == [(code, pointer)]
    assert guarantor.get(f"{URL}/{guarantee}").json()["outstanding"] == "700.00"


WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({"end_date": "2026-10-05"}, "ends-before-start", "#/end_date"),
    ({"start_date": "2026-11-06"}, "date-in-future", "#/start_date"),
    ({"guarantor_share_pct": "24.46"}, "shares-do-not-add-up", "#/guarantor_share_pct"),
    ({"bank_share_pct": "100.01"}, "max_value", "#/bank_share_pct"),
    ({"bank_share_pct": "20.001"}, "amount-scale", "#/bank_share_pct"),
    ({"bank_share_pct": "-20.00"}, "amount-negative", "#/bank_share_pct"),
    ({"bank": "guarantor-b"}, "bank-unknown", "#/bank"),
    ({"principal": "0.00"}, "amount-not-positive", "#/principal"),
    ({"uscc": OTHER_FIRM[:-1] + "0"}, "uscc-check-character", "#/uscc"),
    ({"firm_name": None}, "null", "#/firm_name"),
]


@pytest.mark.parametrize(("changes", "code", "pointer"), WRONG)
def test_terms_that_contradict_themselves_are_refused(
    api: Speak, changes: dict[str, Any], code: str, pointer: str
) -> None:
    answer = api("guarantor_a").post(URL, NEW | changes)
    assert answer.status_code == 422, answer.content
    assert [(error["code"], error["pointer"]) for error in answer.json()["errors"]] == [(code, pointer)]


def test_a_number_is_used_once_by_each_guarantor(api: Speak) -> None:
    _new(api("guarantor_a"))
    answer = api("guarantor_a").post(URL, NEW)
    assert (answer.status_code, answer.json()["code"]) == (409, "guarantee-number-taken")
    assert api("guarantor_b").post(URL, NEW).status_code == 201


def test_a_firm_nobody_knows_needs_a_name_and_stays_unverified(api: Speak) -> None:
    nameless = {name: value for name, value in NEW.items() if name != "firm_name"}
    answer = api("guarantor_a").post(URL, nameless)
    assert [error["code"] for error in answer.json()["errors"]] == ["firm-name-required"]
    assert not Firm.objects.exists()
    _new(api("guarantor_a"))
    assert not Firm.objects.get().verified
    assert api("guarantor_a").post(URL, nameless | {"guarantee_no": "DB-2"}).status_code == 201


def test_another_guarantor_does_not_see_it_at_all(api: Speak) -> None:
    guarantee, other = _new(api("guarantor_a")), api("guarantor_b")
    for answer in (other.get(f"{URL}/{guarantee}"), _event(other, guarantee, "release", "1.00")):
        assert (answer.status_code, answer.json()["code"]) == (404, "not-found")
    assert other.get(URL).json()["data"] == []
    assert len(api("maker").get(f"{URL}?guarantor=guarantor-a").json()["data"]) == 1
    assert api("maker").get(f"{URL}?uscc={OTHER_FIRM}").json()["data"] == []


@pytest.mark.parametrize("person", ["maker", "auditor", "bank_a"])
def test_only_guarantors_report(api: Speak, person: str) -> None:
    assert api(person).post(URL, NEW).status_code == 403


def test_the_frame_adds_up_by_guarantor_and_firm(api: Speak, cast: Cast) -> None:
    """The government's 55.55 % of 500.00 is 277.75; of 0.01 it is half a fen and more: 0.01."""
    guarantor = api("guarantor_a")
    guarantee = _new(guarantor)
    for kind, amount in (("release", "300.00"), ("compensation", "200.00"), ("recovery", "50.00")):
        _event(guarantor, guarantee, kind, amount)
    _new(guarantor, guarantee_no="DB-2", contract_no="HT-404", principal="0.01")
    send(api("bank_a"), [disbursement()])
    later = datetime(2027, 1, 1, tzinfo=UTC)
    with within(EVERYTHING):
        firm, organisation = Firm.objects.get().pk, cast.organisation("guarantor-a").pk
        assert queries.guarantee_frame(date(2026, 11, 1), later) == [
            GuaranteeRow(
                organisation, firm, "other", None, outstanding=50_001, outstanding_elsewhere=1, compensated=20_000,
                interest=0, recovered=5_000, released=30_000, claim=15_000, compensated_year=20_000,
                released_year=30_000, government_share=27_776, live=2, underwritten_month=100_001, released_month=30_000,
                paid_month=20_000, recovered_month=5_000,
            )
        ]  # fmt: skip
        before = queries.guarantee_frame(date(2026, 10, 20), later)
        assert [(row.outstanding, row.compensated) for row in before] == [(100_001, 0)]
        assert queries.guarantee_frame(date(2026, 10, 5), later) == []


def test_every_report_is_in_the_audit_trail(api: Speak) -> None:
    guarantor = api("guarantor_a")
    _event(guarantor, _new(guarantor), "release", "1.00")
    actions = AuditEntry.objects.filter(subject__startswith="guarantee:").order_by("seq")
    assert list(actions.values_list("action", flat=True)) == ["guarantee.create", "guarantee.release"]
