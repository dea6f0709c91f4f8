"""A deal by hand: a draft that outlives its page and is nobody else's, a document, a conflict; and no faults of axe."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.conf import settings
from playwright.sync_api import Dialog, Page, expect

from tests.cast import Api, Cast
from tests.funds.conftest import made
from tests.funds.following import DECISION, Follower
from tests.web.browser.conftest import Open
from tests.web.browser.test_accessibility import LANGUAGES, check, overflows
from tests.web.conftest import PASSWORD
from tests.web.dealing import followed_fund, stages, titles

NEW = "/deals/new"
#: What is typed → what was read, and as a cheque says it.
AMOUNTS = {
    "￥１,２３４,５６７.８９": ("1,234,567.89", "壹佰贰拾叁万肆仟伍佰陆拾柒元捌角玖分"),
    "100010000": ("100,010,000.00", "壹亿零壹万元整"),
    "10000200.5": ("10,000,200.50", "壹仟万零贰佰元伍角整"),
    "1002000.08": ("1,002,000.08", "壹佰万贰仟元零捌分"),
    "1,000,000,000,000": ("1,000,000,000,000.00", "壹万亿元整"),
    "9999999999999999.99": (
        "9,999,999,999,999,999.99",
        "玖仟玖佰玖拾玖万玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分",
    ),
    "0.50": ("0.50", "伍角整"),
    "0": ("0.00", "零元整"),
    "0015 元": ("15.00", "壹拾伍元整"),
    "12,34": ("12,34", ""),
    "1.234": ("1.234", ""),
    "viel": ("viel", ""),
}


@pytest.fixture
def follower(people: Cast) -> Follower:
    api: Callable[[str], Api] = lambda name: Api(people.key(name))  # noqa: E731
    return followed_fund(api)


def kept(page: Page) -> list[str]:
    """What the browser keeps, as whoever sits at it can read it."""
    return list(page.evaluate("Object.entries(localStorage).map((one) => one.join(' '))"))


def until_kept(page: Page, drafts: int) -> None:
    """Asks again and again: the page's policy lets no waiting function in."""
    for _ in range(50):
        if len(kept(page)) == drafts:
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"the browser keeps {len(kept(page))} drafts")


def lose_session(page: Page) -> None:
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)


def sign_in(page: Page, name: str) -> None:
    page.fill("#username", name)
    page.fill("#password", PASSWORD)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def save(page: Page) -> None:
    with page.expect_navigation():
        page.click("main form .button-main")


def test_a_deal_is_drafted_entered_taken_on_and_edited_by_two(open_page: Open, follower: Follower) -> None:
    page = open_page("manager_angel")
    asked: list[str] = []

    def leave(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", leave)
    page.goto(NEW)
    for typed, (read, capitals) in AMOUNTS.items():
        page.fill("#planned_amount", typed)
        page.press("#planned_amount", "Tab")
        expect(page.locator("#planned_amount")).to_have_value(read)
        expect(page.locator("#planned_amount-echo")).to_have_text(
            f"{read} 元　{capitals}" if capitals else ""
        )

    page.fill("#title", "路演后的项目")
    page.fill("#firm_name", "某某工作室")
    page.select_option("#instrument", "convertible")
    page.fill("#planned_amount", "3,000,000")
    page.press("#planned_amount", "Control+s")
    expect(page.locator("[data-draft-told]")).to_contain_text("草稿已于")
    page.reload()
    assert asked == ["beforeunload"]
    expect(page.locator("[data-draft-said]")).to_contain_text("已恢复")
    expect(page.locator("#title")).to_have_value("路演后的项目")
    expect(page.locator("#instrument")).to_have_value("convertible")
    expect(page.locator("#planned_amount-echo")).to_contain_text("叁佰万元整")
    assert len(kept(page)) == 1
    assert "项目" not in kept(page)[0]
    assert "deals" not in kept(page)[0]
    check(page)

    page.fill("#lead", "陈某")
    page.fill("#effective_date", "2022-06-05")
    save(page)  # the source is missing: refused, and still kept
    expect(page.locator(".error-summary a")).to_have_text("项目来源：必填")
    expect(page.locator("#title")).to_have_value("路演后的项目")
    page.select_option("#source", "own_search")
    save(page)
    expect(page.locator(".notice")).to_contain_text("项目已登记")
    expect(page.locator("h1")).to_have_text("路演后的项目")
    deal = page.url.rsplit("/", 1)[1]
    until_kept(page, 0)
    assert titles() == ["路演后的项目"]

    page.click("text=修改要素")
    page.fill("#uscc", "91330483MA2B9PTN02")
    expect(page.locator("#uscc-said")).to_contain_text("企业库中没有这家企业")
    save(page)
    for label, day in (("下一环节：初筛", "2022-06-10"), ("下一环节：尽调", "2022-06-20")):
        page.click(f"text={label}")
        page.fill("#effective_date", day)
        save(page)
    assert [stage for stage, _day, _out in stages(deal)] == ["met", "screening", "due_diligence"]
    page.click("text=上传文件")
    page.set_input_files(
        "#file", {"name": "尽调报告.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 x"}
    )
    save(page)
    with page.expect_download() as told:
        page.locator("#documents a").click()
    assert told.value.suggested_filename == "尽调报告.pdf"

    page.click("text=修改要素")
    page.fill("#planned_amount", "2,000,000")
    page.fill("#note", "我的备注")
    other = open_page("manager_angel", language="en")
    other.goto(f"/deals/{deal}/edit")
    other.fill("#planned_amount", "2500000")
    expect(other.locator("#planned_amount-echo")).to_have_text("2,500,000.00 yuan")
    other.fill("#lead", "Li")
    save(other)
    save(page)
    expect(page.locator("#since tbody tr")).to_have_count(2)
    expect(page.locator("#since tbody tr").first).to_contain_text("2,500,000.00")
    expect(page.locator("#since tbody tr").first).to_contain_text("manager_angel 某")
    expect(page.locator("#planned_amount")).to_have_value("2,000,000.00")
    expect(page.locator("#lead")).to_have_value("Li")
    check(page)
    save(page)
    expect(page.locator(".notice")).to_contain_text("修改已登记")
    shown = follower.shown(deal)
    assert (shown["planned_amount"], shown["lead"], shown["note"]) == ("2000000.00", "Li", "我的备注")
    assert asked == ["beforeunload"]


def test_a_draft_is_nobody_elses_and_goes_when_it_is_discarded(open_page: Open, follower: Follower) -> None:
    page = open_page("manager_angel")
    page.goto(NEW)
    page.fill("#title", "秘密")
    until_kept(page, 1)
    lose_session(page)
    save(page)
    assert "/login" in page.url
    sign_in(page, "manager_industry")
    page.goto(NEW)
    page.wait_for_timeout(300)
    expect(page.locator("#title")).to_have_value("")
    expect(page.locator("[data-draft-line]")).to_be_hidden()
    assert page.evaluate("localStorage.length") == 1

    lose_session(page)
    page.goto("/login")
    sign_in(page, "manager_angel")
    page.goto(NEW)
    expect(page.locator("#title")).to_have_value("秘密")
    with page.expect_navigation():
        page.click("[data-draft-discard]")
    expect(page.locator("#title")).to_have_value("")
    assert page.evaluate("localStorage.length") == 0
    assert titles() == []


@LANGUAGES
def test_the_pages_of_deals_are_free_of_faults_and_fit_their_screens(
    open_page: Open, follower: Follower, language: str
) -> None:
    deal = follower.at("screening")
    ended = follower.at("screening", title="另一个")
    made(follower.decline(ended, "2022-06-30"))
    skipped = [{"stage": "due_diligence", "reason": "跟投"}]
    step = made(follower.step(deal, "committee", skipped=skipped, decision=DECISION))["id"]
    made(follower.upload(deal, step, b"x"))
    page = open_page("manager_angel", language=language)
    page.goto("/deals")
    page.click(".ended summary")
    check(page)
    page.goto(f"/deals/{deal}")
    page.click(".menu summary")
    check(page)
    for address in ("/deals?view=list", f"/deals/{deal}/step/signed", f"/deals/{deal}/attach"):
        page.goto(address)
        check(page)
    page.goto(f"/deals/{ended}/step/reopened")
    save(page)
    page.wait_for_selector(".error-summary")
    check(page)
    for address in ("/deals", "/deals?view=list", f"/deals/{deal}"):
        page.goto(address)
        for width in (1366, 1920):
            page.set_viewport_size({"width": width, "height": 900})
            assert overflows(page) == ""
