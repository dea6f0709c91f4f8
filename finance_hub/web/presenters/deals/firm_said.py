"""The name that the register has for a credit code, or why it has none."""

from __future__ import annotations

from django.utils.translation import gettext as _

from finance_hub.kernel import firms, uscc
from finance_hub.kernel.models import Person
from finance_hub.rest.wording import WORDS
from finance_hub.web import words
from finance_hub.web.presenters.deals.header_forms import code_of


def firm_said(typed: str, *, reader: Person) -> str:
    """A sentence; empty for a code that is not begun."""
    code = code_of(typed[:100])
    if not code:
        return ""
    if fault := uscc.check(code):
        return words.say(WORDS[f"uscc-{fault}"])
    known = firms.visible(reader.scope).filter(uscc=code).first()
    if known is None:
        return _("The register does not know this firm: give its name below.")
    return _("Registered name: %(name)s") % {"name": known.name}
