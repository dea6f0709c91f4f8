"""Contract numbers that make a test installation misbehave on purpose, so that a client can be tried.

Where keys are live they are numbers like any other. They are looked for in the beginning of a file.
"""

from __future__ import annotations

import gzip
import hashlib
import zlib

from django.conf import settings
from django.db import connection

from finance_hub.kernel.models import Job
from finance_hub.kernel.problems import Problem
from finance_hub.kernel.text import Text
from loans.intake.receive import path_of
from loans.models import LoanReportBatch

#: The first submission of a batch with this contract is answered 500; the next one works.
FAIL_ONCE = "TEST-500-ONCE"
#: A batch with this contract is begun a minute later than others.
SLOW = "TEST-SLOW-60S"
PAUSE_SECONDS = 60
#: The ending of the file that remembers a failure.
MARK = ".failed"
#: No further into a file do we look, packed or not.
LOOKED_AT = 1024 * 1024


class SandboxFailure(Problem):
    code = "sandbox-failure"
    status = 500
    title = Text("测试环境按约定返回的错误", "An error that a test asked for")
    detail = Text("再次提交即可成功", "Submit it again and it works")
    retry_after = 1


def fail_once(batch: LoanReportBatch) -> None:
    """Raises SandboxFailure the first time for a batch whose content asks for it."""
    if not _asks(batch, FAIL_ONCE):
        return
    # A small report that failed has left no batch behind: its key is what the next try has in common.
    who = hashlib.sha256(f"{batch.declared_by_id}:{batch.idempotency_key}".encode()).hexdigest()
    try:
        path_of(f"{who}{MARK}").open("xb").close()
    except FileExistsError:
        return
    raise SandboxFailure


def slow_down(batch: LoanReportBatch, job: Job) -> None:
    """Let nobody begin the job before its minute is over; no worker is kept busy meanwhile."""
    if not _asks(batch, SLOW):
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE kernel_job SET lease_until = now() + make_interval(secs => %s) WHERE id = %s",
            [PAUSE_SECONDS, job.pk],
        )


def _asks(batch: LoanReportBatch, contract: str) -> bool:
    if settings.LIVE_KEYS:
        return False
    path = path_of(batch.public_id)
    if not path.is_file():
        return False
    packed = batch.format.endswith("+gzip")
    try:
        with gzip.open(path) if packed else path.open("rb") as file:
            return contract.encode() in file.read(LOOKED_AT)
    except (OSError, EOFError, zlib.error):  # no sound gzip: the road will say so
        return False
