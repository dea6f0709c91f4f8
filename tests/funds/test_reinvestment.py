"""返投: the same yuan once, the higher case wins, a better one adds the difference; worked by hand."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from finance_hub.kernel import scoping
from finance_hub.kernel.access import EVERYTHING
from funds import fund_policy, queries
from funds.models import Fund, Recognition
from funds.operations import reinvestment as operations
from tests.cast import Api, Cast
from tests.funds.conftest import FIRM, OTHER_FIRM, Desk, found_fund, made, refused
from tests.funds.raw import insert
from tests.funds.test_terms import agree

Speak = Callable[[str], Api]
RULES = {
    "valid_from": "2022-06-01", "document": "返投认定办法（示例）", "invested": "1", "own_input": "1", "introduced": "0.3",
    "relocated": "1.5", "taxes_and_fees": "0",
}  # fmt: skip


class Centre:
    """What the centre's maker does with the reinvestment of one fund."""

    def __init__(self, api: Api, fund: str = "angel") -> None:
        self.api, self.fund = api, fund

    def rule(self, **changes: Any) -> Any:
        return self.api.post(f"/funds/{self.fund}/reinvestment-rules", {**RULES, **changes})

    def recognise(self, route: str, base: str, on: str = "2024-03-31", **more: str) -> Any:
        body = {
            "uscc": FIRM,
            "firm_name": "桐乡示例科技有限公司",
            "reference": "审〔2024〕1号",
            "evidence": "审计报告",
        }
        return self.api.post(
            f"/funds/{self.fund}/recognitions",
            {**body, "route": route, "base": base, "effective_date": on, **more},
        )

    def reverse(self, case: str, on: str) -> Any:
        body = {"effective_date": on, "evidence": "撤回"}
        return self.api.post(f"/funds/{self.fund}/recognitions/{case}/reverse", body)

    def correct(self, case: str, route: str, base: str, on: str = "2024-03-31") -> Any:
        body = {"route": route, "base": base, "effective_date": on, "evidence": "更正"}
        return self.api.post(f"/funds/{self.fund}/recognitions/{case}/correct", body)

    def stands(self, **asked: str) -> dict[str, Any]:
        query = "&".join(f"{name}={value}" for name, value in asked.items())
        answer = self.api.get(f"/funds/{self.fund}/reinvestment?{query}")
        assert answer.status_code == 200, answer.content
        shown: dict[str, Any] = answer.json()
        return shown

    def counted(self, on: str = "2026-01-01") -> str:
        return str(self.stands(as_of=on)["recognised"])


@pytest.fixture
def centre(funded: Desk, api: Speak) -> Centre:
    """50 million of fiscal money are paid in of 100 committed; the rules are published."""
    desk = Centre(api("maker"))
    made(desk.rule())
    return desk


def test_a_fund_worked_by_hand(centre: Centre, funded: Desk) -> None:
    """Million yuan: 8 of own input; a firm invested in that puts in 20; one that is introduced with 10, of which
    30 % count, and later invested in, so that the other 70 % are added; taxes of 5 never count.

    8 + 20 + 10 = 38: 0.76 of 50 paid in, 0.38 of 100 committed; due 1.5 × 50 = 75, so 37 are left.
    """
    made(agree(funded, reinvestment_multiple="1.5", reinvestment_base="paid_in"))
    made(centre.recognise("own_input", "8000000.00", reference="A", on="2023-01-31"))
    made(funded.invest("9000000.00", "2022-09-15"))
    made(centre.recognise("invested", "20000000.00", reference="B"))
    introduced = {"uscc": OTHER_FIRM, "firm_name": "另一家企业", "reference": "C"}
    assert made(centre.recognise("introduced", "10000000.00", **introduced))["recognised"] == "3000000.00"
    assert centre.counted() == "31000000.00"
    made(funded.invest("6000000.00", "2024-05-01", uscc=OTHER_FIRM, firm_name="另一家企业"))
    made(centre.recognise("invested", "10000000.00", on="2024-12-31", **introduced))
    assert made(centre.recognise("taxes_and_fees", "5000000.00", reference="D"))["recognised"] == "0.00"

    shown = centre.stands(as_of="2025-12-31")
    assert (shown["recognised"], shown["due"], shown["left"]) == ("38000000.00", "75000000.00", "37000000.00")
    assert shown["by_route"] == {"own_input": "8000000.00", "invested": "30000000.00"}
    assert shown["to_fiscal_paid_in"] == {"value": "0.7600", "reason": None}
    assert shown["to_fiscal_committed"] == {"value": "0.3800", "reason": None}
    assert (shown["base"], shown["base_amount"]) == ("paid_in", "50000000.00")
    assert [(one["reference"], one["recognised"]) for one in shown["inputs"]] == [
        ("B", "20000000.00"), ("C", "10000000.00"), ("A", "8000000.00"), ("D", "0.00"),
    ]  # fmt: skip
    assert centre.counted("2024-12-30") == "31000000.00"
    assert centre.counted("2023-01-30") == "0.00"


def test_a_firm_that_moves_counts_one_and_a_half_times_what_the_fund_paid(
    centre: Centre, funded: Desk
) -> None:
    """9 paid: 13.5. What the firm had put in, 12, is the same money: 1.5 are added. More than 9 never moves."""
    made(funded.invest("9000000.00", "2022-09-15"))
    made(centre.recognise("invested", "12000000.00"))
    made(centre.recognise("relocated", "9000000.00", on="2024-06-30"))
    assert (centre.counted("2024-06-29"), centre.counted()) == ("12000000.00", "13500000.00")
    problem = refused(centre.recognise("relocated", "0.01", reference="X"), 422, "base-above-payment")
    assert problem["errors"][0]["context"] == {"room": "0.00"}
    assert centre.counted() == "13500000.00"


def test_a_lower_case_that_comes_later_changes_nothing(centre: Centre, funded: Desk) -> None:
    made(centre.recognise("own_input", "100.00"))
    made(centre.recognise("own_input", "60.00", on="2024-06-30"))
    assert centre.counted() == "100.00"


def test_what_is_taken_back_counts_until_that_day_and_the_next_best_case_after_it(centre: Centre) -> None:
    lower = made(centre.recognise("own_input", "60.00"))
    higher = made(centre.recognise("own_input", "100.00", on="2024-06-30"))
    made(centre.reverse(higher["id"], "2025-01-01"))
    assert [centre.counted(day) for day in ("2024-06-29", "2024-12-31", "2025-01-01")] == [
        "60.00", "100.00", "60.00",
    ]  # fmt: skip
    refused(centre.reverse(higher["id"], "2025-01-02"), 409, "already-reversed")
    refused(centre.reverse(lower["id"], "2024-03-30"), 422, "reversal-before-its-event")
    listed = centre.api.get("/funds/angel/recognitions").json()["data"]
    assert listed[0]["reverses"] == higher["id"]
    refused(centre.reverse(listed[0]["id"], "2025-01-02"), 409, "reversal-of-a-reversal")


def test_a_correction_takes_its_place_from_the_first_day_on(centre: Centre) -> None:
    wrong = made(centre.recognise("own_input", "100.00"))
    right = made(centre.correct(wrong["id"], "introduced", "100.00"))
    assert (right["corrects"], right["recognised"], right["reference"]) == (
        wrong["id"], "30.00", wrong["reference"],
    )  # fmt: skip
    assert centre.counted("2024-03-31") == "30.00"
    refused(centre.correct(wrong["id"], "own_input", "1.00"), 409, "already-reversed")
    then = wrong["recorded_at"].replace("+", "%2B")
    assert centre.stands(as_of="2026-01-01", known_at=then)["recognised"] == "0.00"  # within that second


def test_the_rules_of_the_day_decide_and_are_kept_with_the_case(centre: Centre) -> None:
    made(centre.rule(valid_from="2025-01-01", introduced="0.5", relocated=None))
    first = made(centre.recognise("introduced", "100.00", reference="A", on="2024-12-31"))
    later = made(centre.recognise("introduced", "100.00", reference="B", on="2025-01-01"))
    assert (first["factor"], later["factor"]) == ("0.3000", "0.5000")
    refused(
        centre.recognise("relocated", "1.00", reference="C", on="2025-01-01"), 422, "route-not-recognised"
    )
    assert centre.counted() == "80.00"


def test_half_a_fen_is_rounded_up(centre: Centre) -> None:
    assert made(centre.recognise("introduced", "0.05"))["recognised"] == "0.02"  # 0.015


def test_the_same_money_counts_for_one_fund(centre: Centre, api: Speak) -> None:
    found_fund(api, code="other", manager="industry-manager")
    other = Centre(api("maker"), "other")
    made(other.rule())
    first = made(centre.recognise("own_input", "100.00"))
    refused(other.recognise("own_input", "100.00"), 409, "input-counts-elsewhere")
    made(other.recognise("own_input", "70.00", reference="another"))
    assert (centre.counted(), other.counted()) == ("100.00", "70.00")
    made(centre.reverse(first["id"], "2024-03-31"))  # entered for the wrong fund
    made(other.recognise("own_input", "100.00"))
    assert (centre.counted(), other.counted()) == ("0.00", "170.00")
    refused(centre.recognise("own_input", "100.00"), 409, "input-counts-elsewhere")


def test_a_firm_below_a_sub_fund_is_invested_in(centre: Centre, api: Speak) -> None:
    sub = found_fund(api, code="sub", tier="sub", manager="industry-manager")
    made(sub.api.post("/funds/sub/investors", {"name": "母基金", "capital": "state", "holder": "angel"}))
    for kind in ("commitment", "call", "contribution"):
        made(sub.event(kind, "10000000.00", "2022-07-01", investor="母基金"))
    refused(centre.recognise("invested", "1.00"), 422, "firm-is-no-investee")
    made(sub.invest("4000000.00", "2022-08-01"))
    assert made(centre.recognise("relocated", "4000000.00"))["recognised"] == "6000000.00"
    refused(centre.recognise("introduced", "1.00", reference="B"), 422, "firm-is-an-investee")


class TestWhatIsAskedFor:
    @pytest.mark.parametrize(
        ("base", "amount"),
        [
            ("commitment", "100000000.00"),
            ("paid_in", "50000000.00"),
            ("invested", "9000000.00"),
            ("net_assets", "53000000.00"),
        ],
    )
    def test_is_a_multiple_of_its_base(self, centre: Centre, funded: Desk, base: str, amount: str) -> None:
        """9 invested, now worth 12: net assets 41 + 12 million."""
        made(agree(funded, reinvestment_multiple="2", reinvestment_base=base))
        holding = made(funded.invest("9000000.00", "2022-09-15"))["holding"]
        made(funded.value(holding, at="12000000.00", on="2023-01-01"))
        shown = centre.stands()
        assert (shown["base_amount"], Decimal(shown["due"])) == (amount, 2 * Decimal(amount))

    def test_is_nothing_without_a_clause_and_no_ratio_without_fiscal_money(
        self, angel: Desk, api: Speak
    ) -> None:
        shown = Centre(api("maker")).stands()
        nothing = ("multiple", "base", "due", "left", "score_asked", "score_reached")
        assert [shown[name] for name in nothing] == [None] * len(nothing)
        assert shown["to_fiscal_paid_in"] == {"value": None, "reason": "no-denominator"}
        made(agree(angel))
        assert Centre(api("maker")).stands()["score_asked"]["points"] == 3  # nothing is asked for

    @pytest.mark.parametrize(
        ("ratio", "points"),
        [(None, 3), ("0.4999", 3), ("0.5", 2), ("0.9999", 2), ("1", 1), ("1.4999", 1), ("1.5", 0), ("9", 0)],
    )
    def test_scores_lower_the_higher_it_is(self, ratio: str | None, points: int) -> None:
        score = fund_policy.reinvestment_score(ratio and Decimal(ratio), day=date(2026, 1, 12))  # type: ignore[arg-type]
        assert score
        assert score.points == points

    def test_has_no_score_before_the_scoring_was_published(self) -> None:
        assert fund_policy.reinvestment_score(None, day=date(2026, 1, 11)) is None


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
    ready, answers = threading.Barrier(8), []

    def act(fund: str) -> None:
        ready.wait()
        try:
            answers.append((fund, Centre(speak("maker"), fund).recognise("own_input", "100.00").status_code))
        finally:
            connection.close()

    threads = [threading.Thread(target=act, args=(("angel", "other")[n % 2],)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (winner,) = {fund for fund, status in answers if status == 201}
    (other,) = {"angel", "other"} - {winner}
    assert sorted(answers) == sorted([(winner, 201)] * 4 + [(other, 409)] * 4)
    assert [Centre(speak("maker"), fund).counted() for fund in (winner, other)] == ["100.00", "0.00"]


ROUTES = ("own_input", "introduced")
CASES = st.lists(
    st.tuples(st.sampled_from("ABC"), st.sampled_from(ROUTES), st.integers(1, 10**9)), min_size=1, max_size=6
)


@pytest.mark.usefixtures("centre")
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cases=CASES)
def test_no_case_takes_anything_away_and_no_yuan_counts_twice(cast: Cast, cases: list[Any]) -> None:
    """Whatever is recognised in whatever order: each case adds what it has above the best one of its money."""
    with scoping.within(EVERYTHING), transaction.atomic():
        fund, best = Fund.objects.get(code="angel"), {name: Decimal(0) for name in "ABC"}
        before, now = Decimal(0), timezone.now()
        for reference, route, cents in cases:
            case = operations.recognise(
                fund="angel", uscc=FIRM, firm_name="桐乡示例科技有限公司", reference=reference, route=route,
                base=Decimal(cents) / 100, effective_date=date(2024, 3, 31), evidence="审计报告",
                by=cast["maker"], now=now,
            )  # fmt: skip
            after = queries.reinvestment(fund, as_of=date(2025, 1, 1), known_at=now).recognised
            assert after - before == max(Decimal(0), case.recognised - best[reference])
            best[reference] = max(best[reference], case.recognised)
            before = after
        assert before == sum(best.values())
        assert before <= sum(Decimal(cents) for _, _, cents in cases) / 100
        transaction.set_rollback(True)


def test_the_frames_say_what_the_fund_itself_says(centre: Centre, funded: Desk, api: Speak) -> None:
    """Whatever the base, over all funds at once as of one alone."""
    found_fund(api, code="other", manager="industry-manager")
    made(agree(Desk(api("manager_industry"), "other")))
    made(centre.recognise("own_input", "100.00"))
    holding = made(funded.invest("9000000.00", "2022-09-15"))["holding"]
    made(funded.value(holding, at="12000000.00", on="2023-01-01"))
    for base in ("commitment", "paid_in", "invested", "net_assets"):
        made(agree(funded, reinvestment_multiple="2", reinvestment_base=base))
        with scoping.within(EVERYTHING):
            when: dict[str, Any] = {"as_of": date(2026, 1, 1), "known_at": timezone.now()}
            fund, other = Fund.objects.get(code="angel"), Fund.objects.get(code="other")
            alone = queries.reinvestment(fund, **when)
            rows = {row.fund_id: row for row in queries.due_frame(**when)}
            (counted,) = queries.recognised_frame(**when)
        assert alone.base_amount is not None
        assert (rows[fund.pk].base, rows[fund.pk].base_fen) == (base, alone.base_amount * 100)
        assert rows[other.pk].multiple is None
        assert (counted.fund_id, counted.recognised_fen) == (fund.pk, alone.recognised * 100)
