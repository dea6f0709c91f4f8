"""A bank and the months of which its statement can be asked for."""

from __future__ import annotations

from typing import cast

from finance_hub.kernel.access import Scope
from finance_hub.kernel.models import Organisation
from finance_hub.web import words
from finance_hub.web.contexts.banks import Bank
from finance_hub.web.presenters.sheets import asking
from tasks.sheets import Subject


def bank(code: str, *, scope: Scope) -> Bank:
    """Raises NotFound, for a bank that the scope may not know of too."""
    subject = Subject("bank", code)
    found = cast(Organisation, subject.found(scope=scope))
    return Bank(words.organisation(found), found.code, asking(subject))
