"""Login: Argon2id password, second factor, and a lock-out that lives in PostgreSQL.

Five wrong passwords for a name (twenty from an address) within 15 minutes lock it; each further
failure doubles the lock up to 30 minutes, until 15 quiet minutes have passed. Unknown names take
the same time and get the same words.
"""

from __future__ import annotations

import base64
import hashlib
from datetime import datetime, timedelta
from typing import Any, NamedTuple

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


class WrongCode(Problem):
    code = "wrong-code"
    status = 422
    title = Text(
        "动态口令不正确，请核对设备时间后重试", "The code is not right: check the clock of your device"
    )


class NewSeed(NamedTuple):
    """A seed that nobody's login asks yet: sealed for keeping, and as the authenticator app takes it."""

    sealed: str
    uri: str
    key: str


def check(username: str, password: str, *, code: str, address: str, now: datetime) -> Person:
    """The person who may log in, asked everything at once. Raises LockedOut, WrongLogin; both are recorded."""
    attempt = _attempt(username, address=address, now=now)
    person = _by_password(username, password)
    if person is None or not second_factor_fits(person, code, now=now):
        raise _refused(attempt)
    return _welcome(person, attempt)


def check_password(username: str, password: str, *, address: str, now: datetime) -> Person:
    """The first of two steps: the person whose password is right, who may log in only when no second
    factor is required of them; otherwise `check_code` follows. Raises LockedOut, WrongLogin.

    Wrong codes of before go on counting, so that a known password does not give new tries.
    """
    attempt = _attempt(username, address=address, now=now)
    person = _by_password(username, password)
    if person is None:
        raise _refused(attempt)
    if second_factor_required(person):
        _forgive(attempt.subjects)
        return person
    return _welcome(person, attempt)


def check_code(person: Person, code: str, *, address: str, now: datetime, action: str = "login") -> Person:
    """The second step, and what is asked again before an approval. Raises LockedOut, WrongLogin."""
    attempt = _attempt(person.username, address=address, now=now, action=action)
    if not second_factor_fits(person, code, now=now):
        raise _refused(attempt, reason="code")
    return _welcome(person, attempt)


class _Attempt(NamedTuple):
    """One try: the subjects it counts against, and what its audit entry says."""

    subjects: tuple[str, str]
    action: str
    address: str
    now: datetime


def _attempt(username: str, *, address: str, now: datetime, action: str = "login") -> _Attempt:
    """Counts the try; raises LockedOut."""
    subjects = (f"user:{printable(username)[:64]}", f"ip:{printable(address)[:64]}")
    if _is_locked(subjects, now=now):
        audit.record(action, actor=None, subject=subjects[0], succeeded=False, at=now, reason="locked")
        raise LockedOut
    return _Attempt(subjects, action, address, now)


def _by_password(username: str, password: str) -> Person | None:
    person = Person.objects.filter(username=printable(username), is_active=True).first()
    return person if _password_fits(person, password) else None


def _refused(attempt: _Attempt, **said: str) -> WrongLogin:
    audit.record(
        attempt.action,
        actor=None,
        subject=attempt.subjects[0],
        succeeded=False,
        at=attempt.now,
        address=attempt.address,
        **said,
    )
    return WrongLogin()


def _welcome(person: Person, attempt: _Attempt) -> Person:
    with transaction.atomic():
        LoginFailure.objects.filter(subject=attempt.subjects[0]).delete()
        _forgive(attempt.subjects[1:])
        audit.record(
            attempt.action,
            actor=person,
            subject=attempt.subjects[0],
            at=attempt.now,
            address=attempt.address,
        )
    return person


def _forgive(subjects: tuple[str, ...]) -> None:
    """This attempt was no failure: its count goes, and the lock that its count began."""
    for subject in subjects:
        counted = LoginFailure.objects.filter(subject=subject, failures__gte=1)
        counted.update(failures=F("failures") - 1, locked_until=None)


def _is_locked(subjects: tuple[str, ...], *, now: datetime) -> bool:
    """Counts this attempt as a failure, unless a lock is on already.

    Before the slow hash and by compare-and-set, so that parallel guesses cannot share a count. The
    attempt that begins a lock is itself let through, and so is one after each lock has run out.
    """
    if LoginFailure.objects.filter(subject__in=subjects, locked_until__gt=now).exists():
        return True
    return not all(_counted(subject, now=now) for subject in subjects)


def second_factor_required(person: Person) -> bool:
    """Of whom a code is asked: everybody enrolled, and the centre's people where the profile says so."""
    return bool(person.totp_seed) or (
        settings.TOTP_REQUIRED and person.role in {"maker", "approver", "auditor", "admin"}
    )


def new_seed(person: Person) -> NewSeed:
    """A seed for the person's authenticator app. It counts for nothing until `enrol` has seen a code of it."""
    seed = pyotp.random_base32()
    uri = pyotp.TOTP(seed).provisioning_uri(name=person.username, issuer_name="finance_hub")
    return NewSeed(_vault().encrypt(seed.encode()).decode(), uri, seed)


def open_seed(person: Person, sealed: str) -> NewSeed:
    """A sealed seed again as `new_seed` gave it, to be shown once more."""
    seed = _unsealed(sealed, of=person)
    uri = pyotp.TOTP(seed).provisioning_uri(name=person.username, issuer_name="finance_hub")
    return NewSeed(sealed, uri, seed)


def enrol(person: Person, *, sealed: str, code: str, now: datetime) -> None:
    """Make a new seed the person's second factor, once a code proves that their app has it.

    Ends the person's sessions, as every change of the factors does. Raises WrongCode.
    """
    step = _step_of(code, seed=_unsealed(sealed, of=person), now=now)
    if step is None:
        raise WrongCode
    with transaction.atomic():
        Person.objects.filter(pk=person.pk).update(totp_seed=sealed, totp_last_step=step)
        audit.record("totp.enrol", actor=person, subject=f"user:{person.username}", at=now)


def second_factor_fits(person: Person, code: str, *, now: datetime) -> bool:
    """Whether the code is right and unused. A required factor never enrolled lets nobody in."""
    if not second_factor_required(person):
        return True
    if not person.totp_seed:
        return False
    step = _step_of(code, seed=_unsealed(person.totp_seed, of=person), now=now)
    if step is None:
        return False
    # Compare-and-set on the step: the same code is never accepted twice.
    fresh = Person.objects.filter(pk=person.pk, totp_last_step__lt=step)
    return fresh.update(totp_last_step=step) == 1


def _step_of(code: str, *, seed: str, now: datetime) -> int | None:
    """The 30 seconds, present or last, whose code this is."""
    if not code.isascii() or not code.isdigit():
        return None
    totp = pyotp.TOTP(seed)
    present = int(totp.timecode(now))
    steps = (present, present - 1)
    return next((s for s in steps if pyotp.utils.strings_equal(totp.generate_otp(s), code)), None)


def unlock(username: str, *, by: Person, now: datetime) -> None:
    with transaction.atomic():
        LoginFailure.objects.filter(subject=f"user:{username}").delete()
        audit.record("login.unlock", actor=by, subject=f"user:{username}", at=now)


def _password_fits(person: Person | None, password: str) -> bool:
    if person is None:
        make_password(password)  # an unknown name costs the same time
        return False
    return person.check_password(password)


def _counted(subject: str, *, now: datetime) -> bool:
    """Count one failure and lock where it is one too many; False where a lock is on."""
    facts: dict[str, Any] = {
        "subject": subject,
        "now": now,
        "window": WINDOW,
        "allowed": ALLOWED[subject.split(":")[0]],
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
                 WHERE f.locked_until IS NULL OR f.locked_until <= %(now)s""",
            facts,
        )
        return bool(cursor.rowcount == 1)


def _vault() -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(settings.TOTP_KEY.encode()).digest()))


def _unsealed(sealed: str, *, of: Person) -> str:
    try:
        return _vault().decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise RuntimeError(f"the TOTP seed of {of.username} was sealed with another TOTP_KEY") from error
