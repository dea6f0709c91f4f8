"""The account page: who one is, the second factor, and where one is signed in."""

from __future__ import annotations

import segno
from django.utils.translation import gettext as _

from finance_hub.kernel import login
from finance_hub.kernel.models import Person
from finance_hub.web import words
from finance_hub.web.contexts.account import Account, Enrolment, Session
from finance_hub.web.contexts.chrome import FieldError, Status
from finance_hub.web.sessions import Place


def account(
    person: Person, *, places: list[Place], sealed: str | None, errors: tuple[FieldError, ...] = ()
) -> Account:
    """`sealed` is the seed being set up, if one is."""
    active = bool(person.totp_seed)
    return Account(
        username=person.username,
        name=person.full_name,
        role=words.role(person.role),
        organisation=words.organisation(person.organisation),
        totp=_totp(person),
        can_begin_totp=not active,
        enrolment=_enrolment(person, sealed, errors) if sealed and not active else None,
        sessions=tuple(_session(place) for place in places),
    )


def _totp(person: Person) -> Status:
    if person.totp_seed:
        return Status(_("active"), "ok")
    if login.second_factor_required(person):
        return Status(_("required, not set up"), "alert")
    return Status(_("not set up"), "none")


def _enrolment(person: Person, sealed: str, errors: tuple[FieldError, ...]) -> Enrolment:
    seed = login.open_seed(person, sealed)
    picture = segno.make(seed.uri, error="m").png_data_uri(scale=6, border=3)
    groups = " ".join(seed.key[at : at + 4] for at in range(0, len(seed.key), 4))
    return Enrolment(picture, groups, errors)


def _session(place: Place) -> Session:
    return Session(
        device=place.device or _("unknown device"),
        address=place.address,
        since=words.moment(place.began_at),
        last_seen=words.moment(place.seen_at),
        current=place.current,
    )
