"""The server refuses to start unsafe: wrong database role, unprotected tables, weak secrets.

The same checks run as Django system checks (`check --deploy`, `check --database default`) and
at the start of every web process and worker.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.exceptions import ImproperlyConfigured

from finance_hub.kernel import database

#: Shorter secrets can be guessed; these words show a value nobody chose.
LEAST_SECRET = 50
_PLACEHOLDERS = ("change", "insecure", "secret", "example", "default", "replace")


def secret_faults(name: str, value: str) -> list[str]:
    faults = []
    if len(value) < LEAST_SECRET or len(set(value)) < 10:
        faults.append(f"{name} must have at least {LEAST_SECRET} varied characters")
    if any(word in value.lower() for word in _PLACEHOLDERS):
        faults.append(f"{name} looks like a placeholder")
    return faults


def settings_faults() -> list[str]:
    """Faults of the settings that matter in the production profile."""
    if settings.PROFILE != "production":
        return []
    faults = [] if settings.SECRET_KEY_IS_SET else ["SECRET_KEY is not set"]
    for name in ("SECRET_KEY", "TOTP_KEY"):
        faults += secret_faults(name, getattr(settings, name))
    if settings.SECRET_KEY == settings.TOTP_KEY:
        faults.append("TOTP_KEY must differ from SECRET_KEY")
    if not settings.TOTP_REQUIRED:
        faults.append("TOTP_REQUIRED must be on: the centre's people need a second factor")
    if not settings.ALLOWED_HOSTS or "*" in settings.ALLOWED_HOSTS:
        faults.append("ALLOWED_HOSTS must name the hosts exactly")
    return faults


def database_faults() -> list[str]:
    faults = [f"the database role {fault}" for fault in database.role_faults()]
    return faults + [f"row-level security is off on {table}" for table in database.unprotected_tables()]


def refuse_unsafe() -> None:
    """Raise ImproperlyConfigured naming every fault; called before the first request or job."""
    faults = settings_faults() + database_faults()
    if faults:
        raise ImproperlyConfigured("refusing to start: " + "; ".join(faults))


@register(Tags.security, deploy=True)
def check_settings(**_: Any) -> list[CheckMessage]:
    return [Error(fault, id="finance_hub.E001") for fault in settings_faults()]


@register(Tags.database)
def check_database(databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    if not databases:
        return []
    return [Error(fault, id="finance_hub.E002") for fault in database_faults()]
