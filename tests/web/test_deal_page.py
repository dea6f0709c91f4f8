"""A deal's page: its road, its decisions, papers, payments and changes; and whose it is."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.scoping import within
from finance_hub.web.views import deal_forms
from funds.models import DealDocument
from tests.cast import Api
from tests.funds.conftest import OTHER_FIRM, Desk, made
from tests.funds.following import DAYS, DECISION, NAME, Follower
from tests.web import reporting
from tests.web.conftest import Browse
from tests.web.dealing import followed_fund, labels
from tests.web.funding import PAGE, opened, queries_of, refused

MINUTES = "%PDF-1.7 投决会纪要".encode()
HASH = hashlib.sha256(MINUTES).hexdigest()


@pytest.fixture
def follower(api: Callable[[str], Api]) -> Follower:
    return followed_fund(api)


@pytest.fixture
def manager(browse: Browse, follower: Follower) -> Client:
    return browse("manager_angel")


def attach(
    client: Client, deal: str, content: bytes | None = MINUTES, *, name: str = "纪要.pdf", **said: str
) -> Any:
    address = f"/deals/{deal}/attach"
    file = (
        {} if content is None else {"file": SimpleUploadedFile(name, content, content_type="application/pdf")}
    )
    begun = {name: text for name, text in opened(client, address).items() if name != "file"}
    return client.post(address, {**begun, **said, **file})


def documents() -> list[tuple[str, str, str]]:
    with within(EVERYTHING):
        rows = DealDocument.objects.order_by("pk").values_list("name", "sha256", "media_type")
        return [tuple(row) for row in rows]


class TestAPage:
    def test_tells_the_whole_life(self, manager: Client, follower: Follower) -> None:
        deal = follower.at("screening", source="referral", referred_by="科技局", note="路演后约谈")
        skipped = [{"stage": "due_diligence", "reason": "跟投"}]
        made(follower.step(deal, "committee", skipped=skipped, decision=DECISION, note="第 3 次会议"))
        assert follower.edit(deal, 1, planned_amount="2500000.00", lead="李某").status_code == 200
        text = reporting.read(manager, f"/deals/{deal}")
        for said in (
            f"示例科技 A 轮 {NAME} 91330483MA2B9PTN02 青桐天使基金 投决",
            "接洽 2022年6月5日", "尽调 2022年7月1日 已跳过 跳过理由：跟投", "投决 2022年7月1日 第 3 次会议",
            "签约 未到 出资 未到 投后 未到",
            "拟投金额 2,500,000.00 元 已出资 0.00 元 投资方式 股权 负责人 李某 项目来源 推荐、科技局 备注 路演后约谈",
            "投决 2022年7月1日 决策人 陈某、李某 表决 同意 4 票，反对 1 票 决策依据 技术领先，估值合理 "
            "利益冲突声明 无利益冲突",
            "拟投金额 3,000,000.00 → 2,500,000.00", "负责人 陈某 → 李某",
            "拟投 2,500,000.00 元，已出资 0.00 元，尚待出资 2,500,000.00 元。", "尚无文件。",
        ):  # fmt: skip
            assert said in text, said

    @pytest.mark.parametrize(
        ("end", "standing"),
        [("exit", "退出"), ("write_off", "核销"), ("reverse", "出资已冲销"), ("", "投后")],
    )
    def test_goes_on_after_the_payment(
        self, manager: Client, follower: Follower, end: str, standing: str
    ) -> None:
        deal = follower.at("paid")
        payment = follower.api.get(f"/deals/{deal}/payments").json()["data"][0]
        if end == "exit":
            made(
                follower.desk.exit(payment["holding"], cash="5000000.00", cost="3000000.00", on="2023-01-01")
            )
        elif end == "write_off":
            made(follower.desk.write_off(payment["holding"], cost="3000000.00", on="2023-01-01"))
        elif end == "reverse":
            made(follower.desk.reverse_deal(payment["investment"], "2022-07-25"))
        page = manager.get(f"/deals/{deal}").content.decode()
        text = reporting.read(manager, f"/deals/{deal}")
        assert f"出资 2022年7月20日 {standing}" in text
        assert "未到" not in text
        assert f'href="/funds/angel/holdings/{payment["holding"]}"' in page
        assert ("已冲销" in text) == (end == "reverse")

    def test_lists_its_payments_newest_first(self, manager: Client, follower: Follower) -> None:
        deal = follower.at("paid", planned_amount="5000000.00")
        made(follower.pay(deal, made(follower.desk.invest("2000000.00", "2022-08-01"))["id"]))
        text = reporting.read(manager, f"/deals/{deal}")
        assert text.index("2022年8月1日 2,000,000.00") < text.index("2022年7月20日 3,000,000.00")

    def test_costs_the_same_queries_for_a_long_life(self, manager: Client, follower: Follower) -> None:
        short, long = follower.at("met"), follower.at("committee")
        for version, lead in enumerate(("李某", "周某", "陈某"), start=1):
            assert follower.edit(long, version, lead=lead).status_code == 200
        assert queries_of(manager, f"/deals/{long}") == queries_of(manager, f"/deals/{short}")

    def test_is_wholly_in_english(self, browse: Browse, manager: Client, follower: Follower) -> None:
        deal = follower.at("paid", note="")
        attach(manager, deal, name="minutes.pdf")
        client = browse("manager_angel", language="en")
        screening = follower.steps(deal)[1]["id"]
        for address in (
            f"/deals/{deal}", f"/deals/{deal}/edit", f"/deals/{deal}/payment", f"/deals/{deal}/attach",
            f"/deals/{deal}/step/committee", f"/deals/{deal}/steps/{screening}/correct", "/deals?view=list",
        ):  # fmt: skip
            text = reporting.read(client, address)
            named = (
                "简体中文",
                NAME,
                "示例科技 A 轮",
                "技术领先，估值合理",
                "无利益冲突",
                "manager_angel 某",
            )
            for name in (*named, "陈某", "李某", "（测试）"):
                text = text.replace(name, "")
            assert re.findall(r"[\u4e00-\u9fff]+", text) == [], address


class TestADocument:
    def test_stands_behind_its_step_and_is_read_by_the_centre(
        self, manager: Client, browse: Browse, follower: Follower
    ) -> None:
        deal = follower.at("committee")
        assert attach(manager, deal)["Location"] == f"/deals/{deal}"
        assert documents() == [("纪要.pdf", HASH, "application/pdf")]
        text = reporting.read(manager, f"/deals/{deal}")
        assert f"纪要.pdf 投决 2022年7月1日 1 KB {HASH}" in text
        assert "上传文件 纪要.pdf（投决）" in text
        page = browse("maker").get(f"/deals/{deal}").content.decode()
        address = re.search(r'href="(/deals/[^"]*/documents/[^"]*)"', page)
        assert address
        answer = browse("maker").get(address[1])
        assert (answer.content, answer["Content-Type"]) == (MINUTES, "application/pdf")
        assert answer["Content-Disposition"].startswith("attachment;")
        assert browse("manager_industry").get(address[1]).status_code == 404
        assert manager.get(f"/deals/{deal}/documents/dd_none").status_code == 404
        assert browse("bank_a").get(address[1]).status_code == 403

    def test_is_refused_beside_its_field(
        self, manager: Client, follower: Follower, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        deal = follower.at("screening")
        met = follower.steps(deal)[0]["id"]
        assert attach(manager, deal, step=met).status_code == 302
        assert "已有相同内容" in refused(attach(manager, deal, step=met), "file", status=409)[0]
        assert "必填" in refused(attach(manager, deal, None), "file")[0]
        assert "文件是空的" in refused(attach(manager, deal, b""), "file")[0]
        assert "文件名不可用" in refused(attach(manager, deal, b"x", name="=..."), "file")[0]
        refused(attach(manager, deal, b"x", step="ds_none"), "step")
        monkeypatch.setattr(deal_forms.attach, "takes_file", 2**20)
        assert "文件最大 1 MiB" in refused(attach(manager, deal, b"x" * (2**20 + 1)), "file")[0]
        assert len(documents()) == 1

    def test_sent_twice_is_kept_once(self, manager: Client, follower: Follower) -> None:
        deal = follower.at("screening")
        address = f"/deals/{deal}/attach"
        form = opened(manager, address)
        answers = [
            manager.post(address, {**form, "file": SimpleUploadedFile("a.pdf", MINUTES)}) for _ in range(2)
        ]
        assert [(answer.status_code, answer["Location"]) for answer in answers] == [
            (302, f"/deals/{deal}")
        ] * 2
        other = manager.post(address, {**form, "file": SimpleUploadedFile("a.pdf", b"another")})
        assert other.status_code == 409
        assert len(documents()) == 1


class TestWhose:
    def test_the_centre_reads_and_is_offered_nothing(
        self, manager: Client, browse: Browse, follower: Follower
    ) -> None:
        deal = follower.at("screening")
        step = follower.steps(deal)[1]["id"]
        for name in ("maker", "auditor"):
            client = browse(name)
            text = client.get(f"/deals/{deal}").content.decode()
            assert "更正" not in reporting.read(client, f"/deals/{deal}")
            assert 'class="button' not in text
            for part in ("edit", "step/committee", "payment", "attach", f"steps/{step}/correct"):
                assert client.get(f"/deals/{deal}/{part}").status_code == 403
                assert client.post(f"/deals/{deal}/{part}", {"token": "0" * 32}).status_code == 403
            assert client.get("/deals/new").status_code == client.get("/deals/firm").status_code == 403
        assert labels(manager, f"/deals/{deal}")

    def test_to_a_stranger_it_is_not_there(self, manager: Client, browse: Browse, follower: Follower) -> None:
        deal, stranger = follower.at("screening"), browse("manager_industry")
        step = follower.steps(deal)[1]["id"]
        for part in ("", "/edit", "/step/due_diligence", "/payment", "/attach", f"/steps/{step}/correct"):
            foreign, missing = stranger.get(f"/deals/{deal}{part}"), stranger.get(f"/deals/dl_none{part}")
            assert (foreign.status_code, missing.status_code) == (404, 404)
            if part:
                said = {
                    "token": "0" * 32,
                    "effective_date": DAYS["due_diligence"],
                    "title": "改",
                    "step": "theirs",
                }
                assert stranger.post(f"/deals/{deal}{part}", said).status_code == 404
        assert len(follower.steps(deal)) == 2

    @pytest.mark.parametrize("part", ["dl_%00", "{}/step/met", "{}/step/held", "{}/documents/%00"])
    def test_what_no_deal_has_is_not_there(self, manager: Client, follower: Follower, part: str) -> None:
        deal = made(follower.open())["id"]
        assert manager.get(f"/deals/{part.format(deal)}").status_code == 404


def test_a_holding_leads_back_to_the_deal_whose_payment_made_it(
    api: Callable[[str], Api], browse: Browse
) -> None:
    follower = followed_fund(api)
    deal = follower.at("paid")
    alone = made(follower.desk.invest("1.00", "2022-08-01", uscc=OTHER_FIRM, firm_name="另一家"))["holding"]
    (paid,) = (one for one in _holdings_of(follower.desk) if one != alone)
    client = browse("manager_angel")
    assert f'所属项目 <a href="/deals/{deal}">' in client.get(f"{PAGE}/holdings/{paid}").content.decode()
    assert "所属项目" not in reporting.read(client, f"{PAGE}/holdings/{alone}")


def _holdings_of(desk: Desk) -> list[str]:
    return [one["id"] for one in desk.api.get(f"/holdings?fund={desk.fund}").json()["data"]]
