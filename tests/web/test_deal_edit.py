"""The header is edited by version: who was faster is told with what they changed, and nothing typed is lost."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tests.cast import Api
from tests.funds.conftest import FIRM, OTHER_FIRM, made
from tests.funds.following import NAME, NEW, Follower
from tests.web import reporting
from tests.web.conftest import Browse
from tests.web.dealing import followed_fund, header
from tests.web.funding import fields_of, opened, refused, send


@pytest.fixture
def follower(api: Callable[[str], Api]) -> Follower:
    return followed_fund(api)


@pytest.fixture
def manager(browse: Browse, follower: Follower) -> Client:
    return browse("manager_angel")


@pytest.fixture
def deal(follower: Follower) -> str:
    return str(made(follower.open(note="路演后约谈"))["id"])


def shown(answer: Any) -> dict[str, str]:
    return {name: html.unescape(text) for name, text in fields_of(answer.content.decode()).items()}


def since(answer: Any) -> list[str]:
    """The lines of the table of what was changed."""
    table = re.search(r'id="since".*?</table>', answer.content.decode(), re.DOTALL)
    assert table
    lines = re.findall(r"<tr>(.*?)</tr>", table[0], re.DOTALL)[1:]
    return [" ".join(html.unescape(re.sub(r"<[^>]+>", " ", line)).split()) for line in lines]


class TestAnEdit:
    def test_changes_what_was_changed_and_nothing_else(
        self, manager: Client, follower: Follower, deal: str
    ) -> None:
        edit = f"/deals/{deal}/edit"
        form = opened(manager, edit)
        assert (form["planned_amount"], form["version"], form["uscc"]) == ("3,000,000.00", "1", FIRM)
        answer = send(manager, edit, planned_amount="２，５００，０００", note="")
        assert (answer.status_code, answer["Location"]) == (302, f"/deals/{deal}")
        text = reporting.read(manager, f"/deals/{deal}")
        assert "拟投金额 3,000,000.00 → 2,500,000.00" in text
        assert "备注 路演后约谈 → —" in text
        assert text.count("→") == 2
        assert follower.shown(deal)["version"] == 2

    def test_is_refused_beside_its_field(self, manager: Client, follower: Follower, deal: str) -> None:
        edit, before = f"/deals/{deal}/edit", header(deal)
        for typed, field, sentence in (
            ({"planned_amount": "0"}, "planned_amount", "金额须大于零"),
            ({"source": "bank"}, "referred_by", "须写明推荐人或推荐银行"),
            ({"uscc": ""}, "uscc", "必填"),
            ({"uscc": OTHER_FIRM}, "uscc", "请同时填写企业名称"),
            ({"firm_name": "另一个名字"}, "firm_name", "名称在企业库中修改"),
            ({}, "title", "没有要修改的内容"),
        ):
            assert sentence in refused(send(manager, edit, **typed), field)[0]
        assert header(deal) == before

    def test_of_the_firm_is_not_offered_once_it_is_screened(
        self, manager: Client, follower: Follower, deal: str
    ) -> None:
        assert send(manager, f"/deals/{deal}/edit", uscc=OTHER_FIRM, firm_name="另一家").status_code == 302
        late = opened(manager, f"/deals/{deal}/edit")
        made(follower.step(deal, "screening"))
        answer = manager.post(f"/deals/{deal}/edit", {**late, "uscc": FIRM})
        assert "初筛之后不能更换企业" in refused(answer, "uscc", status=409)[0]
        assert not {"uscc", "firm_name"} & set(opened(manager, f"/deals/{deal}/edit"))

    def test_gives_a_deal_its_firm(self, manager: Client, follower: Follower) -> None:
        body = {name: value for name, value in NEW.items() if name != "uscc"}
        deal = made(follower.api.post("/deals", {**body, "firm_name": "某某工作室"}))["id"]
        edit = f"/deals/{deal}/edit"
        assert opened(manager, edit)["firm_name"] == "某某工作室"
        assert send(manager, edit, uscc=FIRM.lower()).status_code == 302
        assert follower.shown(deal)["firm"] == {"uscc": FIRM, "name": "某某工作室"}


class TestSomebodyWasFaster:
    @pytest.fixture
    def stale(self, manager: Client, follower: Follower, deal: str) -> Any:
        """Somebody changed amount and lead while amount, title and note were being typed."""
        form = opened(manager, f"/deals/{deal}/edit")
        assert follower.edit(deal, 1, planned_amount="2500000.00", lead="李某").status_code == 200
        return manager.post(
            f"/deals/{deal}/edit",
            {**form, "planned_amount": "2,000,000", "title": "新名", "note": "我的备注"},
        )

    def test_who_changed_what_is_told_and_every_own_entry_kept(
        self, manager: Client, deal: str, stale: Any
    ) -> None:
        assert stale.status_code == 412
        assert "您打开后，manager_angel 某 修改了该项目" in reporting.read_answer(stale)
        lines = since(stale)
        assert len(lines) == 2
        assert re.fullmatch(
            r"拟投金额 3,000,000\.00 2,500,000\.00 manager_angel 某 \d{4}年.* 2,000,000\.00", lines[0]
        )
        assert re.fullmatch(
            r"负责人 陈某 李某 manager_angel 某 .* 您未修改，表单中已换为对方的内容", lines[1]
        )
        form = shown(stale)
        assert (form["planned_amount"], form["title"], form["note"]) == ("2,000,000", "新名", "我的备注")
        assert (form["lead"], form["version"], form["opened"]) == ("李某", "2", "1")
        assert header(deal)["title"] != "新名"

    def test_own_entries_are_saved_over_theirs(self, manager: Client, deal: str, stale: Any) -> None:
        answer = manager.post(f"/deals/{deal}/edit", {**shown(stale), "step": "over"})
        assert answer.status_code == 302
        said = header(deal)
        assert (said["planned_amount"], said["lead"], said["title"]) == ("2000000.00", "李某", "新名")

    def test_theirs_are_taken_and_the_rest_stays_to_be_saved(
        self, manager: Client, deal: str, stale: Any
    ) -> None:
        taken = manager.post(f"/deals/{deal}/edit", {**shown(stale), "step": "theirs"})
        form = shown(taken)
        assert taken.status_code == 200
        assert (form["planned_amount"], form["lead"], form["title"]) == ("2,500,000.00", "李某", "新名")
        assert header(deal)["title"] != "新名"
        assert manager.post(f"/deals/{deal}/edit", form).status_code == 302
        said = header(deal)
        assert (said["planned_amount"], said["lead"], said["title"]) == ("2500000.00", "李某", "新名")

    def test_a_second_time_is_told_again(
        self, manager: Client, follower: Follower, deal: str, stale: Any
    ) -> None:
        assert follower.edit(deal, 2, note="他们的备注").status_code == 200
        again = manager.post(f"/deals/{deal}/edit", {**shown(stale), "step": "over"})
        assert again.status_code == 412
        assert [line.split()[0] for line in since(again)] == ["备注"]
        assert shown(again)["note"] == "我的备注"

    def test_what_cannot_be_read_is_said_first(self, manager: Client, follower: Follower, deal: str) -> None:
        form = opened(manager, f"/deals/{deal}/edit")
        assert follower.edit(deal, 1, lead="李某").status_code == 200
        refused(manager.post(f"/deals/{deal}/edit", {**form, "planned_amount": "viel"}), "planned_amount")

    @pytest.mark.parametrize("version", ["0", "7", "x", "-1", "9" * 40, "²"])
    def test_a_version_that_never_was_saves_nothing(self, manager: Client, deal: str, version: str) -> None:
        answer = send(manager, f"/deals/{deal}/edit", title="新名", version=version, opened=version)
        assert answer.status_code == 412
        assert header(deal)["title"] == "示例科技 A 轮"
        assert NAME in reporting.read(manager, f"/deals/{deal}")
