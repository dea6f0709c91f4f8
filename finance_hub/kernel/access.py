"""Who may do what: roles × actions in one table, and the scope of rows each person sees.

A view declares its action and is refused if it forgets. Banks, guarantors and fund managers see
their own organisation's rows; the centre and its auditor see all; the system administrator runs
people and keys and sees no business row (separation of the three administrators, GB/T 22239).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    MAKER = "maker"
    APPROVER = "approver"
    AUDITOR = "auditor"
    ADMIN = "admin"
    FUND_MANAGER = "fund_manager"
    BANK = "bank"
    GUARANTOR = "guarantor"
    DEPARTMENT = "department"


_CENTRE = frozenset({Role.MAKER, Role.APPROVER})
_READERS = _CENTRE | {Role.AUDITOR}
_EVERYONE = frozenset(Role)

ACTIONS: dict[str, frozenset[Role]] = {
    "self.read": _EVERYONE,
    "reference.read": _EVERYONE,
    "reference.edit": frozenset({Role.MAKER}),
    "calendar.read": _EVERYONE,
    "request.read": _EVERYONE - {Role.ADMIN},
    "firm.read": _READERS | {Role.FUND_MANAGER},
    "firm.edit": frozenset({Role.MAKER}),
    "fund.read": _READERS | {Role.FUND_MANAGER},
    "fund.create": frozenset({Role.MAKER}),
    "fund.record": frozenset({Role.FUND_MANAGER}),
    "fund.assume": frozenset({Role.MAKER}),
    # What counts as local investment is not for whoever is judged by it to say.
    "fund.recognise": frozenset({Role.MAKER}),
    # A round is a fact of a firm: whoever hears of it records it, each in a book of its own.
    "round.record": frozenset({Role.FUND_MANAGER, Role.MAKER}),
    "batch.read": _READERS | {Role.BANK},
    "batch.report": frozenset({Role.BANK}),
    "batch.approve": frozenset({Role.APPROVER}),
    "contract.read": _READERS | {Role.BANK},
    "event.read": _READERS | {Role.BANK},
    "webhook.read": _READERS | {Role.BANK},
    "webhook.manage": frozenset({Role.BANK}),
    "reconciliation.read": _READERS | {Role.BANK},
    "reconciliation.confirm": frozenset({Role.BANK}),
    "export.read": _READERS | {Role.BANK},
    "export.request": _CENTRE | {Role.BANK},
    "finding.read": _READERS | {Role.BANK},
    # A bank reads its own statement.
    "bank.read": _READERS | {Role.BANK},
    "reporting.read": _READERS | {Role.BANK, Role.GUARANTOR},
    # A bank reads the guarantees and agreements of its own loans.
    "guarantee.read": _READERS | {Role.GUARANTOR, Role.BANK},
    "guarantee.report": frozenset({Role.GUARANTOR}),
    "agreement.read": _READERS | {Role.GUARANTOR, Role.BANK},
    "agreement.propose": frozenset({Role.MAKER}),
    "agreement.approve": frozenset({Role.APPROVER}),
    "pool.read": _READERS,
    "pool.record": frozenset({Role.MAKER}),
    "pool.approve": frozenset({Role.APPROVER}),
    "listing.read": _READERS,
    "listing.record": frozenset({Role.MAKER}),
    "target.read": _READERS | {Role.DEPARTMENT},
    "target.report": frozenset({Role.MAKER, Role.DEPARTMENT}),
    "target.approve": _CENTRE,
    # How the plan is read, and which organisation a unit of it is.
    "target.decide": frozenset({Role.MAKER}),
    "tolerance.read": _READERS,
    "tolerance.propose": frozenset({Role.MAKER}),
    "tolerance.approve": frozenset({Role.APPROVER}),
    "risk.read": _READERS,
    "risk.assume": frozenset({Role.MAKER}),
    "stress.run": frozenset({Role.MAKER}),
    "figure.read": _READERS,
    "figure.restate": _CENTRE,
    "month.read": _READERS,
    "month.propose_close": frozenset({Role.MAKER}),
    "month.close": frozenset({Role.APPROVER}),
    "briefing.read": _READERS,
    "briefing.draft": _CENTRE,
    # By another person than who answers for the draft.
    "briefing.review": _CENTRE,
    "briefing.approve": frozenset({Role.APPROVER}),
    "subscriber.read": _READERS,
    "subscriber.manage": frozenset({Role.MAKER}),
    "job.read": _READERS | {Role.ADMIN},
    "job.control": _CENTRE | {Role.ADMIN},
    "audit.read": frozenset({Role.AUDITOR}),
    "person.manage": frozenset({Role.ADMIN}),
    "key.manage": frozenset({Role.ADMIN}),
}


def may(role: str, action: str) -> bool:
    """Whether the role is allowed the action; KeyError for an action nobody declared."""
    return Role(role) in ACTIONS[action]


@dataclass(frozen=True)
class Scope:
    """The rows a principal sees: all of them, or those of one organisation."""

    organisation_id: int | None
    everything: bool = False


EVERYTHING = Scope(organisation_id=None, everything=True)
#: Sees no tenant row; for the administrator.
NOTHING = Scope(organisation_id=None)


def scope_for(*, role: str, organisation_id: int) -> Scope:
    if role in _READERS:
        return EVERYTHING
    return NOTHING if role == Role.ADMIN else Scope(organisation_id=organisation_id)
