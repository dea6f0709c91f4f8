"""A fresh one-time code before an act that binds the centre: asked of everybody who has a second factor."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils import timezone

from finance_hub.kernel import login, scoping
from finance_hub.kernel.models import Person
from finance_hub.rest import address
from finance_hub.web import words
from finance_hub.web.contexts.chrome import FieldError


class Unproven(Exception):
    def __init__(self, errors: tuple[FieldError, ...]) -> None:
        super().__init__(errors)
        self.errors = errors


def is_asked(person: Person) -> bool:
    return login.second_factor_required(person)


def errors(request: HttpRequest, person: Person) -> tuple[FieldError, ...]:
    """What is wrong with the code that was sent; nothing where none is asked. A code is good once.

    A wrong one counts towards the lock of the login: what is written then has to be kept.
    """
    if not is_asked(person):
        return ()
    code = request.POST.get("code", "").replace(" ", "")
    try:
        login.check_code(person, code, address=address.of(request), now=timezone.now(), action="step-up")
    except login.LockedOut as locked:
        return (FieldError("code", words.say(locked.title)),)
    except login.WrongLogin:
        return (FieldError("code", words.say(login.WrongCode.title)),)
    return ()


def require(request: HttpRequest, person: Person) -> None:
    """Call outside a transaction. Raises Unproven."""
    with scoping.within(person.scope):
        wrong = errors(request, person)
    if wrong:
        raise Unproven(wrong)
