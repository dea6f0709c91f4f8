"""No page of the reports has a fault that axe knows, in either language, wide or narrow."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.loans import bank
from tests.web import reporting, scenes
from tests.web.browser.conftest import Open
from tests.web.browser.keyboard import in_document_order, stops

AXE = (Path(__file__).parent / "axe" / "axe.min.js").read_text()
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = f"() => axe.run(document, {{runOnly: {{type: 'tag', values: {TAGS}}}}})"
MIXED = reporting.table(
    bank.disbursement(), bank.repayment(amount="12.345"), bank.repayment("E-3", record_type="x" * 90)
)
LANGUAGES = pytest.mark.parametrize("language", ["zh-CN", "en"])


def faults(page: Page) -> list[str]:
    # Through the debugger, not the page: the page's policy lets nothing in that is not its own.
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(f"{AXE}; undefined")
    found = page.evaluate(RUN)
    assert found["passes"], "axe has looked at nothing"
    return [
        f"{page.url}: {fault['id']}: {node['html'][:200]}"
        for fault in found["violations"]
        for node in fault["nodes"]
    ]


def overflows(page: Page) -> str:
    """The address of a page that has to be scrolled sideways."""
    wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    return page.url if wide else ""


def check(page: Page) -> None:
    """Wide, then as narrow as a page that is zoomed in fourfold."""
    assert faults(page) == []
    assert stops(page) == in_document_order(page)
    page.set_viewport_size({"width": 320, "height": 640})
    assert overflows(page) == ""
    if page.get_attribute("html", "lang") == "en":  # the longer words
        assert faults(page) == []
    page.set_viewport_size({"width": 1366, "height": 768})


@LANGUAGES
@pytest.mark.usefixtures("worker")
def test_the_pages_of_a_bank_are_free_of_faults(open_page: Open, language: str) -> None:
    page = open_page("bank_a", language=language)
    check(page)
    page.goto("/reports/upload?month=2026-10&dataset=flow")
    check(page)
    page.click("form[enctype] button")
    page.wait_for_selector(".error-summary")
    check(page)

    page.set_input_files("#file", {"name": "a.csv", "mimeType": "text/csv", "buffer": MIXED})
    page.click("form[enctype] button")
    page.wait_for_url("**?ready")
    check(page)
    page.click("form[action$=confirm] button")
    page.wait_for_selector(".error-summary")
    check(page)
    page.check("#compared")
    page.click("form[action$=confirm] button")
    page.wait_for_url("**?ready")
    check(page)
    batch = page.url.split("?")[0]
    for outcome in ("rejected", "accepted", "unchanged"):
        page.goto(f"{batch}/rows?outcome={outcome}")
        check(page)
    for address in (
        "/reports",
        "/reports/batches",
        "/request-log",
        "/reports/nothing?month=2026-10&dataset=stock",
    ):
        page.goto(address)
        check(page)


@LANGUAGES
def test_the_wait_is_free_of_faults(open_page: Open, language: str) -> None:
    """Without a worker the file waits for its turn."""
    page = open_page("bank_a", language=language)
    page.goto("/reports/upload?month=2026-10&dataset=flow")
    page.set_input_files("#file", {"name": "a.csv", "mimeType": "text/csv", "buffer": MIXED})
    page.click("form[enctype] button")
    page.wait_for_selector("[aria-live=polite] p")
    check(page)


@LANGUAGES
def test_the_pages_of_the_centre_are_free_of_faults(open_page: Open, language: str) -> None:
    page = open_page("maker", language=language)
    for address in ("/reporting?month=2026-10", "/reports/batches", "/request-log", "/findings"):
        page.goto(address)
        check(page)


def test_the_pages_of_what_is_reckoned_are_free_of_faults(open_page: Open) -> None:
    """In the longer words."""
    page = open_page("maker", language="en")
    scenes.add_month(scenes.OCTOBER)
    for address in ("/", "/exposure", "/risk", "/listings", "/figures/restatement", "/briefings"):
        page.goto(address)
        check(page)


def test_axe_finds_what_it_is_for(open_page: Open) -> None:
    page = open_page("bank_a")
    page.evaluate("document.querySelector('main').append(document.createElement('button'))")

    assert [fault.split(": ")[1] for fault in faults(page)] == ["button-name"]
