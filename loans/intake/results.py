"""Results: what became of each row, in file order: NDJSON, or a CSV or workbook to correct and send back."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator, Sequence
from typing import IO, Any

import orjson

from finance_hub.kernel.problems import Problem
from finance_hub.kernel.text import Text
from finance_hub.kernel.workbook.places import letters
from finance_hub.rest.cells import BOM, lines
from loans import formats
from loans.faults import sentence
from loans.intake import sheet
from loans.models import BatchState, LoanReportBatch, Outcome, RowOutcome
from loans.queries.batches import accepted_after, chunks, outcomes_after

#: Columns of the outcomes that are not rejected rows in their own format.
_SHORT = ("row_number", "line_number", "client_row_id", "contract_no", "outcome")

#: Of a workbook, in characters; the others are as wide as their names.
_WIDTHS = {
    "client_row_id": 16, "contract_no": 20, "drawdown_no": 16, "external_event_id": 20, "record_type": 15,
    "uscc": 22, "firm_name": 32, "value_date": 12, "amount": 18, "balance": 18, "maturity_date": 12,
    "error_codes": 28, "error_pointers": 20, "error_messages": 60, "error_messages_en": 60,
}  # fmt: skip

Chunks = Iterator[list[dict[str, Any]]]
#: Opens the caller's scope around one read.
Guard = Callable[[Callable[[], list[Any]]], list[Any]]


class TooManyForWorkbook(Problem):
    code = "too-many-rows-for-a-workbook"
    status = 422
    title = Text("行数超出一张工作表的上限", "More rows than a sheet holds")
    detail = Text(
        "共 {rows} 行，工作表最多 {most} 行；请改用 csv", "{rows} rows; a sheet holds {most}: ask for csv"
    )


def rows(batch: LoanReportBatch, *, outcome: str, read: Guard) -> Chunks:
    """Chunks of rows as they are shown; each chunk is one read inside `read`, none stays open."""
    repeated = batch.repeats if outcome == Outcome.UNCHANGED else None
    if repeated or (outcome == Outcome.ACCEPTED and batch.state != BatchState.VALIDATED):
        facts = chunks(
            lambda after: read(lambda: accepted_after(repeated or batch, after=after)),
            key=lambda fact: int(fact["row_number"]),
        )
        yield from ([{**fact, "outcome": outcome} for fact in chunk] for chunk in facts)
        return
    kept = chunks(
        lambda after: read(lambda: outcomes_after(batch, outcome=outcome, after=after)),
        key=lambda row: int(row.pk),
    )
    places = places_of(batch)
    yield from ([_kept(row, places) for row in chunk] for chunk in kept)


def places_of(batch: LoanReportBatch) -> dict[str, str]:
    """{pointer: the letters of its column} of a workbook, where people look for cells."""
    columns = batch.columns if batch.format == "xlsx" else None
    return {f"#/{name}": letters(at) for at, name in enumerate(columns or ())}


def _kept(row: RowOutcome, places: dict[str, str]) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "row_number": row.row_number,
        "line_number": row.line_number,
        "client_row_id": row.client_row_id,
        "contract_no": row.contract_no,
        "outcome": row.outcome,
    }
    if row.errors:
        name = "warnings" if row.outcome == Outcome.WARNING else "errors"
        shown[name] = [_said(error, row, places) for error in row.errors]
    if row.original:
        shown["original"] = row.original
    return shown


def _said(error: dict[str, Any], row: RowOutcome, places: dict[str, str]) -> dict[str, Any]:
    said, context = sentence(error["code"], error["context"]), error["context"]
    if row.line_number and error["pointer"] in places:
        cell = f"{places[error['pointer']]}{row.line_number}"
        said = Text(f"单元格 {cell}：{said.zh}", f"Cell {cell}: {said.en}")
        context = {**context, "cell": cell}
    return {
        "code": error["code"],
        "pointer": error["pointer"],
        "message": said.zh,
        "message_en": said.en,
        "context": context,
    }


def as_ndjson(rows: Chunks) -> Iterator[bytes]:
    for chunk in rows:
        yield b"".join(orjson.dumps(row) + b"\n" for row in chunk)


def as_csv(rows: Chunks, *, batch: LoanReportBatch, outcome: str) -> Iterator[bytes]:
    """The header stands even when nothing follows."""
    header, chunks = _table(rows, batch=batch, outcome=outcome)
    yield (BOM + lines([header])).encode()
    for chunk in chunks:
        yield lines(chunk).encode()


def as_xlsx(rows: Chunks, *, batch: LoanReportBatch, outcome: str) -> IO[bytes]:
    """The table of `as_csv` as a workbook, in an open file. Raises TooManyForWorkbook."""
    counted = (batch.result or {}).get("warnings" if outcome == Outcome.WARNING else outcome, 0)
    if counted > sheet.MOST_ROWS:
        raise TooManyForWorkbook(rows=counted, most=sheet.MOST_ROWS)
    header, chunks = _table(rows, batch=batch, outcome=outcome)
    texts = ([[_text(cell) for cell in row] for row in chunk] for chunk in chunks)
    return sheet.write(header, texts, name=batch.dataset, widths=_WIDTHS, created=batch.declared_at)


def _table(
    rows: Chunks, *, batch: LoanReportBatch, outcome: str
) -> tuple[list[str], Iterator[list[list[Any]]]]:
    """(header, chunks of rows). Rejected rows keep the columns they came with."""
    if outcome == Outcome.REJECTED:
        columns = [name for name in batch.columns or () if name not in formats.REPORT_COLUMNS]
        columns = columns or list(formats.csv_columns(batch.dataset))
        listed = ([[*_original(row, batch, columns), *_report(row)] for row in chunk] for chunk in rows)
        return [*columns, *formats.REPORT_COLUMNS], listed
    short = ([[*(row.get(name) for name in _SHORT), *_report(row)[1:]] for row in chunk] for chunk in rows)
    return [*_SHORT, *formats.REPORT_COLUMNS[1:]], short


def _report(row: dict[str, Any]) -> list[Any]:
    errors = row.get("errors") or row.get("warnings") or []
    names = ("code", "pointer", "message", "message_en")
    return [row["row_number"], *("; ".join(error[name] for error in errors) for name in names)]


def _original(row: dict[str, Any], batch: LoanReportBatch, columns: Sequence[str]) -> list[Any]:
    """The cells as sent, under `columns`; a row that is no object or has other cells stands in the first."""
    sent: str = row.get("original", "")
    if batch.columns:
        cells = next(csv.reader(io.StringIO(sent, newline="")), [])
        by_name = dict(zip(batch.columns, cells, strict=False))
    else:
        by_name = _flattened(sent)
    if not by_name or (batch.columns and len(by_name) != len(cells)):
        by_name = {columns[0]: sent}
    return [by_name.get(name, "") for name in columns]


def _flattened(sent: str) -> dict[str, Any]:
    """An NDJSON row as cells: pledges spread over their columns, other nested values as JSON."""
    try:
        row = json.loads(sent, parse_float=str, parse_int=str)
    except ValueError:
        return {}
    if not isinstance(row, dict):
        return {}
    pledges = row.pop("pledges", None)
    for number, pledge in enumerate(pledges if isinstance(pledges, list) else [], 1):
        if isinstance(pledge, dict):
            row |= {f"pledge_{number}_{name}": value for name, value in pledge.items()}
    given = {name: value for name, value in row.items() if value is not None}
    return {name: value if isinstance(value, str) else json.dumps(value) for name, value in given.items()}


def _text(cell: Any) -> str:
    """Half a surrogate pair can stand in JSON as an escape, but not in a file."""
    return "" if cell is None else str(cell).encode(errors="backslashreplace").decode()
