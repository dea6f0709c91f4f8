"""A file is served whole, in part, or not again; never more, never other bytes."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from finance_hub.kernel.problems import NotFound
from finance_hub.rest import files

CONTENT = b"%PDF-1.7 0123456789"
SHA256 = hashlib.sha256(CONTENT).hexdigest()
ETAG = f'"{SHA256}"'
NAME = "科创金融工作简报_2026年10月.pdf"


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("files") / "issue.pdf"
    file.write_bytes(CONTENT)
    return file


def served(path: Path, *, method: str = "GET", inline: bool = False, **headers: str) -> HttpResponse:
    named: Any = {name.replace("_", "-"): value for name, value in headers.items()}
    request = RequestFactory().generic(method, "/file", headers=named)
    return files.serve(request, path=path, sha256=SHA256, name=NAME, inline=inline)


class TestAWholeFile:
    def test_comes_with_its_hash_and_its_name(self, path: Path) -> None:
        answer = served(path)

        assert (answer.status_code, answer.content) == (200, CONTENT)
        assert answer["ETag"] == ETAG
        assert answer["Content-Type"] == "application/pdf"
        assert answer["Content-Disposition"] == f"attachment; filename*=utf-8''{quote(NAME)}"

    def test_is_shown_in_place_where_the_page_wants_it(self, path: Path) -> None:
        assert served(path, inline=True)["Content-Disposition"].startswith("inline; filename*=utf-8''")

    def test_stays_out_of_shared_caches(self, path: Path) -> None:
        assert served(path)["Cache-Control"] == "private, no-cache"

    def test_that_is_gone_is_not_found(self, tmp_path: Path) -> None:
        with pytest.raises(NotFound):
            served(tmp_path / "gone.pdf")


class TestAFileThatTheCallerHolds:
    @pytest.mark.parametrize("held", [ETAG, f"W/{ETAG}", f'"other", {ETAG}', "*"])
    def test_is_not_sent_again(self, path: Path, held: str) -> None:
        answer = served(path, If_None_Match=held)

        assert (answer.status_code, answer.content, answer["ETag"]) == (304, b"", ETAG)

    @pytest.mark.parametrize("held", ['"other"', SHA256[:8], ""])
    def test_is_sent_when_it_is_another(self, path: Path, held: str) -> None:
        assert served(path, If_None_Match=held).status_code == 200


class TestARange:
    @pytest.mark.parametrize(
        ("asked", "part", "said"),
        [
            ("bytes=0-3", b"%PDF", "bytes 0-3/19"),
            ("bytes=9-", b"0123456789", "bytes 9-18/19"),
            ("bytes=-4", b"6789", "bytes 15-18/19"),
            ("bytes=17-999", b"89", "bytes 17-18/19"),
            ("bytes=-999", CONTENT, "bytes 0-18/19"),
            ("bytes=18-18", b"9", "bytes 18-18/19"),
        ],
    )
    def test_is_answered_with_its_bytes_alone(self, path: Path, asked: str, part: bytes, said: str) -> None:
        answer = served(path, Range=asked)

        assert (answer.status_code, answer.content, answer["Content-Range"]) == (206, part, said)

    @pytest.mark.parametrize("asked", ["bytes=19-", "bytes=19-30", "bytes=-0", "bytes=999-"])
    def test_outside_the_file_cannot_be_satisfied(self, path: Path, asked: str) -> None:
        answer = served(path, Range=asked)

        assert (answer.status_code, answer.content) == (416, b"")
        assert answer["Content-Range"] == "bytes */19"

    @pytest.mark.parametrize(
        "asked",
        ["bytes=3-1", "bytes=-", "bytes=0-1,3-4", "lines=0-1", "bytes=a-b", "bytes=０-３", "bytes 0-3"],
    )
    def test_that_makes_no_sense_gets_the_whole_file(self, path: Path, asked: str) -> None:
        assert served(path, Range=asked).status_code == 200

    def test_of_another_edition_gets_the_whole_file(self, path: Path) -> None:
        assert served(path, Range="bytes=0-3", If_Range='"other"').content == CONTENT
        assert served(path, Range="bytes=0-3", If_Range=ETAG).status_code == 206

    def test_is_for_reading_only(self, path: Path) -> None:
        assert served(path, method="HEAD", Range="bytes=0-3").status_code == 200

    @given(first=st.integers(0, 25), length=st.integers(0, 25))
    def test_holds_the_bytes_that_slicing_gives(self, path: Path, first: int, length: int) -> None:
        answer = served(path, Range=f"bytes={first}-{first + length}")
        expected = CONTENT[first : first + length + 1]

        assert answer.content == expected
        assert answer.status_code == (206 if expected else 416)
