"""The list of those who are told of a published issue, kept by the centre."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from finance_hub.kernel import audit, ids
from finance_hub.kernel.models import Person
from finance_hub.kernel.problems import NotFound, Problem, refuse
from finance_hub.kernel.text import Text
from tasks.models import Dispatch, Subscriber

LANGUAGES = ("zh-hans", "en")
LONGEST_ADDRESS, LONGEST_NAME = 254, 100


class AddressHeld(Problem):
    code = "subscriber-address-held"
    status = 409
    title = Text("名单中已有该邮箱地址", "The address is on the list already")


def subscribers() -> QuerySet[Subscriber]:
    return Subscriber.objects.select_related("added_by")


def find(public_id: str) -> Subscriber:
    """Raises NotFound."""
    found = subscribers().filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found


def add(*, name: str, address: str, language: str, by: Person, now: datetime) -> Subscriber:
    """Put somebody on the list: told of what is published from now on. Raises InvalidFields, AddressHeld."""
    _require(name=name, address=address, language=language)
    try:
        with transaction.atomic():
            made = Subscriber.objects.create(
                public_id=ids.new("sb"),
                name=name.strip(),
                address=address,
                language=language,
                since=now,
                added_by=by,
            )
    except IntegrityError as error:
        raise AddressHeld from error
    audit.record("subscriber.add", actor=by, subject=f"subscriber:{made.public_id}", at=now, address=address)
    return made


def switch(public_id: str, *, is_active: bool, by: Person, now: datetime) -> Subscriber:
    """Take somebody off the list, or put back who was on it: told of what is published from then on. Raises NotFound."""
    found = find(public_id)
    changed = {"is_active": is_active, **({"since": now} if is_active else {})}
    with transaction.atomic():
        if Subscriber.objects.filter(pk=found.pk, is_active=not is_active).update(**changed):
            act = "subscriber.resume" if is_active else "subscriber.stop"
            audit.record(act, actor=by, subject=f"subscriber:{public_id}", at=now)
    return find(public_id)


def dispatches() -> QuerySet[Dispatch]:
    """What was sent, or could not be, the newest first."""
    return Dispatch.objects.select_related("briefing", "subscriber").order_by("-pk")


def _require(*, name: str, address: str, language: str) -> None:
    if not name.strip() or len(name) > LONGEST_NAME or not name.isprintable():
        raise refuse(
            "#/name", "blank", "请填写姓名或单位（最多 100 字）", "Enter a name of at most 100 characters"
        )
    try:
        validate_email(address)
        is_address = len(address) <= LONGEST_ADDRESS and address.isascii()
    except ValidationError:
        is_address = False
    if not is_address:
        raise refuse("#/address", "not-an-address", "不是有效的邮箱地址", "This is not an e-mail address")
    if language not in LANGUAGES:
        raise refuse("#/language", "invalid_choice", "请选择语言", "Choose a language")
