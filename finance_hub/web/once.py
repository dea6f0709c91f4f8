"""A form is entered once, however often it is sent: a second click, or the page loaded again, changes nothing."""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Callable, Mapping

from finance_hub.kernel import idempotency, scoping
from finance_hub.kernel.models import Person

_TOKEN = re.compile(r"[0-9a-f]{32}", re.ASCII)
#: While the first of two clicks is at work the second waits for what it leads to.
_WAITS, _PAUSE = 30, 0.1


class UnableToEnter(Exception):
    """The form is no longer to be entered: it has been, with other words, or is none of ours."""


def token() -> str:
    """A new form's own; it stays through refusals."""
    return uuid.uuid4().hex


def enter(
    work: Callable[[], str],
    *,
    token: str,
    path: str,
    said: Mapping[str, str],
    by: Person,
    request_id: str,
    first: Callable[[], None] = lambda: None,
) -> str:
    """The address that `work` leads to, run in one transaction of the person's scope, the first time only.

    `first` goes before it, in no transaction: what it writes is kept though it refuses. What either refuses
    frees the form: mended, it may be sent again. Call outside a transaction.
    Raises UnableToEnter, and what `first` and `work` raise.
    """
    if not _TOKEN.fullmatch(token):
        raise UnableToEnter
    key = f"form:{token}"
    claimed = _claim(key=key, path=path, said=said, by=by, request_id=request_id)
    if isinstance(claimed, idempotency.Answer):
        return claimed.headers["Location"]
    try:
        first()
        with scoping.within(by.scope):
            address = work()
            answer = idempotency.Answer(303, {"Location": address}, None, request_id)
            idempotency.complete(person=by, key=key, attempt=claimed, answer=answer)
    except idempotency.TakenOver as late:
        raise UnableToEnter from late
    except BaseException:
        idempotency.abandon(person=by, key=key, attempt=claimed)
        raise
    return address


def _claim(
    *, key: str, path: str, said: Mapping[str, str], by: Person, request_id: str
) -> int | idempotency.Answer:
    body = idempotency.fingerprint(dict(said))
    for _ in range(_WAITS):
        try:
            return idempotency.claim(
                person=by, key=key, method_path=f"POST {path}", body_sha256=body, request_id=request_id
            )
        except idempotency.InProgress:
            time.sleep(_PAUSE)
        except idempotency.KeyReused as other:
            raise UnableToEnter from other
    raise UnableToEnter
