"""Entries that should never have been made: a party, a paper, a financial year, a statement of a firm."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction

from finance_hub.kernel import audit, ids
from finance_hub.kernel.models import Person
from finance_hub.kernel.problems import NotFound, Problem
from finance_hub.kernel.text import Text
from listings.models import AttemptParty, Filing, FinancialYear, FirmStatement
from listings.operations.procedure import require_turns
from listings.operations.rules import lock_attempt, lock_firm, require_said
from listings.queries import counting

#: By the prefix of their public ids.
KINDS: dict[str, Any] = {"lp": AttemptParty, "lf": Filing, "fy": FinancialYear, "fs": FirmStatement}
#: What says of a row that it is the same one again, whatever kind it is.
_OWN = {"id", "public_id", "source", "corrects_id", "taken_back", "recorded_at", "recorded_by_id"}


class EntryTakenBack(Problem):
    code = "entry-taken-back"
    status = 409
    title = Text("该记录已撤销", "This entry was taken back")


def take_back(entry: str, *, reason: str, by: Person, now: datetime) -> Any:
    """A row that says that the entry with this public id does not count; `reason` stands where its source was.

    A correction of it may follow and counts again. Raises NotFound, EntryTakenBack, InvalidFields,
    LettersTakeTurns.
    """
    require_said(reason, "#/reason")
    model = KINDS.get(entry.partition("_")[0])
    with transaction.atomic():
        named = model.objects.filter(public_id=entry).first() if model else None
        if model is None or named is None:
            raise NotFound
        subject = _locked(named)
        first = named.corrects_id or named.pk
        last = counting(model.objects.all()).filter(first=first).first()
        if last is None:
            raise EntryTakenBack
        same = {f.attname: getattr(last, f.attname) for f in model._meta.concrete_fields}
        made = model.objects.create(
            **{name: value for name, value in same.items() if name not in _OWN},
            public_id=ids.new(entry.partition("_")[0]), source=reason, corrects_id=first, taken_back=True,
            recorded_at=now, recorded_by=by,
        )  # fmt: skip
        if model is Filing:
            require_turns(named.attempt)
        audit.record("listing.take_back", actor=by, subject=subject, at=now, entry=entry, reason=reason)
    return made


def _locked(named: Any) -> str:
    """Who writes to the same attempt or firm waits; the subject of the act, as the audit trail names it."""
    lock: Callable[[str], object]
    if isinstance(named, AttemptParty | Filing):
        lock, name, subject = lock_attempt, named.attempt.public_id, "listing"
    else:
        lock, name, subject = lock_firm, named.firm.uscc, "firm"
    lock(name)
    return f"{subject}:{name}"
