"""A file held against the archive: what it is, or what was done to it."""

from __future__ import annotations

import io
import json
import os
import zlib
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.conf import settings as configured
from django.core.management import call_command
from django.test import override_settings

from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.scoping import within
from tasks.briefing import editions
from tasks.briefing.document import render
from tasks.models import Briefing, Snapshot
from tasks.verification import Verdict, named, of_content, of_hash, spoken
from tasks.verification.comparing import How
from tests.briefing import signing
from tests.briefing.issues import PLAIN
from tests.cast import Cast
from tests.conftest import Build
from tests.tasks import issuing
from tests.tasks.conftest import KNOWN, make_snapshot

Ask = Callable[..., tuple[int, str]]


def published(month: Snapshot, cast: Cast) -> Briefing:
    made = editions.draft(month, requested_by=cast["maker"], now=KNOWN)
    assert made is not None
    return issuing.published(made, cast)


def bytes_of(briefing: Briefing) -> bytes:
    return (configured.FILES_DIR / briefing.file).read_bytes()


@pytest.fixture(scope="class")
def issue(build: Build, standing_cast: Cast) -> Briefing:
    """The issue of October, unsigned; it stands for all tests of a class."""
    made: Briefing = build(lambda _: _october(standing_cast))
    return made


@pytest.fixture(scope="class")
def signed(build: Build, standing_cast: Cast, tmp_path_factory: pytest.TempPathFactory) -> Briefing:
    """The same with a signature."""
    key = signing.pkcs12_file(tmp_path_factory.mktemp("key"))
    with override_settings(BRIEFING_KEY_FILE=str(key), BRIEFING_KEY_PASSPHRASE=signing.PASSPHRASE):
        made: Briefing = build(lambda _: _october(standing_cast))
    return made


def _october(cast: Cast) -> Briefing:
    with within(EVERYTHING):
        return published(make_snapshot(date(2026, 10, 1), balance="64000000.00"), cast)


@pytest.fixture
def ask(tmp_path: Path, capsys: Any) -> Ask:
    """The exit code of `verify_briefing` and what it said."""

    def asked(content: bytes, *flags: str) -> tuple[int, str]:
        file = tmp_path / "asked.pdf"
        file.write_bytes(content)
        capsys.readouterr()
        try:
            call_command("verify_briefing", str(file), *flags)
        except SystemExit as ended:
            return int(str(ended.code)), capsys.readouterr().out
        return 0, capsys.readouterr().out

    return asked


def with_page_replaced(content: bytes, number: int) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as document:
        stream = document.pages[number - 1].Contents
        stream.write(stream.read_bytes() + b" q Q")
        document.save(out)
    return out.getvalue()


class TestWhatItIs:
    def test_an_issue_a_draft_and_what_is_not_ours(
        self, october: Snapshot, everything: Cast, ask: Ask
    ) -> None:
        draft = editions.draft(october, requested_by=everything["maker"], now=KNOWN)
        assert draft is not None
        content = bytes_of(draft)
        code, said = ask(content)
        assert (code, said.split(":")[0]) == (0, "DRAFT, NOT PUBLISHED")
        issue = published(october, everything)
        code, said = ask(bytes_of(issue))
        assert code == 0
        assert said.startswith(f"GENUINE: SHA-256 {issue.sha256}")
        assert "2026 No. 1 (total 1)" in said
        assert "Signing is switched off" in said
        code, said = ask(content)
        assert code == 4, "the draft of what has been published since"
        assert "not the draft of its month any more" in said
        assert ask(render(PLAIN))[0] == 6
        code, said = ask(b"a letter")
        assert (code, said.split(":")[0]) == (6, "NOT A PDF")


class TestSigned:
    def test_of_a_signed_issue_the_signature_is_told(
        self, everything: Cast, signed: Briefing, ask: Ask
    ) -> None:
        assert signed.signer == signing.SIGNER
        code, said = ask(bytes_of(signed), "--json")
        assert code == 0
        told = json.loads(said)["signature"]
        assert told.pop("signer").startswith("Common Name: 简报签发")
        assert told == {"holds": True, "covers_whole_file": True, "is_ours": True}

    def test_a_replaced_an_added_and_a_missing_page(
        self, everything: Cast, signed: Briefing, ask: Ask
    ) -> None:
        content = bytes_of(signed)
        code, said = ask(with_page_replaced(content, 3))
        assert code == 5
        assert "Page 3 was changed." in said
        assert "signature" in said
        out = io.BytesIO()
        with pikepdf.open(io.BytesIO(content)) as document:
            document.pages.append(document.pages[0])
            del document.pages[1]
            document.save(out)
        finding = of_content(out.getvalue())
        assert {(page.number, page.how) for page in finding.pages} == {
            (2, "missing"),
            (signed.pages, "added"),
        }

    def test_something_added_behind_a_signature(self, everything: Cast, signed: Briefing) -> None:
        finding = of_content(bytes_of(signed) + b"\n% more")
        assert finding.signature is not None
        assert finding.signature.holds
        assert not finding.signature.whole
        assert finding.is_our_signature


class TestAPublishedOne:
    def test_a_correction_takes_its_place(self, everything: Cast, issue: Briefing) -> None:
        newer = Briefing.objects.get(pk=issue.pk)
        newer.pk, newer.public_id, newer.sha256 = None, "br_correction", "c" * 64
        newer.correction, newer.corrects, newer.occasion = 1, issue, "乙银行更正余额"
        newer.save()
        finding = of_content(bytes_of(issue))
        assert finding.verdict is Verdict.SUPERSEDED
        assert "2026 No. 1 (total 1), correction 1" in " ".join(text.en for text in spoken.sentences(finding))
        assert of_hash("c" * 64).verdict is Verdict.GENUINE
        assert of_hash("c" * 64).archive_is_whole is False
        assert of_hash("d" * 64).verdict is Verdict.UNKNOWN

    def test_it_is_found_by_the_beginning_of_a_hash(self, everything: Cast, issue: Briefing) -> None:
        for prefix in (issue.sha256[:12], issue.snapshot.fingerprint[:16]):
            assert [one.briefing for one in named(prefix)] == [issue]
        for wrong in (issue.sha256[:7], issue.sha256[:11] + "x", "%" * 12, "0" * 65, issue.sha256.upper()):
            assert named(wrong) == []


class TestWhatWasDoneToIt:
    def test_a_flipped_byte(self, everything: Cast, issue: Briefing, ask: Ask) -> None:
        content = bytearray(bytes_of(issue))
        with pikepdf.open(io.BytesIO(content)) as document:
            raw = document.pages[1].Contents.read_raw_bytes()
        at = content.index(raw) + len(raw) // 2
        content[at] ^= 1
        code, said = ask(bytes(content))
        assert code == 5
        assert said.startswith("ALTERED")
        assert f"bytes that differ: 1, the first at offset {at}." in said
        assert "Page 2 was changed." in said

    @pytest.mark.parametrize("place", ["head", "xref", "trailer"])
    def test_a_flipped_byte_wherever_it_is(self, everything: Cast, issue: Briefing, place: str) -> None:
        content = bytearray(bytes_of(issue))
        at = {"head": 3, "xref": content.rindex(b"xref"), "trailer": content.rindex(b"/Root") + 1}[place]
        content[at] ^= 1
        finding = of_content(bytes(content))
        assert finding.verdict is Verdict.ALTERED
        assert finding.difference is not None
        assert (finding.difference.how, finding.difference.offset) == (How.CHANGED, at)

    def test_appended_and_missing_bytes(self, everything: Cast, issue: Briefing, ask: Ask) -> None:
        content = bytes_of(issue)
        code, said = ask(content + b"\n% more")
        assert code == 5
        assert f"with 7 bytes more behind, from offset {len(content)} on" in said
        assert "The content of every page is the same" in said
        code, said = ask(content[:-100])
        assert code == 5
        assert "bytes missing at its end: 100." in said

    def test_another_document_that_names_our_data(self, everything: Cast, issue: Briefing) -> None:
        out = io.BytesIO()
        with pikepdf.open(io.BytesIO(render(PLAIN))) as document:
            document.docinfo["/Keywords"] = issue.snapshot.fingerprint
            document.save(out)
        finding = of_content(out.getvalue())
        assert (finding.verdict, finding.of and finding.of.briefing) == (Verdict.UNKNOWN, issue)

    def test_the_archives_own_copy_is_looked_at_too(
        self, everything: Cast, issue: Briefing, ask: Ask
    ) -> None:
        content = bytes_of(issue)
        path = configured.FILES_DIR / issue.file
        path.write_bytes(content + b" ")
        code, said = ask(content)
        assert code == 7
        assert "missing or was changed" in said
        path.unlink()
        assert ask(content)[0] == 7
        path.write_bytes(content)


class TestHostileFiles:
    @pytest.mark.parametrize("kind", ["bomb", "loop", "noise", "header", "pages", "empty"])
    def test_are_said_to_be_not_ours_and_take_little(
        self, everything: Cast, issue: Briefing, kind: str
    ) -> None:
        finding = of_content(HOSTILE[kind]())
        assert finding.verdict is (Verdict.NO_PDF if kind in ("noise", "empty") else Verdict.UNKNOWN)

    def test_a_file_that_is_too_large_or_not_there(
        self, issue: Briefing, tmp_path: Path, monkeypatch: Any
    ) -> None:
        from django.core.management import CommandError

        from tasks.management.commands import verify_briefing

        monkeypatch.setattr(verify_briefing, "MOST_BYTES", 10)
        (tmp_path / "large").write_bytes(b"%PDF-1.4 and more")
        for name, said in (("large", "larger than"), ("absent", "No such file")):
            with pytest.raises(CommandError, match=said):
                call_command("verify_briefing", str(tmp_path / name))


def _pdf(contents: bytes, extra: bytes = b"") -> bytes:
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>endobj\n4 0 obj" + contents + b"endobj\n"
        + extra + b"trailer<</Root 1 0 R>>\n%%EOF"
    )  # fmt: skip


def _bomb() -> bytes:
    packing = zlib.compressobj(9)
    packed = b"".join(packing.compress(bytes(1 << 20)) for _ in range(100)) + packing.flush()
    return _pdf(b"<</Filter/FlateDecode/Length %d>>stream\n" % len(packed) + packed + b"\nendstream ")


HOSTILE: dict[str, Callable[[], bytes]] = {
    "bomb": _bomb,
    "loop": lambda: _pdf(b"4 0 R ").replace(b"/Kids[3 0 R]", b"/Kids[2 0 R]"),
    "noise": lambda: os.urandom(10_000).replace(b"%PDF-", b""),
    "header": lambda: b"%PDF-1.7\n" + b"/ByteRange [0 1 2 3]" + bytes(1000),
    "pages": lambda: _pdf(b"<<>>", extra=b"[" * 50_000),
    "empty": lambda: b"",
}
