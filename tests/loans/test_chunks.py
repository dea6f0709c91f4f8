"""Files are read in chunks of whole lines: where a chunk ends changes nothing that is read."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from finance_hub.kernel.files import RowTooLong
from loans import formats, limits
from loans.intake.parse import csvs, lines, ndjson, open_file
from loans.intake.parse.lines import Chunks
from tests.loans.bank import csv_text, position
from tests.loans.bank import ndjson as as_ndjson

CELLS = st.text(st.sampled_from("ab\",\n 中𠮷'=é"), max_size=6)


def cut(content: bytes, *, size: int) -> list[bytes]:
    return [content[at : at + size] for at in range(0, len(content), size)]


def read(blocks: Any) -> list[tuple[int, int, str, str | None]]:
    """(row, line, original, contract number) of everything, readable or not."""
    found: list[tuple[int, int, str, str | None]] = []
    for block in blocks:
        found += block.rows.select("row_number", "line_number", "original", "contract_no").rows()
        found += [(row.row_number, row.line_number, row.original, None) for row in block.unreadable]
    return sorted(found, key=lambda row: row[0])


@settings(max_examples=150)
@given(
    rows=st.lists(CELLS, max_size=25),
    chunk=st.integers(40, 200),
    piece=st.integers(1, 64),
    ends=st.sampled_from(["\n", "\r\n"]),
)
def test_a_csv_file_reads_the_same_wherever_its_chunks_end(
    rows: list[str], chunk: int, piece: int, ends: str
) -> None:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator=ends)
    writer.writerow(formats.STOCK)
    for cell in rows:
        writer.writerow(["id", cell, *["x"] * (len(formats.STOCK) - 2)])
    content = text.getvalue().encode()
    expected = [row[1] for row in csv.reader(io.StringIO(text.getvalue(), newline=""))][1:]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lines, "CHUNK", chunk)
        table = csvs.open_table(cut(content, size=piece), dataset="stock", encoding="utf-8")
        found = read(table.blocks())
    assert [row for row, *_ in found] == list(range(1, len(rows) + 1))
    assert [cell or "" for *_, cell in found] == expected


@settings(max_examples=60)
@given(names=st.lists(st.text(min_size=1, max_size=8), max_size=20), chunk=st.integers(300, 900))
def test_an_ndjson_file_reads_the_same_wherever_its_chunks_end(names: list[str], chunk: int) -> None:
    content = as_ndjson(position(contract_no=f"HT-{at}", client_row_id=name) for at, name in enumerate(names))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lines, "CHUNK", chunk)
        found = read(ndjson.blocks(cut(content, size=7), dataset="stock"))
    assert [(row, line) for row, line, *_ in found] == [(at, at) for at in range(1, len(names) + 1)]
    assert [cell for *_, cell in found] == [f"HT-{at}" for at in range(len(names))]


@pytest.mark.parametrize("format", ["csv", "ndjson"])
def test_a_byte_that_is_no_text_spoils_its_own_line_alone(
    format: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines, "CHUNK", 400)
    rows = [position(contract_no=f"HT-{at}", client_row_id="中文编号") for at in range(8)]
    good = csv_text(rows, dataset="stock").encode() if format == "csv" else as_ndjson(rows)
    whole = good.split(b"\n")
    at = 4 if format == "csv" else 3
    whole[at] = whole[at].replace("文".encode(), b"\xe6\x96", 1)
    path = tmp_path / "content"
    path.write_bytes(b"\n".join(whole))
    [fault] = [f for block in open_file(path, format=format, dataset="stock").blocks for f in block.faults]
    found = read(open_file(path, format=format, dataset="stock").blocks)
    assert (fault.row_number, fault.code, fault.context["line"]) == (4, "undecodable-bytes", at + 1)
    assert [cell for *_, cell in found] == [f"HT-{at}" if at != 3 else None for at in range(8)]


@pytest.mark.parametrize("length", [limits.MOST_ROW_BYTES + 1, 3 * limits.MiB, 9 * limits.MiB])
@pytest.mark.parametrize("end", [b"\n", b""])
def test_a_line_above_the_limit_is_named_wherever_it_stands(length: int, end: bytes) -> None:
    content = b'{"a":"b"}\n' * 3 + b" " * (length - 1) + b"x" + end
    with pytest.raises(RowTooLong) as said:
        list(ndjson.blocks(cut(content, size=256 * 1024), dataset="stock"))
    assert said.value.context["line"] == 4


def test_a_line_of_exactly_the_limit_is_read() -> None:
    content = b"x" * limits.MOST_ROW_BYTES + b"\n" + b"y"
    chunks = Chunks(cut(content, size=100_000))
    assert [len(chunks.take()), chunks.take(), chunks.number] == [limits.MOST_ROW_BYTES + 1, b"y", 2]


def test_lines_are_given_one_by_one_after_a_chunk_and_counted() -> None:
    chunks = Chunks([b"\xef\xbb", b"\xbfone\ntwo\n", b"three"])
    assert [chunks.line(), chunks.number] == [b"one\n", 1]
    assert [chunks.take(), chunks.take(), chunks.number] == [b"two\n", b"three", 3]
    assert [chunks.line(), chunks.number] == [b"", 3]


def test_a_list_of_rejected_rows_is_read_as_columns_without_what_it_added() -> None:
    """Its `row_number` is not the number of the row, and a name that was escaped is the name again."""
    header = [*formats.STOCK, *formats.REPORT_COLUMNS]
    cells = [
        "p1",
        "'=HT-1",
        *["x"] * (len(formats.STOCK) - 2),
        "4711",
        "required",
        "#/balance",
        "缺少",
        "Missing",
    ]
    content = f"{','.join(header)}\n{','.join(cells)}\n".encode()
    [block] = csvs.open_table([content], dataset="stock", encoding="utf-8").blocks()
    assert block.rows.select("row_number", "contract_no", "client_row_id").rows() == [(1, "=HT-1", "p1")]
