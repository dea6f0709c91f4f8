"""The two times of a question, from the query string: which day, and as known when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.http import QueryDict
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from finance_hub.kernel import days
from finance_hub.kernel.periods import LAST_YEAR, SHANGHAI
from finance_hub.web import fields, words
from finance_hub.web.contexts.chrome import FieldError
from finance_hub.web.contexts.funds import Chooser

#: The last day that has a day after it.
LAST_DAY = date(LAST_YEAR, 12, 30)


@dataclass(frozen=True)
class Moment:
    """`as_of` is exclusive: the day after `day`, the one that was asked for. `typed` is what the address says."""

    day: date
    known_at: datetime
    today: date
    now: datetime
    typed: dict[str, str]
    errors: tuple[FieldError, ...]

    @classmethod
    def read(cls, params: QueryDict, *, now: datetime) -> Moment:
        """What cannot be read is told, and today or now is shown in its place."""
        typed = {name: params.get(name, "").replace("\0", "").strip()[:40] for name in ("as_of", "known_at")}
        errors: list[FieldError] = []
        today = days.today(now)
        day = day_of(typed, "as_of", errors) or today
        known_at = _moment_of(typed, errors, now=now) or now
        return cls(day, known_at, today, now, {k: v for k, v in typed.items() if v}, tuple(errors))

    @property
    def as_of(self) -> date:
        return self.day + timedelta(days=1)

    @property
    def said(self) -> str:
        day = words.day(self.day)
        if "known_at" not in self.typed:
            return _("At the end of %(day)s, with all that is recorded.") % {"day": day}
        known = words.moment(self.known_at)
        return _("At the end of %(day)s, as known on %(known)s.") % {"day": day, "known": known}

    def address(self, path: str, *, more: dict[str, str] | None = None, tail: str = "") -> str:
        """The path with the same two times and what else is asked."""
        query = "&".join(part for part in (urlencode({**self.typed, **(more or {})}), tail) if part)
        return f"{path}?{query}" if query else path

    def chooser(self, path: str) -> Chooser:
        return Chooser(
            url=path,
            as_of=self.typed.get("as_of", self.today.isoformat()),
            known_at=self.typed.get("known_at", ""),
            said=self.said,
            now_url=path if self.typed else None,
            errors=self.errors,
        )


def day_of(typed: dict[str, str], name: str, errors: list[FieldError]) -> date | None:
    """The day that a parameter names, None where it names none; then `errors` says why."""
    if not typed[name]:
        return None
    try:
        day = fields.day(typed[name])
    except fields.Unread as unread:
        labels = {"as_of": _("At the end of"), "start": _("First day"), "end": _("Last day")}
        errors.append(fields.said_of(unread, name=name, label=labels[name]))
        return None
    if day > LAST_DAY:
        errors.append(FieldError(name, _("The date is out of range.")))
        return None
    return day


def _moment_of(typed: dict[str, str], errors: list[FieldError], *, now: datetime) -> datetime | None:
    """A moment of Asia/Shanghai unless it brings its own offset; none that is still to come."""
    if not typed["known_at"]:
        return None
    # In a query string an unescaped plus sign arrives as a blank.
    text = typed["known_at"].replace(" ", "T", 1)
    try:
        moment = datetime.fromisoformat(text)
        aware = moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)
        aware.astimezone(UTC)  # the ends of the calendar have no moment in UTC
    except (ValueError, OverflowError):
        errors.append(FieldError("known_at", _("A moment is written 2026-11-05 09:30.")))
        return None
    if aware > now:
        errors.append(
            FieldError("known_at", _("What will be known then nobody knows: the moment is in the future."))
        )
        return None
    return aware
