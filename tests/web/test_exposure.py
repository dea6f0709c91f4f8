"""The exposure on a firm's page and a group's, the centre's page of concentration, its workbooks and its forms."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.models import ControlGroup, Firm
from finance_hub.kernel.scoping import within
from tasks.models import ConcentrationLimit
from tests.cast import Api, Cast
from tests.funds.conftest import FIRM
from tests.tasks.exposing import Known, known
from tests.tasks.test_concentration_limits import LIMIT, approve, propose
from tests.tasks.test_month import run_due
from tests.web import scenes
from tests.web.conftest import Browse

Speak = Callable[[str], Api]
PAGE = f"/firms/{FIRM}"
ASKED = "?as_of=2026-10-31"


def text(client: Client, address: str, *, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, address
    bare = re.sub(r"<script.*?</script>", " ", answer.content.decode(), flags=re.DOTALL)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", bare)))


def cells(client: Client, address: str) -> dict[str, list[list[Any]]]:
    """{sheet: its rows} of a workbook."""
    from python_calamine import CalamineWorkbook

    answer = client.get(address)
    assert answer.status_code == 200, address
    assert answer["Content-Disposition"].endswith('.xlsx"')
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


@pytest.fixture
def firm(api: Speak, monkeypatch: pytest.MonkeyPatch) -> Known:
    return known(api, monkeypatch)


class TestAFirm:
    def test_shows_what_the_paper_works_out_at_any_moment_on_any_basis(
        self, firm: Known, browse: Browse
    ) -> None:
        maker = browse("maker")
        said = text(maker, PAGE + ASKED)
        for words in ("662.08 万元", "722.08 万元", "598.26 万元", "700.08 万元"):
            assert words in said
        assert "贷款中的公共分担 含在上行贷款内 120.00 120.00 72.00 0.00" in said
        assert "合计 662.08 722.08 598.26 700.08" in said
        assert "690.00 万元" in text(maker, f"{PAGE}{ASKED}&known_at=2026-08-05 09:30")
        assert "712.08 万元" in text(maker, f"{PAGE}{ASKED}&basis=commitment")
        # A basis that is none of ours is the first one.
        assert "662.08 万元" in text(maker, f"{PAGE}{ASKED}&basis=market")

    def test_leads_to_the_records_and_names_the_group(self, firm: Known, browse: Browse) -> None:
        group = ControlGroup.objects.create(name="示例集团")
        Firm.objects.filter(uscc=FIRM).update(control_group=group)
        shown = browse("auditor").get(PAGE + ASKED).content.decode()
        assert f'href="/funds/angel/holdings/{firm.stake}"' in shown
        assert f'href="/funds/sub-a/holdings/{firm.sub_stake}"' in shown
        assert f'href="/exposure/groups/{group.pk}"' in shown
        assert "662.08 万元" in text(browse("maker"), f"/exposure/groups/{group.pk}{ASKED}")
        assert browse("maker").get(f"/exposure/groups/{group.pk + 1}").status_code == 404

    def test_goes_out_as_a_workbook_with_numbers_as_numbers(self, firm: Known, browse: Browse) -> None:
        sheets = cells(browse("maker"), f"{PAGE}/exposure.xlsx{ASKED}")
        assert list(sheets) == ["公共资金分项", "各项依据的记录", "违约损失率假设", "口径"]
        lines = {row[0]: row[1:] for row in sheets["公共资金分项"]}
        assert lines["合计"] == [6620800.0, 7220800.0, 5982600.0, 7000800.0]
        assert lines["穿透股权"][0] == 1500000.0
        definitions = {row[0] for row in sheets["口径"]}
        assert {"对象", "时点", "子基金份额口径", "单位"} <= definitions

    def test_in_english_has_no_chinese_word_of_ours(self, firm: Known, browse: Browse) -> None:
        said = text(browse("maker", language="en"), PAGE + ASKED)
        assert "Public share of the loans part of the loans above 1.20" in said
        for words in ("公共", "敞口", "代偿未追回", "接力"):
            assert words not in said

    def test_a_day_that_is_none_is_told_beside_its_field(self, firm: Known, browse: Browse) -> None:
        maker = browse("maker")
        assert "截至日" in text(maker, f"{PAGE}?as_of=x", status=422)
        assert maker.get(f"{PAGE}/exposure.xlsx?as_of=x")["Location"].startswith(f"{PAGE}?as_of=x")

    def test_without_assumptions_says_who_enters_them(self, cast: Cast, browse: Browse) -> None:
        scenes.add_firm(1)
        said = text(browse("maker"), f"/firms/{scenes.firm_code(1)}")
        assert "公共资金敞口（违约损失） — （未登记假设）" in said
        assert "尚无生效的假设。由中心经办登记" in said

    def test_without_public_money_says_who_reports_it(self, cast: Cast, browse: Browse) -> None:
        scenes.add_firm(1)
        said = text(browse("maker"), f"/firms/{scenes.firm_code(1)}")
        assert "该时点没有已知的公共资金记录；由基金管理人、银行与担保机构报送。" in said
        assert "天使基金未出资该企业，无接力可言。" in said

    def test_is_not_told_to_a_fund_manager(self, firm: Known, browse: Browse) -> None:
        said = text(browse("manager_angel"), PAGE)
        assert "公共资金" not in said
        assert browse("manager_angel").get(f"{PAGE}/exposure.xlsx").status_code == 403
        assert browse("bank_a").get(PAGE).status_code == 403


class TestTheCity:
    def test_shows_stored_figures_limits_and_a_workbook_of_each_table(
        self, firm: Known, api: Speak, browse: Browse
    ) -> None:
        approve(api, propose(api, limit="90", warning="80", top_n=1))
        while run_due():
            pass
        maker = browse("maker")
        said = text(maker, "/exposure?month=2026-10")
        assert "公共资金敞口合计 662.08 万元" in said
        assert "桐乡示例科技有限公司 662.08 100.0% 700.08" in said
        assert "企业 · 最大一项占比 预警 100.00% 80.00% 90.00% −10.00%" in said
        assert "没有成员企业使用公共资金的集团" in said
        assert "接力：获天使投资企业 1 家" in said
        # What the loss among the tiles rests on, with what that rests on.
        assert "公共资金敞口（违约损失） 598.26 万元" in said
        assert "股权 90.0% 公开规定 巴塞尔委员会" in said
        shown = maker.get("/exposure?month=2026-10").content.decode()
        downloads = set(re.findall(r'href="(/exposure/[a-z-]+\.xlsx[^"]*)"', shown))
        assert len(downloads) >= 8
        for address in downloads:
            sheets = cells(maker, html.unescape(address))
            assert list(sheets)[-1] == "口径"
        firms = cells(maker, "/exposure/firms.xlsx?month=2026-10")
        assert next(iter(firms.values()))[1][1:] == [6620800.0, 1.0, 7000800.0]
        held = cells(maker, "/exposure/limits.xlsx?month=2026-10")
        assert next(iter(held.values()))[1][1:5] == [1.0, 0.8, 0.9, -0.1]

    def test_before_any_figures_says_what_is_missing(self, cast: Cast, browse: Browse) -> None:
        assert "该月份尚未计算指标；待银行与基金管理人报送后生成。" in text(browse("maker"), "/exposure")
        assert browse("maker").get("/exposure/firms.xlsx").status_code == 404

    def test_of_a_month_from_before_says_so(
        self, cast: Cast, browse: Browse, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delitem(scenes.CITY, "exposure.public")
        scenes.add_month(scenes.OCTOBER)
        assert "敞口尚未分项" in text(browse("maker"), "/exposure")

    @pytest.mark.parametrize("address", ["/exposure?month=x", "/exposure/none.xlsx", "/exposure/groups/x"])
    def test_what_is_not_there_is_not_found(self, cast: Cast, browse: Browse, address: str) -> None:
        scenes.add_month(scenes.OCTOBER)
        assert browse("maker").get(address).status_code == 404


class TestTheForms:
    def sent(self, client: Client, address: str, **fields: Any) -> Any:
        page = client.get(address)
        assert page.status_code == 200
        token = re.search(r'name="token" value="([0-9a-f]+)"', page.content.decode())
        assert token is not None
        return client.post(address, {"token": token[1], **fields})

    def test_one_proposes_and_another_approves(self, cast: Cast, browse: Browse) -> None:
        maker = browse("maker")
        answer = self.sent(maker, "/exposure/limits/new", **LIMIT | {"fund": "", "valid_to": ""})
        assert answer.status_code == 302, answer.content
        assert "限额已提出，由另一人批准。" in text(maker, "/exposure")
        with within(EVERYTHING):
            limit = ConcentrationLimit.objects.get()
        assert "批准</a>" not in maker.get("/exposure").content.decode()
        approver, address = browse("approver"), f"/exposure/limits/{limit.public_id}/approve"
        assert address in approver.get("/exposure").content.decode()
        assert "企业 · 前 10 项占比" in text(approver, address)
        assert [self.sent(approver, address, confirm=tick).status_code for tick in ("", "yes", "yes")] == [
            422,
            302,
            409,
        ]
        with within(EVERYTHING):
            limit.refresh_from_db()
        assert limit.approved_by == cast["approver"]

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"limit": ""}, "limit"),
            ({"warning": "99"}, "warning"),
            ({"top_n": ""}, "top_n"),
            ({"dimension": "person"}, "dimension"),
            ({"valid_from": "soon"}, "valid_from"),
            ({"valid_to": "2025-01-01"}, "valid_to"),
        ],
    )
    def test_what_is_refused_is_said_beside_its_field(
        self, cast: Cast, browse: Browse, changes: dict[str, str], field: str
    ) -> None:
        answer = self.sent(
            browse("maker"), "/exposure/limits/new", **LIMIT | {"fund": "", "valid_to": ""} | changes
        )
        assert answer.status_code == 422
        assert f'id="{field}-error"' in answer.content.decode()
        with within(EVERYTHING):
            assert not ConcentrationLimit.objects.exists()

    def test_each_form_is_for_its_role(self, cast: Cast, api: Speak, browse: Browse) -> None:
        limit = propose(api)
        assert browse("approver").get("/exposure/limits/new").status_code == 403
        assert browse("maker").get(f"/exposure/limits/{limit}/approve").status_code == 403
        assert browse("approver").get("/exposure/limits/none/approve").status_code == 404
