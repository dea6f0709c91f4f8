"""Findings: each with its rule, its age, and the way to its row; nothing is mended in silence."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from finance_hub.kernel.models import Organisation, Person
from finance_hub.kernel.periods import Month, UnableToReadMonth
from finance_hub.kernel.text import Text
from finance_hub.web import paging, words
from finance_hub.web.contexts.chrome import Status
from finance_hub.web.contexts.findings import Finding, Findings
from finance_hub.web.contexts.overview import Choice
from finance_hub.web.contexts.reports import Link
from loans import quality
from loans.models import Finding as Found
from loans.queries import findings as held

PAGE = 50


@dataclass(frozen=True)
class Wanted:
    """What the address asks; what is not known is asked of no finding."""

    state: str
    rule: str
    month: str
    bank: str
    place: paging.Place

    @classmethod
    def read(cls, params: QueryDict) -> Wanted:
        state, rule, bank = (params.get(name, "").replace("\0", "") for name in ("state", "rule", "bank"))
        return cls(
            state if state in held.STATES else "open",
            rule if rule in quality.BY_CODE else "",
            _month(params.get("month", "")),
            bank[:40],
            paging.read(params),
        )

    def rows(self) -> QuerySet[Found]:
        wanted: dict[str, Any] = {"rule": self.rule, "bank__code": self.bank}
        if self.month:
            wanted["period"] = Month.parse(self.month).first
        return held.findings(state=self.state, **{name: value for name, value in wanted.items() if value})

    def url(self, place: str | None) -> str | None:
        if place is None:
            return None
        asked = {"state": self.state, "rule": self.rule, "month": self.month, "bank": self.bank}
        return f"{reverse('web:findings')}?{urlencode({k: v for k, v in asked.items() if v})}&{place}"


def _month(text: str) -> str:
    try:
        return str(Month.parse(text))
    except UnableToReadMonth:
        return ""


def findings(wanted: Wanted, *, reader: Person, now: datetime) -> Findings:
    rows = wanted.rows()
    window = paging.window(rows, key="pk", descending=True, place=wanted.place, size=PAGE, unique=True)
    count = rows.count()
    said = ngettext("%(count)s finding", "%(count)s findings", count)
    return Findings(
        found=said % {"count": words.count(count)},
        states=_states(wanted.state),
        rules=_rules(wanted.rule),
        months=_months(wanted.month),
        banks=_banks(wanted.bank) if reader.scope.everything else (),
        rows=tuple(_finding(row, now=now) for row in window.rows),
        previous_url=wanted.url(window.previous),
        next_url=wanted.url(window.next),
    )


def _states(chosen: str) -> tuple[Choice, ...]:
    said = {"open": _("Open"), "resolved": _("Resolved"), "all": _("Open and resolved")}
    return tuple(Choice(code, said[code], code == chosen) for code in held.STATES)


def _rules(chosen: str) -> tuple[Choice, ...]:
    every = Choice("", _("All rules"), not chosen)
    return (every, *(Choice(rule.code, words.say(rule.name), rule.code == chosen) for rule in quality.RULES))


def _months(chosen: str) -> tuple[Choice, ...]:
    """Those that have findings in scope, and the one asked for."""
    firsts = held.findings(state="all").order_by().values_list("period", flat=True).distinct()
    known = {str(Month.of(first)) for first in firsts} | ({chosen} if chosen else set())
    listed = (Choice(m, words.month(Month.parse(m)), m == chosen) for m in sorted(known, reverse=True))
    return (Choice("", _("All months"), not chosen), *listed)


def _banks(chosen: str) -> tuple[Choice, ...]:
    every = Choice("", _("All banks"), not chosen)
    known = Organisation.objects.filter(kind="bank").order_by("code")
    return (every, *(Choice(one.code, words.organisation(one), one.code == chosen) for one in known))


def _finding(row: Found, *, now: datetime) -> Finding:
    rule = quality.BY_CODE.get(row.rule)
    # Of a rule that is no more, only its code is left to say.
    plain = Text(row.rule, row.rule)
    name, sentence, advice = (rule.name, rule.sentence, rule.advice) if rule else (plain, plain, Text("", ""))
    severity = rule.severity if rule else quality.Severity.NOTICE
    return Finding(
        severity=_severity(severity, is_open=row.resolved_at is None),
        rule=words.say(name),
        sentence=words.say(sentence).format_map(defaultdict(str, row.context)),
        advice=words.say(advice),
        subject=" · ".join(part for part in (row.contract_no, row.drawdown_no, row.subject) if part),
        bank=words.organisation(row.bank),
        month=words.month(Month.of(row.period)),
        age=_age(row, now=now),
        row=_row(row),
    )


def _severity(severity: quality.Severity, *, is_open: bool) -> Status:
    if not is_open:
        return Status(_("resolved"), "none")
    return {
        quality.Severity.ERROR: Status(_("contradiction"), "alert"),
        quality.Severity.WARNING: Status(_("probably wrong"), "watch"),
        quality.Severity.NOTICE: Status(_("worth a look"), "info"),
    }[severity]


def _age(row: Found, *, now: datetime) -> str:
    days = max(0, ((row.resolved_at or now) - row.first_seen_at) // timedelta(days=1))
    return ngettext("%(days)s day", "%(days)s days", days) % {"days": days}


def _row(row: Found) -> Link | None:
    if not row.batch:
        return None
    number = _("row %(number)s") % {"number": words.count(row.row_number)} if row.row_number else ""
    return Link(row.batch, reverse("web:batch", args=[row.batch]), number)
