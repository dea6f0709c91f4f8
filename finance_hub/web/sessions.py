"""Sessions of people: how long they last, and where else somebody is signed in.

A session ends after SESSION_IDLE_SECONDS without a request, and SESSION_COOKIE_AGE after the
sign-in whatever happens. Both moments are kept in the session itself, on the server.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.contrib import auth
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from finance_hub.kernel.models import Person
from finance_hub.rest import address

#: Requests within these seconds of each other count as one moment, to spare the table a write each.
GRAIN = 10
BROWSERS = (("Edg/", "Edge"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
SYSTEMS = ("Windows", "Android", "iPhone", "iPad", "Mac OS X", "Linux")


@dataclass(frozen=True)
class Place:
    """A session of a person as the account page tells it."""

    device: str
    address: str
    began_at: datetime
    seen_at: datetime
    current: bool


def begin(request: HttpRequest, person: Person, *, now: datetime) -> None:
    """Sign the person in under a new session id."""
    auth.login(request, person)
    request.session["device"] = device_of(request.headers.get("User-Agent", ""))
    request.session["address"] = address.of(request)
    request.session["began_at"] = request.session["seen_at"] = int(now.timestamp())


def is_over(session: SessionBase | Mapping[str, Any], *, now: datetime) -> bool:
    """Whether one of the two limits has passed; a session that never began here has not."""
    at = now.timestamp()
    began, seen = session.get("began_at", at), session.get("seen_at", at)
    return bool(at - began >= settings.SESSION_COOKIE_AGE or at - seen >= settings.SESSION_IDLE_SECONDS)


def touch(session: SessionBase, *, now: datetime) -> None:
    """Note that the person is there."""
    at = int(now.timestamp())
    if "began_at" not in session:
        session["began_at"] = at
    if at - session.get("seen_at", 0) >= GRAIN:
        session["seen_at"] = at


def places(request: HttpRequest, person: Person, *, now: datetime) -> list[Place]:
    """Where the person is signed in, the last used first.

    Sessions are opaque: all live ones are read, in one query. They are as many as people signed in
    within half a day.
    """
    rows = Session.objects.filter(expire_date__gt=now).values_list("session_key", "session_data")
    store = SessionStore()
    opened = [(key == request.session.session_key, store.decode(data)) for key, data in rows]
    found = [_place(said, current) for current, said in opened if _is_of(person, said, now=now)]
    return sorted(found, key=lambda place: (not place.current, -place.seen_at.timestamp()))


def _is_of(person: Person, said: Mapping[str, Any], *, now: datetime) -> bool:
    theirs = said.get(SESSION_KEY) == str(person.pk) and "began_at" in said and not is_over(said, now=now)
    return theirs and constant_time_compare(
        str(said.get(HASH_SESSION_KEY, "")), person.get_session_auth_hash()
    )


def _place(said: Mapping[str, Any], current: bool) -> Place:
    began, seen = (datetime.fromtimestamp(said[name], UTC) for name in ("began_at", "seen_at"))
    return Place(str(said.get("device", "")), str(said.get("address", "")), began, seen, current)


def device_of(user_agent: str) -> str:
    """`Chrome · Windows` out of a User-Agent; empty where it names neither."""
    browser = next((name for mark, name in BROWSERS if mark in user_agent), "")
    system = next((name for name in SYSTEMS if re.search(rf"\b{name}\b", user_agent)), "")
    return " · ".join(part for part in (browser, system.replace("Mac OS X", "macOS")) if part)
