"""People: made and disabled by the administrator, never deleted."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Concat

from finance_hub.kernel import audit, login
from finance_hub.kernel.access import Role
from finance_hub.kernel.models import LoginFailure, Organisation, Person
from finance_hub.kernel.problems import FieldError, InvalidFields, NotFound, Problem, refuse
from finance_hub.kernel.text import Text

#: Which roles an organisation's people may hold.
ROLES_OF = {
    "centre": {Role.MAKER, Role.APPROVER, Role.AUDITOR, Role.ADMIN},
    "fund_manager": {Role.FUND_MANAGER},
    "bank": {Role.BANK},
    "guarantor": {Role.GUARANTOR},
    "insurer": {Role.GUARANTOR},
    "department": {Role.DEPARTMENT},
}


#: By the codes of Django's validators, whose own words are not all translated.
WEAKNESSES = {
    "password_too_short": Text("口令至少 12 个字符", "The password has at least 12 characters"),
    "password_too_common": Text("该口令过于常见", "The password is a common one"),
    "password_too_similar": Text("口令与用户名或姓名过于相似", "The password is too much like the name"),
}


class UsernameTaken(Problem):
    code = "username-taken"
    status = 409
    title = Text("用户名已被使用", "The user name is taken")


class CannotDisableOneself(Problem):
    code = "cannot-disable-oneself"
    status = 409
    title = Text("不能停用自己的账号", "Nobody can disable their own account")


def create(
    *,
    username: str,
    full_name: str,
    organisation: Organisation,
    role: str,
    password: str,
    by: Person | None,
    now: datetime,
    **facts: Any,
) -> Person:
    """A person with one role. Raises UsernameTaken, InvalidFields (role, password)."""
    if role not in ROLES_OF[organisation.kind]:
        raise refuse(
            "#/role", "role-not-of-organisation", "该机构不能有此角色", "The organisation has no such role"
        )
    person = Person(username=username, full_name=full_name, organisation=organisation, role=role, **facts)
    require_strong_password(password, person=person)
    person.set_password(password)
    with transaction.atomic():
        try:
            with transaction.atomic():
                person.save(force_insert=True)
        except IntegrityError as taken:
            raise UsernameTaken from taken
        audit.record("person.create", actor=by, subject=f"user:{username}", at=now, role=role)
    return person


@dataclass(frozen=True)
class Credentials:
    """What somebody needs to log in, seen only now. `otpauth_uri` is empty where no code is asked for."""

    person: Person
    password: str
    otpauth_uri: str


def invite(
    *,
    username: str,
    full_name: str,
    organisation: Organisation,
    role: str,
    by: Person | None,
    now: datetime,
    **facts: Any,
) -> Credentials:
    """A person with a password of chance, to be changed, and a second factor where one is required.

    Raises UsernameTaken, InvalidFields (role).
    """
    password = secrets.token_urlsafe(15)
    with transaction.atomic():
        person = create(
            username=username, full_name=full_name, organisation=organisation, role=role,
            password=password, by=by, now=now, **facts,
        )  # fmt: skip
        return Credentials(person, password, give_second_factor(person, by=by, now=now))


def renew(person: Person, *, by: Person, now: datetime) -> Credentials:
    """New credentials for somebody who lost theirs: ends their sessions and lifts the lock-out."""
    password = secrets.token_urlsafe(15)
    with transaction.atomic():
        person = Person.objects.select_for_update().get(pk=person.pk)
        person.set_password(password)
        person.save(update_fields=["password"])
        login.unlock(person.username, by=by, now=now)
        audit.record("person.renew", actor=by, subject=f"user:{person.username}", at=now)
        return Credentials(person, password, give_second_factor(person, by=by, now=now))


def give_second_factor(person: Person, *, by: Person | None, now: datetime) -> str:
    """A new seed in force at once, for whom a code is required: its otpauth URI, otherwise nothing."""
    if not login.second_factor_required(person):
        return ""
    seed = login.new_seed(person)
    with transaction.atomic():
        Person.objects.filter(pk=person.pk).update(totp_seed=seed.sealed, totp_last_step=0)
        audit.record("totp.give", actor=by, subject=f"user:{person.username}", at=now)
    return seed.uri


def find(username: str) -> Person:
    """Raises NotFound."""
    person = registered().filter(username=username).first()
    if person is None:
        raise NotFound
    return person


def registered() -> QuerySet[Person]:
    """Everybody with their organisation and `locked`, the moment until which wrong passwords lock them."""
    failures = LoginFailure.objects.filter(subject=Concat(Value("user:"), OuterRef("username")))
    return Person.objects.select_related("organisation").annotate(
        locked=Subquery(failures.values("locked_until")[:1])
    )


def organisation_of_code(code: str) -> Organisation:
    """Raises InvalidFields (`does_not_exist`)."""
    organisation = Organisation.objects.filter(code=code).first()
    if organisation is None:
        raise refuse("#/organisation", "does_not_exist", "没有这个机构", "There is no such organisation")
    return organisation


def require_strong_password(password: str, *, person: Person) -> None:
    """Raises InvalidFields (`password-too-weak`) with the reasons in both languages."""
    try:
        validate_password(password, person)
    except ValidationError as weak:
        reasons = [WEAKNESSES[str(error.code)] for error in weak.error_list]
        said = Text("；".join(r.zh for r in reasons), "; ".join(r.en for r in reasons))
        error = FieldError("password-too-weak", "#/password", said)
        raise InvalidFields(errors=(error,)) from weak


def disable(person: Person, *, by: Person, now: datetime) -> None:
    """Ends the person's sessions and keys with the next request. Raises CannotDisableOneself."""
    if person.pk == by.pk:
        raise CannotDisableOneself
    with transaction.atomic():
        Person.objects.filter(pk=person.pk).update(is_active=False, session_epoch=F("session_epoch") + 1)
        audit.record("person.disable", actor=by, subject=f"user:{person.username}", at=now)


def end_sessions(person: Person, *, by: Person, now: datetime) -> None:
    """Ends all of the person's sessions, the current one too."""
    with transaction.atomic():
        Person.objects.filter(pk=person.pk).update(session_epoch=F("session_epoch") + 1)
        audit.record("session.end_all", actor=by, subject=f"user:{person.username}", at=now)
