"""A manager enters a deal and takes it on by forms: each act once, refusals named at their field, nothing lost."""

from __future__ import annotations

import html
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.models import Firm
from finance_hub.kernel.scoping import within
from tests.cast import Api
from tests.funds.conftest import FIRM, OTHER_FIRM, found_fund, made
from tests.funds.following import DAYS, NAME, Follower
from tests.web import reporting
from tests.web.conftest import Browse
from tests.web.dealing import DECIDED, followed_fund, header, labels, link, stages, titles
from tests.web.funding import fields_of, opened, refused, send

NEW = "/deals/new"
FIRST = {
    "fund": "angel", "uscc": FIRM, "firm_name": NAME, "title": "示例科技 A 轮", "source": "roadshow",
    "instrument": "equity", "planned_amount": "3000000", "lead": "陈某", "effective_date": DAYS["met"],
}  # fmt: skip


@pytest.fixture
def follower(api: Callable[[str], Api]) -> Follower:
    return followed_fund(api)


@pytest.fixture
def manager(browse: Browse, follower: Follower) -> Client:
    return browse("manager_angel")


def led(answer: Any) -> str:
    """Where an entered form leads."""
    assert answer.status_code == 302, reporting.read_answer(answer)
    return str(answer["Location"])


class TestANewDeal:
    def test_is_entered_as_people_type_and_the_browser_lets_go_of_its_draft(self, manager: Client) -> None:
        typed = {
            **FIRST, "uscc": f" {FIRM[:9].lower()} {FIRM[9:]} ", "planned_amount": "￥１,２３４,５６７.８９",
            "source": "referral", "referred_by": "科技局", "note": "第一行\r\n第二行", "effective_date": "2022/6/5",
        }  # fmt: skip
        page = led(send(manager, NEW, **typed))

        deal = page.removeprefix("/deals/")
        assert header(deal) == {
            "title": "示例科技 A 轮", "source": "referral", "referred_by": "科技局", "instrument": "equity",
            "lead": "陈某", "note": "第一行 第二行", "firm_name": NAME, "planned_amount": "1234567.89",
        }  # fmt: skip
        assert stages(deal) == [("met", "2022-06-05", False)]
        text = manager.get(page).content.decode()
        assert 'data-entered="/deals/new">项目已登记' in text
        assert "data-entered" not in manager.get(page).content.decode()

    def test_begins_with_the_only_fund_and_with_the_one_it_comes_from(
        self, manager: Client, api: Callable[[str], Api]
    ) -> None:
        assert opened(manager, NEW)["fund"] == "angel"
        found_fund(api, code="second", name="二号基金")
        assert opened(manager, NEW)["fund"] == ""
        assert opened(manager, f"{NEW}?fund=second")["fund"] == "second"
        assert opened(manager, f"{NEW}?fund=nobodys")["fund"] == ""

    def test_is_refused_beside_its_field_and_nothing_typed_is_lost(
        self, manager: Client, api: Callable[[str], Api]
    ) -> None:
        found_fund(api, code="industry", manager="industry-manager", tier="industry", name="产业基金")
        for typed, field, sentence in (
            ({"fund": "industry"}, "fund", "不在允许的取值之内"),
            ({"uscc": FIRM[:17]}, "uscc", "统一社会信用代码须为 18 位"),
            ({"uscc": OTHER_FIRM, "firm_name": ""}, "uscc", "请同时填写企业名称"),
            ({"uscc": "", "firm_name": " "}, "firm_name", "须写明企业"),
            ({"title": ""}, "title", "必填"),
            ({"title": "一\x07"}, "title", "含有控制字符"),
            ({"source": "referral"}, "referred_by", "须写明推荐人或推荐银行"),
            ({"source": "gossip"}, "source", "不在允许的取值之内"),
            ({"instrument": ""}, "instrument", "必填"),
            ({"planned_amount": "0"}, "planned_amount", "金额须大于零"),
            ({"planned_amount": "1.234"}, "planned_amount", "金额最多两位小数"),
            ({"planned_amount": "12,34"}, "planned_amount", "金额须写作"),
            ({"lead": "长" * 101}, "lead", "过长"),
            ({"effective_date": "2099-01-01"}, "effective_date", "日期不能在未来"),
            ({"note": "长" * 501}, "note", "过长"),
        ):
            said = {**FIRST, "note": "备注", **typed}
            answer = send(manager, NEW, **said)
            assert sentence in refused(answer, field)[0]
            kept = fields_of(answer.content.decode())
            assert {
                name: html.unescape(kept[name]) for name in ("title", "planned_amount", "note", "lead")
            } == {name: said[name] for name in ("title", "planned_amount", "note", "lead")}
        assert titles() == []

    def test_tells_all_that_is_wrong_at_once(self, manager: Client) -> None:
        answer = send(manager, NEW, effective_date="x")
        refused(answer, "title", "source", "instrument", "planned_amount", "lead", "effective_date")

    def test_sent_twice_is_entered_once(self, manager: Client) -> None:
        form = {**opened(manager, NEW), **FIRST}
        first, second = manager.post(NEW, form), manager.post(NEW, form)
        assert led(first) == led(second)
        assert manager.post(NEW, {**form, "title": "另一个"}).status_code == 409
        assert titles() == ["示例科技 A 轮"]

    def test_hears_the_registered_name_while_the_code_is_typed(self, manager: Client) -> None:
        def said(code: str) -> str:
            return reporting.read(manager, f"/deals/firm?uscc={code}").strip()

        assert said("") == ""
        assert said(FIRM) == "企业库中没有这家企业，请在下方填写名称。"
        with within(EVERYTHING):
            Firm.objects.create(uscc=FIRM, name=NAME, source="centre", verified=True)
        assert said(FIRM.lower()) == f"登记名称：{NAME}"
        assert said(FIRM[:10]) == "统一社会信用代码须为 18 位"
        assert said(f"{FIRM[:17]}8") == "统一社会信用代码校验位不符"
        assert said("<b>") == "统一社会信用代码须为 18 位"


class TestTakingADealOn:
    def test_step_by_step_to_the_payment_by_the_button_that_comes_next(
        self, manager: Client, follower: Follower
    ) -> None:
        deal = made(follower.open())["id"]
        page = f"/deals/{deal}"
        bought = made(follower.desk.invest("1000000.00", DAYS["paid"]))
        for label, stage, said in (
            ("下一环节：初筛", "screening", {}),
            ("下一环节：尽调", "due_diligence", {}),
            ("下一环节：投决", "committee", DECIDED),
            ("下一环节：签约", "signed", {}),
        ):
            address = link(manager, page, label)
            assert led(send(manager, address, effective_date=DAYS[stage], **said)) == page
        address = link(manager, page, "下一环节：出资")
        form = opened(manager, address)
        assert form["investment"] == bought["id"]
        assert "effective_date" not in form
        assert led(manager.post(address, form)) == led(manager.post(address, form)) == page

        assert stages(deal) == [(stage, day, False) for stage, day in DAYS.items()]
        text = reporting.read(manager, page)
        assert "拟投 3,000,000.00 元，已出资 1,000,000.00 元，尚待出资 2,000,000.00 元。" in text
        assert labels(manager, page) == ["登记出资", "上传文件", "修改要素"]

        second = made(follower.desk.invest("2000000.00", "2022-08-01"))
        pay = link(manager, page, "登记出资")
        assert led(send(manager, pay, investment=second["id"], note="第二期")) == page
        assert "尚待出资 0.00 元" in reporting.read(manager, page)
        assert refused(send(manager, pay, investment=bought["id"]), "investment", status=409)
        assert "没有对该企业的、尚未对应项目的投资记录" in reporting.read(manager, pay)

    def test_over_stages_left_out_with_a_reason_each(self, manager: Client, follower: Follower) -> None:
        deal = made(follower.open())["id"]
        address = link(manager, f"/deals/{deal}", "投决")
        said = {"effective_date": DAYS["committee"], **DECIDED}
        refused(send(manager, address, **said), "skip_screening", "skip_due_diligence")
        led(send(manager, address, skip_screening="跟投", skip_due_diligence="采用领投方报告", **said))

        day = DAYS["committee"]
        assert stages(deal)[1:] == [
            ("screening", day, True), ("due_diligence", day, True), ("committee", day, False),
        ]  # fmt: skip
        assert "尽调 2022年7月1日 已跳过 跳过理由：采用领投方报告" in reporting.read(
            manager, f"/deals/{deal}"
        )

    def test_to_an_end_and_back(self, manager: Client, follower: Follower) -> None:
        deal = follower.at("screening")
        page = f"/deals/{deal}"
        assert labels(manager, page) == ["下一环节：尽调", "放弃", "撤回", "上传文件", "修改要素"]
        decline = link(manager, page, "放弃")
        refused(send(manager, decline, effective_date="2022-06-30", **DECIDED), "reason")
        refused(
            send(manager, decline, effective_date="2022-06-30", reason="估值"),
            "decided_by", "votes_for", "votes_against", "grounds", "conflicts",
        )  # fmt: skip
        led(send(manager, decline, effective_date="2022-06-30", reason="估值分歧", **DECIDED))
        assert labels(manager, page) == ["重启", "上传文件", "修改要素"]
        led(send(manager, link(manager, page, "重启"), effective_date="2022-07-05", reason="降价"))
        led(send(manager, link(manager, page, "撤回"), effective_date="2022-07-06", reason="企业另有选择"))
        assert [stage for stage, _day, _out in stages(deal)][2:] == ["declined", "reopened", "withdrawn"]

    def test_is_refused_beside_its_field(self, manager: Client, follower: Follower) -> None:
        deal = follower.at("screening")
        step = f"/deals/{deal}/step/committee"
        said = {"effective_date": DAYS["committee"], "skip_due_diligence": "跟投", **DECIDED}
        for typed, field, sentence in (
            ({"effective_date": "2022-06-09"}, "effective_date", "日期早于上一环节（2022-06-10）"),
            ({"effective_date": "2099-01-01"}, "effective_date", "日期不能在未来"),
            ({"decided_by": " 、，"}, "decided_by", "必填"),
            ({"decided_by": "、".join(f"甲{n}" for n in range(31))}, "decided_by", "过长"),
            ({"votes_for": "四"}, "votes_for", "应为整数"),
            ({"votes_for": "-1"}, "votes_for", "过小"),
            ({"votes_against": "201"}, "votes_against", "过大"),
            ({"conflicts": ""}, "conflicts", "必填"),
        ):
            assert sentence in refused(send(manager, step, **{**said, **typed}), field)[0]
        behind = send(manager, f"/deals/{deal}/step/screening", effective_date="2022-06-12")
        assert "项目已在“初筛”环节" in refused(behind, "effective_date", status=409)[0]
        back = send(manager, f"/deals/{deal}/step/reopened", effective_date="2022-06-12", reason="x")
        assert "无须重启" in refused(back, "effective_date", status=409)[0]
        assert len(stages(deal)) == 2

    def test_names_its_firm_before_the_screening(self, manager: Client, follower: Follower) -> None:
        page = led(send(manager, NEW, **{**FIRST, "uscc": "", "firm_name": "某某工作室"}))
        assert "信用代码待补，初筛前须填写" in reporting.read(manager, page)
        answer = send(manager, f"{page}/step/screening", effective_date=DAYS["screening"])
        assert "初筛起须填写企业的统一社会信用代码" in refused(answer, "effective_date")[0]
        assert "请先修改项目要素" in reporting.read_answer(answer)

    def test_names_an_investment_of_its_own_fund_in_its_own_firm(
        self, manager: Client, follower: Follower
    ) -> None:
        deal = follower.at("signed")
        early = made(follower.desk.invest("1.00", "2022-07-09"))["id"]
        elsewhere = made(follower.desk.invest("1.00", DAYS["paid"], uscc=OTHER_FIRM, firm_name="另一家"))[
            "id"
        ]
        gone = made(follower.desk.invest("1.00", "2022-07-21"))["id"]
        made(follower.desk.reverse_deal(gone, "2022-07-22"))
        step = f"/deals/{deal}/step/paid"
        for investment in ("", early, elsewhere, gone, "he_none"):
            refused(send(manager, step, investment=investment), "investment")
        assert len(stages(deal)) == 5


class TestCorrecting:
    def test_a_day_keeps_what_was_recorded(self, manager: Client, follower: Follower) -> None:
        deal = follower.at("committee")
        screening, committee = follower.steps(deal)[1]["id"], follower.steps(deal)[3]["id"]
        form = f"/deals/{deal}/steps/{screening}/correct"
        assert opened(manager, form)["effective_date"] == DAYS["screening"]
        assert (
            "日期晚于下一环节"
            in refused(send(manager, form, effective_date="2022-06-21"), "effective_date")[0]
        )
        led(send(manager, form, effective_date="2022-06-11"))
        text = reporting.read(manager, f"/deals/{deal}")
        assert "初筛 2022年6月10日 → 初筛 2022年6月11日" in text
        again = refused(send(manager, form, effective_date="2022-06-12"), "effective_date", status=409)
        assert "该环节已被更正" in again[0]

        decided = f"/deals/{deal}/steps/{committee}/correct"
        assert opened(manager, decided)["decided_by"] == "陈某、李某"
        refused(send(manager, decided, votes_for=""), "votes_for")
        led(send(manager, decided, votes_for="5", votes_against="0"))
        assert "同意 5 票，反对 0 票" in reporting.read(manager, f"/deals/{deal}")

    def test_the_last_step_may_say_another_stage(self, manager: Client, follower: Follower) -> None:
        deal = follower.at("due_diligence")
        last = follower.steps(deal)[2]["id"]
        form = f"/deals/{deal}/steps/{last}/correct"
        assert "须写明理由" in refused(send(manager, form, stage="withdrawn"), "reason")[0]
        led(send(manager, form, stage="withdrawn", reason="企业撤回"))
        assert follower.shown(deal)["stage"] == "withdrawn"
        refused(send(manager, form, stage="paid"), "stage")

    def test_what_is_not_there_or_was_paid_is_not_there(self, manager: Client, follower: Follower) -> None:
        deal = follower.at("paid")
        for which in ("ds_none", "%00", follower.steps(deal)[5]["id"]):
            assert manager.get(f"/deals/{deal}/steps/{which}/correct").status_code == 404
