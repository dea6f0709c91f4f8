"""The workers and the clock. Messages carry a job's id and nothing else."""

from __future__ import annotations

import logging
import os
from typing import Any

from celery import Celery
from celery.signals import setup_logging, worker_init, worker_process_init
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "finance_hub.settings")

log = logging.getLogger(__name__)
app = Celery("finance_hub")
app.conf.update(
    broker_url=settings.REDIS_URL,
    result_backend=None,
    task_ignore_result=True,
    task_serializer="json",
    accept_content=["json"],
    timezone="Asia/Shanghai",
    # The lease in the job table decides who works; the broker only rings. See kernel.jobs.
    task_acks_late=True,
    task_reject_on_worker_lost=False,
    worker_prefetch_multiplier=1,
    worker_hijack_root_logger=False,
    worker_cancel_long_running_tasks_on_connection_loss=False,
    broker_connection_retry_on_startup=True,
    broker_transport_options={
        "visibility_timeout": 43_200,
        # A caller is told at once that the broker is away; the sweeper rings later.
        "max_retries": 0,
        "socket_timeout": 10,
        "socket_connect_timeout": 5,
        "socket_keepalive": True,
        "health_check_interval": 30,
    },
    task_soft_time_limit=3_300,
    task_time_limit=3_600,
    beat_schedule={
        "sweep": {"task": "finance_hub.sweep", "schedule": 15.0, "options": {"expires": 15}},
        "due": {"task": "finance_hub.due", "schedule": 10.0, "options": {"expires": 10}},
        "announce_periods": {"task": "finance_hub.chore", "args": ["announce_periods"], "schedule": 60.0},
        "sweep_batches": {"task": "finance_hub.chore", "args": ["sweep_batches"], "schedule": 600.0},
        "push": {"task": "finance_hub.chore", "args": ["push"], "schedule": 5.0, "options": {"expires": 5}},
        "sweep_sheets": {"task": "finance_hub.chore", "args": ["sweep_sheets"], "schedule": 3_600.0},
        "sweep_exports": {"task": "finance_hub.chore", "args": ["sweep_exports"], "schedule": 3_600.0},
        "forget_requests": {"task": "finance_hub.chore", "args": ["forget_requests"], "schedule": 3_600.0},
    },
)


@app.task(name="finance_hub.run_job")
def run_job(job_id: str) -> None:
    from finance_hub.kernel import jobs

    jobs.run(job_id)


@app.task(name="finance_hub.sweep")
def sweep() -> None:
    from finance_hub.kernel import jobs

    jobs.sweep()


@app.task(name="finance_hub.due")
def due() -> None:
    _ask(settings.DUE)


def _ask(names: tuple[str, ...]) -> None:
    """Call each with the time; one that fails is logged and does not keep the others waiting."""
    from django.utils import timezone
    from django.utils.module_loading import import_string

    for name in names:
        try:
            import_string(name)(now=timezone.now())
        except Exception:
            log.exception("%s failed; it is asked again", name)


@app.task(name="finance_hub.chore")
def chore(name: str) -> None:
    from django.utils import timezone
    from django.utils.module_loading import import_string

    import_string(settings.CHORES[name])(now=timezone.now())


@worker_init.connect
def _refuse_unsafe(**_: Any) -> None:
    from finance_hub.kernel.guard import refuse_unsafe

    refuse_unsafe()


@worker_process_init.connect
def _let_the_web_go_first(**_: Any) -> None:
    os.nice(5)


@setup_logging.connect
def _log_as_the_web_does(**_: Any) -> None:
    from logging.config import dictConfig

    dictConfig(settings.LOGGING)
