"""Files as they should not be: no good row suffers for a bad one, and no bad file costs memory."""

from __future__ import annotations

import gzip
from collections.abc import Callable

import pytest

from tests.cast import Api
from tests.loans.bank import (
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
]


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
