"""A published issue in the archive, on the screen and under verification: no fault that axe knows, wide or narrow."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import expect

from finance_hub.kernel import jobs, scoping
from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.models import Job
from tasks import archive
from tasks.models import Briefing
from tests.cast import Cast
from tests.tasks.test_verification import published
from tests.web import scenes
from tests.web.browser.conftest import Open
from tests.web.browser.test_accessibility import check, faults, overflows


@pytest.fixture
def issue(people: Cast) -> Briefing:
    with scoping.within(EVERYTHING):
        made = published(scenes.add_year(), people)
        archive.enqueue_due(now=timezone.now())
    assert jobs.run(str(Job.objects.get(kind="briefing_files").pk)) == "succeeded"
    return made


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_the_pages_of_an_issue_are_free_of_faults(open_page: Open, issue: Briefing, language: str) -> None:
    page = open_page("maker", language=language)
    for address in (
        "/archive", "/archive?q=青蛙", f"/archive/{issue.public_id}", f"/verify/{issue.sha256[:12]}", "/subscribers",
        "/banks/bank-a",
    ):  # fmt: skip
        page.goto(address)
        check(page)
    page.goto(f"/briefings/{issue.public_id}/read")
    assert faults(page) == []
    page.set_viewport_size({"width": 320, "height": 640})
    assert overflows(page) == ""


def test_a_copy_is_verified_and_a_changed_one_found_out(open_page: Open, issue: Briefing) -> None:
    page = open_page("auditor")
    content = (settings.FILES_DIR / issue.file).read_bytes()
    for name, sent, said in (
        ("ours.pdf", content, "真实有效"), ("changed.pdf", content + b"%", "其后另有 1 个字节"),
        ("letter.txt", b"a letter", "不是 PDF 文件"),
    ):  # fmt: skip
        page.goto("/verify")
        page.set_input_files("#file", {"name": name, "mimeType": "application/pdf", "buffer": sent})
        page.get_by_role("button", name="核验").click()
        expect(page.get_by_text(said).first).to_be_visible()
    check(page)
    page.goto(f"/briefings/{issue.public_id}/read")
    page.locator("a.num").first.click()
    page.wait_for_url("**/figures/records**")
