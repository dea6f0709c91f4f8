"""`/healthz`: the process answers. `/readyz`: it can do its work. No detail for strangers."""

from __future__ import annotations

import logging

import redis
from django.conf import settings
from django.db import Error, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

log = logging.getLogger(__name__)


@require_safe
def healthz(_request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "ok"})


@require_safe
def readyz(_request: HttpRequest) -> JsonResponse:
    """200 when database and broker answer and the broker keeps what it is given, else 503."""
    faults = {name: fault for name, fault in (("database", _database()), ("broker", _broker())) if fault}
    if faults:
        log.warning("not ready: %s", faults)
    said = {"status": "unavailable" if faults else "ready", "faults": sorted(faults)}
    return JsonResponse(said, status=503 if faults else 200)


def _database() -> str | None:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error as error:
        return str(error)
    return None


def _broker() -> str | None:
    try:
        with redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2) as broker:
            policy = broker.info("memory")["maxmemory_policy"]
    except redis.RedisError as error:
        return str(error)
    return None if policy == "noeviction" else f"maxmemory-policy is {policy}, not noeviction"
