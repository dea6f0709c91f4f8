"""Sections of GB/T 4754-2017, by their letter."""

from __future__ import annotations

from finance_hub.kernel.firm_words import SECTIONS
from finance_hub.web import words


def name(code: str) -> str:
    """`制造业 C3985`; empty for an industry that is not known."""
    section = SECTIONS.get(code[:1])
    return f"{words.say(section)} {code}" if section else code
