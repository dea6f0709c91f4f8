"""Reports in parts: several batches under one number of the bank's, set to work together by the last."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

from finance_hub.kernel.problems import Problem, refuse
from finance_hub.kernel.text import Text
from loans import limits, queries
from loans.models import BatchState, LoanReportBatch

#: What all parts of a report have in common.
SAME = ("period", "dataset", "acceptance", "dry_run", "format", "parts")


class PartTaken(Problem):
    code = "part-taken"
    status = 409
    title = Text("报告的这一部分已申报", "This part of the report is declared already")
    detail = Text(
        "报告 {report_id} 的第 {part_no} 部分是批次 {batch}",
        "Part {part_no} of report {report_id} is batch {batch}",
    )


class PartsDiffer(Problem):
    code = "parts-differ"
    status = 422
    title = Text("同一报告的各部分须一致", "The parts of a report must agree")
    detail = Text(
        "与报告 {report_id} 已申报的部分不同之处：{differs}",
        "It differs from the parts of report {report_id} declared before in: {differs}",
    )


def admit(batch: LoanReportBatch, *, report_id: str, part_no: int | None, parts: int | None) -> None:
    """Make an unstored batch a part of a report, or leave it whole. Runs in the transaction that stores it.

    Raises InvalidFields, PartTaken, PartsDiffer.
    """
    given = {"report_id": report_id or None, "part_no": part_no, "parts": parts}
    missing = [name for name, value in given.items() if value is None]
    if len(missing) == len(given):
        return
    if missing or part_no is None or parts is None:
        raise refuse(
            f"#/{missing[0]}",
            "required",
            "report_id、part_no 与 parts 须同时给出",
            "report_id, part_no and parts are given together",
        )
    if part_no > parts:
        raise refuse(
            "#/part_no",
            "max_value",
            "部分序号大于部分总数 {parts}",
            "The report has {parts} parts",
            parts=str(parts),
        )
    batch.report_id, batch.part_no, batch.parts = report_id, part_no, parts
    _queue(batch)
    for other in queries.parts_of(batch):
        if other.part_no == part_no:
            raise PartTaken(report_id=report_id, part_no=part_no, batch=other.public_id)
        differs = [name for name in SAME if getattr(other, name) != getattr(batch, name)]
        if differs:
            raise PartsDiffer(report_id=report_id, differs=", ".join(differs))


def _queue(batch: LoanReportBatch) -> None:
    """Of two who declare parts of one report at once the second waits, until it can see what the first said."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(%s, hashtext(%s))",
            [limits.REPORT_LOCK, f"{batch.bank_id}:{batch.report_id}"],
        )


def of(batch: LoanReportBatch) -> list[LoanReportBatch]:
    """The parts it goes with, in their order: those it was set off with, before that all that count.

    The batch alone where it is whole.
    """
    return list(queries.parts_of(batch)) if batch.report_id else [batch]


def held(batch: LoanReportBatch) -> list[LoanReportBatch]:
    """As `of`, and nobody else moves one of them before the transaction ends."""
    if not batch.report_id:
        return [batch]
    _queue(batch)
    return of(batch)


def waiting_for(batch: LoanReportBatch, report: Sequence[LoanReportBatch]) -> list[int]:
    """The numbers of the parts that are still to be submitted besides the batch."""
    if batch.parts is None:
        return []
    here = {part.part_no for part in report if part.state == BatchState.SUBMITTED} | {batch.part_no}
    return [number for number in range(1, batch.parts + 1) if number not in here]
