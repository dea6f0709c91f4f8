"""Prometheus figures: requests of all web processes, and the queue as the database sees it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from hmac import compare_digest

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest, multiprocess
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

REQUESTS = Counter("finance_hub_requests", "Requests answered", ["route", "method", "status"])
SECONDS = Histogram("finance_hub_request_seconds", "Time to answer", ["route", "method"])


def observe(*, route: str, method: str, status: int, seconds: float) -> None:
    REQUESTS.labels(route, method, str(status)).inc()
    SECONDS.labels(route, method).observe(seconds)


class JobQueue(Collector):
    """Jobs by kind and state, and the age of the oldest that nobody has begun (alarm at 120 s)."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        jobs = GaugeMetricFamily("finance_hub_jobs", "Jobs by kind and state", labels=["kind", "state"])
        with connection.cursor() as cursor:
            cursor.execute("SELECT kind, state, count(*) FROM kernel_job GROUP BY kind, state ORDER BY 1, 2")
            for kind, state, count in cursor.fetchall():
                jobs.add_metric([kind, state], count)
            cursor.execute(
                "SELECT coalesce(extract(epoch FROM now() - min(created_at)), 0)"
                " FROM kernel_job WHERE state = 'queued'"
            )
            oldest = float(cursor.fetchone()[0])
        yield jobs
        yield GaugeMetricFamily("finance_hub_oldest_queued_job_seconds", "Its age", value=oldest)


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """`/metrics` for the scraper: by bearer token, or from this machine where none is set."""
    if not _is_scraper(request):
        return HttpResponse(status=404)
    registry = CollectorRegistry()
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    else:
        registry.register(REQUESTS)
        registry.register(SECONDS)
    registry.register(JobQueue())
    return HttpResponse(generate_latest(registry), content_type="text/plain; version=0.0.4; charset=utf-8")


def _is_scraper(request: HttpRequest) -> bool:
    if settings.METRICS_TOKEN:
        wanted = f"Bearer {settings.METRICS_TOKEN}"
        return compare_digest(request.headers.get("Authorization", "").encode(), wanted.encode())
    return request.META.get("REMOTE_ADDR") in {"127.0.0.1", "::1"} and not settings.TRUSTED_PROXIES
