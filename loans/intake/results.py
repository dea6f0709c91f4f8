"""Results: what became of each row, in file order, as NDJSON or as a CSV to correct and send back."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import orjson

from finance_hub.rest.cells import BOM, lines
from loans import formats
from loans.faults import sentence
from loans.models import BatchState, LoanReportBatch, Outcome, RowOutcome
from loans.queries.batches import accepted_after, chunks, outcomes_after

#: Columns of the outcomes that are not rejected rows in their own format.
_SHORT = ("row_number", "line_number", "client_row_id", "contract_no", "outcome")

Chunks = Iterator[list[dict[str, Any]]]
#: Opens the caller's scope around one read.
Guard = Callable[[Callable[[], list[Any]]], list[Any]]


def rows(batch: LoanReportBatch, *, outcome: str, read: Guard) -> Chunks:
    """Chunks of rows as they are shown; each chunk is one read inside `read`, none stays open."""
    repeated = batch.repeats if outcome == Outcome.UNCHANGED else None
    if repeated or (outcome == Outcome.ACCEPTED and batch.state != BatchState.VALIDATED):
        facts = chunks(
            lambda after: read(lambda: accepted_after(repeated or batch, after=after)),
            key=lambda fact: int(fact["row_number"]),
        )
        yield from ([_fact(fact, outcome) for fact in chunk] for chunk in facts)
        return
    kept = chunks(
        lambda after: read(lambda: outcomes_after(batch, outcome=outcome, after=after)),
        key=lambda row: int(row.pk),
    )
    yield from ([_kept(row) for row in chunk] for chunk in kept)


def _fact(fact: dict[str, Any], outcome: str) -> dict[str, Any]:
    renamed = {name.rpartition("__")[2]: value for name, value in fact.items()}
    return {**renamed, "outcome": outcome}


def _kept(row: RowOutcome) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "row_number": row.row_number,
        "line_number": row.line_number,
        "client_row_id": row.client_row_id,
        "contract_no": row.contract_no,
        "outcome": row.outcome,
    }
    if row.errors:
        name = "warnings" if row.outcome == Outcome.WARNING else "errors"
        shown[name] = [_said(error) for error in row.errors]
    if row.original:
        shown["original"] = row.original
    return shown


def _said(error: dict[str, Any]) -> dict[str, Any]:
    said = sentence(error["code"], error["context"])
    return {
        "code": error["code"],
        "pointer": error["pointer"],
        "message": said.zh,
        "message_en": said.en,
        "context": error["context"],
    }


def as_ndjson(rows: Chunks) -> Iterator[bytes]:
    for chunk in rows:
        yield b"".join(orjson.dumps(row) + b"\n" for row in chunk)


def as_csv(rows: Chunks, *, batch: LoanReportBatch, outcome: str) -> Iterator[bytes]:
    """The header stands even when nothing follows. Rejected rows keep the columns they came with."""
    if outcome == Outcome.REJECTED:
        columns = [name for name in batch.columns or () if name not in formats.REPORT_COLUMNS]
        columns = columns or list(formats.csv_columns(batch.dataset))
        yield (BOM + lines([[*columns, *formats.REPORT_COLUMNS]])).encode()
        for chunk in rows:
            yield lines([*_original(row, batch, columns), *_report(row)] for row in chunk).encode()
        return
    yield (BOM + lines([[*_SHORT, *formats.REPORT_COLUMNS[1:]]])).encode()
    for chunk in rows:
        yield lines([*(row.get(name) for name in _SHORT), *_report(row)[1:]] for row in chunk).encode()


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
    return {name: value if isinstance(value, str) else json.dumps(value) for name, value in row.items()}
