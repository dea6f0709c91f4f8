"""What the database itself refuses of payments and documents, tried by raw SQL."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError

from finance_hub.kernel import scoping
from finance_hub.kernel.access import EVERYTHING
from funds.models import Deal, DealPayment, HoldingEvent
from tests.funds.conftest import CITY, OTHER_FIRM, Desk, found_fund, made
from tests.funds.following import DAYS, Follower
from tests.funds.raw import NOON, add_step, header, insert, step_pk


@pytest.fixture
def follower(funded: Desk) -> Follower:
    return Follower(funded)


class TestPayments:
    @pytest.fixture
    def row(self, follower: Follower) -> dict[str, Any]:
        """A row that ties an investment to a deal that is signed."""
        held = header(follower.at("signed"))
        bought = made(follower.desk.invest("3.00", DAYS["paid"]))
        with scoping.within(EVERYTHING):
            event = HoldingEvent.objects.get(public_id=bought["id"]).pk
        return {
            "public_id": "dp_x", "deal_id": held.pk, "event_id": event, "recorded_at": NOON,
            "recorded_by_id": held.recorded_by_id, "note": "",
        }  # fmt: skip

    def _event(self, public_id: str) -> int:
        with scoping.within(EVERYTHING):
            return HoldingEvent.objects.get(public_id=public_id).pk

    def test_one_investment_pays_one_deal(self, row: dict[str, Any]) -> None:
        insert("funds_dealpayment", **row)
        with pytest.raises(DatabaseError, match="event_id"):
            insert("funds_dealpayment", **{**row, "public_id": "dp_y"})

    def test_of_another_fund_firm_or_kind(self, row: dict[str, Any], follower: Follower, api: Any) -> None:
        name = "a_deal_is_paid_by_its_funds_investment_in_its_firm"
        second = found_fund(api, code="second", name="第二基金")
        for kind in ("commitment", "call", "contribution"):
            made(second.event(kind, "9.00", "2022-06-01", investor=CITY))
        wrong = [
            made(second.invest("1.00", DAYS["paid"]))["id"],
            made(follower.desk.invest("1.00", DAYS["paid"], uscc=OTHER_FIRM, firm_name="另一家"))["id"],
        ]
        bought = made(follower.desk.invest("1.00", DAYS["paid"]))
        wrong += [
            made(follower.desk.exit(bought["holding"], cash="1.00", cost="1.00", on=DAYS["paid"]))["id"],
            made(follower.desk.reverse_deal(bought["id"], DAYS["paid"]))["id"],
        ]
        for event in wrong:
            with pytest.raises(DatabaseError, match=name):
                insert("funds_dealpayment", **{**row, "event_id": self._event(event)})
        with pytest.raises(DatabaseError, match="a_reversed_investment_pays_no_deal"):
            insert("funds_dealpayment", **{**row, "event_id": self._event(bought["id"])})

    def test_before_the_deal_is_signed(self, row: dict[str, Any], follower: Follower) -> None:
        unsigned = header(follower.at("committee")).pk
        early = made(follower.desk.invest("1.00", "2022-07-09"))["id"]
        for change in ({"deal_id": unsigned}, {"event_id": self._event(early)}):
            with pytest.raises(DatabaseError, match="a_deal_is_paid_after_it_is_signed"):
                insert("funds_dealpayment", **{**row, **change})

    def test_a_step_without_its_payment_or_with_a_strange_one(
        self, row: dict[str, Any], follower: Follower
    ) -> None:
        with scoping.within(EVERYTHING):
            deal = Deal.objects.get(pk=row["deal_id"]).public_id
        paid = {"place": 6, "stage": "paid", "at": "paid", "effective_date": DAYS["paid"]}
        with pytest.raises(DatabaseError, match="only_paid_names_a_payment"):
            add_step(deal, **paid)
        insert("funds_dealpayment", **row)
        with scoping.within(EVERYTHING):
            payment = DealPayment.objects.get(public_id="dp_x").pk
        with pytest.raises(DatabaseError, match="only_paid_names_a_payment"):
            add_step(follower.at("met"), payment_id=payment, effective_date=DAYS["paid"])
        with pytest.raises(DatabaseError, match="a_deal_is_paid_on_the_day_of_its_investment"):
            add_step(deal, **{**paid, "effective_date": "2022-07-21"}, payment_id=payment)
        with pytest.raises(DatabaseError, match="step_is_paid_by_a_payment_of_its_deal"):
            add_step(follower.at("signed"), **paid, payment_id=payment)
        add_step(deal, **paid, payment_id=payment)
        with pytest.raises(DatabaseError, match="what_was_paid_is_corrected_in_the_holding"):
            add_step(deal, **paid, public_id="ds_y", payment_id=payment, corrects_id=step_pk("ds_x"))


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"sha256": "A" * 64}, "document_hash_is_a_sha256"),
        ({"sha256": "a" * 63}, "document_hash_is_a_sha256"),
        ({"size": 0}, "document_is_not_empty"),
        ({"name": ""}, "document_name_is_a_plain_name"),
        ({"name": "../x.pdf"}, "document_name_is_a_plain_name"),
        ({"name": "a\\b"}, "document_name_is_a_plain_name"),
        ({"name": "a\nb"}, "document_name_is_a_plain_name"),
        ({"name": "=1+1"}, "document_name_is_a_plain_name"),
        ({"name": "-rf"}, "document_name_is_a_plain_name"),
        ({"name": ".htaccess"}, "document_name_is_a_plain_name"),
        ({"media_type": "pdf"}, "media_type_is_one"),
        ({"media_type": "text/html\r\nX: y"}, "media_type_is_one"),
        ({"sha256": "b" * 64}, "one_copy_of_a_document_per_step"),
    ],
)
def test_a_document_that_is_not_one(follower: Follower, change: dict[str, Any], name: str) -> None:
    deal = follower.at("met")
    step = follower.steps(deal)[0]["id"]
    row = {
        "public_id": "dd_x", "step_id": step_pk(step), "name": "纪要.pdf", "sha256": "b" * 64, "size": 1,
        "media_type": "application/pdf", "uploaded_at": NOON,
        "uploaded_by_id": header(deal).recorded_by_id,
    }  # fmt: skip
    insert("funds_dealdocument", **row)
    with pytest.raises(DatabaseError, match=name):
        insert("funds_dealdocument", **{**row, "public_id": "dd_y", "sha256": "a" * 64, **change})
