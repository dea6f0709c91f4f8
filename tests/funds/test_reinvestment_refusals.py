"""返投 that is not recognised: refused by operations, by the database, and where two recognise the same money at once."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError

from finance_hub.kernel import scoping
from finance_hub.kernel.access import EVERYTHING
from funds.models import Recognition
from tests.cast import Api, Cast
from tests.funds.conftest import OTHER_FIRM, Desk, found_fund, made, refused
from tests.funds.raw import insert
from tests.funds.reinvesting import Centre, Speak, centre
from tests.kernel.threads import at_once

__all__ = ["centre"]  # fixture


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"base": "0.00"}, 422, "amount-not-positive"),
        ({"base": "1.001"}, 422, "amount-scale"),
        ({"base": 1}, 422, "amount-not-a-string"),
        ({"on": "2099-01-01"}, 422, "date-in-future"),
        ({"on": "2022-05-31"}, 422, "date-before-establishment"),
        ({"route": "gift"}, 422, "invalid_choice"),
        ({"route": "invested"}, 422, "firm-is-no-investee"),
        ({"route": "relocated"}, 422, "firm-is-no-investee"),
        ({"evidence": ""}, 422, "blank"),
        ({"reference": " "}, 422, "blank"),
        ({"uscc": "91330483MA2B9PTN03"}, 422, "uscc-check-character"),
        ({"uscc": OTHER_FIRM, "firm_name": ""}, 422, "blank"),
    ],
)
def test_what_is_not_recognised(centre: Centre, changes: dict[str, Any], status: int, code: str) -> None:
    body = {"route": "own_input", "base": "100.00", **changes}
    refused(centre.recognise(**body), status, code)
    assert centre.counted() == "0.00"


def test_nothing_is_recognised_without_rules(funded: Desk, api: Speak) -> None:
    desk = Centre(api("maker"))
    refused(desk.recognise("own_input", "1.00"), 409, "no-reinvestment-rules")
    refused(desk.rule(valid_from="2022-05-31"), 422, "date-before-establishment")
    refused(
        desk.rule(**dict.fromkeys(("invested", "own_input", "introduced", "relocated"))),
        422,
        "nothing-recognised",
    )
    refused(desk.rule(invested="100"), 422, "max_value")
    made(desk.rule(valid_from="2024-04-01"))
    refused(desk.recognise("own_input", "1.00", on="2024-03-31"), 409, "no-reinvestment-rules")


def test_only_the_centre_recognises_and_only_the_funds_manager_reads(centre: Centre, api: Speak) -> None:
    case = made(centre.recognise("own_input", "100.00"))["id"]
    for who in ("manager_angel", "approver", "auditor"):
        assert Centre(api(who)).recognise("own_input", "1.00").status_code == 403
        assert Centre(api(who)).rule().status_code == 403
        assert Centre(api(who)).counted() == "100.00"
    for path in ("reinvestment", "reinvestment-rules", "recognitions"):
        refused(api("manager_industry").get(f"/funds/angel/{path}"), 404, "not-found")
        assert api("bank_a").get(f"/funds/angel/{path}").status_code == 403
    found_fund(api, code="other", manager="industry-manager")
    refused(Centre(api("maker"), "other").reverse(case, "2024-04-01"), 404, "not-found")


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"base": "0.00", "recognised": "0.00"}, "recognised_base_is_positive"),
        ({"base": "NaN", "recognised": "NaN"}, "recognised_(base|amount)_is_"),
        ({"recognised": "100.01"}, "recognised_is_base_times_factor"),
        ({"route": "gift"}, "recognition_has_the_factor_of_its_rules"),
        ({"evidence": " "}, "recognition_has_its_evidence"),
        ({"factor": "2.0000", "recognised": "200.00"}, "recognition_has_the_factor_of_its_rules"),
        ({"route": "relocated"}, "recognition_has_the_factor_of_its_rules"),
        ({"effective_date": "2022-05-31"}, "recognition_goes_by_rules_of_its_fund_in_force"),
    ],
)
def test_what_the_database_refuses(centre: Centre, change: dict[str, Any], name: str) -> None:
    made(centre.recognise("own_input", "100.00"))
    with scoping.within(EVERYTHING):
        row = Recognition.objects.values().get()
    row.pop("id")
    _refused_by_the_database({**row, "public_id": "rc_x", **change}, name)


def test_the_database_keeps_money_from_counting_for_two_funds_and_a_reversal_to_its_case(
    centre: Centre, api: Speak
) -> None:
    case = made(centre.recognise("own_input", "100.00"))
    found_fund(api, code="other", manager="industry-manager")
    other = Centre(api("maker"), "other")
    made(other.rule())
    made(other.recognise("own_input", "1.00", reference="B"))
    with scoping.within(EVERYTHING):
        row = Recognition.objects.values().get(public_id=case["id"])
        second = Recognition.objects.get(input__fund__code="other")
        place = second.input
        place.pk, place.public_id, place.reference = None, "li_x", "审〔2024〕1号"
        place.save()
    first = row.pop("id")
    row |= {"public_id": "rc_x"}
    _refused_by_the_database(
        {**row, "input_id": place.pk, "rules_id": second.rules_id}, "local_input_counts_for_one_fund"
    )
    _refused_by_the_database(
        {**row, "rules_id": second.rules_id}, "recognition_goes_by_rules_of_its_fund_in_force"
    )
    _refused_by_the_database(
        {**row, "reverses_id": first, "base": "90.00", "recognised": "90.00"},
        "reversal_repeats_the_recognition",
    )
    _refused_by_the_database({**row, "corrects_id": second.pk}, "corrected_recognition_is_of_the_same_input")


def _refused_by_the_database(row: dict[str, Any], name: str) -> None:
    with pytest.raises(DatabaseError, match=name):
        insert("funds_recognition", **row)


def test_two_who_recognise_the_same_money_for_two_funds_at_once_are_one(committed: Cast) -> None:
    def speak(name: str) -> Api:
        return Api(committed.key(name))

    for code, manager in (("angel", "angel-manager"), ("other", "industry-manager")):
        found_fund(speak, code=code, manager=manager)
        made(Centre(speak("maker"), code).rule())

    def act(number: int) -> tuple[str, int]:
        fund = ("angel", "other")[number % 2]
        return fund, Centre(speak("maker"), fund).recognise("own_input", "100.00").status_code

    answers = at_once(8, act)
    (winner,) = {fund for fund, status in answers if status == 201}
    (other,) = {"angel", "other"} - {winner}
    assert sorted(answers) == sorted([(winner, 201)] * 4 + [(other, 409)] * 4)
    assert [Centre(speak("maker"), fund).counted() for fund in (winner, other)] == ["100.00", "0.00"]
