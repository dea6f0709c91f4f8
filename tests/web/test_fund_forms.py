"""The forms of a fund's manager: whose they are, a single entry, and that each enters once."""

from __future__ import annotations

import html
import re
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from finance_hub.web import once
from tests.cast import Cast
from tests.funds.conftest import CITY, COMPANY, Desk
from tests.web import reporting
from tests.web.conftest import Browse
from tests.web.funding import (
    EVENT,
    PAGE,
    entered,
    entries,
    entry_of,
    fields_of,
    opened,
    refused,
    send,
)


class TestASingleEntry:
    def test_is_entered_as_it_was_typed(self, manager: Client) -> None:
        answer = send(
            manager, EVENT, kind="fee", amount="￥1,234,567.89", effective_date="2024/6/1", note="六月"
        )

        entered(answer, manager, "已登记，见流水最上方。")
        assert entries()[0] == ("fee", None, "1234567.89", date(2024, 6, 1))

    def test_of_an_investor_bears_its_marks(self, manager: Client) -> None:
        answer = send(
            manager, EVENT, kind="distribution", investor=CITY, amount="1000.00", effective_date="2024-06-01",
            nature="income", recallable="yes",
        )  # fmt: skip

        entered(answer, manager, "分配 股息利息、可再催缴")

    @pytest.mark.parametrize(
        ("typed", "field", "sentence"),
        [
            ({"kind": ""}, "kind", "必填"),
            ({"kind": "gift"}, "kind", "不在允许的取值之内"),
            ({"amount": ""}, "amount", "必填"),
            ({"amount": "1.234"}, "amount", "金额最多两位小数"),
            ({"amount": "0"}, "amount", "金额须大于零"),
            ({"amount": "-5"}, "amount", "金额须大于零"),
            ({"effective_date": "2024-02-30"}, "effective_date", "日期须写作"),
            ({"effective_date": "2099-01-01"}, "effective_date", "日期不能在未来"),
            ({"effective_date": "2022-05-31"}, "effective_date", "日期早于基金成立日 2022-06-01"),
            ({"investor": CITY}, "investor", "此类事项不涉及出资人"),
            ({"investor": "路人"}, "investor", "不在允许的取值之内"),
            ({"kind": "call"}, "investor", "须指明出资人"),
            ({"nature": "gain"}, "nature", "此类事项没有该属性"),
            ({"recallable": "yes"}, "recallable", "此类事项没有该属性"),
            ({"outside_commitment": "yes"}, "outside_commitment", "此类事项没有该属性"),
            ({"amount": "14000000.01"}, "amount", "该日起基金现金最低为 14000000.00 元"),
            ({"kind": "call", "investor": CITY, "amount": "42000000.01"}, "amount", "最低为 42000000.00 元"),
            ({"kind": "contribution", "investor": CITY}, "amount", "已催缴未缴最低为 0.00 元"),
            ({"note": "长" * 501}, "note", "过长"),
        ],
    )  # fmt: skip
    def test_is_refused_beside_its_field_and_nothing_typed_is_lost(
        self, manager: Client, typed: dict[str, str], field: str, sentence: str
    ) -> None:
        before = entries()
        said = {"kind": "fee", "amount": "12.00", "effective_date": "2024-06-01", "note": "备注", **typed}
        answer = send(manager, EVENT, **said)

        assert sentence in refused(answer, field)[0]
        kept = fields_of(answer.content.decode())
        assert {name: html.unescape(kept.get(name, "")) for name in said if name != "kind"} == {
            name: value if name != "investor" or value == CITY else ""
            for name, value in said.items()
            if name != "kind"
        }
        assert entries() == before

    def test_tells_all_that_is_wrong_at_once(self, manager: Client) -> None:
        refused(send(manager, EVENT, amount="x", effective_date="y"), "kind", "amount", "effective_date")

    def test_is_refused_in_english_too(self, browse: Browse, manager: Client) -> None:
        client = browse("manager_angel", language="en")
        answer = send(client, EVENT, kind="fee", amount="99000000", effective_date="2024-06-01")

        assert "the fund's cash is 14000000.00 at its lowest" in refused(answer, "amount")[0]
        assert "<title>Error:" in answer.content.decode()


class TestSendingTwice:
    FEE = {"kind": "fee", "amount": "7.00", "effective_date": "2024-06-01"}

    def test_enters_once_and_leads_to_the_same_page(self, manager: Client) -> None:
        form = {**opened(manager, EVENT), **self.FEE}
        first, second = manager.post(EVENT, form), manager.post(EVENT, form)

        assert first["Location"] == second["Location"] == f"{PAGE}#ledger"
        assert len(entries("fee")) == 2  # the one of 2023 and this one

    def test_with_other_words_is_refused(self, manager: Client) -> None:
        form = {**opened(manager, EVENT), **self.FEE}
        manager.post(EVENT, form)
        answer = manager.post(EVENT, {**form, "amount": "8.00"})

        assert answer.status_code == 409
        assert "这张表单已经登记过" in reporting.read_answer(answer)
        assert [amount for _k, _i, amount, _d in entries("fee")] == ["7.00", "1000000.00"]

    def test_mended_after_a_refusal_is_entered(self, manager: Client) -> None:
        form = {**opened(manager, EVENT), **self.FEE}
        refused(manager.post(EVENT, {**form, "amount": "99000000.00"}), "amount")
        entered(manager.post(EVENT, form), manager, "已登记")
        assert entries()[0][2] == "7.00"

    @pytest.mark.parametrize("token", ["", "x", "G" * 32, "0" * 31])
    def test_a_form_that_is_none_of_ours_is_refused(self, manager: Client, token: str) -> None:
        answer = manager.post(EVENT, {**self.FEE, "token": token})

        assert answer.status_code == 409
        assert len(entries("fee")) == 1

    def test_each_form_has_a_token_of_its_own(self, manager: Client) -> None:
        assert opened(manager, EVENT)["token"] != opened(manager, EVENT)["token"]

    def test_while_the_first_is_at_work_the_second_waits_and_gives_up(
        self, manager: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(once, "_WAITS", 2)
        monkeypatch.setattr(once, "_PAUSE", 0)
        said: dict[str, Any] = {"token": "0" * 32, "path": EVENT, "said": {}, "by": cast["manager_angel"]}

        def work() -> str:
            with pytest.raises(once.UnableToEnter):
                once.enter(lambda: "twice", **said, request_id="2")
            return "once"

        assert once.enter(work, **said, request_id="1") == "once"


class TestWhoMayEnter:
    FORMS = ("record/event", "record/call", "record/transfer", "record/investment", "record/investor")

    @pytest.mark.parametrize("name", ["maker", "approver", "auditor", "bank_a", "admin"])
    @pytest.mark.parametrize("form", FORMS)
    def test_nobody_but_the_manager(self, manager: Client, browse: Browse, name: str, form: str) -> None:
        before, client = entries(), browse(name)
        said = {"kind": "fee", "amount": "1.00", "effective_date": "2024-06-01", "token": "0" * 32}

        assert client.get(f"{PAGE}/{form}").status_code == 403
        assert client.post(f"{PAGE}/{form}", said).status_code == 403
        assert entries() == before

    @pytest.mark.parametrize("name", ["maker", "auditor"])
    def test_not_from_a_row_either(self, manager: Client, browse: Browse, holding: str, name: str) -> None:
        client = browse(name)
        for address in (f"{PAGE}/entries/{entry_of('fee')}/reverse", f"{holding}/value"):
            assert client.get(address).status_code == 403
            assert (
                client.post(address, {"effective_date": "2024-06-01", "token": "0" * 32}).status_code == 403
            )

    @pytest.mark.parametrize("form", FORMS)
    def test_another_manager_is_answered_as_if_there_were_none(
        self, manager: Client, browse: Browse, form: str
    ) -> None:
        before, stranger = entries(), browse("manager_industry")
        said = {"kind": "fee", "amount": "1.00", "effective_date": "2024-06-01", "token": "0" * 32}

        assert stranger.post(f"{PAGE}/{form}", said).status_code == 404
        assert stranger.post(f"/funds/no-such-fund/{form}", said).status_code == 404
        assert entries() == before

    def test_a_form_that_does_not_exist_is_not_there(self, manager: Client) -> None:
        assert manager.get(f"{PAGE}/record/gift").status_code == 404


@pytest.mark.parametrize(
    "where",
    [
        "record/event", "record/call", "record/contribution", "record/distribution", "record/transfer",
        "record/investment", "record/investor", "entries/{fee}/reverse", "entries/{call}/correct",
        "holdings/{holding}/value", "holdings/{holding}/exit", "holdings/{holding}/write-off",
        "holdings/{holding}/round", "holdings/{holding}/warrant",
    ],
)  # fmt: skip
def test_a_form_is_wholly_in_english(
    worked: tuple[Desk, str], manager: Client, browse: Browse, where: str
) -> None:
    filled = where.format(fee=entry_of("fee"), call=entry_of("call"), holding=worked[1])
    text = reporting.read(browse("manager_angel", language="en"), f"{PAGE}/{filled}")
    for named in ("简体中文", CITY, COMPANY, "桐乡示例科技有限公司", "某"):
        text = text.replace(named, "")
    assert re.findall(r"[\u4e00-\u9fff]+", text) == []


def test_a_form_begins_with_today(manager: Client) -> None:
    assert opened(manager, EVENT)["effective_date"] == timezone.localdate().isoformat()


@pytest.mark.parametrize(
    "address",
    [
        "/funds/%00",
        "/funds/angel/holdings/%00",
        "/funds/angel/entries/%00/reverse",
        "/funds/angel/deals/%00/reverse",
    ],
)
def test_an_address_that_no_row_can_have_is_not_there(manager: Client, address: str) -> None:
    assert manager.get(address).status_code == 404
