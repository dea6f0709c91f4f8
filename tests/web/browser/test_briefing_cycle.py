"""An issue in two people's browsers: its key points edited, sent back, edited again, reviewed, approved, downloaded."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.scoping import within
from tasks import publication
from tasks.briefing import editions
from tasks.models import Briefing
from tests.briefing import reader
from tests.cast import Cast
from tests.tasks.conftest import KNOWN, make_snapshot
from tests.tasks.issuing import OCTOBER
from tests.web.browser.conftest import Open
from tests.web.browser.test_accessibility import LANGUAGES, check, overflows

pytestmark = pytest.mark.usefixtures("worker")
ZH, EN = (
    "专项贷款余额{}万元，增长主要来自研发贷。",
    "Specialty loans stand at CNY {} million, mostly research loans.",
)


@pytest.fixture
def draft(people: Cast) -> Briefing:
    with within(EVERYTHING):
        made = editions.draft(
            make_snapshot(OCTOBER.first, balance="64000000.00"), requested_by=people["maker"], now=KNOWN
        )
    assert made is not None
    return made


def press(page: Page, name: str) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).click()


def until_set(page: Page, old: str) -> str:
    """The page leads to the new edition by itself once a worker has set it."""
    page.wait_for_url(
        lambda url: url.startswith(page.url.split("/briefings/")[0]) and old not in url, timeout=90_000
    )
    return page.url.rsplit("/", 1)[-1]


def test_from_the_draft_to_the_paper(open_page: Open, draft: Briefing, people: Cast, tmp_path: Path) -> None:
    maker, approver = open_page("maker"), open_page("approver", language="en")

    # The maker writes the first point anew, and gives a reason for each obstacle; a wrong number is refused.
    maker.goto(f"/briefings/{draft.public_id}")
    maker.get_by_role("link", name="修改草稿").click()
    points = maker.locator("li.point").count()
    for _ in range(points - 1):
        press(maker, "删除 2")
    maker.fill("#zh-1", ZH.format("6,400.01"))
    maker.fill("#en-1", EN.format("64.00"))
    for one in maker.locator("textarea[id^=reason-]").all():
        one.fill("已约定11月20日前补报")
    press(maker, "保存为新稿")
    expect(maker.locator(".error-summary")).to_contain_text("数字“6,400.01”不是本期印出的任何指标")
    maker.fill("#zh-1", ZH.format("6,400.00"))
    press(maker, "保存为新稿")
    second = until_set(maker, draft.public_id)

    # The approver sends it back, in English; the maker reads why, and adds a point.
    approver.goto(f"/briefings/{second}")
    approver.fill("#reason", "Say how much was disbursed.")
    press(approver, "Send it back")
    maker.reload()
    expect(maker.locator("main")).to_contain_text("退回：Say how much was disbursed.")
    maker.get_by_role("link", name="修改草稿").click()
    press(maker, "增加一条")
    maker.fill("#zh-2", "当月发放500.00万元。")
    maker.fill("#en-2", "CNY 5.00 million was disbursed.")
    press(maker, "上移 2")
    expect(maker.locator("#zh-1")).to_have_value("当月发放500.00万元。")
    press(maker, "保存为新稿")
    third = until_set(maker, second)
    expect(maker.get_by_role("button", name="审核通过")).to_have_count(0)

    # Reviewed and approved by another, published under its number, downloaded.
    approver.goto(f"/briefings/{third}")
    press(approver, "It is in order")
    approver.check("#confirm")
    press(approver, "Approve and publish")
    for _ in range(300):
        with within(EVERYTHING):
            issue = publication.find(third)
        if issue.state == "published":
            break
        approver.wait_for_timeout(300)
    assert (issue.state, issue.issue_no, issue.reviewed_by) == ("published", 1, people["approver"])
    approver.reload()
    with approver.expect_download() as awaited:
        approver.get_by_role("link", name="Download PDF").click()
    file = tmp_path / "issue.pdf"
    awaited.value.save_as(file)
    assert awaited.value.suggested_filename == publication.file_name(issue)
    assert hashlib.sha256(file.read_bytes()).hexdigest() == issue.sha256
    text = "".join(reader.text(file.read_bytes()).split())
    assert text.index("当月发放500.00万元") < text.index("专项贷款余额6,400.00万元，增长主要来自研发贷")


@LANGUAGES
def test_the_pages_have_no_faults_and_fit(open_page: Open, draft: Briefing, language: str) -> None:
    page = open_page("maker", language=language)
    for path in ("/edit", "/matters/new"):
        page.goto(f"/briefings/{draft.public_id}{path}")
        check(page)
    page.goto(f"/briefings/{draft.public_id}")
    assert overflows(page) == ""
