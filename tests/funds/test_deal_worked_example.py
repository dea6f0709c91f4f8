"""A deal from the roadshow to the exit, over HTTP, and others beside it on the board."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from finance_hub.kernel.audit import verify
from finance_hub.kernel.models import AuditEntry, Firm
from tests.cast import Api
from tests.funds.conftest import FIRM, OTHER_FIRM, Desk, made
from tests.funds.following import DAYS, DECISION, NAME, Follower, digest_of


@pytest.fixture
def follower(funded: Desk) -> Follower:
    return Follower(funded)


def test_a_deal_from_the_roadshow_to_the_exit(follower: Follower) -> None:
    # The firm is known by name alone, until screening wants its code: the registry learns of it then.
    opened = follower.api.post(
        "/deals",
        {
            "fund": "angel", "firm_name": NAME, "title": "示例科技 A 轮", "source": "roadshow",
            "instrument": "equity", "planned_amount": "4000000.00", "lead": "陈某",
            "effective_date": DAYS["met"],
        },
    )  # fmt: skip
    deal = made(opened)
    assert (opened["Location"], opened["ETag"]) == (f"/api/v1/deals/{deal['id']}", '"1"')
    assert (deal["stage"], deal["firm"]) == ("met", {"uscc": None, "name": NAME})
    edited = follower.edit(deal["id"], 1, uscc=FIRM, planned_amount="3000000.00")
    assert (edited.status_code, edited["ETag"]) == (200, '"2"')
    assert edited.json()["firm"] == {"uscc": FIRM, "name": NAME}
    assert Firm.objects.get(uscc=FIRM).verified is False

    made(follower.step(deal["id"], "screening"))
    skipped = [{"stage": "due_diligence", "reason": "跟投，采用领投方报告"}]
    voted = made(follower.step(deal["id"], "committee", skipped=skipped, decision=DECISION))
    assert voted["decision"] == DECISION
    minutes = "投决会纪要".encode()
    kept = made(follower.upload(deal["id"], voted["id"], minutes, Content_Digest=digest_of(minutes)))
    assert (kept["sha256"], kept["size"]) == (hashlib.sha256(minutes).hexdigest(), len(minutes))
    made(follower.step(deal["id"], "signed"))
    assert follower.board() == {"signed": (1, "3000000.00")}

    # Two tranches: 2 of 3 million leave the deal half paid, the third million completes it.
    first = made(follower.desk.invest("2000000.00", DAYS["paid"]))
    paid = made(follower.step(deal["id"], "paid", investment=first["id"]))
    assert paid["investment"] == first["id"]
    shown = follower.shown(deal["id"])
    assert (shown["stage"], shown["paid_amount"]) == ("paid", "2000000.00")
    second = made(follower.desk.invest("1000000.00", "2022-09-20"))
    made(follower.pay(deal["id"], second["id"]))
    shown = follower.shown(deal["id"])
    assert (shown["stage"], shown["paid_amount"]) == ("held", "3000000.00")
    assert (shown["step_date"], shown["last_paid_on"]) == (DAYS["paid"], "2022-09-20")

    # What follows is recorded of the holding alone: a third sold, the rest sold, and the deal is exited.
    holding = first["holding"]
    made(follower.desk.exit(holding, cash="2000000.00", cost="1000000.00", on="2024-03-01"))
    assert follower.shown(deal["id"])["stage"] == "held"
    made(follower.desk.exit(holding, cash="5000000.00", cost="2000000.00", on="2024-05-01"))
    assert follower.shown(deal["id"])["stage"] == "exited"
    assert follower.board() == {"exited": (1, "3000000.00")}
    assert [(step["stage"], step["skipped"]) for step in follower.steps(deal["id"])] == [
        ("met", False),
        ("screening", False),
        ("due_diligence", True),
        ("committee", False),
        ("signed", False),
        ("paid", False),
    ]
    trail = AuditEntry.objects.filter(subject=f"deal:{deal['id']}").order_by("seq")
    assert [entry.action for entry in trail] == [
        "deal.open", "deal.edit", "deal.screening", "deal.committee", "deal.document", "deal.signed",
        "deal.paid", "deal.pay",
    ]  # fmt: skip
    assert verify() is None


def test_the_last_release_says_whether_a_deal_was_exited_or_written_off(follower: Follower) -> None:
    deal = follower.at("paid")
    holding = follower.api.get(f"/deals/{deal}/payments").json()["data"][0]["holding"]
    made(follower.desk.exit(holding, cash="1.00", cost="1000000.00", on="2023-01-01"))
    loss = made(follower.desk.write_off(holding, cost="2000000.00", on="2023-02-01"))
    assert follower.shown(deal)["stage"] == "written_off"
    made(follower.desk.reverse_deal(loss["id"], "2023-02-01"))
    assert follower.shown(deal)["stage"] == "held"
    made(follower.desk.write_off(holding, cost="1000000.00", on="2023-03-01"))
    made(follower.desk.exit(holding, cash="1.00", cost="1000000.00", on="2023-03-01"))
    assert follower.shown(deal)["stage"] == "exited"


def test_a_second_round_in_a_firm_is_a_deal_of_its_own_and_does_not_revive_the_first(
    follower: Follower,
) -> None:
    first = follower.at("paid")
    holding = follower.api.get(f"/deals/{first}/payments").json()["data"][0]["holding"]
    made(follower.desk.exit(holding, cash="9000000.00", cost="3000000.00", on="2023-01-01"))
    second = follower.at("signed")
    again = made(follower.desk.invest("3000000.00", "2023-05-01"))
    assert again["holding"] == holding
    made(follower.step(second, "paid", "2023-05-01", investment=again["id"]))
    assert [follower.shown(deal)["stage"] for deal in (first, second)] == ["exited", "held"]
    made(follower.desk.write_off(holding, cost="3000000.00", on="2024-01-01"))
    assert [follower.shown(deal)["stage"] for deal in (first, second)] == ["exited", "written_off"]


def test_a_deal_whose_investment_was_reversed_says_so_until_it_is_paid_again(follower: Follower) -> None:
    deal = follower.at("paid")
    tranche = follower.api.get(f"/deals/{deal}/payments").json()["data"][0]
    assert (tranche["amount"], tranche["reversed_on"]) == ("3000000.00", None)
    made(follower.desk.reverse_deal(tranche["investment"], "2022-08-01"))
    shown = follower.shown(deal)
    assert (shown["stage"], shown["payment_reversed"]) == ("reversed", True)
    assert (shown["paid_amount"], shown["last_paid_on"]) == ("0.00", None)
    assert follower.api.get(f"/deals/{deal}/payments").json()["data"][0]["reversed_on"] == "2022-08-01"
    again = made(follower.desk.invest("3000000.00", "2022-08-02"))
    made(follower.pay(deal, again["id"]))
    shown = follower.shown(deal)
    assert (shown["stage"], shown["payment_reversed"]) == ("held", True)


@pytest.mark.parametrize("stage", ["met", "screening", "due_diligence", "committee"])
def test_a_deal_given_up_is_reopened_where_it_was(follower: Follower, stage: str) -> None:
    deal = follower.at(stage)
    made(follower.decline(deal, "2022-07-02"))
    assert follower.shown(deal)["stage"] == "declined"
    made(follower.step(deal, "reopened", "2022-07-03", reason="条件已变"))
    assert follower.shown(deal)["stage"] == stage
    made(follower.step(deal, "withdrawn", "2022-07-04", reason="企业另选投资人"))
    assert (follower.shown(deal)["stage"], follower.shown(deal)["step_date"]) == ("withdrawn", "2022-07-04")
    made(follower.step(deal, "reopened", "2022-07-05", reason="企业回头"))
    onward = {"met": "screening", "screening": "due_diligence", "committee": "signed"}.get(stage)
    if onward:
        made(follower.step(deal, onward, "2022-07-10"))
        assert follower.shown(deal)["stage"] == onward


def test_a_correction_takes_the_place_of_the_step_it_names(follower: Follower) -> None:
    deal = follower.at("committee")
    _, screening, _, committee = follower.steps(deal)
    right = made(follower.step(deal, "screening", "2022-06-08", corrects=screening["id"], note="笔误"))
    assert right["corrects"] == screening["id"]
    assert follower.steps(deal)[1]["corrected_by"] == right["id"]
    # The last step may turn out to have been another one: the committee did not agree after all.
    made(
        follower.step(
            deal, "declined", "2022-07-01", corrects=committee["id"], reason="未获通过", decision=DECISION
        )
    )
    assert follower.shown(deal)["stage"] == "declined"
    made(follower.step(deal, "reopened", "2022-07-05", reason="补充材料"))
    assert follower.shown(deal)["stage"] == "due_diligence"


def test_a_stage_that_was_left_out_may_turn_out_to_have_been_passed(follower: Follower) -> None:
    deal = follower.at("screening")
    skipped = [{"stage": "due_diligence", "reason": "跟投"}]
    made(follower.step(deal, "committee", skipped=skipped, decision=DECISION))
    left_out = follower.steps(deal)[2]
    made(follower.step(deal, "due_diligence", "2022-06-20", corrects=left_out["id"]))
    assert follower.shown(deal)["stage"] == "committee"


def test_lists_are_filtered_and_paged(follower: Follower, api: Callable[[str], Api]) -> None:
    met = [made(follower.open(title=f"项目 {number}"))["id"] for number in range(3)]
    other = made(follower.open(uscc=OTHER_FIRM, firm_name="另一家企业"))["id"]
    screened = follower.at("screening")

    def ids(query: str) -> list[str]:
        return [row["id"] for row in api("auditor").get(f"/deals?{query}").json()["data"]]

    assert ids("") == [screened, other, *met[::-1]]
    assert ids("stage=screening") == [screened]
    assert ids(f"firm={OTHER_FIRM}&fund=angel&stage=met") == [other]
    first = follower.api.get("/deals?limit=2&stage=met").json()
    rest = follower.api.get(f"/deals?limit=2&stage=met&cursor={first['next_cursor']}").json()
    assert [row["id"] for row in first["data"] + rest["data"]] == [other, *met[::-1]]
    assert (first["has_more"], rest["has_more"]) == (True, False)


def test_the_board_counts_every_standing(follower: Follower) -> None:
    follower.at("met")
    follower.at("met", planned_amount="500000.50")
    follower.at("signed")
    made(follower.decline(follower.at("screening"), "2022-07-02"))
    stages = follower.api.get("/funds/angel/pipeline").json()["stages"]
    assert [row["stage"] for row in stages] == [
        "met", "screening", "due_diligence", "committee", "signed", "paid", "held", "exited", "written_off",
        "reversed", "declined", "withdrawn",
    ]  # fmt: skip
    assert follower.board() == {
        "met": (2, "3500000.50"),
        "signed": (1, "3000000.00"),
        "declined": (1, "3000000.00"),
    }


def test_no_list_asks_more_for_more_rows(follower: Follower) -> None:
    def statements(path: str) -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert follower.api.get(path).status_code == 200
        return len(asked)

    deal = follower.at("paid")
    step = follower.steps(deal)[0]["id"]
    made(follower.upload(deal, step, b"a"))
    paths = [
        "/deals", "/funds/angel/pipeline", f"/deals/{deal}/steps", f"/deals/{deal}/payments",
        f"/deals/{deal}/documents",
    ]  # fmt: skip
    before = [statements(path) for path in paths]
    made(follower.upload(deal, step, b"b"))
    assert follower.edit(deal, 1, planned_amount="3000001.00").status_code == 200
    more = made(follower.desk.invest("1.00", "2022-08-01"))
    made(follower.pay(deal, more["id"]))
    for _ in range(3):
        follower.at("committee")
    assert [statements(path) for path in paths] == before
