"""The road of a bank's file: receive → parse → rules → apply → results, one step a module.

The web takes files in (`receive`) and shows what became of them (`results`); the columnar steps
between are imported by the job that walks them, so that a web worker never loads polars.
"""

from __future__ import annotations

from typing import Any

from finance_hub.kernel.models import Job


def run(job: Job) -> dict[str, Any]:
    """The handler of `loan_batch` jobs: {"state": …, "result": …, "seconds": …}."""
    from loans.intake import road  # polars comes with it

    return road.run(job)
