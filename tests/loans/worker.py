"""A worker in the test's own process: rung by commits, it does the job at once in a thread of its own."""

from __future__ import annotations

import threading
from typing import Any

from django.db import connection

from finance_hub.kernel import jobs

#: For `settings.CELERY_APP`.
PROMPT, ASLEEP = "tests.loans.worker.prompt", "tests.loans.worker.asleep"


class Prompt:
    """Stands for the Celery app."""

    def send_task(self, _name: str, *, args: list[str], **_: Any) -> None:
        threading.Thread(target=self._do, args=(args[0],), daemon=True).start()

    @staticmethod
    def _do(job_id: str) -> None:
        try:
            jobs.run(job_id)
        finally:
            connection.close()


class Asleep:
    """Hears the bell and does nothing."""

    def send_task(self, _name: str, **_: Any) -> None:
        return None


prompt, asleep = Prompt(), Asleep()
