"""Files as they should not be: no good row suffers for a bad one, and no bad file costs memory."""

from __future__ import annotations

import gzip
from collections.abc import Callable

import pytest

from tests.cast import Api
from tests.loans import workbooks
from tests.loans.bank import (
    URL,
    Row,
    csv_text,
    disbursement,
    ndjson,
    repayment,
    send,
    send_content,
    totals,
    upload,
    walk,
)  # fmt: skip
from tests.loans.memory import forget_peak, peak

Speak = Callable[[str], Api]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_is_read_in_the_encodings_that_banks_write(api: Speak, encoding: str) -> None:
    name = "桐乡𠮷野家示例（集团）有限公司"
    content = csv_text([disbursement(firm_name=name)]).encode(encoding)
    sent = send_content(
        api("bank_a"),
        content,
        format="csv",
        control_totals={"rows": 1, "disbursed": "1000.00", "repaid": "0"},
    )
    assert sent.result["accepted"] == 1
    assert api("maker").get("/contracts/HT-1").json()["firm_name"] == name


def test_ndjson_may_begin_with_a_byte_order_mark_and_end_lines_as_windows_does(api: Speak) -> None:
    rows = [disbursement(), repayment()]
    content = b"\xef\xbb\xbf" + ndjson(rows).replace(b"\n", b"\r\n") + b"\r\n"
    assert send_content(api("bank_a"), content, control_totals=totals(rows)).result["accepted"] == 2


def test_an_undecodable_row_is_listed_with_line_and_byte(api: Speak) -> None:
    rows = [disbursement(), disbursement("E-2", contract_no="HT-2")]
    bad = ndjson(rows).split(b"\n")
    at = bad[1].index("示".encode()) + 1
    bad[1] = bad[1][:at] + b"\xff" + bad[1][at + 1 :]
    declared = {"rows": 2, "disbursed": "1000.00", "repaid": "0.00"}
    sent = send_content(api("bank_a"), b"\n".join(bad), control_totals=declared)
    assert sent.result == {"accepted": 1, "unchanged": 0, "rejected": 1, "warnings": 0}
    [error] = sent.rows()[0]["errors"]
    assert (error["code"], error["context"]) == ("undecodable-bytes", {"line": "2", "byte": str(at)})
    assert "\\xff" in sent.rows()[0]["original"]
    assert "\ufffd" not in sent.rows()[0]["original"]


def test_a_damaged_utf8_csv_is_not_read_as_gb18030(api: Speak) -> None:
    rows = [disbursement(), disbursement("E-2", contract_no="HT-2")]
    content = csv_text(rows).encode()
    at = content.rindex("示".encode())
    content = content[:at] + b"\xff" + content[at + 1 :]
    declared = {"rows": 2, "disbursed": "1000.00", "repaid": "0.00"}
    sent = send_content(api("bank_a"), content, format="csv", control_totals=declared)
    assert sent.result["accepted"] == 1
    assert sent.codes() == [(2, ["undecodable-bytes"])]


def test_a_csv_row_with_other_cells_than_the_header_is_listed(api: Speak) -> None:
    lines = csv_text([disbursement(), disbursement("E-2", contract_no="HT-2")]).splitlines()
    lines[1] += ",surplus"
    declared = {"rows": 2, "disbursed": "1000.00", "repaid": "0.00"}
    sent = send_content(api("bank_a"), "\n".join(lines).encode(), format="csv", control_totals=declared)
    assert sent.codes() == [(1, ["wrong-number-of-cells"])]
    assert sent.result["accepted"] == 1


def test_a_quoted_line_feed_stays_in_its_cell_and_lines_are_counted(api: Speak) -> None:
    rows = [disbursement(firm_name="上\n下"), disbursement("E-2", contract_no="HT-2", uscc="x")]
    sent = send(api("bank_a"), rows, format="csv")
    assert [(row["row_number"], row["line_number"]) for row in sent.rows()] == [(1, 2), (2, 4)]
    assert sent.codes()[0] == (1, ["control-characters"])


WHOLE_FILES: list[tuple[str, bytes, str, list[str]]] = [
    ("an unknown column", b"contract_no,colour\n", "wrong-columns", ["#/colour", "#/drawdown_no"]),
    ("an empty file", b"", "wrong-columns", ["#/contract_no"]),
    ("an unclosed quote", csv_text([]).encode() + b'"HT-1,' + b"x" * 200_000, "malformed-csv", []),
    ("UTF-16", csv_text([]).encode("utf-16"), "undecodable-text", []),
    ("an endless line", b"x" * (3 * 1024 * 1024), "row-too-long", []),
    ("a cell of 2 MB", csv_text([disbursement(firm_name="x" * 2_000_000)]).encode(), "row-too-long", []),
    ("a cell of 2 MB in lines", csv_text([disbursement(firm_name="x\n" * 1_000_000)]).encode(), "malformed-csv", []),
    ("lines that end in CR alone", csv_text([disbursement()]).replace("\r\n", "\r").encode(), "malformed-csv", []),
    ("NUL in the header", b"contract_no\x00,drawdown_no\n", "wrong-columns", ["#/contract_no\\x00", "#/contract_no"]),
    ("UTF-32", csv_text([]).encode("utf-32"), "undecodable-text", []),
    ("a workbook under another name", workbooks.of_rows([disbursement()]), "unsupported-file", ["#"]),
    ("a gzip that was not declared", gzip.compress(csv_text([]).encode()), "unsupported-file", ["#"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("content", "code", "pointers"), [f[1:] for f in WHOLE_FILES], ids=[f[0] for f in WHOLE_FILES]
)
def test_a_csv_that_is_no_table_is_refused_as_a_whole(
    api: Speak, content: bytes, code: str, pointers: list[str]
) -> None:
    sent = send_content(api("bank_a"), content, format="csv")
    assert (sent.state, sent.error["code"]) == ("rejected", code)
    assert set(pointers) <= {error["pointer"] for error in sent.error["errors"]}
    assert sent.rows() == []


@pytest.mark.parametrize("cut", ["1", "8", "half"])
@pytest.mark.parametrize("format", ["ndjson+gzip", "csv+gzip"])
def test_a_gzip_that_was_cut_short_is_refused(api: Speak, format: str, cut: str) -> None:
    rows = [disbursement(f"E-{n}", contract_no=f"HT-{n}") for n in range(50)]
    plain = ndjson(rows) if format.startswith("ndjson") else csv_text(rows).encode()
    packed = gzip.compress(plain)
    content = packed[: len(packed) // 2 if cut == "half" else -int(cut)]
    sent = send_content(api("bank_a"), content, format=format, control_totals=totals(rows))
    assert (sent.state, sent.error["code"]) == ("rejected", "truncated-body")
    assert (sent.result, sent.rows("accepted")) == (None, [])


@pytest.mark.parametrize("format", ["ndjson+gzip", "csv+gzip"])
def test_a_gzip_inside_a_gzip_is_refused(api: Speak, format: str) -> None:
    rows = [disbursement()]
    plain = ndjson(rows) if format.startswith("ndjson") else csv_text(rows).encode()
    content = gzip.compress(gzip.compress(plain))
    sent = send_content(api("bank_a"), content, format=format, control_totals=totals(rows))
    assert (sent.state, sent.error["code"]) == ("rejected", "unsupported-file")
    assert [error["code"] for error in sent.error["errors"]] == ["not-text"]


def test_a_damaged_checksum_is_refused(api: Speak) -> None:
    rows = [disbursement()]
    packed = bytearray(gzip.compress(ndjson(rows)))
    packed[-6] ^= 1
    sent = send_content(api("bank_a"), bytes(packed), format="ndjson+gzip", control_totals=totals(rows))
    assert (sent.state, sent.error["code"]) == ("rejected", "malformed-gzip")
    assert sent.rows("accepted") == []


@pytest.mark.parametrize(("encoding", "byte"), [("utf-8", b"\xff"), ("gb18030", b"\xff")])
def test_a_csv_row_that_does_not_decode_is_named_with_line_and_byte(
    api: Speak, encoding: str, byte: bytes
) -> None:
    names = ["桐乡甲公司", "桐乡乙公司", "桐乡丙公司"]
    rows = [disbursement(f"E-{at}", contract_no=f"HT-{at}", firm_name=name) for at, name in enumerate(names)]
    lines = csv_text(rows).encode(encoding).split(b"\r\n")
    at = lines[2].index("乙".encode(encoding))
    lines[2] = lines[2][:at] + byte + lines[2][at + 1 :]
    declared = {"rows": 3, "disbursed": "2000.00", "repaid": "0.00"}
    sent = send_content(api("bank_a"), b"\r\n".join(lines), format="csv", control_totals=declared)
    assert (sent.result["accepted"], sent.codes()) == (2, [(2, ["undecodable-bytes"])])
    context = sent.rows()[0]["errors"][0]["context"]
    assert context == {"line": "3", "byte": str(at + 1)}
    held = {row["firm_name"] for row in api("maker").get("/contracts").json()["data"]}
    assert held == {"桐乡甲公司"}, "one firm, under the name it came with first"


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16"])
def test_ndjson_is_utf8_and_nothing_else(api: Speak, encoding: str) -> None:
    rows = [disbursement()]
    content = ndjson(rows).decode().encode(encoding)
    sent = send_content(api("bank_a"), content, control_totals=totals(rows))
    assert (sent.state, sent.error["code"]) == ("rejected", "control-total-mismatch")
    assert sent.codes()[0] == (1, ["undecodable-bytes"])


def test_a_character_that_only_four_bytes_of_gb18030_hold_comes_back_as_it_went(api: Speak) -> None:
    """From the file into the list of rejected rows and back again, in every format of both."""
    bank, name = api("bank_a"), "𠮷野家㐂（𬍛）"
    content = csv_text([disbursement(firm_name=name, amount="x")]).encode("gb18030")
    sent = send_content(
        bank, content, format="csv", control_totals={"rows": 1, "disbursed": "0", "repaid": "0"}
    )
    batch = f"{URL}/{sent.batch['id']}/results?outcome=rejected"
    listed = b"".join(bank.get(f"{batch}&format=csv").streaming_content)
    assert name in listed.decode("utf-8-sig")
    book = b"".join(bank.get(f"{batch}&format=xlsx").streaming_content)
    mended = listed.replace(b",x,CNY", b",5.00,CNY")
    declared = {"rows": 1, "disbursed": "5.00", "repaid": "0.00"}
    again = send_content(bank, mended, format="csv", control_totals=declared)
    assert again.result["accepted"] == 1
    assert api("maker").get("/contracts/HT-1").json()["firm_name"] == name
    refused = send_content(bank, book, format="xlsx", control_totals=declared | {"disbursed": "0.00"})
    assert name in refused.rows()[0]["original"]


def test_nul_bytes_are_named_and_neighbours_taken(api: Speak) -> None:
    rows = [disbursement(), disbursement("E-2", contract_no="HT-2", firm_name="a\x00b")]
    sent = send(api("bank_a"), rows, format="csv")
    assert (sent.result["accepted"], sent.codes()) == (1, [(2, ["control-characters"])])
    raw = ndjson([disbursement(), repayment()]).replace(b"row-E-2", b"row\x00E-2")
    other = send_content(
        api("bank_b"), raw, control_totals={"rows": 2, "disbursed": "1000.00", "repaid": "0.00"}
    )
    assert (other.result["accepted"], other.codes()) == (1, [(2, ["malformed-json"])])
    assert "\x00" not in other.rows()[0]["original"]


def test_ndjson_lines_that_end_in_cr_alone_are_one_bad_line(api: Speak) -> None:
    rows = [disbursement(), repayment()]
    content = ndjson(rows).replace(b"\n", b"\r")
    sent = send_content(api("bank_a"), content, control_totals=totals(rows))
    assert (sent.state, sent.error["code"]) == ("rejected", "control-total-mismatch")
    assert sent.codes() == [(1, ["malformed-json"])]


def test_a_line_of_2_mb_refuses_an_ndjson_file(api: Speak) -> None:
    rows = [disbursement(firm_name="x" * 2_000_000)]
    sent = send_content(api("bank_a"), ndjson(rows), control_totals=totals(rows))
    assert (sent.state, sent.error["code"]) == ("rejected", "row-too-long")


def test_what_is_no_gzip_is_refused(api: Speak) -> None:
    sent = send_content(api("bank_a"), ndjson([disbursement()]), format="ndjson+gzip")
    assert sent.error["code"] == "malformed-gzip"


def test_gzip_members_follow_one_another(api: Speak) -> None:
    rows = [disbursement(), repayment()]
    content = b"".join(gzip.compress(ndjson([row])) for row in rows)
    sent = send_content(api("bank_a"), content, format="ndjson+gzip", control_totals=totals(rows))
    assert sent.result["accepted"] == 2


def test_a_gzip_bomb_costs_its_limit_and_no_memory(api: Speak) -> None:
    """1 GiB of blanks in about 1 MB; blank lines are no rows, so only the limit stops it."""
    import zlib

    packer = zlib.compressobj(9, wbits=31)
    block = b" " * 65_535 + b"\n"
    content = b"".join(packer.compress(block) for _ in range(16_384)) + packer.flush()
    batch = upload(api("bank_a"), content, format="ndjson+gzip")
    before = forget_peak()
    sent = walk(api("bank_a"), batch)
    grown = peak() - before
    assert (sent.state, sent.error["code"]) == ("rejected", "decompressed-size-limit")
    assert grown < 64


@pytest.mark.parametrize(
    ("declared", "pointer", "said"),
    [
        ({"rows": 3}, "#/control_totals/rows", ("3", "2")),
        ({"disbursed": "1000.01"}, "#/control_totals/disbursed", ("1000.01", "1000.00")),
        ({"repaid": "0.00"}, "#/control_totals/repaid", ("0.00", "300.00")),
    ],
)
def test_totals_that_differ_refuse_the_file_and_name_both(
    api: Speak, declared: Row, pointer: str, said: tuple[str, str]
) -> None:
    rows = [disbursement(), repayment()]
    sent = send(api("bank_a"), rows, control_totals=totals(rows) | declared)
    assert (sent.state, sent.error["code"]) == ("rejected", "control-total-mismatch")
    [error] = sent.error["errors"]
    assert (error["pointer"], (error["declared"], error["computed"])) == (pointer, said)
    assert sent.batch["control_totals"]["applied"] is None
    assert api("bank_a").get("/contracts").json()["data"] == []
