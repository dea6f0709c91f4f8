"""Files are taken at the door that asks for them, from those who may; nobody else's leave a byte."""

from __future__ import annotations

import errno
import io
import os
import tempfile
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.scoping import within
from finance_hub.web import uploads
from finance_hub.web.views import reports
from loans.models import LoanReportBatch
from tests.cast import Cast
from tests.loans import bank
from tests.web import reporting
from tests.web.conftest import Browse


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The sizes of the pieces of files that were written down."""
    sizes: list[int] = []
    write = uploads.Door.receive_data_chunk

    def noted(door: uploads.Door, raw: bytes, start: int) -> None:
        write(door, raw, start)
        sizes.append(len(raw))

    monkeypatch.setattr(uploads.Door, "receive_data_chunk", noted)
    return sizes


def send(client: Client, address: str, **said: Any) -> Any:
    file = SimpleUploadedFile("a.csv", b"x" * 100_000)
    return client.post(address, {"month": "2026-10", "dataset": "flow", "file": file} | said)


class TestAFile:
    def test_is_taken_from_a_bank_on_the_upload_page(self, browse: Browse, kept: list[int]) -> None:
        assert send(browse("bank_a"), reporting.UPLOAD).status_code == 302
        assert sum(kept) == 100_000

    @pytest.mark.parametrize("address", ["/login", "/account", "/reports/nothing", "/language", "/nowhere"])
    def test_is_left_outside_every_other_page(self, browse: Browse, kept: list[int], address: str) -> None:
        assert send(browse("bank_a"), address).status_code < 500
        assert kept == []

    @pytest.mark.parametrize("name", ["", "maker", "guarantor_a", "admin"])
    def test_is_left_outside_by_whoever_may_not_report(
        self, browse: Browse, kept: list[int], name: str
    ) -> None:
        assert send(browse(name), reporting.UPLOAD).status_code == (403 if name else 302)
        assert kept == []

    def test_is_left_outside_with_a_session_but_no_token(self, cast: Cast, kept: list[int]) -> None:
        client = Client(enforce_csrf_checks=True)
        client.force_login(cast["bank_a"])

        assert send(client, reporting.UPLOAD).status_code == 403
        with within(EVERYTHING):
            assert not LoanReportBatch.objects.exists()

    def test_has_no_name_on_the_disk_while_it_is_there(
        self, browse: Browse, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        seen: list[list[str]] = []
        monkeypatch.setattr(
            uploads.Door,
            "file_complete",
            lambda door, size: seen.append(os.listdir(Path(settings.VAR_DIR) / "uploads")),
        )
        send(browse("bank_a"), reporting.UPLOAD)

        assert seen == [[]]

    def test_beyond_the_limit_is_dropped_and_told(
        self, browse: Browse, kept: list[int], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(reports.upload, "takes_file", 99_999)
        answer = send(browse("bank_a"), reporting.UPLOAD)

        assert answer.status_code == 422
        assert reporting.errors(answer)[0][0] == "file"
        assert "文件最大" in reporting.errors(answer)[0][1]
        assert sum(kept) < 100_000

    def test_for_which_there_is_no_room_is_dropped_and_told(
        self, browse: Browse, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        class Full(io.BytesIO):
            def write(self, _: Any, /) -> int:
                raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr(tempfile, "TemporaryFile", lambda **_: Full())
        answer = send(browse("bank_a"), reporting.UPLOAD)

        assert reporting.errors(answer) == [("file", "存储空间不足，请稍后重试")]

    def test_at_the_limit_is_taken(self, browse: Browse, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(reports.upload, "takes_file", 100_000)
        assert send(browse("bank_a"), reporting.UPLOAD).status_code == 302

    def test_comes_alone(self, browse: Browse) -> None:
        """A second one, and one of another name, are passed over."""
        good = SimpleUploadedFile("good.csv", reporting.table(bank.disbursement()))
        other = SimpleUploadedFile("other.csv", b"y" * 1000)
        answer = send(browse("bank_a"), reporting.UPLOAD, file=[good, other], extra=other)
        reporting.work()

        assert answer.status_code == 302
        with within(EVERYTHING):
            (batch,) = LoanReportBatch.objects.all()
        assert (batch.client_reference, batch.state) == ("good.csv", "validated")

    def test_of_another_field_alone_is_none(self, browse: Browse) -> None:
        answer = browse("bank_a").post(
            reporting.UPLOAD,
            {"month": "2026-10", "dataset": "flow", "table": SimpleUploadedFile("a.csv", b"x")},
        )
        assert reporting.errors(answer) == [("file", "请选择文件。")]
