"""`/login` and `/account`."""

from dataclasses import dataclass
from typing import Literal

from finance_hub.web.contexts.chrome import FieldError, Status


@dataclass(frozen=True, slots=True)
class Login:
    """The sign-in page.

    Step "password" POSTs `username` and `password`; step "code" POSTs `code`; both POST `next`.
    Field ids for errors: `username`, `password`, `code`. A failed sign-in names no field:
    one error with `field_id="username"` and the same sentence for every cause.
    """

    step: Literal["password", "code"]
    next: str
    username: str = ""
    errors: tuple[FieldError, ...] = ()


@dataclass(frozen=True, slots=True)
class Session:
    """A place where the person is signed in."""

    device: str
    address: str
    since: str
    last_seen: str
    current: bool


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A second factor being set up: a QR picture as `data:image/…` and the same key in groups."""

    picture: str
    key: str
    errors: tuple[FieldError, ...] = ()


@dataclass(frozen=True, slots=True)
class Account:
    """The account page.

    POSTs to `/account` with `action`: `end_other_sessions`, `begin_totp`, or `confirm_totp`
    with `code`. `can_begin_totp` shows the button; `enrolment` shows the key and the code field.
    """

    username: str
    name: str
    role: str
    organisation: str
    totp: Status
    can_begin_totp: bool
    enrolment: Enrolment | None
    sessions: tuple[Session, ...]
