"""The request log as a page: a bank's engineer finds a call by its id, its problem, or its answer."""

from __future__ import annotations

import re

import pytest

from finance_hub.kernel import requests
from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.models import ApiKey, RequestRecord
from finance_hub.kernel.scoping import within
from tests.cast import NOW, Cast
from tests.web import reporting
from tests.web.conftest import Browse


def add(
    cast: Cast,
    name: str,
    request_id: str,
    *,
    status: int = 200,
    problem: str = "",
    path: str = "/api/v1/whoami",
) -> None:
    cast.key(name)
    key = ApiKey.objects.select_related("person").get(person=cast[name])
    call = requests.Call(
        request_id=request_id, method="POST" if problem else "GET", path=path, status=status, problem=problem,
        milliseconds=1234, bytes_in=312, idempotency_key="8e03978e" if problem else "", address="203.0.113.7",
    )  # fmt: skip
    assert requests.note(call, key=key, now=NOW)


@pytest.fixture
def logged(cast: Cast) -> Cast:
    add(cast, "bank_a", "req_good")
    add(cast, "bank_a", "req_bad", status=422, problem="period-not-open", path="/api/v1/loan-report-batches")
    add(cast, "bank_b", "req_theirs", status=503, problem="storage-full")
    return cast


def shown(browse: Browse, name: str, query: str = "") -> list[str]:
    text = browse(name).get(f"/request-log{query}").content.decode()
    return re.findall(r'href="/request-log/(\w+)"', text)


@pytest.mark.usefixtures("logged")
class TestTheLog:
    @pytest.mark.parametrize(
        ("name", "query", "found"),
        [
            ("bank_a", "", ["req_bad", "req_good"]),
            ("bank_b", "", ["req_theirs"]),
            ("guarantor_a", "", []),
            ("maker", "", ["req_theirs", "req_bad", "req_good"]),
            ("maker", "?organisation=bank-b", ["req_theirs"]),
            ("bank_a", "?organisation=bank-b", []),
            ("maker", "?status=4xx", ["req_bad"]),
            ("maker", "?status=5xx", ["req_theirs"]),
            ("maker", "?status=9xx", ["req_theirs", "req_bad", "req_good"]),
            ("bank_a", "?q=period-not-open", ["req_bad"]),
            ("bank_a", "?q=%20req_good%20", ["req_good"]),
            ("bank_a", "?q=req_theirs", []),
            ("bank_a", "?q=%00&status=2xx", ["req_good"]),
        ],
    )
    def test_shows_what_is_asked_for_of_what_is_theirs(
        self, browse: Browse, name: str, query: str, found: list[str]
    ) -> None:
        assert shown(browse, name, query) == found

    def test_says_what_a_problem_means_in_both_languages(self, browse: Browse) -> None:
        assert "422 period-not-open 该报告期不能报送 1,234 ms" in reporting.read(
            browse("bank_a"), "/request-log"
        )
        text = reporting.read(browse("bank_a", language="en"), "/request-log")
        assert "422 period-not-open The period takes no reports" in text
        assert "2026-11-05 09:30:00" in text

    def test_goes_on_in_pages_with_what_was_asked(self, browse: Browse, cast: Cast) -> None:
        for n in range(60):
            add(cast, "bank_a", f"req_{n:03d}", status=409, problem="month-closed")
        pages, address = [], "?status=4xx&q=month-closed"
        while address:
            text = browse("bank_a").get(f"/request-log{address}").content.decode()
            pages.append(re.findall(r'href="/request-log/req_(\d+)"', text))
            link = re.search(r'rel="next" href="/request-log([^"]+)"', text)
            address = link[1].replace("&amp;", "&") if link else ""
        assert [len(page) for page in pages] == [50, 10]
        assert [n for page in pages for n in page] == [f"{n:03d}" for n in range(59, -1, -1)]

    def test_writes_a_hostile_path_as_text_and_short(self, browse: Browse, cast: Cast) -> None:
        add(cast, "bank_a", "req_evil", path="/api/v1/<script>alert(1)</script>" + "x" * 300)
        text = browse("bank_a").get("/request-log").content.decode()

        assert "<script>alert" not in text
        assert "x" * 90 not in text

    def test_is_not_for_the_administrator(self, browse: Browse) -> None:
        assert browse("admin").get("/request-log").status_code == 403

    @pytest.mark.parametrize(("name", "own"), [("guarantor_a", True), ("bank_a", False), ("maker", False)])
    def test_has_a_place_of_its_own_where_nothing_else_holds_it(
        self, browse: Browse, name: str, own: bool
    ) -> None:
        text = browse(name).get("/account").content.decode()
        bar = re.search(r'<nav class="nav".*?</nav>', text, re.DOTALL)

        assert bar
        assert ('href="/request-log"' in bar[0]) is own


@pytest.mark.usefixtures("logged")
class TestACall:
    def test_is_shown_in_full_with_the_command_that_makes_it_again(self, browse: Browse) -> None:
        text = reporting.read(browse("bank_a"), "/request-log/req_bad")

        assert "POST /api/v1/loan-report-batches" in text
        assert "period-not-open (该报告期不能报送)" in text
        assert "312 字节" in text
        assert "curl --request POST http://testserver/api/v1/loan-report-batches" in text
        assert "_SECRET" in text

    @pytest.mark.parametrize("request_id", ["req_theirs", "req_none"])
    def test_of_another_is_as_one_that_never_was(self, browse: Browse, request_id: str) -> None:
        assert browse("bank_a").get(f"/request-log/{request_id}").status_code == 404
        with within(EVERYTHING):
            assert RequestRecord.objects.filter(request_id="req_theirs").exists()

    def test_is_open_to_the_centre(self, browse: Browse) -> None:
        assert "storage-full" in reporting.read(browse("auditor"), "/request-log/req_theirs")
