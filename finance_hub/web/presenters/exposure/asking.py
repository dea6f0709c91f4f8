"""What an address asks of an exposure: a day, a moment of knowing, and the shares in sub-funds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import QueryDict
from django.utils.translation import gettext as _

from finance_hub.web.contexts.chrome import FieldError
from finance_hub.web.contexts.overview import Choice
from finance_hub.web.presenters.funds.moment import Moment
from tasks.exposure.paths import BASES, Basis


@dataclass(frozen=True)
class Asked:
    moment: Moment
    basis: Basis

    @classmethod
    def read(cls, params: QueryDict, *, now: datetime) -> Asked:
        """A basis that is none of ours is the first one."""
        found = next((basis for basis in BASES if basis == params.get("basis")), BASES[0])
        return cls(Moment.read(params, now=now), found)

    @property
    def errors(self) -> tuple[FieldError, ...]:
        return self.moment.errors

    def choices(self) -> tuple[Choice, ...]:
        return tuple(Choice(basis, said(basis), basis == self.basis) for basis in BASES)

    def address(self, path: str) -> str:
        """The path with what is asked."""
        return self.moment.address(path, more={"basis": self.basis})


def said(basis: Basis) -> str:
    return {
        "paid_in": _("by what was paid in"),
        "nav": _("by net assets"),
        "commitment": _("by commitments"),
    }[basis]
