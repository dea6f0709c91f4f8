"""A month of a fund's manager: a deal from its first meeting to its payment, rows out of Excel, a partial exit, a
value, the tear sheet taken home and read; and another manager who sees none of it.

In million yuan: 100 paid in. 3 into the deal for 300,000 shares, 1.5 + 2.5 + 0.8 pasted; 100,000 shares sold for 2.4,
with a third of the cost; what is left is worth 4. Cash 100 - 7.8 + 2.4 = 94.6; NAV 94.6 + 4 + 4.8 = 103.4.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.periods import Month
from finance_hub.kernel.scoping import within
from tasks import snapshots
from tests.briefing import reader
from tests.cast import Api, Cast
from tests.funds.conftest import FIRM, OTHER_FIRM
from tests.web.browser.conftest import Open
from tests.web.browser.test_deals import save
from tests.web.browser.test_fund_rows import paste
from tests.web.dealing import DECIDED, followed_fund
from tests.web.funding import PAGE

THIRD_FIRM = "91330483MA2CX3QJ4U"
FIRM_NAME, TITLE = "桐乡示例科技有限公司", "示例科技 A 轮"
PASTED = "\r\n".join((
    "企业统一社会信用代码\t企业名称\t投资金额（元）\t日期\t备注",
    f"{OTHER_FIRM}\t桐乡甲材料有限公司\t1,500,000.00\t2024/6/3\t首笔",
    f"{THIRD_FIRM}\t桐乡乙医疗有限公司\t２，５００，０００\t2024年6月4日\t",
    f"{OTHER_FIRM}\t\t800,000.005\t2024-06-05\t追加",
))  # fmt: skip


@pytest.fixture(autouse=True)
def _patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """The click waits for the file itself, however slow the machine is; the page that waits is tried elsewhere."""
    monkeypatch.setattr("finance_hub.web.views.sheets.PATIENCE", 25)


@pytest.fixture
def _paid_in(people: Cast) -> None:
    api: Callable[[str], Api] = lambda name: Api(people.key(name))  # noqa: E731
    followed_fund(api)


def enter(page: Page, said: str, **typed: str) -> None:
    """Fill in the form that is open and send it; the page that follows says what was done."""
    for field, text in typed.items():
        one = page.locator(f"#{field}")
        if one.evaluate("one => one.tagName") == "SELECT":
            one.select_option(text)
        else:
            one.fill(text)
    save(page)
    expect(page.locator(".notice")).to_contain_text(said)


def go(page: Page, to: str) -> None:
    """Click, and wait for the page that it leads to."""
    with page.expect_navigation():
        page.click(to)


def rows(page: Page, grid: str) -> list[str]:
    return [" ".join(text.split()) for text in page.locator(f"#{grid} tbody tr").all_inner_texts()]


def tile(page: Page, label: str) -> str:
    found = page.locator(".tile", has=page.locator("h3", has_text=label)).first
    return " ".join(found.inner_text().split())


def pay_a_deal(page: Page) -> str:
    """From the board to the payment; the address of the deal."""
    page.goto("/deals")
    go(page, "text=登记项目")
    enter(
        page, "项目已登记", title=TITLE, uscc=FIRM, firm_name=FIRM_NAME, source="roadshow", instrument="equity",
        planned_amount="3,000,000", lead="陈某", effective_date="2024-05-06",
    )  # fmt: skip
    deal = urlsplit(page.url).path
    for stage, day, more in (
        ("初筛", "2024-05-08", {}),
        ("尽调", "2024-05-13", {}),
        ("投决", "2024-05-20", DECIDED),
        ("签约", "2024-05-27", {}),
    ):
        go(page, f"text=下一环节：{stage}")
        enter(page, "环节已登记", effective_date=day, **more)
    page.goto(f"{PAGE}/record/investment")
    enter(page, "投资已登记", uscc=FIRM, amount="3,000,000", effective_date="2024-05-31")
    page.goto(deal)
    go(page, ".page-head .button-main")
    enter(page, "环节已登记")  # the one investment that is free is chosen already
    expect(page.locator(".deal-line .state").first).to_have_text("投后")
    assert rows(page, "payments")[0].startswith(f"2024年5月31日 3,000,000.00 {FIRM_NAME}")
    return deal


def paste_rows(page: Page) -> None:
    """One cell of three rows is refused, and mended where it stands."""
    page.goto(PAGE)
    go(page, "text=从 Excel 批量登记")
    page.locator("#r1-uscc").focus()
    paste(page, PASTED)
    expect(page.locator("#r3-amount")).to_have_value("800,000.005")
    go(page, "#check")
    expect(page.locator(".error-summary li")).to_have_text(["第 3 行，投资金额（元）：金额最多两位小数"])
    page.click(".error-summary a")
    expect(page.locator("#r3-amount")).to_be_focused()
    page.keyboard.press("Control+A")
    page.keyboard.type("800,000.00")
    go(page, "#check")
    assert rows(page, "found") == ["投资金额（元） 3 4,800,000.00 0 0.00 0 0.00"]
    go(page, "text=登记 3 行")
    assert urlsplit(page.url).path == PAGE


def sell_a_third_and_value_the_rest(page: Page) -> str:
    """The address of the holding."""
    go(page, f"#holdings a:has-text('{FIRM_NAME}')")
    holding = urlsplit(page.url).path
    go(page, "#deals a:has-text('股数')")
    enter(page, "股数已登记", shares="300,000")
    go(page, ".page-head a:has-text('退出')")
    enter(
        page, "退出已登记", cash="2,400,000", shares="100,000", route="transfer", effective_date="2024-06-20"
    )
    assert rows(page, "deals")[0].startswith(
        "2024年6月20日 退出 股权转让 2,400,000.00 1,000,000.00 −100,000 "
    )
    go(page, ".page-head a:has-text('估值')")
    enter(page, "估值已登记", fair_value="4,000,000", method="latest_round", effective_date="2024-06-30")
    assert rows(page, "values")[0].startswith("2024年6月30日 4,000,000.00 最近融资价格法")
    return holding


def take_the_sheet(page: Page, folder: Path) -> tuple[str, bytes]:
    """Of June, with the figures as known now: the address of the sheet, and the file."""
    now = timezone.now()
    with within(EVERYTHING):
        snapshots.take(Month(2024, 6), known_at=now, taken_at=now)
    page.goto(PAGE)
    page.select_option("#period", "2024-06")
    with page.expect_download() as told:
        page.click("text=一页概览（PDF）")
    assert told.value.suggested_filename == "青桐天使基金_一页概览_2024-06.pdf"
    told.value.save_as(folder / "sheet.pdf")
    return urlsplit(told.value.url).path.removesuffix("/file"), (folder / "sheet.pdf").read_bytes()


def is_read(content: bytes) -> None:
    """One page with its fonts in it, and on it what was entered; the IRR is 1.034 ** (365 / 760) - 1."""
    with reader.opened(content) as pdf:
        (only,) = pdf.pages
        fonts = list(only.resources.Font.values())
        assert fonts
        assert all(len(font.FontDescriptor.FontFile2.read_bytes()) > 500 for font in fonts)
    said = reader.sheets(content)[0].rows()
    for label, value in (
        ("实缴", "1.00亿元"), ("已投", "780.00万元"), ("净资产", "1.03亿元"), ("已分配", "0.00万元"), ("DPI", "0.00倍"),
        ("TVPI", "1.03倍"), ("净内部收益率", "1.62%"),
    ):  # fmt: skip
        assert said[said.index(label) + 1] == value
    assert "2024年6月" in "".join(said)
    for line in (
        "青桐天使基金",
        "在投 3 项，现值 880.00万元",
        f"{FIRM_NAME}300.00200.00400.002.13最近融资价格法2024-06-30",
        "桐乡乙医疗有限公司250.00250.00—（未估值）———",
        "桐乡甲材料有限公司230.00230.00—（未估值）———",
        f"{FIRM_NAME}100.00—240.00—",
    ):
        assert line in said


def sees_none(page: Page, addresses: tuple[str, ...]) -> None:
    """What is another's answers as what is not there."""

    def answer(address: str) -> tuple[int, str]:
        found = page.request.get(address)
        return found.status, re.sub(r"<code>\w+</code>", "", found.text())  # the reference of each request

    absent = answer("/funds/none")
    assert absent[0] == 404
    assert {address: answer(address) for address in addresses} == dict.fromkeys(addresses, absent)
    page.goto("/deals")
    expect(page.locator(".page-head")).to_contain_text("共 0 个项目")
    for place in ("/deals", "/deals?view=list", f"/deals?q={TITLE}", "/funds"):
        page.goto(place)
        for told in (TITLE, FIRM_NAME, "青桐天使基金"):
            expect(page.locator("main")).not_to_contain_text(told)


@pytest.mark.usefixtures("_paid_in", "worker")
def test_a_month_of_a_manager_that_no_other_manager_sees(open_page: Open, tmp_path: Path) -> None:
    page = open_page("manager_angel")
    deal = pay_a_deal(page)
    paste_rows(page)
    holding = sell_a_third_and_value_the_rest(page)
    expect(page.locator(".page-head .deal-line")).to_contain_text(TITLE)  # the way back to the deal
    sheet, content = take_the_sheet(page, tmp_path)
    is_read(content)

    page.goto(f"{PAGE}?as_of=2024-06-30")
    assert tile(page, "净资产") == "净资产 1.03亿元 103,400,000.00 元"
    assert tile(page, "现金") == "现金 9,460.00万元 94,600,000.00 元"
    assert tile(page, "TVPI") == "TVPI 1.03倍 前两项之和"
    assert [row.split(" 估值 退出")[0] for row in rows(page, "holdings")] == [
        "桐乡乙医疗有限公司 250.00 250.00 — 尚未估值 — — 尚未估值 0.00 — 尚未估值",
        "桐乡甲材料有限公司 230.00 230.00 — 尚未估值 — — 尚未估值 0.00 — 尚未估值",
        f"{FIRM_NAME} 300.00 200.00 400.00 最近融资价格法 2024年6月30日 240.00 2.13",
    ]

    imported = f"{PAGE}/import"
    sees_none(
        open_page("manager_industry"),
        (
            deal, f"{deal}/edit", f"{deal}/attach", PAGE, holding, f"{holding}/exit", imported, f"{PAGE}/export.xlsx",
            f"{PAGE}/template.xlsx", f"{PAGE}/record/investment", sheet, f"{sheet}/file",
        ),
    )  # fmt: skip
