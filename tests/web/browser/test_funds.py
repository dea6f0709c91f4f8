"""A call to all investors by keyboard alone, in both languages; and no page of the funds has a fault that axe knows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.scoping import within
from funds.models import FundEvent
from tests.cast import Api, Cast
from tests.funds.conftest import CITY, COMPANY, Desk
from tests.web import funding
from tests.web.browser.conftest import Open
from tests.web.browser.keyboard import focused, follow, tab_to
from tests.web.browser.test_accessibility import LANGUAGES, check, overflows
from tests.web.funding import PAGE

ZH = {
    "fund": "青桐天使基金", "call": "催缴", "show": "查看分摊", "problem": "请更正以下问题",
    "above": "该日起其未催缴的认缴额最低为",
    "nothing": "2024年6月1日 催缴：尚未登记", "enter": "确认登记", "done": "已按全体出资人登记，各笔见流水最上方。",
    "first": f"2024年6月1日 催缴 {CITY} 7,000,000.01", "second": f"2024年6月1日 催缴 {COMPANY} 3,000,000.00",
}  # fmt: skip
EN = {
    "fund": "Qingtong Angel Fund", "call": "Call capital", "show": "Show the split",
    "problem": "There is a problem", "above": "of the commitment is uncalled at its lowest",
    "nothing": "Capital call of 1 Jun 2024: nothing is entered yet", "enter": "Enter it",
    "done": "Entered for every investor. The parts stand at the head of the ledger.",
    "first": f"1 Jun 2024 Capital call {CITY} 7,000,000.01",
    "second": f"1 Jun 2024 Capital call {COMPANY} 3,000,000.00",
}  # fmt: skip


@pytest.fixture
def committed_fund(people: Cast) -> tuple[Desk, str]:
    api: Callable[[str], Api] = lambda name: Api(people.key(name))  # noqa: E731
    return funding.worked_fund(api)


def retype(page: Page, id: str, text: str) -> None:
    tab_to(page, id=id)
    page.keyboard.press("Control+A")
    page.keyboard.type(text)


#: What stands above each table that is wider than its place.
CUT_OFF = """[...document.querySelectorAll('.table-wrap')].filter(e => e.scrollWidth > e.clientWidth + 1)
    .map(e => `${e.previousElementSibling?.innerText} ${e.scrollWidth} > ${e.clientWidth}`)"""


def fits(page: Page) -> None:
    """No table is cut off on the screens that people have."""
    for width in (1366, 1920):
        page.set_viewport_size({"width": width, "height": 900})
        assert overflows(page) == ""
        assert page.evaluate(CUT_OFF) == []


def calls() -> list[tuple[str, Decimal]]:
    with within(EVERYTHING):
        rows = FundEvent.objects.filter(kind="call", effective_date=date(2024, 6, 1)).order_by("-pk")
        return list(rows.values_list("investor__name", "amount"))


@pytest.mark.parametrize(("language", "said"), [("zh-CN", ZH), ("en", EN)])
@pytest.mark.usefixtures("committed_fund")
def test_a_call_is_refused_mended_previewed_and_entered_by_keyboard(
    open_page: Open, language: str, said: dict[str, str]
) -> None:
    page = open_page("manager_angel", language=language)
    tab_to(page, said["fund"])
    follow(page)
    tab_to(page, said["call"])
    follow(page)

    retype(page, "amount", "60,000,000.01")
    retype(page, "effective_date", "2024-06-01")
    tab_to(page, said["show"])
    follow(page)
    assert str(focused(page)["words"]).startswith(said["problem"])
    page.keyboard.press("Tab")
    assert said["above"] in str(focused(page)["words"])
    page.keyboard.press("Enter")
    expect(page.locator("#amount")).to_be_focused()
    expect(page.locator("#amount")).to_have_value("60,000,000.01")
    expect(page.locator("#effective_date")).to_have_value("2024-06-01")

    page.keyboard.press("Control+A")
    page.keyboard.type("10,000,000.01")
    page.keyboard.press("Enter")
    expect(page.locator("h2", has_text=said["nothing"])).to_be_visible()
    assert calls() == []
    tab_to(page, said["enter"])
    follow(page)

    expect(page.locator(".notice")).to_have_text(said["done"])
    rows = [" ".join(text.split()) for text in page.locator("#ledger tbody tr").all_inner_texts()]
    assert rows[0].startswith(said["first"])
    assert rows[1].startswith(said["second"])
    assert calls() == [(CITY, Decimal("7000000.01")), (COMPANY, Decimal("3000000.00"))]


@LANGUAGES
def test_the_pages_of_a_manager_are_free_of_faults(
    open_page: Open, committed_fund: tuple[Desk, str], language: str
) -> None:
    page = open_page("manager_angel", language=language)
    check(page)
    for address in (
        PAGE,
        f"{PAGE}?as_of=2024-12-31&start=2022-06-01",
        f"{PAGE}/holdings/{committed_fund[1]}",
    ):
        page.goto(address)
        check(page)
        fits(page)
    page.goto(f"{PAGE}?as_of=x&start=y")
    page.wait_for_selector(".error-summary")
    check(page)


@LANGUAGES
def test_the_forms_of_a_manager_are_free_of_faults(
    open_page: Open, committed_fund: tuple[Desk, str], language: str
) -> None:
    page = open_page("manager_angel", language=language)
    with within(EVERYTHING):
        call = FundEvent.objects.filter(kind="call").latest("pk").public_id
    for form in (
        "record/event", "record/distribution", "record/transfer", "record/investment", "record/investor",
        f"entries/{call}/correct", f"holdings/{committed_fund[1]}/exit",
    ):  # fmt: skip
        page.goto(f"{PAGE}/{form}")
        check(page)
    page.goto(f"{PAGE}/record/call")
    page.click("form[method=post] .button-main")
    page.wait_for_selector(".error-summary")
    check(page)
    page.fill("#amount", "100")
    page.click("form[method=post] .button-main")
    page.wait_for_selector("#split")
    check(page)


@LANGUAGES
def test_the_pages_of_the_centre_are_free_of_faults_and_fit_their_screens(
    open_page: Open, committed_fund: tuple[Desk, str], language: str
) -> None:
    page = open_page("maker", language=language)
    for address in ("/funds", PAGE, f"{PAGE}/holdings/{committed_fund[1]}"):
        page.goto(address)
        check(page)
        fits(page)
