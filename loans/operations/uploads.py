"""Reports that a clerk sends through a page: a file tried out first, then reported for good; or a month
in which nothing happened.

The page declares no totals beforehand: the trial computes rows and sums, the clerk compares them with the
bank's own books, and confirming repeats them in the declaration of the batch that counts. So a file that
changed in between is refused, as one sent through the API would be.
"""

from __future__ import annotations

import hashlib
import io
import re
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import BinaryIO

from django.db import IntegrityError, transaction

from finance_hub.kernel import ids, scoping
from finance_hub.kernel.models import Person
from finance_hub.kernel.periods import Month
from finance_hub.kernel.problems import Problem, refuse
from finance_hub.kernel.text import Text, printable
from finance_hub.rest.content import CHUNK
from loans import formats, queries
from loans.intake.receive import most_bytes, path_of, receive
from loans.intake.refusals import ContentMissing
from loans.intake.states import IllegalBatchState
from loans.models import Acceptance, BatchState, Dataset, LoanReportBatch
from loans.operations.batches import TOTALS, declare, submit, take_content

#: How files begin that are no CSV: a ZIP archive, as workbooks are; old Office files; gzip; PDF.
_ZIP = b"PK\x03\x04"
_OTHERS = (b"\xd0\xcf\x11\xe0", b"\x1f\x8b", b"%PDF")
_TOKEN = re.compile(r"[0-9A-Za-z_-]{8,64}", re.ASCII)
_LONGEST_NAME = 64


class NothingToConfirm(Problem):
    code = "nothing-to-confirm"
    status = 409
    title = Text("此批次没有可确认的预览", "This batch has no preview to confirm")
    detail = Text("批次状态为 {state}", "The state of the batch is {state}")


class PreviewExpired(Problem):
    code = "preview-expired"
    status = 410
    title = Text("预览已过期，请重新上传文件", "The preview has expired: upload the file again")


def try_out(
    content: BinaryIO, *, name: str, period: Month, dataset: str, by: Person, now: datetime
) -> LoanReportBatch:
    """Run a file down the road without applying it: the submitted dry run, named after the file.

    `content` is seekable. Opens transactions of its own: none is open while the file is copied.
    Raises PeriodNotOpen, Forbidden, InvalidFields at `#/file`, StorageFull.
    """
    format = format_of(content)
    sha256 = _hash(content)
    with scoping.within(by.scope):
        trial = declare(
            period=period,
            dataset=dataset,
            format=format,
            content_sha256=sha256,
            control_totals=None,
            acceptance=Acceptance.VALID_ROWS,
            dry_run=True,
            client_reference=_reference(name),
            idempotency_key=ids.new("trial"),
            by=by,
            now=now,
        )
    return _bring(trial, content, by=by, now=now)


def confirm(
    public_id: str, *, acceptance: str, sure: bool = False, by: Person, now: datetime
) -> LoanReportBatch:
    """Report the file of a trial for good, with the totals that the trial told.

    A trial becomes one batch, however often this is asked. `sure` confirms sums that are out of
    proportion (`queries.out_of_proportion`). Opens transactions of its own. Raises NotFound,
    NothingToConfirm, PreviewExpired, ContentMissing, PeriodNotOpen, Forbidden, StorageFull, and
    InvalidFields at `#/acceptance` and `#/sure`.
    """
    with scoping.within(by.scope):
        trial = queries.batch(public_id)
        _require_confirmable(trial, acceptance=acceptance, sure=sure, now=now)
        batch = _declare_once(
            key=queries.confirmation_key(trial),
            period=Month.of(trial.period),
            dataset=trial.dataset,
            format=trial.format,
            content_sha256=trial.content_sha256,
            control_totals=_amounts(trial.computed_totals or {}),
            acceptance=acceptance,
            client_reference=trial.client_reference,
            by=by,
            now=now,
        )
    with _opened(path_of(trial.public_id)) as content:
        return _bring(batch, content, by=by, now=now)


def report_nothing(*, period: Month, dataset: str, token: str, by: Person, now: datetime) -> LoanReportBatch:
    """Report a month without rows: not reported is not zero, so somebody has to say it.

    `token` comes from the form: sent twice it makes one batch. Opens transactions of its own.
    Raises PeriodNotOpen, Forbidden, InvalidFields.
    """
    if not _TOKEN.fullmatch(token):
        raise refuse("#/token", "invalid", "请重新打开此页再试", "Open this page again and retry")
    zero = {name: 0 if name == "rows" else Decimal("0.00") for name in TOTALS[Dataset(dataset)]}
    with scoping.within(by.scope):
        batch = _declare_once(
            key=f"nothing:{token}",
            period=period,
            dataset=dataset,
            format="ndjson",
            content_sha256=hashlib.sha256(b"").hexdigest(),
            control_totals=zero,
            by=by,
            now=now,
        )
    return _bring(batch, io.BytesIO(), by=by, now=now)


def format_of(content: BinaryIO) -> str:
    """`csv` or `xlsx`, by how the content begins, never by its name. Raises InvalidFields at `#/file`."""
    size = content.seek(0, io.SEEK_END)
    content.seek(0)
    if not size:
        raise refuse("#/file", "empty", "文件是空的", "The file is empty")
    head = content.read(4)
    content.seek(0)
    format = "xlsx" if head == _ZIP else "csv"
    if head.startswith(_OTHERS) or format not in formats.FORMATS:
        raise refuse(
            "#/file",
            "not-a-table",
            "只接受 CSV 或 XLSX 文件；请用模板另存后再上传",
            "Only CSV or XLSX files are taken: save it as one of them, from the template",
        )
    if size > most_bytes(format):
        raise too_large(format)
    return format


def too_large(format: str = "csv") -> Problem:
    """The refusal of a file that is larger than its format may be."""
    most = str(most_bytes(format) // 2**20)
    return refuse("#/file", "too-large", "文件最大 {most} MiB", "A file has at most {most} MiB", most=most)


def _hash(content: BinaryIO) -> str:
    digest = hashlib.sha256()
    while chunk := content.read(CHUNK):
        digest.update(chunk)
    content.seek(0)
    return digest.hexdigest()


def _reference(name: str) -> str:
    """The file's name as the clerk knows it, in what the list of batches has room for."""
    return "".join(sign for sign in printable(name) if sign.isprintable())[:_LONGEST_NAME]


def _require_confirmable(trial: LoanReportBatch, *, acceptance: str, sure: bool, now: datetime) -> None:
    if not trial.dry_run or trial.state != BatchState.VALIDATED or trial.result is None:
        raise NothingToConfirm(state=trial.state)
    if now >= trial.expires_at:
        raise PreviewExpired
    if acceptance not in Acceptance.values:
        raise refuse("#/acceptance", "required", "请选择受理方式", "Choose how the rows are taken")
    rejected = trial.result["rejected"]
    if acceptance == Acceptance.ALL_OR_NOTHING and rejected:
        raise refuse(
            "#/acceptance",
            "rows-would-be-rejected",
            "有 {rejected} 行未通过：请先改正文件，或选择只受理合格行",
            "{rejected} rows are rejected: mend the file first, or have only the valid rows taken",
            rejected=str(rejected),
        )
    if not sure and queries.out_of_proportion(trial):
        raise refuse(
            "#/sure",
            "out-of-proportion",
            "合计超过上月的十倍，请勾选确认",
            "The sums are more than ten times last month's: tick the box to confirm them",
        )


def _declare_once(*, key: str, by: Person, **facts: object) -> LoanReportBatch:
    """The batch of this key: declared now, or by the same person before. Wants the bank's scope."""
    try:
        with transaction.atomic():
            return declare(idempotency_key=key, by=by, **facts)  # type: ignore[arg-type]
    except IntegrityError:
        known = queries.batches().filter(declared_by=by, idempotency_key=key).first()
        if known is None:
            raise
        return known


def _bring(batch: LoanReportBatch, content: BinaryIO, *, by: Person, now: datetime) -> LoanReportBatch:
    """Put the content in its place and submit; what was submitted before stays as it is."""
    if batch.state not in {BatchState.UPLOADING, BatchState.UPLOADED}:
        return batch
    most, sha256 = most_bytes(batch.format), batch.content_sha256
    size = receive(content, public_id=batch.public_id, most=most, sha256=sha256, length=None)
    with scoping.within(by.scope):
        try:
            return submit(take_content(batch, size=size, now=now), by=by, now=now)
        except IllegalBatchState:  # the same form, sent twice at once
            return queries.batch(batch.public_id)


def _opened(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except FileNotFoundError as gone:
        raise ContentMissing from gone


def _amounts(totals: dict[str, object]) -> dict[str, object]:
    return {name: value if name == "rows" else Decimal(str(value)) for name, value in totals.items()}
