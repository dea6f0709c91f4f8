"""Rules that find what is odd in a month of reports: one catalogue, set-based, never a silent fix."""

from __future__ import annotations

import hashlib

from loans.quality import about_loans, about_reports
from loans.quality.rule import Rule, Severity

RULES: tuple[Rule, ...] = (*about_loans.RULES, *about_reports.RULES)
BY_CODE = {rule.code: rule for rule in RULES}
#: Another one where a rule finds other things than before, so that every month is looked at again.
VERSION = hashlib.sha256(repr([(rule.code, rule.sql) for rule in RULES]).encode()).hexdigest()[:8]

__all__ = ["BY_CODE", "RULES", "VERSION", "Rule", "Severity"]
