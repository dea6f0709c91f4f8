"""Signing a briefing: repeatable, certifying, and refused rather than left out when the key cannot be used."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.checks import run_checks
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from tasks.briefing import sign
from tasks.briefing.document import render
from tests.briefing import signing
from tests.briefing.issues import PLAIN

AT = datetime(2026, 11, 8, 1, 30, tzinfo=UTC)
AGAIN = """
import hashlib, pathlib, sys
from datetime import UTC, datetime
from django.conf import settings
settings.configure(
    BRIEFING_KEY_FILE=sys.argv[1], BRIEFING_KEY_PASSPHRASE=sys.argv[2], BRIEFING_CERTIFICATE_FILE="",
    BRIEFING_TOKEN_MODULE="",
)
from tasks.briefing import sign
content, _ = sign.signed(pathlib.Path(sys.argv[3]).read_bytes(), at=datetime(2026, 11, 8, 1, 30, tzinfo=UTC))
print(hashlib.sha256(content).hexdigest())
"""


@pytest.fixture(scope="module")
def plain() -> bytes:
    return render(PLAIN)


@pytest.fixture
def keyed(settings: Any, tmp_path: Path) -> Any:
    settings.BRIEFING_KEY_FILE = str(signing.pkcs12_file(tmp_path))
    settings.BRIEFING_KEY_PASSPHRASE = signing.PASSPHRASE
    return settings


def status(content: bytes) -> Any:
    signature = PdfFileReader(BytesIO(content)).embedded_signatures[0]
    return validate_pdf_signature(signature, ValidationContext(trust_roots=[signature.signer_cert]))


class TestSigned:
    def test_off_without_a_key_and_said_so(self, plain: bytes) -> None:
        assert sign.signed(plain, at=AT) == (plain, "")
        assert not sign.is_on()
        assert "finance_hub.I001" in {
            one.id for one in run_checks(tags=["security"], include_deployment_checks=True)
        }

    def test_it_certifies_the_whole_file_and_keeps_what_was_there(self, plain: bytes, keyed: Any) -> None:
        content, signer = sign.signed(plain, at=AT)
        assert signer == signing.SIGNER
        assert content.startswith(plain)
        assert b"/Version /1.7" in content[len(plain) :], "no PDF 2.0, which older readers do not open"
        said = status(content)
        assert said.bottom_line
        assert said.coverage.name == "ENTIRE_FILE"
        assert said.docmdp_ok
        reader = PdfFileReader(BytesIO(content))
        assert reader.embedded_signatures[0].docmdp_level.name == "NO_CHANGES"
        assert "20261108" in str(reader.embedded_signatures[0].sig_object["/M"])
        assert "finance_hub.I001" not in {
            one.id for one in run_checks(tags=["security"], include_deployment_checks=True)
        }

    def test_same_bytes_in_another_process_and_zone(self, plain: bytes, keyed: Any, tmp_path: Path) -> None:
        content, _ = sign.signed(plain, at=AT)
        file = tmp_path / "plain.pdf"
        file.write_bytes(plain)
        said = subprocess.run(
            [sys.executable, "-c", AGAIN, keyed.BRIEFING_KEY_FILE, signing.PASSPHRASE, str(file)],
            env={**os.environ, "TZ": "America/Lima", "PYTHONHASHSEED": "7"},
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        assert said.stdout.strip() == hashlib.sha256(content).hexdigest()
        other, _ = sign.signed(plain, at=AT.replace(day=9))
        assert other != content

    def test_a_key_in_pem_with_its_certificate_beside_it(
        self, plain: bytes, settings: Any, tmp_path: Path
    ) -> None:
        key, chain = signing.pem_files(tmp_path)
        settings.BRIEFING_KEY_FILE, settings.BRIEFING_CERTIFICATE_FILE = str(key), str(chain)
        assert status(sign.signed(plain, at=AT)[0]).bottom_line
        settings.BRIEFING_CERTIFICATE_FILE = ""
        with pytest.raises(sign.SigningFailed, match="no certificate of the key"):
            sign.signed(plain, at=AT)

    def test_a_changed_byte_breaks_it(self, plain: bytes, keyed: Any) -> None:
        content = bytearray(sign.signed(plain, at=AT)[0])
        content[200] ^= 1
        assert not status(bytes(content)).bottom_line


class TestRefusals:
    @pytest.mark.parametrize(
        ("kind", "until", "passphrase", "said"),
        [
            ("rsa", 2036, "wrong", "passphrase is wrong"),
            ("ec", 2036, signing.PASSPHRASE, "Only RSA"),
            ("short", 2036, signing.PASSPHRASE, "shorter than 2048"),
            ("rsa", 2025, signing.PASSPHRASE, "not valid on 2026-11-08"),
        ],
    )
    def test_a_key_that_cannot_be_used(
        self, plain: bytes, settings: Any, tmp_path: Path, kind: str, until: int, passphrase: str, said: str
    ) -> None:
        settings.BRIEFING_KEY_FILE = str(signing.pkcs12_file(tmp_path, kind, until=until))
        settings.BRIEFING_KEY_PASSPHRASE = passphrase
        with pytest.raises(sign.SigningFailed, match=said):
            sign.signed(plain, at=AT)

    def test_a_file_that_is_no_key(self, plain: bytes, settings: Any, tmp_path: Path) -> None:
        (tmp_path / "nothing").write_bytes(b"nothing")
        settings.BRIEFING_KEY_FILE = str(tmp_path / "nothing")
        with pytest.raises(sign.SigningFailed, match="cannot be read"):
            sign.signed(plain, at=AT)

    def test_what_is_configured_and_not_there_is_an_error_of_the_check(
        self, plain: bytes, settings: Any
    ) -> None:
        settings.BRIEFING_KEY_FILE = "/nowhere/key.p12"
        with pytest.raises(sign.SigningFailed, match=r"there is no file /nowhere/key\.p12"):
            sign.signed(plain, at=AT)
        found = {one.id: one for one in run_checks(tags=["security"], include_deployment_checks=True)}
        assert "/nowhere/key.p12" in found["finance_hub.E003"].msg
        settings.BRIEFING_TOKEN_MODULE = "/nowhere/module.so"
        assert "two keys" in sign.faults()[0]

    def test_a_token_without_the_library_for_it(self, plain: bytes, settings: Any, tmp_path: Path) -> None:
        module = tmp_path / "module.so"
        module.write_bytes(b"")
        settings.BRIEFING_TOKEN_MODULE = str(module)
        with pytest.raises(sign.SigningFailed, match="BRIEFING_TOKEN_KEY must name"):
            sign.signed(plain, at=AT)
        settings.BRIEFING_TOKEN_KEY = "briefing"
        with pytest.raises(sign.SigningFailed, match="python-pkcs11 is not installed"):
            sign.signed(plain, at=AT)
