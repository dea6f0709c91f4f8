"""Every page for every role, in both languages, whole and without anything inline."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from finance_hub.kernel.access import ACTIONS, Role, may
from finance_hub.web import urls
from tests.cast import PEOPLE, Cast
from tests.conftest import Build
from tests.web import scenes
from tests.web.conftest import Browse
from tests.web.test_assets import INLINE_HANDLER, INLINE_SCRIPT, INLINE_STYLE

PUBLIC = {"login"}
FIRM = scenes.firm_code(1)
#: Address, the action it asks, and words of its heading in both languages.
PAGES = (
    ("/", "figure.read", "总览", "Overview"),
    ("/funds", "fund.read", "名下还没有基金", "No fund is registered"),
    ("/deals", "fund.read", "项目看板", "Deal board"),
    ("/deals/new", "fund.record", "登记项目", "Enter a deal"),
    ("/firms", "firm.read", "企业名录", "Firm register"),
    (f"/firms/{FIRM}", "firm.read", "统一社会信用代码", "Credit code"),
    ("/exposure", "figure.read", "敞口", "Exposure"),
    ("/exposure/limits/new", "tolerance.propose", "提出集中度限额", "Propose a limit on concentration"),
    ("/risk", "risk.read", "风险容忍度", "Risk tolerance"),
    ("/risk/rules/new", "tolerance.propose", "提出容忍度规则", "Propose a tolerance"),
    ("/risk/assumptions/new", "risk.assume", "登记假设", "Enter assumptions"),
    ("/risk/scenarios/new", "risk.assume", "登记情景", "Enter a scenario"),
    ("/targets", "target.read", "政策目标", "Policy targets"),
    ("/briefings", "briefing.read", "简报", "Briefings"),
    ("/archive", "briefing.read", "尚无已印发的简报", "No issue has been published yet"),
    ("/verify", "briefing.read", "文件核验", "Verify a file"),
    ("/verify/0123456789abcdef", "briefing.read", "没有与此散列值相符", "nothing under this hash"),
    ("/subscribers", "subscriber.read", "收件名单", "Mailing list"),
    ("/reports", "batch.report", "月末报送清单", "Month-end checklist"),
    ("/reports/upload", "batch.report", "上传文件", "Upload a file"),
    ("/reports/nothing?month=2026-10&dataset=stock", "batch.report", "零报告", "nothing to report"),
    ("/reports/batches", "batch.read", "批次", "Batches"),
    ("/reporting", "month.read", "报送情况", "Who has reported"),
    ("/reports/reconciliation?month=2026-10", "reconciliation.confirm", "对账", "Reconcile"),
    ("/findings", "finding.read", "数据体检", "Data quality"),
    ("/request-log", "request.read", "接口日志", "Request log"),
    ("/account", "self.read", "我的账户", "Account"),
)
#: The data of a chart, which no browser runs.
CHART_DATA = re.compile(r'<script id="[a-z-]+" type="application/json">.*?</script>', re.DOTALL)


@pytest.fixture(scope="class")
def city(build: Build) -> None:
    def fill(_: object) -> None:
        scenes.add_year()
        scenes.add_firm(1, name="桐芯微电子科技股份有限公司")

    build(fill)


def patterns() -> list[URLPattern]:
    assert all(isinstance(pattern, URLPattern) for pattern in urls.urlpatterns)
    return list(urls.urlpatterns)


class TestEveryRoute:
    @pytest.mark.parametrize("pattern", patterns(), ids=lambda pattern: str(pattern.pattern))
    def test_declares_its_action_or_is_meant_for_anybody(self, pattern: URLPattern) -> None:
        action = pattern.callback.action  # type: ignore[attr-defined]

        assert (action in ACTIONS) if action else (pattern.name in PUBLIC)

    def test_that_is_no_page_of_ours_belongs_to_the_service_or_the_language_switch(self) -> None:
        found = {
            str(p.pattern)
            for p in get_resolver().url_patterns
            if isinstance(p, URLPattern) and not str(p.pattern).startswith("^api")
        }
        assert found == {"healthz", "readyz", "metrics", "language"}
        assert any(isinstance(p, URLResolver) and p.app_name == "web" for p in get_resolver().url_patterns)


@pytest.mark.usefixtures("city")
class TestAPage:
    @pytest.mark.parametrize("language", ["zh-hans", "en"])
    @pytest.mark.parametrize("name", sorted(PEOPLE))
    @pytest.mark.parametrize("page", PAGES, ids=lambda page: page[0])
    def test_opens_for_the_roles_of_its_action_and_no_others(
        self, browse: Browse, cast: Cast, page: tuple[str, str, str, str], name: str, language: str
    ) -> None:
        address, action, chinese, english = page
        answer = browse(name, language=language).get(address)

        if may(cast[name].role, action):
            assert answer.status_code == 200
            assert (english if language == "en" else chinese) in answer.content.decode()
        elif address == "/":
            assert (answer.status_code, answer["Location"]) in {
                (302, "/funds"), (302, "/reports"), (302, "/targets"), (302, "/account"),
            }  # fmt: skip
        else:
            assert answer.status_code == 403

    @pytest.mark.parametrize("page", [page[0] for page in PAGES])
    def test_sends_a_stranger_to_sign_in_and_back_here(self, browse: Browse, page: str) -> None:
        answer = browse("").get(page)

        assert (answer.status_code, answer["Location"]) == (302, f"/login?next={quote(page, safe='')}")

    def test_tells_htmx_to_go_to_sign_in_rather_than_swap_it_in(self, browse: Browse) -> None:
        answer = browse("").get(
            "/firms?q=x", headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/firms"}
        )

        assert answer.status_code == 204
        assert answer["HX-Redirect"] == "/login?next=http%3A%2F%2Ftestserver%2Ffirms"

    @pytest.mark.parametrize("language", ["zh-hans", "en"])
    @pytest.mark.parametrize("page", [*(page[0] for page in PAGES), "/nowhere"])
    def test_holds_nothing_that_its_policy_forbids(self, browse: Browse, page: str, language: str) -> None:
        answer = browse("maker", language=language).get(page)
        text = CHART_DATA.sub("", answer.content.decode())

        assert "script-src 'self'" in answer["Content-Security-Policy"]
        assert [p.findall(text) for p in (INLINE_STYLE, INLINE_HANDLER, INLINE_SCRIPT)] == [[], [], []]

    @pytest.mark.parametrize("page", [page[0] for page in PAGES])
    def test_is_wholly_in_the_language_asked_for(self, browse: Browse, page: str) -> None:
        """In English only names, which are Chinese by nature, are written in Chinese."""
        text = browse("maker", language="en").get(page).content.decode()
        text = re.sub(r"<script.*?</script>|<form class=\"languages\".*?</form>", "", text, flags=re.DOTALL)
        for named in (
            "桐芯微电子科技",
            "股份有限公司",
            "（第",
            "）",
            "乌镇镇",
            "maker 某",
            "有限公司",
            "桐城委桐城集团",
            ">简体中文</option>",  # a language calls itself by its own name
        ):
            text = text.replace(named, "")

        assert re.findall(r"[\u4e00-\u9fff]+", text) == []

    @pytest.mark.parametrize("name", ["bank_a", "guarantor_a", "admin", "department"])
    def test_shows_nobody_links_to_what_they_may_not_open(self, browse: Browse, name: str) -> None:
        text = browse(name).get("/account").content.decode()

        assert 'href="/firms"' not in text
        assert 'href="/funds"' not in text
        assert 'href="/briefings"' not in text

    def test_shows_a_fund_manager_funds_and_the_register_alone(self, browse: Browse) -> None:
        text = browse("manager_angel").get("/account").content.decode()

        assert 'href="/funds"' in text
        assert 'href="/firms"' in text
        assert 'href="/briefings"' not in text

    @pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
    def test_refuses_methods_it_does_not_have(self, browse: Browse, method: str) -> None:
        assert getattr(browse("maker"), method)("/firms").status_code == 405


class TestARefusal:
    def test_of_a_role_is_a_page_in_words(self, browse: Browse) -> None:
        answer = browse("bank_a").get("/briefings")

        assert answer.status_code == 403
        assert "您的角色没有这项权限" in answer.content.decode()

    def test_of_a_form_without_its_token_is_a_page_in_words(self, cast: Cast) -> None:
        from django.test import Client

        answer = Client(enforce_csrf_checks=True).post("/login", {"username": "maker", "password": "x"})

        assert answer.status_code == 403
        assert "此表单已过期" in answer.content.decode()

    def test_of_an_unknown_address_is_a_page_in_words(self, browse: Browse) -> None:
        answer = browse("maker", language="en").get("/nowhere")

        assert answer.status_code == 404
        assert "There is no such page" in answer.content.decode()


def test_roles_of_the_cast_are_all_roles() -> None:
    assert {role for _organisation, role in PEOPLE.values()} == set(Role)


def test_switching_the_language_returns_to_the_page_and_lasts(browse: Browse) -> None:
    client = browse("maker")
    answer = client.post("/language", {"language": "en", "next": "/account"})

    assert (answer.status_code, answer["Location"]) == (302, "/account")
    assert "Account" in client.get("/account").content.decode()


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_switching_the_language_does_not_lead_elsewhere(browse: Browse, elsewhere: str) -> None:
    answer: Any = browse("maker").post("/language", {"language": "en", "next": elsewhere})

    assert "evil" not in answer["Location"]
    assert "javascript" not in answer["Location"]
