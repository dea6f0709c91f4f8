"""The process that reads workbooks: bound, without secrets, and judged by how it ends."""

from __future__ import annotations

import json
import os
import re
import signal
import struct
import subprocess
import sys
import zlib
from typing import Any

import pytest
from django.conf import settings

from finance_hub.kernel import sheets
from finance_hub.kernel.files import FileRefused
from finance_hub.kernel.workbook import limits
from finance_hub.kernel.workbook.refused import Refused
from loans.intake.parse import open_file
from tests.loans import workbooks
from tests.loans.bank import disbursement


def good() -> bytes:
    return workbooks.pack(workbooks.parts(workbooks.sheet_of(disbursement())))


def test_a_file_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    path = tmp_path / "slow.xlsx"
    path.write_bytes(good())
    monkeypatch.setattr(limits, "SECONDS", 0.001)
    with pytest.raises(FileRefused) as refused:
        open_file(path, format="xlsx", dataset="flow")
    assert refused.value.errors[0].code == "time"


@pytest.mark.parametrize(("ending", "reason"), [
    (signal.SIGXCPU, "time"), (signal.SIGXFSZ, "too-large"), (signal.SIGABRT, "memory"), (signal.SIGKILL, "memory"),
])  # fmt: skip
def test_a_process_that_a_limit_ended_is_a_file_too_complex(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any, ending: signal.Signals, reason: str
) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(good())
    done = subprocess.CompletedProcess([], -ending, stderr=b"")
    monkeypatch.setattr("finance_hub.kernel.sheets.subprocess.run", lambda *_, **__: done)
    with pytest.raises(FileRefused) as refused:
        open_file(path, format="xlsx", dataset="flow")
    assert (refused.value.code, refused.value.errors[0].code) == ("file-too-complex", reason)


@pytest.mark.parametrize("ending", [1, -signal.SIGTERM, -signal.SIGINT])
def test_a_fault_of_the_reader_itself_is_no_fault_of_the_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any, ending: int
) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(good())
    done = subprocess.CompletedProcess([], ending, stderr=b"NameError: x")
    monkeypatch.setattr("finance_hub.kernel.sheets.subprocess.run", lambda *_, **__: done)
    with pytest.raises(RuntimeError, match="NameError: x"):
        open_file(path, format="xlsx", dataset="flow")


def test_the_reader_runs_bound_and_knows_nothing_of_the_service(tmp_path: Any) -> None:
    """Its limits are set before it opens the file, and neither Django nor polars is in it."""
    program = (
        "import json, resource, sys; sys.argv[1:] = ['{}'];"
        "from finance_hub.kernel.workbook import __main__ as reader; reader._bind();"
        "names = ['RLIMIT_AS', 'RLIMIT_CPU', 'RLIMIT_FSIZE', 'RLIMIT_CORE'];"
        "print(json.dumps([resource.getrlimit(getattr(resource, name))[0] for name in names]));"
        "print(sorted({'django', 'polars'} & set(sys.modules)));"
        "print(sorted(name for name in sys.modules if name.startswith('finance_hub.') and '.workbook' not in name))"
    )
    said = subprocess.run(
        [sys.executable, "-E", "-s", "-c", program], env={"PATH": os.defpath}, cwd=settings.BASE_DIR,
        capture_output=True, text=True, check=True,
    ).stdout.splitlines()  # fmt: skip
    assert json.loads(said[0]) == [limits.MEMORY, limits.SECONDS, 2 * limits.MOST_BYTES, 0]
    assert said[1:] == ["[]", "['finance_hub.kernel']"]


def test_every_reason_has_its_words_in_both_languages() -> None:
    root = settings.BASE_DIR / "finance_hub/kernel/workbook"
    source = "".join(path.read_text() for path in root.glob("*.py"))
    reasons = set(re.findall(r'Refused\(\s*"([a-z-]+)"', source)) | {"encrypted", "old-format", "memory"}
    assert len(reasons) > 12
    assert reasons <= {*sheets.UNSUPPORTED, *sheets.TOO_COMPLEX, "too-many-rows", "row-too-long"}
    assert str(Refused("damaged")) == "damaged"


def test_an_unfinished_stream_of_deflate_is_damaged(tmp_path: Any) -> None:
    """The entry says how long it is; the stream inside goes on after that, or ends before."""
    packer = zlib.compressobj(9, wbits=-15)
    whole = packer.compress(b"<x/>" * 1_000) + packer.flush()
    for data in (whole[:-1], whole + b"more"):
        path = tmp_path / "x.xlsx"
        path.write_bytes(_with_stream(data, size=4_000, checksum=zlib.crc32(b"<x/>" * 1_000)))
        with pytest.raises(FileRefused) as refused:
            open_file(path, format="xlsx", dataset="flow")
        assert refused.value.errors[0].code == "damaged"


def _with_stream(data: bytes, *, size: int, checksum: int) -> bytes:
    """An archive of one part whose deflate stream is given as it is."""
    name = b"[Content_Types].xml"
    facts = struct.pack("<HHHHHIIIHH", 20, 0, 8, 0, 33, checksum, len(data), size, len(name), 0)
    local = b"PK\x03\x04" + facts + name + data
    entry = b"PK\x01\x02" + struct.pack("<H", 20) + facts + struct.pack("<HHHII", 0, 0, 0, 0, 0) + name
    return local + entry + b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 1, 1, len(entry), len(local), 0)
