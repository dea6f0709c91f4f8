"""The board: whose deals it shows, how they are counted, found and paged, and that it never grows without end."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from finance_hub.web.presenters.deals import board, listing
from tests.cast import Api
from tests.funds.conftest import OTHER_FIRM, found_fund, made
from tests.funds.following import DAYS, NAME, NEW, Follower
from tests.web import reporting
from tests.web.conftest import Browse
from tests.web.dealing import followed_fund, piles, rows
from tests.web.funding import queries_of


@pytest.fixture
def follower(api: Callable[[str], Api]) -> Follower:
    return followed_fund(api)


@pytest.fixture
def manager(browse: Browse, follower: Follower) -> Client:
    return browse("manager_angel")


@pytest.fixture
def varied(follower: Follower) -> Follower:
    """One met, one screened and led by 李某, one paid in full, one declined."""
    made(follower.open(title="甲", planned_amount="1000000.00"))
    screened = made(
        follower.open(title="乙", lead="李某", instrument="warrant", uscc=OTHER_FIRM, firm_name="另一家")
    )
    made(follower.step(screened["id"], "screening"))
    follower.at("paid", title="丙")
    declined = follower.at("screening", title="丁")
    made(follower.decline(declined, "2022-06-30"))
    return follower


class TestTheBoard:
    def test_puts_each_deal_where_it_stands_with_count_and_sum(
        self, manager: Client, varied: Follower
    ) -> None:
        assert piles(manager) == {
            "met": (1, ["甲"]), "screening": (1, ["乙"]), "held": (1, ["丙"]), "declined": (1, ["丁"]),
        }  # fmt: skip
        text = reporting.read(manager, "/deals")
        assert "共 4 个项目" in text
        assert "已结束的项目 1 个" in text
        assert re.search(r"接洽 1 100\.00万元 甲 桐乡示例科技有限公司 青桐天使基金 100\.00万元 陈某", text)

    def test_agrees_with_the_board_of_the_api(self, manager: Client, varied: Follower) -> None:
        counted = {stage: count for stage, (count, _planned) in varied.board().items()}
        assert {key: count for key, (count, _cards) in piles(manager).items()} == counted

    def test_shows_what_is_looked_for(self, manager: Client, varied: Follower) -> None:
        for query, found in {
            "fund=angel": "甲乙丙丁", "fund=no-such": "", "lead=李某": "乙", "lead=李": "",
            "instrument=warrant": "乙", "instrument=gold": "甲乙丙丁", "q=丙": "丙", "q=示例科技": "甲丙丁",
            f"q={OTHER_FIRM[:12].lower()}": "乙", "q=%25": "", "q=%00": "甲乙丙丁", "q=乙&lead=陈某": "",
        }.items():  # fmt: skip
            cards = [card for _count, cards in piles(manager, f"/deals?{query}").values() for card in cards]
            assert (query, set(cards)) == (query, set(found))
            assert (query, set(rows(manager, f"/deals?view=list&{query}"))) == (query, set(found))

    def test_marks_what_has_stood_too_long(self, manager: Client, follower: Follower) -> None:
        today = timezone.localdate()
        for title, days in (("新", 30), ("旧", 31)):
            made(follower.open(title=title, effective_date=(today - timedelta(days=days)).isoformat()))
        text = reporting.read(manager, "/deals")
        assert re.search(r"旧 .* 已停留 31 天 久未推进 新 .* 已停留 30 天", text) is None
        assert re.search(r"新 [^旧]* 已停留 30 天 旧 .* 已停留 31 天 久未推进", text)
        assert text.count("久未推进") == 1

    def test_a_column_shows_its_newest_and_leads_to_the_rest(
        self, manager: Client, follower: Follower, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(board, "MOST_OPEN", 2)
        for number in range(4):
            made(follower.open(title=f"第{number}个", effective_date=f"2022-06-0{number + 5}"))

        assert piles(manager)["met"] == (4, ["第3个", "第2个"])
        text = manager.get("/deals?lead=陈某").content.decode()
        more = re.search(r'<a class="small pile-more" href="([^"]*)">([^<]*)<', text)
        assert more
        assert more[2] == "另有 2 个"
        assert rows(manager, more[1].replace("&amp;", "&")) == ["第3个", "第2个", "第1个", "第0个"]

    def test_costs_the_same_queries_for_many_deals(self, manager: Client, follower: Follower) -> None:
        made(follower.open())
        few = queries_of(manager, "/deals"), queries_of(manager, "/deals?view=list")
        for stage in ("met", "screening", "signed"):
            follower.at(stage)
        assert (queries_of(manager, "/deals"), queries_of(manager, "/deals?view=list")) == few


class TestTheList:
    def test_pages_through_every_deal_once_in_both_directions_and_orders(
        self, manager: Client, follower: Follower, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(listing, "PAGE", 2)
        for number, day in enumerate(("2022-06-05", "2022-06-07", "2022-06-06", "2022-06-07", "2022-06-05")):
            made(follower.open(title=str(number), effective_date=day))

        newest = ["3", "1", "2", "4", "0"]
        assert self._walk(manager, "/deals?view=list&fund=angel") == newest
        assert self._walk(manager, "/deals?view=list&fund=angel&sort=oldest") == newest[::-1]

    def _walk(self, client: Client, address: str) -> list[str]:
        found, seen = rows(client, address), [address]
        while onward := re.search(r'rel="next" href="([^"]*)"', client.get(seen[-1]).content.decode()):
            seen.append(onward[1].replace("&amp;", "&"))
            assert "fund=angel" in seen[-1]
            found += rows(client, seen[-1])
        back = re.search(r'rel="prev" href="([^"]*)"', client.get(seen[-1]).content.decode())
        assert back
        assert rows(client, back[1].replace("&amp;", "&")) == rows(client, seen[-2])
        return found

    def test_of_one_stage_says_so_and_leads_back_to_the_board(
        self, manager: Client, varied: Follower
    ) -> None:
        assert rows(manager, "/deals?stage=declined") == ["丁"]
        assert len(rows(manager, "/deals?stage=nowhere&view=list")) == 4
        text = manager.get("/deals?stage=declined&lead=陈某").content.decode()
        assert 'href="/deals?lead=%E9%99%88%E6%9F%90">看板' in text

    def test_begins_where_a_place_is_none(self, manager: Client, follower: Follower) -> None:
        made(follower.open(title="甲"))
        for place in ("after=x", "before=%00", "after=a&before=b"):
            assert rows(manager, f"/deals?view=list&{place}") == ["甲"]


class TestWhoSeesIt:
    def test_the_centre_sees_every_fund_and_enters_nothing(
        self, browse: Browse, follower: Follower, api: Callable[[str], Api]
    ) -> None:
        made(follower.open(title="天使的"))
        found_fund(api, code="industry", manager="industry-manager", tier="industry", name="产业基金")
        made(api("manager_industry").post("/deals", {**NEW, "fund": "industry", "title": "产业的"}))

        for name in ("maker", "approver", "auditor"):
            assert piles(browse(name))["met"][0] == 2
            assert "登记项目" not in reporting.read(browse(name), "/deals")
        assert piles(browse("manager_angel"))["met"] == (1, ["天使的"])
        assert piles(browse("manager_industry"))["met"] == (1, ["产业的"])
        stranger = browse("manager_industry")
        assert piles(stranger, "/deals?fund=angel") == {}
        assert "陈某" in reporting.read(stranger, "/deals")
        assert "青桐天使基金" not in reporting.read(stranger, "/deals")

    def test_a_fund_leads_to_its_deals(self, manager: Client, browse: Browse) -> None:
        for client in (manager, browse("maker")):
            assert 'href="/deals?fund=angel"' in client.get("/funds/angel").content.decode()


def test_days_and_names_of_the_scene_are_what_is_shown(manager: Client, follower: Follower) -> None:
    follower.at("committee")
    text = reporting.read(manager, "/deals?view=list")
    assert f"示例科技 A 轮 {NAME} 青桐天使基金 投决 2022年7月1日" in text
    assert DAYS["committee"] == "2022-07-01"
