"""The pages of the listings: the board, the list, an attempt, and its forms."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.scoping import within
from finance_hub.web.presenters.listings import board
from listings import queries
from listings.models import FinancialYear, FirmStatement
from tests.cast import Api, Cast
from tests.listings.conftest import FIRM, OTHER_FIRM, Desk, made, register
from tests.web import reporting
from tests.web.conftest import Browse
from tests.web.dealing import piles
from tests.web.listing import sheets_of


@pytest.fixture
def desk(cast: Cast, api: Callable[[str], Api]) -> Desk:
    register(cast)
    return Desk(api("maker"))


@pytest.fixture
def attempt(desk: Desk) -> str:
    """In the inquiry since 1 March 2022, suspended at the end of June."""
    found = made(desk.start("accepted", "2022-02-01"))["id"]
    made(desk.enter(found, "inquiry", "2022-03-01"))
    made(desk.enter(found, "suspended", "2022-06-30"))
    return str(found)


def rows(client: Client, address: str) -> list[str]:
    """The firms of the list."""
    return [line.cells[0].text for line in client.get(address).context["listings"].lines]


def sent(client: Client, address: str, **said: str) -> Any:
    """The form as a browser sends it, with the token of its page."""
    form = client.get(address)
    assert form.status_code == 200, form.content
    token = form.context["form"].token
    return client.post(address, {"token": token, **said})


class TestTheBoard:
    def test_puts_each_attempt_in_its_stage_and_marks_what_waits_long(
        self, browse: Browse, desk: Desk, attempt: str
    ) -> None:
        today = timezone.localdate()
        made(desk.start("applied", today.isoformat(), uscc=OTHER_FIRM, board="chinext"))
        client = browse("auditor")
        assert piles(client, "/listings") == {"suspended": (1, ["企业TN02"]), "applied": (1, ["企业K513"])}
        text = reporting.read(client, "/listings")
        assert "共 2 次申报" in text
        assert text.count("久未推进") == 1
        assert "登记申报" not in text
        assert "登记申报" in reporting.read(browse("maker"), "/listings")

    def test_shows_what_is_looked_for_as_a_board_and_as_a_list(
        self, browse: Browse, desk: Desk, attempt: str
    ) -> None:
        made(desk.start("cultivation", "2022-01-01", uscc=OTHER_FIRM, board="chinext"))
        client = browse("approver")
        for query, found in {
            "board=chinext": {"企业K513"}, "board=moon": {"企业K513", "企业TN02"}, "q=TN02": {"企业TN02"},
            f"q={OTHER_FIRM[:12]}": {"企业K513"}, "q=%25": set(), "q=%00": {"企业K513", "企业TN02"},
        }.items():  # fmt: skip
            cards = {card for _n, shown in piles(client, f"/listings?{query}").values() for card in shown}
            assert (query, cards) == (query, found)
            assert (query, set(rows(client, f"/listings?view=list&{query}"))) == (query, found)
        assert rows(client, "/listings?stage=suspended") == ["企业TN02"]
        assert "没有符合条件的申报" in reporting.read(client, "/listings?stage=listed")

    def test_a_column_shows_its_newest_and_leads_to_the_others(
        self, browse: Browse, desk: Desk, attempt: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        made(desk.start("inquiry", "2022-07-01", uscc=OTHER_FIRM))
        made(desk.start("inquiry", "2022-05-01", uscc=OTHER_FIRM, board="chinext"))
        monkeypatch.setattr(board, "MOST", 1)
        monkeypatch.setattr(board, "PAGE", 1)
        client = browse("auditor")
        assert piles(client, "/listings")["inquiry"] == (2, ["企业K513"])
        assert "stage=inquiry" in client.get("/listings").content.decode()
        first = client.get("/listings?stage=inquiry&sort=oldest")
        assert first.context["listings"].previous_url is None
        second = client.get(first.context["listings"].next_url)
        assert second.context["listings"].next_url is None
        days = [page.context["listings"].lines[0].cells[4].text for page in (first, second)]
        assert days == ["2022年5月1日", "2022年7月1日"]

    def test_without_figures_says_where_the_forecast_comes_from(self, browse: Browse, desk: Desk) -> None:
        assert "预测随月度指标一并生成" in reporting.read(browse("auditor"), "/listings")
        assert browse("auditor").get("/listings/forecast.xlsx").status_code == 404


@pytest.mark.parametrize("name", ["manager_angel", "bank_a", "guarantor_a", "department", "admin"])
def test_the_pages_are_the_centres(browse: Browse, attempt: str, name: str) -> None:
    for path in ("/listings", f"/listings/{attempt}", "/listings/new", "/listings/forecast.xlsx"):
        assert browse(name).get(path).status_code == 403


class TestAnAttempt:
    def test_tells_the_road_with_its_evidence_and_what_lies_ahead(self, browse: Browse, attempt: str) -> None:
        text = reporting.read(browse("auditor"), f"/listings/{attempt}")
        assert "受理 2022年2月1日 公告" in text
        assert "中止 2022年6月30日 公告 财务资料已过有效期" in text
        assert "上市委审议 未到" in text
        assert "尚未登记该企业的财务年度" in text
        assert "未登记财务资料" in text
        assert "更正" not in text.split("时限")[0]

    def test_says_what_is_due_and_what_is_missing_for_the_standards(
        self, browse: Browse, desk: Desk, attempt: str
    ) -> None:
        year = {"year": 2025, "revenue": "326000000.00", "effective_date": "2026-04-20", "source": "审计报告"}
        made(desk.api.post(f"/firms/{FIRM}/financial-years", year))
        cap = {
            "name": "expected_market_cap",
            "number": "2000000000",
            "effective_date": "2026-03-31",
            "source": "投后",
        }
        made(desk.api.post(f"/firms/{FIRM}/listing-statements", cap))
        paper = {
            "kind": "figures_audited",
            "effective_date": "2022-04-20",
            "period_end": "2021-12-31",
            "source": "x",
        }
        made(desk.api.post(f"/ipo-candidates/{attempt}/filings", paper))
        text = reporting.read(browse("maker"), f"/listings/{attempt}")
        assert "2022年6月30日 已逾期" in text
        assert "预计市值 20.00亿元，要求 30.00亿元，差 10.00亿元" in text
        assert "缺：经营活动现金流净额 2025" in text
        english = reporting.read(browse("maker", language="en"), f"/listings/{attempt}")
        assert (
            "Expected market cap: CNY 2.00 billion of CNY 3.00 billion, short of CNY 1.00 billion" in english
        )
        workbook = browse("auditor").get(f"/listings/{attempt}/readiness.xlsx")
        sheets = sheets_of(workbook.content)
        assert ["STAR-4", 3_000_000_000.0, 2_000_000_000.0, 1_000_000_000.0] in [
            [row[0], *row[5:8]] for row in sheets["上市标准"]
        ]
        assert sheets["口径"][0] == ["事项", "含义"]

    def test_is_read_with_as_many_queries_for_a_long_road(
        self, browse: Browse, desk: Desk, attempt: str, django_assert_max_num_queries: Any
    ) -> None:
        client = browse("auditor")
        client.get(f"/listings/{attempt}")
        with django_assert_max_num_queries(24):
            client.get(f"/listings/{attempt}")
        for month, stage in enumerate(("inquiry", "committee", "registration_submitted"), start=7):
            made(desk.enter(attempt, stage, f"2022-{month:02}-01"))
        with django_assert_max_num_queries(24):
            client.get(f"/listings/{attempt}")

    def test_what_is_not_there(self, browse: Browse, attempt: str) -> None:
        client = browse("maker")
        for path in ("la_missing", f"{attempt}/record/mood", f"{attempt}/stages/se_missing/correct",
                     f"{attempt}/years/1999/correct", f"{attempt}/years/99999/correct", "la_missing/readiness.xlsx"):  # fmt: skip
            assert client.get(f"/listings/{path}").status_code == 404, path


class TestTheForms:
    def test_a_firm_is_taken_from_the_reserve_list_into_the_inquiry(self, browse: Browse, desk: Desk) -> None:
        client = browse("maker")
        begun = sent(client, "/listings/new", uscc=FIRM, board="star", stage="accepted",
                     effective_date="2022-02-01", evidence="受理通知", reason="此前未跟踪")  # fmt: skip
        assert begun.status_code == 302
        entered = sent(client, f"{begun['Location']}/record/stage", stage="inquiry", effective_date="2022-03-01",
                       evidence="问询函", reason="")  # fmt: skip
        assert (entered.status_code, entered["Location"]) == (302, f"{begun['Location']}#road")
        assert "阶段已登记" in reporting.read(client, begun["Location"])

    def test_a_refusal_stands_beside_its_field_and_loses_nothing(self, browse: Browse, attempt: str) -> None:
        client = browse("maker")
        refused = sent(client, f"/listings/{attempt}/record/stage", stage="withdrawn", effective_date="2022-07-01",
                       evidence="公告", reason="")  # fmt: skip
        assert refused.status_code == 422
        errors = refused.context["form"].errors
        assert [error.field_id for error in errors] == ["reason"]
        assert "须说明原因" in errors[0].text
        assert 'value="2022-07-01"' in refused.content.decode()

    def test_a_stage_is_corrected_and_the_last_one_taken_back(self, browse: Browse, attempt: str) -> None:
        client = browse("maker")
        with within(EVERYTHING):
            first, _inquiry, last = queries.attempt(attempt).stages_in_order  # type: ignore[attr-defined]
        moved = sent(client, f"/listings/{attempt}/stages/{first.public_id}/correct", effective_date="2022-02-03",
                     evidence="受理通知", reason="误录")  # fmt: skip
        assert moved.status_code == 302
        late = sent(client, f"/listings/{attempt}/stages/{first.public_id}/correct", effective_date="2022-03-02",
                    evidence="受理通知", reason="误录")  # fmt: skip
        assert late.status_code == 422
        back = sent(client, f"/listings/{attempt}/stages/{last.public_id}/take-back", reason="未曾中止")
        assert back.status_code == 302
        text = reporting.read(client, f"/listings/{attempt}")
        assert "2022年2月3日" in text
        assert "已撤销" in text

    def test_parties_papers_years_and_facts(self, browse: Browse, attempt: str) -> None:
        client, page = browse("maker"), f"/listings/{attempt}"
        said = {"effective_date": "2022-04-20", "source": "公示"}
        assert sent(client, f"{page}/record/party", role="sponsor", name="甲证券", **said).status_code == 302
        assert (
            sent(client, f"{page}/record/filing", kind="inquiry_letter", period_end="", **said).status_code
            == 302
        )
        turned = sent(client, f"{page}/record/filing", kind="inquiry_letter", period_end="", **said)
        assert turned.status_code == 409
        year = {"year": "2021", "revenue": "￥326,000,000", "net_profit": "-1.50", "roe": "-13.20", "staff": "410",
                "unqualified_opinion": "yes"}  # fmt: skip
        assert sent(client, f"{page}/record/year", **year, **said).status_code == 302
        assert sent(client, f"{page}/record/year", **year, **said).status_code == 409
        anew = client.get(f"{page}/years/2021/correct").content.decode()
        assert 'value="-13.2"' in anew
        assert sent(client, f"{page}/years/2021/correct", revenue="1", **said).status_code == 302
        assert (
            sent(
                client, f"{page}/record/statement", name="public_float_share", number="25", holds="", **said
            ).status_code
            == 302
        )
        assert (
            sent(
                client, f"{page}/record/statement", name="software", number="", holds="no", **said
            ).status_code
            == 302
        )
        odd = sent(client, f"{page}/record/statement", name="software", number="5", holds="", **said)
        assert (odd.status_code, [e.field_id for e in odd.context["form"].errors]) == (422, ["holds"])
        with within(EVERYTHING):
            first, again = FinancialYear.objects.order_by("pk")
            assert (first.roe, first.net_profit, again.revenue, again.roe) == (
                Decimal("-0.132"), Decimal("-1.50"), Decimal(1), None,
            )  # fmt: skip
            assert {(s.name, s.number, s.holds) for s in FirmStatement.objects.all()} == {
                ("public_float_share", Decimal("0.25"), None), ("software", None, False),
            }  # fmt: skip
            party = queries.parties(queries.attempt(attempt)).get().public_id
        assert sent(client, f"{page}/entries/{party}/take-back", reason="误录").status_code == 302
        assert "尚未登记保荐机构" in reporting.read(client, page)

    def test_an_attempt_that_has_ended_takes_no_stage(self, browse: Browse, desk: Desk, attempt: str) -> None:
        made(desk.enter(attempt, "withdrawn", "2022-07-01"))
        client = browse("maker")
        assert client.get(f"/listings/{attempt}/record/stage").status_code == 404
        assert "登记阶段" not in reporting.read(client, f"/listings/{attempt}")

    def test_who_begins_late_is_asked_why_beside_the_field(self, browse: Browse, desk: Desk) -> None:
        late = sent(browse("maker"), "/listings/new", uscc=FIRM, board="star", stage="listed",
                    effective_date="2022-02-01", evidence="上市公告书", reason="")  # fmt: skip
        assert (late.status_code, [e.field_id for e in late.context["form"].errors]) == (422, ["reason"])

    def test_an_attempt_under_the_wrong_firm_is_taken_back_and_says_so(
        self, browse: Browse, desk: Desk
    ) -> None:
        held = made(desk.start("listed", "2022-02-01"))
        page, client = f"/listings/{held['id']}", browse("maker")
        assert "撤销" in reporting.read(client, page).split("时限")[0]
        stale = {
            form: client.get(f"{page}/record/{form}").context["form"].token for form in ("party", "filing")
        }
        back = sent(
            client, f"{page}/stages/{held['stages'][0]['id']}/take-back", reason="登记到了另一家企业名下"
        )
        assert back.status_code == 302
        text = reporting.read(client, page)
        assert "申报已撤销" in text
        assert "该次申报的阶段已全部撤销：可供查阅，不计入任何统计。" in text
        for gone in ("登记阶段", "登记机构", "登记文件", "本阶段起始日"):
            assert gone not in text
        english = reporting.read(browse("auditor", language="en"), page)
        assert "Attempt taken back" in english
        assert "it stays to be read and counts nowhere." in english
        assert piles(client, "/listings") == {}
        assert rows(client, "/listings?view=list") == []
        for form in ("stage", "party", "filing"):
            assert client.get(f"{page}/record/{form}").status_code == 404
        said = {"role": "sponsor", "name": "甲证券", "effective_date": "2022-02-01", "source": "公示"}
        assert client.post(f"{page}/record/party", {"token": stale["party"], **said}).status_code == 409
        assert client.get(f"{page}/record/year").status_code == 200

    def test_only_the_maker_has_them(self, browse: Browse, attempt: str) -> None:
        for name in ("approver", "auditor", "bank_a"):
            for form in ("stage", "party", "filing", "year", "statement"):
                assert browse(name).get(f"/listings/{attempt}/record/{form}").status_code == 403
