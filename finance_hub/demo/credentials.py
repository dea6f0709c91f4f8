"""The logins of the demo people: shown once, kept in one private file."""

from __future__ import annotations

import json
import os
import secrets
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from finance_hub.demo.people import DEMO_PEOPLE, KEY_HOLDERS, People
from finance_hub.kernel import audit, keys
from finance_hub.kernel.models import ApiKey, Person

YEAR = timedelta(days=365)
#: Without letters that look alike.
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789"


def path() -> Path:
    """The file of the repository, whichever instance the city lives in."""
    return Path(settings.BASE_DIR) / "var" / "demo-credentials.json"


def fit() -> bool:
    """Whether the file is there and was written for this database, not for one before it."""
    if not path().is_file():
        return False
    token: str = json.loads(path().read_text("utf-8"))["api_keys"]["maker"]
    return ApiKey.objects.filter(key_id=token.split("_")[2]).exists()


def hand_out(people: People, *, now: datetime) -> dict[str, Any]:
    """New passwords and keys for the demo people, written to the file; older ones end."""
    with transaction.atomic():
        issued: dict[str, Any] = {
            "users": {name: _new_password(people[name], now=now) for name in DEMO_PEOPLE},
            "api_keys": {name: _new_key(people[name], by=people["admin"], now=now) for name in KEY_HOLDERS},
        }
    _write(path(), json.dumps(issued, ensure_ascii=False, indent=2))
    return issued


def _new_password(person: Person, *, now: datetime) -> dict[str, str]:
    password = "-".join("".join(secrets.choice(LETTERS) for _ in range(5)) for _ in range(4))
    person.set_password(password)
    person.save(update_fields=["password"])
    # The product's people ask the administrator; here the machine's owner has asked by this command.
    audit.record("person.password", actor=None, subject=f"user:{person.username}", at=now)
    return {"username": person.username, "password": password}


def _new_key(person: Person, *, by: Person, now: datetime) -> str:
    for old in ApiKey.objects.filter(person=person, revoked_at=None):
        keys.revoke(old, by=by, now=now)
    return keys.issue(person, by=by, now=now, expires_at=now + YEAR, live=settings.LIVE_KEYS).token


def _write(to: Path, text: str) -> None:
    """Beside its place with its mode from birth, then moved there: nobody reads half or reads along."""
    to.parent.mkdir(parents=True, exist_ok=True)
    partial = to.with_name(f".{to.name}.{os.getpid()}")
    partial.unlink(missing_ok=True)
    with open(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text + "\n")
    partial.replace(to)
