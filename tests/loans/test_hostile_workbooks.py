"""Workbooks made to harm: each is refused for what it is, and costs the service nothing."""

from __future__ import annotations

import io
import struct
import time
import zipfile
from collections.abc import Callable
from typing import Any

import pytest

from finance_hub.kernel.workbook import limits
from tests.cast import Api
from tests.loans import workbooks
from tests.loans.bank import URL, declare, disbursement, send_content, totals, upload, walk
from tests.loans.memory import forget_peak, peak

Speak = Callable[[str], Api]
GOOD = workbooks.sheet_of(disbursement())
TOTALS = totals([disbursement()])
HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2_000)
LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'


def good(**more: str | bytes) -> bytes:
    return workbooks.pack({**workbooks.parts(GOOD), **more})


def relation(kind: str, target: str, *, mode: str = "External") -> str:
    return (
        f'{HEAD}<Relationships xmlns="{workbooks.PACKAGE}/relationships"><Relationship Id="rId9" '
        f'Type="{workbooks.RELATED}/{kind}" Target="{target}" TargetMode="{mode}"/></Relationships>'
    )


def with_types(kind: str) -> bytes:
    made = workbooks.parts(GOOD)
    made["[Content_Types].xml"] = made["[Content_Types].xml"].replace(
        f"{workbooks.TYPE}.sheet.main+xml", kind
    )
    return workbooks.pack(made)


def encrypted_entry() -> bytes:
    """The flag of encryption set on every entry, in both places."""
    content = bytearray(good())
    for magic, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = content.find(magic)
        while place >= 0:
            content[place + at] |= 1
            place = content.find(magic, place + 1)
    return bytes(content)


def lying_about_size(difference: int, whole: bytes = b"") -> bytes:
    """The directory says that the last part unpacks to other than it does."""
    content = bytearray(whole or good())
    place = content.rfind(b"PK\x01\x02")
    size = struct.unpack_from("<I", content, place + 24)[0]
    struct.pack_into("<I", content, place + 24, size + difference)
    return bytes(content)


def twice(name: str) -> bytes:
    file = io.BytesIO(good())
    with zipfile.ZipFile(file, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr(name, "<x/>")
    return file.getvalue()


FILES: list[tuple[str, Callable[[], bytes], str, str]] = [
    ("macros by their part", lambda: good(**{"xl/vbaProject.bin": b"x"}), "unsupported-file", "macros"),
    ("macros by their type", lambda: with_types("application/vnd.ms-excel.sheet.macroEnabled.main+xml"),
     "unsupported-file", "macros"),
    ("macros of 1992", lambda: good(**{"xl/macrosheets/sheet1.xml": "<x/>"}), "unsupported-file", "macros"),
    ("a link to another workbook", lambda: good(**{"xl/externalLinks/externalLink1.xml": "<x/>"}),
     "unsupported-file", "external-links"),
    ("a link by relation", lambda: good(**{"xl/worksheets/_rels/sheet1.xml.rels":
                                           relation("oleObject", "file:///etc/passwd")}),
     "unsupported-file", "external-links"),
    ("a template from elsewhere", lambda: good(**{"xl/_rels/theme.xml.rels":
                                                  relation("attachedTemplate", "http://192.0.2.1/x")}),
     "unsupported-file", "external-links"),
    ("a connection to a database", lambda: good(**{"xl/connections.xml": "<x/>"}), "unsupported-file", "external-links"),
    ("entities in the sheet", lambda: good(**{workbooks.SHEET: f"{HEAD}{LAUGHS}<worksheet>&b;</worksheet>"}),
     "unsupported-file", "document-type"),
    ("entities in the texts", lambda: good(**{"xl/sharedStrings.xml": f"{HEAD}{LAUGHS}<sst/>"}),
     "unsupported-file", "document-type"),
    ("entities in UTF-16", lambda: good(**{"docProps/app.xml": f"{LAUGHS}<x/>".encode("utf-16")}),
     "unsupported-file", "document-type"),
    ("a file to include", lambda: good(**{"custom/x.xml": '<!DOCTYPE x SYSTEM "file:///etc/passwd"><x/>'}),
     "unsupported-file", "document-type"),
    ("an old workbook", lambda: OLE, "unsupported-file", "old-format"),
    ("a password", lambda: OLE + "EncryptedPackage".encode("utf-16-le"), "unsupported-file", "encrypted"),
    ("an encrypted part", encrypted_entry, "unsupported-file", "encrypted"),
    ("an archive inside", lambda: good(**{"xl/embeddings/x.bin": good()}), "unsupported-file", "nested-archive"),
    ("a gzip inside", lambda: good(**{"xl/media/x.png": b"\x1f\x8b\x08"}), "unsupported-file", "nested-archive"),
    ("an object inside", lambda: good(**{"xl/embeddings/x.bin": OLE}), "unsupported-file", "embedded-object"),
    ("a CSV under another name", lambda: b"contract_no,drawdown_no\n", "unsupported-file", "not-a-workbook"),
    ("nothing at all", lambda: b"", "unsupported-file", "not-a-workbook"),
    ("a text document", lambda: with_types("application/vnd.openxmlformats-officedocument.wordprocessingml.x+xml"),
     "unsupported-file", "not-a-workbook"),
    ("a binary workbook", lambda: with_types("application/vnd.ms-excel.sheet.binary.main"),
     "unsupported-file", "not-a-workbook"),
    ("no list of types", lambda: workbooks.pack({"xl/workbook.xml": "<workbook/>"}), "unsupported-file", "not-a-workbook"),
    ("a cut archive", lambda: good()[:-1], "unsupported-file", "damaged"),
    ("half an archive", lambda: good()[: len(good()) // 2], "unsupported-file", "damaged"),
    ("something after its end", lambda: good() + b"x", "unsupported-file", "damaged"),
    ("a part twice", lambda: twice(workbooks.SHEET), "unsupported-file", "damaged"),
    ("a part twice but for its case", lambda: good(**{"XL/worksheets/Sheet1.xml": "<x/>"}), "unsupported-file", "damaged"),
    ("a part longer than it says", lambda: lying_about_size(-100), "unsupported-file", "damaged"),
    ("a part shorter than it says", lambda: lying_about_size(+100), "unsupported-file", "damaged"),
    ("XML that ends early", lambda: good(**{workbooks.SHEET: f"{HEAD}<worksheet><sheetData>"}),
     "unsupported-file", "damaged"),
    ("XML that is none", lambda: good(**{"xl/styles.xml": "no"}), "unsupported-file", "damaged"),
    ("too many parts", lambda: good(**{f"x/{n}.bin": "" for n in range(1_000)}), "file-too-complex", "too-many-parts"),
    ("a column beyond the last", lambda: good(**{workbooks.SHEET: f'{HEAD}<worksheet><sheetData><row r="1">'
     '<c r="XFE1"><v>1</v></c></row></sheetData></worksheet>'}), "file-too-complex", "too-many-columns"),
    ("a column of no name", lambda: good(**{workbooks.SHEET: f'{HEAD}<worksheet><sheetData><row r="1">'
     '<c r="AAAAA1"><v>1</v></c></row></sheetData></worksheet>'}), "file-too-complex", "too-many-columns"),
    ("two cells at the ends of a sheet", lambda: good(**{workbooks.SHEET: f'{HEAD}<worksheet><sheetData><row r="1">'
     '<c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'}),
     "file-too-complex", "too-many-cells"),
    ("a cell that says it stands in another row", lambda: good(**{workbooks.SHEET: f'{HEAD}<worksheet><sheetData>'
     '<row r="2"><c r="A1048576"><v>1</v></c></row></sheetData></worksheet>'}), "unsupported-file", "damaged"),
    ("a row of no number", lambda: good(**{workbooks.SHEET: f'{HEAD}<worksheet><sheetData><row r="-1">'
     '<c><v>1</v></c></row></sheetData></worksheet>'}), "unsupported-file", "damaged"),
]  # fmt: skip


@pytest.mark.parametrize(("make", "code", "reason"), [f[1:] for f in FILES], ids=[f[0] for f in FILES])
def test_it_is_refused_for_what_it_is(api: Speak, make: Callable[[], bytes], code: str, reason: str) -> None:
    sent = send_content(api("bank_a"), make(), format="xlsx", control_totals=TOTALS)
    assert (sent.state, sent.error["code"]) == ("rejected", code)
    assert [(error["code"], error["pointer"]) for error in sent.error["errors"]] == [(reason, "#")]
    assert sent.error["message"] != sent.error["message_en"]
    assert (sent.result, sent.rows("accepted"), sent.rows()) == (None, [], [])


def test_the_same_file_without_the_harm_is_taken(api: Speak) -> None:
    """What the refusals above start from is good, and so is a hyperlink, which nothing follows."""
    linked = relation("hyperlink", "mailto:clerk@bank.example")
    for content in (good(), good(**{"xl/worksheets/_rels/sheet1.xml.rels": linked})):
        sent = send_content(api("bank_a"), content, format="xlsx", control_totals=TOTALS, dry_run=True)
        assert (sent.error, sent.result["accepted"]) == (None, 1)


def bomb(name: str, *, block: bytes, times: int, before: bytes = b"", after: bytes = b"") -> bytes:
    """A good workbook with one part that unpacks to `block` so many times."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for other, content in workbooks.parts(GOOD).items():
            if other != name:
                archive.writestr(other, content)
        with archive.open(name, "w", force_zip64=True) as part:
            part.write(before)
            for _ in range(times):
                part.write(block)
            part.write(after)
    return file.getvalue()


MiB = 1024 * 1024
SHEET = f'{HEAD}<worksheet xmlns="{workbooks.MAIN}"><sheetData>'.encode()
BOMBS: list[tuple[str, Callable[[], bytes], str, str | None]] = [
    ("640 MiB of blanks", lambda: bomb("xl/media/x.bin", block=bytes(MiB), times=640), "file-too-complex", "too-large"),
    ("640 MiB that say they are 1", lambda: lying_about_size(
        -639 * MiB, bomb("xl/media/x.bin", block=bytes(MiB), times=640)), "file-too-complex", "too-large"),
    ("too many rows", lambda: bomb(workbooks.SHEET, before=SHEET, times=100_002, after=b"</sheetData></worksheet>",
                                   block=b"<row><c><v>1</v></c></row>"), "too-many-rows", None),
    ("20 million rows", lambda: bomb(workbooks.SHEET, before=SHEET, times=2_000, after=b"</sheetData></worksheet>",
                                     block=b"<row><c><v>1</v></c></row>" * 10_000), "too-many-rows", None),
    ("one long text a million times", lambda: _shared_text(), "file-too-complex", "memory"),
    ("a cell of two million characters", lambda: _long_cell(2_000_000), "row-too-long", None),
]  # fmt: skip


def _shared_text() -> bytes:
    made: dict[str, Any] = workbooks.parts()
    made["xl/_rels/workbook.xml.rels"] = made["xl/_rels/workbook.xml.rels"].replace(
        "</Relationships>",
        f'<Relationship Id="rId2" Type="{workbooks.RELATED}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
    )
    made["xl/sharedStrings.xml"] = f'{HEAD}<sst xmlns="{workbooks.MAIN}"><si><t>{"x" * MiB}</t></si></sst>'
    cells = '<c t="s"><v>0</v></c>' * 20
    made[workbooks.SHEET] = (
        SHEET + f"<row>{cells}</row>".encode() * 50_000 + b"</sheetData></worksheet>"
    ).decode()
    return workbooks.pack(made)


def _long_cell(length: int) -> bytes:
    return good(**{workbooks.SHEET: f'{HEAD}<worksheet xmlns="{workbooks.MAIN}">'
                   f'{workbooks.sheet_of(disbursement(firm_name="长" * length))}</worksheet>'})  # fmt: skip


@pytest.mark.parametrize(("make", "code", "reason"), [b[1:] for b in BOMBS], ids=[b[0] for b in BOMBS])
def test_a_bomb_costs_the_service_no_memory_and_little_time(
    api: Speak, make: Callable[[], bytes], code: str, reason: str | None
) -> None:
    batch = upload(api("bank_a"), make(), format="xlsx", control_totals=TOTALS)
    before, began = forget_peak(), time.monotonic()
    sent = walk(api("bank_a"), batch)
    grown = peak() - before
    assert (sent.state, sent.error["code"]) == ("rejected", code)
    assert [error["code"] for error in sent.error["errors"]] == ([reason] if reason else [])
    assert grown < 64
    assert time.monotonic() - began < limits.SECONDS


def test_a_workbook_above_the_limit_of_its_upload_is_refused_unread(api: Speak) -> None:
    bank = api("bank_a")
    batch = declare(bank, b"", format="xlsx")
    answer = bank.put(f"{URL}/{batch}/content", bytes(64 * MiB + 1))
    assert (answer.status_code, answer.json()["code"]) == (413, "body-too-large")
