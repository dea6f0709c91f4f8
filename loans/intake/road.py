"""The whole road of an uploaded batch, in the caller's transaction: parse, rules, apply, outcome.

Everything lands together or not at all: facts, outcomes, totals, state and the audit entry. A
batch that was cancelled meanwhile cannot be moved to its end, which takes all of it back.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeVar

import polars as pl
from django.db import connection
from django.utils import timezone

from finance_hub.kernel import audit, days, jobs
from finance_hub.kernel.files import FileRefused, TooManyRows
from finance_hub.kernel.models import Job, Person
from finance_hub.kernel.periods import Month
from finance_hub.kernel.problems import FieldError
from finance_hub.kernel.text import Text
from loans import limits
from loans.intake import apply, states
from loans.intake.apply import outcomes, preview
from loans.intake.contents import contents_of, numbered_from, one_header
from loans.intake.parse import Block, open_file
from loans.intake.refusals import ControlTotalMismatch
from loans.intake.rules import Checked, Rules
from loans.intake.staging import Staging, copy, rejected_late
from loans.models import BatchState, LoanProduct, LoanReportBatch
from loans.queries.batches import accepted_whole

#: Told the number of rows read so far.
Progress = Callable[[int], None]
_PROGRESS_SECONDS = 1.0
T = TypeVar("T")


def run(job: Job) -> dict[str, Any]:
    """Walk the batch that the job names; one that was cancelled before is left alone."""
    batch = LoanReportBatch.objects.get(public_id=job.payload["batch"])
    if batch.state != BatchState.VALIDATING:
        return {"state": batch.state}
    return process(
        batch,
        by=job.requested_by,
        now=timezone.now(),
        progress=lambda rows: jobs.report_progress(job, rows_read=rows),
    )


def process(
    batch: LoanReportBatch, *, by: Person | None, now: datetime, progress: Progress = lambda rows: None
) -> dict[str, Any]:
    """Walk a batch in state `validating`: {"state", "result", "seconds": {step: s}}.

    Wants the scope of its bank. A file that is refused as a whole is an outcome, not an error.
    Raises IllegalBatchState where the batch was cancelled meanwhile.
    """
    clock = Stopwatch()
    _make_room()
    try:
        facts = _walk(batch, now=now, progress=progress, clock=clock)
    except FileRefused as refused:
        facts = {"state": BatchState.REJECTED, "error": _said(refused)}
    state = facts.pop("state")
    states.announce(states.end(batch, to=state, finished_at=now, **facts), state=state, now=now)
    clock.lap("settle")
    audit.record(
        f"batch.{state}", actor=by, subject=f"batch:{batch.public_id}", at=now,
        content_sha256=batch.content_sha256, result=facts.get("result"), error=facts.get("error"),
        applied=facts.get("applied_totals"),
    )  # fmt: skip
    return {"state": state, "result": facts.get("result"), "seconds": clock.laps}


class Stopwatch:
    """Seconds of each step, for the job's output."""

    def __init__(self) -> None:
        self.laps: dict[str, float] = {}
        self._last = time.perf_counter()

    def lap(self, step: str) -> None:
        now = time.perf_counter()
        self.laps[step] = round(self.laps.get(step, 0.0) + now - self._last, 3)
        self._last = now


def _walk(batch: LoanReportBatch, *, now: datetime, progress: Progress, clock: Stopwatch) -> dict[str, Any]:
    earlier = None if batch.report_id else accepted_whole(batch)
    if earlier:
        return _repeat(batch, earlier)
    facts: dict[str, Any] = {}
    facts["columns"], computed = _stage(batch, now=now, progress=progress, clock=clock)
    facts["computed_totals"] = computed[0][1]
    for part, totals in computed[1:]:
        LoanReportBatch.objects.filter(pk=part.pk).update(computed_totals=totals)
    try:
        for part, totals in computed:
            _compare(part.declared_totals, totals)
        facts["result"] = apply.check(batch)
        _stage_originals(batch)
        if batch.dry_run:
            facts["result"] |= {"kinds": preview.kinds(batch)}
        clock.lap("check")
        state, applied = apply.settle(batch, result=facts["result"], now=now)
        clock.lap("merge")
        return {**facts, "state": state, "applied_totals": applied}
    except FileRefused as refused:
        counts = outcomes.keep_rejected(batch)
        return {**facts, "result": counts, "state": BatchState.REJECTED, "error": _said(refused)}


def _repeat(batch: LoanReportBatch, earlier: LoanReportBatch) -> dict[str, Any]:
    """The end of a batch whose every row was accepted in an earlier one of the same content: all are held."""
    computed: dict[str, Any] = earlier.computed_totals or {}
    _compare(batch.declared_totals, computed)
    result: dict[str, Any] = {"accepted": 0, "unchanged": computed["rows"], "rejected": 0, "warnings": 0}
    if batch.dry_run:
        result["kinds"] = preview.all_unchanged(computed)
    return {
        "repeats": earlier,
        "columns": earlier.columns,
        "computed_totals": computed,
        "applied_totals": preview.nothing(computed),
        "result": result,
        "state": BatchState.VALIDATED if batch.dry_run else BatchState.APPLIED,
    }


def _stage(
    batch: LoanReportBatch, *, now: datetime, progress: Progress, clock: Stopwatch
) -> tuple[list[str] | None, list[tuple[LoanReportBatch, dict[str, Any]]]]:
    """Read, check and stage the files: (their CSV header, (part, its control totals as computed) in order).

    Raises FileRefused.
    """
    contents = contents_of(batch)
    rules = Rules(
        dataset=batch.dataset,
        period=Month.of(batch.period),
        today=days.today(now),
        products=LoanProduct.objects.values_list("code", flat=True),
    )
    staging, before, told = Staging(dataset=batch.dataset), 0, time.monotonic()
    columns: list[str] | None = None
    computed: list[tuple[LoanReportBatch, dict[str, Any]]] = []
    for content in contents:
        rows, sums = 0, dict.fromkeys(rules.sums(), Decimal(0))
        source = open_file(content.path, format=batch.format, dataset=batch.dataset)
        columns = one_header(columns, source.columns)
        for block, checked in _ahead(_checked(source.blocks, rules, before=before)):
            clock.lap("read")
            rows += block.size
            if rows > limits.MOST_ROWS:
                raise TooManyRows(most=limits.MOST_ROWS)
            for name, amount in block.rows.select(**rules.sums()).row(0, named=True).items():
                sums[name] += amount or 0
            staging.add(checked)
            clock.lap("stage")
            if time.monotonic() - told > _PROGRESS_SECONDS:
                progress(before + rows)
                told = time.monotonic()
        before += rows
        totals = {"rows": rows, **{name: f"{amount:.2f}" for name, amount in sums.items()}}
        computed.append((content.part, totals))
    staging.finish()
    return columns, computed


def _checked(blocks: Iterator[Block], rules: Rules, *, before: int) -> Iterator[tuple[Block, Checked]]:
    for block in blocks:
        yield block, rules.check(numbered_from(block, before))


def _ahead(items: Iterator[T]) -> Iterator[T]:
    """The same items, the next one in the making by a thread while one is at work."""
    with ThreadPoolExecutor(1) as maker:
        making = maker.submit(next, items, None)
        while (item := making.result()) is not None:
            making = maker.submit(next, items, None)
            yield item


def _stage_originals(batch: LoanReportBatch) -> None:
    """Read once more how the rows were sent that were found wrong only beside what is held."""
    wanted = rejected_late()
    if wanted.is_empty():
        return
    before = 0
    for content in contents_of(batch):
        rows = 0
        for block in open_file(content.path, format=batch.format, dataset=batch.dataset).blocks:
            originals = numbered_from(block, before).rows.select("row_number", "original")
            copy("staged_original", originals.filter(pl.col("row_number").is_in(wanted.implode())))
            rows += block.size
        before += rows


def _compare(declared: dict[str, Any], computed: dict[str, Any]) -> None:
    """A trial that declares nothing has its totals computed, for its sender to compare."""
    differing = [name for name in declared if Decimal(declared[name]) != Decimal(computed[name])]
    if not differing:
        return
    errors = tuple(
        FieldError(
            ControlTotalMismatch.code,
            f"#/control_totals/{name}",
            Text("与内容不符", "It differs from the content"),
            {"declared": str(declared[name]), "computed": str(computed[name])},
        )
        for name in differing
    )
    first = differing[0]
    raise ControlTotalMismatch(
        errors=errors, name=first, declared=str(declared[first]), computed=str(computed[first])
    )


def _said(refused: FileRefused) -> dict[str, Any]:
    errors = [{"code": error.code, "pointer": error.pointer, **error.context} for error in refused.errors]
    return {"code": refused.code, "zh": refused.said.zh, "en": refused.said.en, "errors": errors}


def _make_room() -> None:
    """Sets are sorted and hashed in memory; compiling plans costs more than it saves here.

    Foreign keys are checked by a plan that fits every bank: one made for a bank that statistics do not know yet
    takes it for empty, and would read through all its rows for each new one.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SET LOCAL work_mem = '48MB'; SET LOCAL jit = off; SET LOCAL plan_cache_mode = force_generic_plan"
        )
