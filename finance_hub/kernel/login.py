"""Login: Argon2id password, second factor, and a lock-out that lives in PostgreSQL.

Five wrong passwords for a name (twenty from an address) within 15 minutes lock it; each further
failure doubles the lock up to 30 minutes, until 15 quiet minutes have passed. Unknown names take
the same time and get the same words.
"""

from __future__ import annotations

import base64
import hashlib
from datetime import datetime, timedelta
from typing import Any

import pyotp
from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import connection, transaction
from django.db.models import F

from finance_hub.kernel import audit
from finance_hub.kernel.models import LoginFailure, Person
from finance_hub.kernel.problems import Problem
from finance_hub.kernel.text import Text, printable

WINDOW = timedelta(minutes=15)
LONGEST_LOCK = timedelta(minutes=30)
ALLOWED = {"user": 5, "ip": 20}


class WrongLogin(Problem):
    code = "wrong-login"
    status = 401
    title = Text("用户名、密码或动态口令不正确", "The user name, password or one-time code is not right")


class LockedOut(Problem):
    code = "locked-out"
    status = 429
    title = Text("尝试次数过多，请稍后再试", "Too many attempts: try again later")
    retry_after = 60


def check(username: str, password: str, *, code: str, address: str, now: datetime) -> Person:
    """The person who may log in. Raises LockedOut, WrongLogin; both are recorded."""
    username = printable(username)
    subjects = (f"user:{username[:64]}", f"ip:{printable(address)[:64]}")
    if _is_locked(subjects, now=now):
        audit.record("login", actor=None, subject=subjects[0], succeeded=False, at=now, reason="locked")
        raise LockedOut
    person = Person.objects.filter(username=username, is_active=True).first()
    if (
        not _password_fits(person, password)
        or person is None
        or not second_factor_fits(person, code, now=now)
    ):
        audit.record("login", actor=None, subject=subjects[0], succeeded=False, at=now, address=address)
        raise WrongLogin
    with transaction.atomic():
        LoginFailure.objects.filter(subject=subjects[0]).delete()
        # This attempt was no failure: its count goes, and the lock that its count began.
        mine = LoginFailure.objects.filter(subject=subjects[1], failures__range=(1, ALLOWED["ip"]))
        mine.update(failures=F("failures") - 1, locked_until=None)
        audit.record("login", actor=person, subject=subjects[0], at=now, address=address)
    return person


def _is_locked(subjects: tuple[str, ...], *, now: datetime) -> bool:
    """Counts this attempt, unless a lock is on already: before the slow hash, so that parallel
    guesses cannot share a count."""
    if LoginFailure.objects.filter(subject__in=subjects, locked_until__gt=now).exists():
        return True
    counts = [_count_failure(subject, now=now) for subject in subjects]
    return any(count > _allowed(s) for count, s in zip(counts, subjects, strict=True))


def _allowed(subject: str) -> int:
    return ALLOWED[subject.split(":")[0]]


def second_factor_required(person: Person) -> bool:
    """Of whom a code is asked: everybody enrolled, and the centre's people where the profile says so."""
    return bool(person.totp_seed) or (
        settings.TOTP_REQUIRED and person.role in {"maker", "approver", "auditor", "admin"}
    )


def enrol(person: Person, *, now: datetime) -> str:
    """Give the person a new seed; returns the otpauth URI for the authenticator app, shown once."""
    seed = pyotp.random_base32()
    with transaction.atomic():
        Person.objects.filter(pk=person.pk).update(
            totp_seed=_vault().encrypt(seed.encode()).decode(), totp_last_step=0
        )
        audit.record("totp.enrol", actor=person, subject=f"user:{person.username}", at=now)
    return pyotp.TOTP(seed).provisioning_uri(name=person.username, issuer_name="finance_hub")


def second_factor_fits(person: Person, code: str, *, now: datetime) -> bool:
    """Whether the code is right and unused. A required factor never enrolled lets nobody in."""
    if not second_factor_required(person):
        return True
    if not person.totp_seed or not code.isascii() or not code.isdigit():
        return False
    totp = pyotp.TOTP(_open_seed(person))
    for step in (totp.timecode(now), totp.timecode(now) - 1):
        # Compare-and-set on the step: the same code is never accepted twice.
        if pyotp.utils.strings_equal(totp.generate_otp(step), code):
            fresh = Person.objects.filter(pk=person.pk, totp_last_step__lt=step)
            return fresh.update(totp_last_step=step) == 1
    return False


def unlock(username: str, *, by: Person, now: datetime) -> None:
    with transaction.atomic():
        LoginFailure.objects.filter(subject=f"user:{username}").delete()
        audit.record("login.unlock", actor=by, subject=f"user:{username}", at=now)


def _password_fits(person: Person | None, password: str) -> bool:
    if person is None:
        make_password(password)  # an unknown name costs the same time
        return False
    return person.check_password(password)


def _count_failure(subject: str, *, now: datetime) -> int:
    facts: dict[str, Any] = {
        "subject": subject,
        "now": now,
        "window": WINDOW,
        "allowed": _allowed(subject),
        "longest": LONGEST_LOCK,
    }
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO kernel_loginfailure AS f (subject, failures, window_started_at)
               VALUES (%(subject)s, 1, %(now)s)
               ON CONFLICT (subject) DO UPDATE SET
                 failures = CASE WHEN greatest(f.window_started_at, f.locked_until) < %(now)s - %(window)s
                                 THEN 1 ELSE f.failures + 1 END,
                 window_started_at = CASE WHEN greatest(f.window_started_at, f.locked_until) < %(now)s - %(window)s
                                          THEN %(now)s ELSE f.window_started_at END,
                 locked_until = CASE WHEN greatest(f.window_started_at, f.locked_until) >= %(now)s - %(window)s
                                      AND f.failures + 1 >= %(allowed)s
                   THEN %(now)s + least(interval '1 minute' * 2 ^ least(f.failures + 1 - %(allowed)s, 10), %(longest)s)
                   ELSE f.locked_until END
               RETURNING failures""",
            facts,
        )
        return int(cursor.fetchone()[0])


def _vault() -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(settings.TOTP_KEY.encode()).digest()))


def _open_seed(person: Person) -> str:
    try:
        return _vault().decrypt(person.totp_seed.encode()).decode()
    except InvalidToken as error:
        raise RuntimeError(f"the TOTP seed of {person.username} was sealed with another TOTP_KEY") from error
