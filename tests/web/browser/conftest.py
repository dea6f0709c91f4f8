"""A real browser against a live server, with a worker that does the jobs as they come.

Where no browser is installed these tests are not collected, and the run says so; with
BROWSER_TESTS=required that is a failure instead.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connections
from playwright.sync_api import Browser, Page, Playwright, sync_playwright

from finance_hub.kernel import jobs
from finance_hub.kernel.models import Job
from tests.cast import Cast
from tests.web.browser import chromium
from tests.web.conftest import PASSWORD

Open = Callable[..., Page]
#: The kinds of jobs that people wait for at their browsers.
KINDS = ("loan_batch", "tear_sheet", "edition", "publish")
collect_ignore_glob = [] if chromium.path() or chromium.is_demanded() else ["test_*.py"]


@pytest.fixture(scope="module")
def playwright_() -> Iterator[Playwright]:
    """Playwright keeps an event loop in this thread; the database is used beside it, never inside it.

    It ends with the module, so that the tests that follow find their thread as it was.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        with sync_playwright() as playwright:
            yield playwright


@pytest.fixture(scope="module")
def browser(playwright_: Playwright) -> Iterator[Browser]:
    path = chromium.path()
    assert path, chromium.ABSENT
    browser = playwright_.chromium.launch(executable_path=path, args=list(chromium.ARGUMENTS))
    yield browser
    browser.close()


@pytest.fixture
def worker(committed: Cast) -> Iterator[None]:
    """Does every job that people wait for, in a thread with a connection of its own."""
    over = threading.Event()

    def work() -> None:
        try:
            while not over.wait(0.1):
                for job in Job.objects.filter(state="queued", kind__in=KINDS).order_by("created_at"):
                    jobs.run(str(job.pk))
        finally:
            connections.close_all()

    thread = threading.Thread(target=work)
    thread.start()
    yield
    over.set()
    thread.join()


@pytest.fixture
def people(committed: Cast) -> Cast:
    """The cast with a password each."""
    for person in committed.people.values():
        person.set_password(PASSWORD)
        person.save(update_fields=["password"])
    return committed


@pytest.fixture
def open_page(browser: Browser, live_server: Any, people: Cast) -> Iterator[Open]:
    """`open_page("bank_a", language="en")` is at the sign-in page, or signed in where `sign_in` is not False.

    Whatever the browser complains of on its console fails the test at its end.
    """
    contexts, complaints = [], []

    def opened(
        name: str, *, language: str = "zh-CN", width: int = 1366, sign_in: bool = True, **facts: Any
    ) -> Page:
        context = browser.new_context(
            base_url=live_server.url, locale=language, viewport={"width": width, "height": 768}, **facts
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        # Told long before a key opens one: a chooser that opens before the browser knows who waits is nobody's.
        page.on("filechooser", lambda _: None)
        page.goto("/login")
        if sign_in:
            page.fill("#username", name)
            page.fill("#password", PASSWORD)
            page.keyboard.press("Enter")
            page.wait_for_url(lambda url: "/login" not in url)
        return page

    yield opened
    for context in contexts:
        context.close()
    # A form that is refused answers 422, or 412 where somebody was faster, which Chromium reports as if it
    # were an error of the page.
    assert [said for said in complaints if "422" not in said and "412" not in said] == []
