"""Rows pasted from a spreadsheet: refused, mended in place, checked again and entered; and no page has a fault."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.scoping import within
from funds.models import FundEvent
from tests.cast import Api, Cast
from tests.funds.conftest import CITY, Desk
from tests.web import funding
from tests.web.browser.conftest import Open
from tests.web.browser.keyboard import follow, tab_to
from tests.web.browser.test_accessibility import LANGUAGES, check, faults, overflows
from tests.web.funding import PAGE

IMPORT = f"{PAGE}/import?sheet=ledger"


@pytest.fixture
def committed_fund(people: Cast) -> tuple[Desk, str]:
    api: Callable[[str], Api] = lambda name: Api(people.key(name))  # noqa: E731
    return funding.worked_fund(api)


def paste(page: Page, text: str) -> None:
    """With the browser's own clipboard and its own event, into what has the focus."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.evaluate("text => navigator.clipboard.writeText(text)", text)
    page.keyboard.press("Control+V")


def fees() -> list[tuple[str, str]]:
    with within(EVERYTHING):
        rows = FundEvent.objects.filter(kind="fee", effective_date__year=2024).order_by("pk")
        return [(f"{row.amount:.2f}", row.note) for row in rows]


@LANGUAGES
def test_rows_are_pasted_mended_and_entered_by_keyboard(
    open_page: Open, committed_fund: tuple[Desk, str], language: str
) -> None:
    page = open_page("manager_angel", language=language)
    page.goto(IMPORT)
    if language == "en":  # the longer words
        check(page)
    tab_to(page, id="r1-kind")
    heads = {
        "zh-CN": "类型\t金额（元）\t日期\t备注\t登记人",
        "en": "Kind\tAmount\tDate\tNote\tRecorded by",
    }
    block = [
        heads[language],
        '管理费\t1,000.00\t2024/6/1\t"六月\n首笔"\t陈某',
        "Management fee\t99,000,000\t2024-06-02\t\t",
        f"催缴\t5\t2024-06-03\t{CITY}\t",
        *[f"fee\t{number}.50\t2024-07-0{number}\t\t" for number in range(1, 5)],
    ]
    paste(page, "\r\n".join(block) + "\r\n")
    expect(page.locator("#grid tbody tr")).to_have_count(7)
    expect(page.locator("#r1-note")).to_have_value("六月 首笔")
    expect(page.locator("#r7-amount")).to_have_value("4.50")

    page.keyboard.press("ArrowDown")
    expect(page.locator("#r2-kind")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#r3-kind")).to_be_focused()
    tab_to(page, id="check")
    follow(page)
    assert page.locator(".error-summary li").count() == 2
    assert faults(page) == []
    for width in (320, 1920, 1366):
        page.set_viewport_size({"width": width, "height": 900})
        assert overflows(page) == ""
    page.locator(".error-summary a").first.click()
    expect(page.locator("#r2-amount")).to_be_focused()
    expect(page.locator("#r2-amount")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("[data-enter]")).to_have_count(0)
    page.keyboard.press("Control+A")
    page.keyboard.type("2,000")
    tab_to(page, id="r3-investor")
    page.keyboard.type(CITY)
    tab_to(page, id="check")
    follow(page)
    expect(page.locator("#found tbody tr")).to_have_count(2)
    assert fees() == []

    page.locator("#r2-amount").fill("2,001")
    expect(page.locator("[data-enter]")).to_be_hidden()
    page.locator("#check").click()
    page.locator("[data-enter]").click()
    page.wait_for_url(f"**{PAGE}")
    expect(page.locator(".notice")).to_have_count(1)
    assert fees() == [("1000.00", "六月 首笔"), ("2001.00", "")] + [(f"{n}.50", "") for n in range(1, 5)]


def test_a_heading_that_is_unknown_and_too_many_rows_paste_nothing(
    open_page: Open, committed_fund: tuple[Desk, str]
) -> None:
    page = open_page("manager_angel", language="en")
    page.goto(IMPORT)
    page.locator("#r1-kind").focus()
    paste(page, "Kind\tAmount\tColour\nfee\t1\tred\n")
    expect(page.locator("[data-said]")).to_contain_text("Colour")
    paste(page, "fee\t1\n" * 2001)
    expect(page.locator("[data-said]")).to_contain_text("2000")
    assert page.locator("#r1-kind").input_value() == ""
    paste(page, 'fee\t\t7\t2024-06-01\nfee\t\t"8"\t2024-06-02')
    expect(page.locator("#r2-amount")).to_have_value("8")
    paste(page, "one value")
    expect(page.locator("#r1-kind")).to_have_value("feeone value")
