"""Every answer says what the browser may do with it."""

from __future__ import annotations

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from finance_hub.web import failures
from finance_hub.web.middleware import SecurityHeaders, allow_own_frame


def answered(response: HttpResponse) -> HttpResponse:
    answer = SecurityHeaders(lambda request: response)(RequestFactory().get("/"))
    assert isinstance(answer, HttpResponse)
    return answer


def rules(response: HttpResponse) -> dict[str, str]:
    parts = (rule.partition(" ") for rule in response["Content-Security-Policy"].split("; "))
    return {name: value for name, _, value in parts}


class TestThePolicy:
    def test_is_the_one_the_pages_are_built_for(self) -> None:
        assert answered(HttpResponse())["Content-Security-Policy"] == (
            "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
            "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
        )

    @pytest.mark.parametrize("loophole", ["unsafe-inline", "unsafe-eval", "*", "http:", "https:", "blob:"])
    def test_has_no_loophole(self, loophole: str) -> None:
        assert loophole not in answered(HttpResponse())["Content-Security-Policy"]

    def test_lets_nobody_frame_a_page(self) -> None:
        answer = answered(HttpResponse())

        assert rules(answer)["frame-ancestors"] == "'none'"
        assert answer["X-Frame-Options"] == "DENY"

    def test_lets_our_own_page_frame_a_pdf_and_changes_nothing_else(self) -> None:
        page = rules(answered(HttpResponse()))
        answer = answered(allow_own_frame(HttpResponse(b"%PDF", content_type="application/pdf")))  # type: ignore[arg-type]

        assert answer["X-Frame-Options"] == "SAMEORIGIN"
        assert rules(answer) == page | {"frame-ancestors": "'self'"}


class TestCaching:
    def test_keeps_pages_out_of_caches(self) -> None:
        assert answered(HttpResponse("<p>"))["Cache-Control"] == "no-store"

    def test_leaves_static_files_their_own_rule(self) -> None:
        file = HttpResponse(b"", content_type="text/css", headers={"Cache-Control": "max-age=60"})
        assert answered(file)["Cache-Control"] == "max-age=60"


class TestAFailure:
    @pytest.mark.parametrize("status", [403, 404, 500])
    def test_answers_with_its_status_and_the_reference_of_the_log(self, status: int) -> None:
        request = RequestFactory().get("/x")
        request.META["finance_hub.request_id"] = "req_17"
        page = {
            403: lambda: failures.forbidden(request, PermissionError("secret")),
            404: lambda: failures.not_found(request, LookupError("secret")),
            500: lambda: failures.broken(request),
        }[status]()

        assert page.status_code == status
        assert "req_17" in page.content.decode()
        assert "secret" not in page.content.decode()

    def test_does_not_tell_why_a_form_was_refused(self) -> None:
        request = RequestFactory().post("/x")
        assert "cookie" not in failures.unproven(request, reason="cookie missing").content.decode()
