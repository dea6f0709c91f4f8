"""API keys: `fsk_<live|test>_<keyid>_<secret>`; only SHA-256 of the secret is kept."""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hmac import compare_digest

from django.db import transaction
from django.db.models import Q, QuerySet

from finance_hub.kernel import audit
from finance_hub.kernel.lookups import LookUp
from finance_hub.kernel.models import ApiKey, Person
from finance_hub.kernel.problems import NotFound, Problem
from finance_hub.kernel.text import Text

LONGEST_LIFE = timedelta(days=366)
_SHAPE = re.compile(r"fsk_(live|test)_([0-9A-Za-z]{12})_([0-9A-Za-z]{43})", re.ASCII)
_KEY = LookUp(ApiKey, by="key_id", along=("person", "organisation"))
_LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


class InvalidKey(Problem):
    code = "invalid-credentials"
    status = 401
    title = Text("接口密钥无效", "The API key is not valid")


class KeyExpired(Problem):
    code = "key-expired"
    status = 401
    title = Text("接口密钥已过期", "The API key has expired")


class TooManyKeys(Problem):
    code = "two-keys-at-most"
    status = 409
    title = Text("最多同时持有两把有效密钥", "Two live keys at most: revoke one first")


class KeyLivesTooLong(Problem):
    code = "key-lives-too-long"
    status = 422
    title = Text("密钥有效期最长一年", "A key lives for a year at most")


class OwnerDisabled(Problem):
    code = "person-disabled"
    status = 409
    title = Text("该人员已停用", "This person is disabled")


@dataclass(frozen=True)
class IssuedKey:
    """The only time the secret is seen."""

    token: str
    record: ApiKey


def issue(person: Person, *, by: Person | None, now: datetime, expires_at: datetime, live: bool) -> IssuedKey:
    """Create a key in a free slot. Raises TooManyKeys, KeyLivesTooLong, OwnerDisabled."""
    if not now < expires_at <= now + LONGEST_LIFE:
        raise KeyLivesTooLong
    key_id = "".join(secrets.choice(_LETTERS) for _ in range(12))
    secret = "".join(secrets.choice(_LETTERS) for _ in range(43))
    with transaction.atomic():
        if not Person.objects.select_for_update().get(pk=person.pk).is_active:
            raise OwnerDisabled
        live_keys = ApiKey.objects.filter(person=person, revoked_at=None)
        # An expired key no longer counts and frees its slot.
        live_keys.filter(expires_at__lte=now).update(revoked_at=now)
        free = {1, 2} - set(live_keys.values_list("slot", flat=True))
        if not free:
            raise TooManyKeys
        record = ApiKey.objects.create(
            key_id=key_id,
            secret_sha256=_digest(secret),
            last4=secret[-4:],
            live=live,
            person=person,
            slot=min(free),
            created_at=now,
            expires_at=expires_at,
        )
        audit.record("key.issue", actor=by, subject=f"key:{key_id}", at=now, person=person.username)
    return IssuedKey(f"fsk_{'live' if live else 'test'}_{key_id}_{secret}", record)


def revoke(key: ApiKey, *, by: Person, now: datetime) -> None:
    """End a key at once; revoking twice is harmless."""
    with transaction.atomic():
        if ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=now):
            audit.record("key.revoke", actor=by, subject=f"key:{key.key_id}", at=now)


def issued(*, username: str = "") -> QuerySet[ApiKey]:
    """Keys with their owners, those of one person where a name is given."""
    keys = ApiKey.objects.select_related("person")
    return keys.filter(person__username=username) if username else keys


def find(key_id: str) -> ApiKey:
    """Raises NotFound."""
    key = issued().filter(key_id=key_id).first()
    if key is None:
        raise NotFound
    return key


def authenticate(token: str, *, now: datetime, live: bool) -> ApiKey:
    """The key's record with its person. Raises InvalidKey (one answer for every wrong key), KeyExpired.

    `live` is the kind of key that this installation accepts: a test key never opens a live one.
    """
    match = _SHAPE.fullmatch(token)
    key_id, secret = (match[2], match[3]) if match else ("", "")
    record = _KEY.find(key_id)
    known = compare_digest(record.secret_sha256 if record else _digest(""), _digest(secret))
    if not record or not known or not match or (match[1] == "live") != record.live or record.live != live:
        raise InvalidKey
    if record.revoked_at or not record.person.is_active:
        raise InvalidKey
    if record.expires_at <= now:
        raise KeyExpired
    # At most one write a minute: a busy key must not turn every read into an update.
    before = now - timedelta(minutes=1)
    if record.last_used_at is None or record.last_used_at < before:
        stale = Q(last_used_at=None) | Q(last_used_at__lt=before)
        ApiKey.objects.filter(stale, pk=record.pk).update(last_used_at=now)
    return record


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
