"""The page of risk shows what is stored, says what is missing and who brings it, and enters each act once."""

from __future__ import annotations

import html
import io
import re
from typing import Any

import pyotp
import pytest
from django.test import Client
from django.utils import timezone
from python_calamine import CalamineWorkbook

from finance_hub.kernel import login
from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.models import LoginFailure, Person
from finance_hub.kernel.periods import Month
from finance_hub.kernel.scoping import within
from tasks import snapshots
from tasks.models import LossResult, RiskAssumptions, StressRun, StressScenario, ToleranceRule
from tasks.risk import assume, due, runs
from tests.cast import NOW, Cast
from tests.risk.entering import SHOCKS, assumed
from tests.risk.test_runs import held, work
from tests.risk.test_tolerances import RULE, approved
from tests.web.conftest import Browse

OCTOBER = Month(2026, 10)
TOKEN = re.compile(r'name="token" value="([0-9a-f]{32})"')


def read(client: Client, address: str = "/risk", *, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, answer.content
    return html.unescape(answer.content.decode())


def token(client: Client, address: str) -> str:
    found = TOKEN.search(read(client, address))
    assert found
    return found[1]


def send(client: Client, address: str, **fields: str) -> Any:
    return client.post(address, {"token": token(client, address), **fields})


@pytest.fixture
def month(cast: Cast, api: Any) -> Cast:
    """A rule on unstaged firms, one holding of 3 million, October's figures."""
    approved(api, key="unstaged")
    held(api)
    return cast


@pytest.fixture
def known(month: Cast, monkeypatch: pytest.MonkeyPatch) -> Cast:
    """The same with assumptions, two scenarios and the base case, in 500 draws."""
    from tasks.risk import joint, working

    compute = joint.compute
    monkeypatch.setattr(working, "compute", lambda *a, **k: compute(*a, **{**k, "draws": 500}))
    with within(EVERYTHING):
        assumed(month)
        for shock in SHOCKS:
            assume.define_scenario(**shock, by=month["maker"], now=NOW)
    due.enqueue_due(now=NOW)
    assert work() == ["succeeded"]
    return month


class TestWhatIsMissing:
    def test_before_the_first_month(self, cast: Cast, browse: Browse) -> None:
        assert "尚未生成任何月份的数据" in read(browse("maker"))
        read(browse("maker"), "/risk?month=2026-13", status=404)

    def test_without_assumptions_it_says_who_brings_them(self, month: Cast, browse: Browse) -> None:
        page = read(browse("auditor"))
        assert "无法计算联合损失：尚无生效的假设，由中心经办登记。" in page
        assert "尚无假设可用，由中心经办登记。" in page
        assert "发起压力测试</button>" not in page

    def test_before_a_worker_is_done(
        self, month: Cast, browse: Browse, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with within(EVERYTHING):
            assumed(month)
        assert "该月联合损失正在计算" in read(browse("maker"))
        monkeypatch.setattr(due, "MONTHS", 0)
        assert "该月更早" in read(browse("maker"))

    def test_a_rule_that_lapsed_is_said(self, month: Cast, api: Any, browse: Browse) -> None:
        approved(api, key="growth", valid_to="2026-09-01")
        with within(EVERYTHING):
            snapshots.take(OCTOBER, known_at=timezone.now(), taken_at=timezone.now())
        assert "成长类的容忍度规则已于2026年9月1日到期且无后续规则" in read(browse("maker"))


class TestWhatIsStored:
    def test_budgets_losses_and_their_sources(self, known: Cast, browse: Browse) -> None:
        """3 million unstaged: 12 % fail, 90 % is lost; half of the principal is tolerated."""
        page = read(browse("maker"))
        for said in (
            "已用 0.00万元 / 限额 150.00万元", "阶段未登记：尚无核销，给不出中位数规模，剩余150.00万元。",
            "阶段未登记：一年内突破容忍额度的概率为", "32.40<small>万元", "测试所定", "最差 1% 损失的主要来源企业",
        ):  # fmt: skip
            assert said in page, said
        with within(EVERYTHING):
            assert LossResult.objects.get().content["books"][0]["expected"] == "324000.00"

    def test_english_says_the_same(self, known: Cast, browse: Browse) -> None:
        page = read(browse("auditor", language="en"))
        assert "nothing was written off yet, so there is no median size" in page
        assert "its tolerance is broken within a year with probability" in page

    def test_newer_figures_are_said_to_be_on_their_way(self, known: Cast, api: Any, browse: Browse) -> None:
        approved(api, key="growth")
        with within(EVERYTHING):
            snapshots.take(OCTOBER, known_at=timezone.now(), taken_at=timezone.now())
        assert "该月已有更新的数据" in read(browse("maker"))

    def test_every_table_is_a_workbook_with_numbers_and_definitions(
        self, known: Cast, browse: Browse
    ) -> None:
        client = browse("auditor")
        keys = set(re.findall(r"/risk/tables/([a-z0-9-]+)\.xlsx", read(client)))
        assert {
            "all",
            "budgets",
            "curve",
            "limits",
            "contributions",
            "payers",
            "books",
            "sensitivity",
        } <= keys
        for key in sorted(keys):
            answer = client.get(f"/risk/tables/{key}.xlsx?month=2026-10")
            assert answer.status_code == 200, key
            book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
            assert book.sheet_names[-1] == "口径"
            assert len(book.sheet_names) >= 2
        limits = client.get("/risk/tables/books.xlsx?month=2026-10").content
        rows = CalamineWorkbook.from_filelike(io.BytesIO(limits)).get_sheet_by_index(0).to_python()
        assert rows[1][3] == 324000.0

    @pytest.mark.parametrize(
        "address", ["none.xlsx?month=2026-10", "limits.xlsx", "limits.xlsx?month=2020-01"]
    )
    def test_a_table_that_is_not_there(self, known: Cast, browse: Browse, address: str) -> None:
        assert browse("maker").get(f"/risk/tables/{address}").status_code == 404


class TestForms:
    def test_a_rule_is_proposed_by_one_and_approved_by_another(self, month: Cast, browse: Browse) -> None:
        said = {
            "on": "category:seed", "fund": "", "base": "principal-paid", "limit_pct": "50", "warning_pct": "80",
            "timing": "realised", "owner": "市财政局", "document": "文件", "valid_from": "2026-01-01", "valid_to": "",
        }  # fmt: skip
        bad = send(browse("maker"), "/risk/rules/new", **said | {"base": "size"})
        assert (bad.status_code, "类别和单个项目没有规模" in bad.content.decode()) == (422, True)
        for field, wrong in (("owner", ""), ("limit_pct", "40.001")):
            page = send(browse("maker"), "/risk/rules/new", **said | {field: wrong})
            assert (page.status_code, f'id="{field}-error"' in page.content.decode()) == (422, True)
        assert send(browse("maker"), "/risk/rules/new", **said).status_code == 302
        with within(EVERYTHING):
            rule = ToleranceRule.objects.get(approved_at=None)
        assert (rule.scope, rule.key, rule.owner, rule.netting) == ("category", "seed", "市财政局", False)
        address = f"/risk/rules/{rule.public_id}/approve"
        assert address in read(browse("approver"))
        assert address not in read(browse("maker"))
        unread = send(browse("approver"), address)
        assert (unread.status_code, "已与文件核对：必填" in unread.content.decode()) == (422, True)
        made = login.new_seed(month["approver"])
        Person.objects.filter(pk=month["approver"].pk).update(totp_seed=made.sealed)
        month["approver"].refresh_from_db()
        assert 'name="code"' in read(browse("approver"), address)
        wrong = send(browse("approver"), address, confirm="yes", code="000000")
        assert (wrong.status_code, "动态口令不正确" in wrong.content.decode()) == (422, True)
        assert LoginFailure.objects.get(subject="user:approver").failures == 1
        with within(EVERYTHING):
            assert not ToleranceRule.objects.filter(pk=rule.pk, approved_at__isnull=False).exists()
        form = {
            "token": token(browse("approver"), address),
            "confirm": "yes",
            "code": pyotp.TOTP(made.key).now(),
        }
        assert [browse("approver").post(address, form).status_code for _click in range(2)] == [302, 302]
        again = send(browse("second_approver"), address, confirm="yes")
        assert (again.status_code, "该规则已批准" in again.content.decode()) == (409, True)
        assert browse("approver").get("/risk/rules/none/approve").status_code == 404

    def test_a_changed_number_needs_its_source(self, month: Cast, browse: Browse) -> None:
        client = browse("maker")
        fields = dict(
            re.findall(r'name="([a-z_]+-[a-z_]+)" value="([0-9.]+)"', read(client, "/risk/assumptions/new"))
        )
        fields |= {"valid_from": "2026-01-01", "document": "2026年假设"}
        fields |= dict(
            re.findall(r'name="(loading-[A-Za-z]+)" value="([0-9.]+)"', read(client, "/risk/assumptions/new"))
        )
        bare = send(client, "/risk/assumptions/new", **fields | {"pd_class-normal": "2"})
        assert (bare.status_code, "改动的数值须说明依据" in bare.content.decode()) == (422, True)
        high = send(client, "/risk/assumptions/new", **fields | {"pd_class-normal": "101", "source": "测算"})
        assert high.status_code == 422
        entered = send(
            client, "/risk/assumptions/new", **fields | {"pd_class-normal": "2", "source": "本地测算"}
        )
        assert entered.status_code == 302, entered.content
        with within(EVERYTHING):
            rows = {(row.kind, row.key): row for row in RiskAssumptions.objects.get().parameters.all()}
        changed, kept = rows["pd_class", "normal"], rows["pd_class", "loss"]
        assert (str(changed.value), changed.source, changed.is_invented) == ("0.020000", "本地测算", False)
        assert kept.source.startswith("《商业银行金融资产风险分类办法》")

    def test_a_scenario_is_entered(self, month: Cast, browse: Browse) -> None:
        said = {
            "code": "window", "name": "窗口关闭", "name_en": "Window", "document": "方案", "valid_from": "2026-01-01",
            "pd_factor": "1", "industry": "", "loading_factor": "1", "listing_pd_factor": "1", "listing_lgd_factor": "1",
            "failing": "",
        }  # fmt: skip
        same = send(browse("maker"), "/risk/scenarios/new", **said)
        assert (same.status_code, "该情景与基准情形相同" in same.content.decode()) == (422, True)
        assert (
            send(browse("maker"), "/risk/scenarios/new", **said | {"listing_pd_factor": "4"}).status_code
            == 302
        )
        with within(EVERYTHING):
            assert StressScenario.objects.get().listing_pd_factor == 4


class TestStress:
    def test_a_run_is_asked_for_watched_and_shown(self, known: Cast, browse: Browse) -> None:
        client = browse("maker")
        assert client.post("/risk/stress", {"month": "2026-10"}).status_code == 302
        page = read(client)
        progress = re.search(r'hx-get="(/risk/stress/[A-Za-z0-9_]+/progress)"', page)
        assert progress
        assert "已完成 0／3 个情景" in read(client, progress[1])
        work()
        assert "已完成 3／3 个情景" in read(client, progress[1])
        work("stress_join")
        over = client.get(progress[1])
        assert (over.status_code, over.headers["HX-Refresh"]) == (204, "true")
        assert "制造业冲击" in read(client)
        assert client.post("/risk/stress", {"month": "2026-10"}).status_code == 302
        assert "自上一次以来输入未变" in read(client)
        with within(EVERYTHING):
            assert StressRun.objects.count() == 1

    def test_a_run_is_cancelled_as_a_whole(self, known: Cast, browse: Browse) -> None:
        client = browse("maker")
        client.post("/risk/stress", {"month": "2026-10"})
        with within(EVERYTHING):
            run = StressRun.objects.get()
        assert client.post(f"/risk/stress/{run.public_id}/cancel").status_code == 302
        assert "汇总前已取消" in read(client)
        late = client.post(f"/risk/stress/{run.public_id}/cancel")
        assert (late.status_code, "该次压力测试已结束" in late.content.decode()) == (409, True)
        with within(EVERYTHING):
            assert runs.is_cancelled(run.public_id)

    def test_what_is_lacking_is_said_on_the_page(self, month: Cast, browse: Browse) -> None:
        answer = browse("maker").post("/risk/stress", {"month": "2026-10"})
        assert (answer.status_code, "该月末尚无生效的风险假设" in answer.content.decode()) == (409, True)

    @pytest.mark.parametrize("name", ["approver", "auditor", "manager_angel", "bank_a"])
    def test_only_the_maker_runs_it(self, known: Cast, browse: Browse, name: str) -> None:
        assert browse(name).post("/risk/stress", {"month": "2026-10"}).status_code == 403
        assert RULE["scope"] == "category"
