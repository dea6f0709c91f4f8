"""The page on which a draft is edited: its key points line by line, its note, the reasons it gives."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from finance_hub.kernel.periods import Month
from finance_hub.kernel.problems import Problem
from finance_hub.web import fields, once, words
from finance_hub.web.contexts import briefings as contexts
from finance_hub.web.contexts.chrome import FieldError
from finance_hub.web.contexts.reports import Link
from tasks import obstacles, publication
from tasks.briefing import points
from tasks.briefing.origin import plain
from tasks.models import Briefing

Pair = tuple[str, str]
_POINT = re.compile(r"key_points/(zh|en)/(\d+)", re.ASCII)
_REASON = re.compile(r"reasons/(\d+)/(?:against|text)", re.ASCII)


@dataclass(frozen=True)
class Typed:
    """What stands in the form: pairs of (Chinese, English), the note, reasons by the name of the obstacle."""

    pairs: tuple[Pair, ...]
    note: str
    reasons: Mapping[str, str]
    token: str = ""

    @classmethod
    def read(cls, said: Mapping[str, str]) -> Typed:
        count = _count(said.get("points", ""))
        pairs = tuple(
            (_line(said.get(f"zh-{n}", "")), _line(said.get(f"en-{n}", ""))) for n in range(1, count + 1)
        )
        given = range(1, _count(said.get("reasons", "")) + 1)
        reasons = {said.get(f"against-{n}", ""): _line(said.get(f"reason-{n}", "")) for n in given}
        return cls(pairs, said.get("note", "").strip(), reasons, said.get("token", ""))

    def moved(self, step: str, place: str) -> Typed:
        """With a line more, less, or elsewhere."""
        pairs, at = list(self.pairs), _count(place) - 1
        if step == "add" and len(pairs) < points.MOST_POINTS:
            pairs.append(("", ""))
        elif step == "remove" and 0 <= at < len(pairs):
            del pairs[at]
        elif step in ("up", "down"):
            to = at - 1 if step == "up" else at + 1
            if 0 <= at < len(pairs) and 0 <= to < len(pairs):
                pairs[at], pairs[to] = pairs[to], pairs[at]
        return replace(self, pairs=tuple(pairs))

    def fresh(self, step: str) -> Typed:
        """Carried to another draft it is another form."""
        return replace(self, token=once.token()) if step == "carry" else self

    def faults(self) -> tuple[FieldError, ...]:
        """Lines that are empty, too long or hold what no text holds."""
        found = []
        for n, pair in enumerate(self.pairs, start=1):
            for name, label, text in (("zh", _("Chinese"), pair[0]), ("en", _("English"), pair[1])):
                found += _faults(f"{name}-{n}", f"{n} {label}", text, most=points.LONGEST, required=True)
        found += _faults("note", _("Note at the head"), self.note, most=publication.LONGEST_NOTE)
        for n, text in enumerate(self.reasons.values(), start=1):
            found += _faults(f"reason-{n}", _("Reason"), text, most=publication.LONGEST_REASON)
        return tuple(found)

    def given(self, found: Briefing) -> list[tuple[str, str]]:
        """The reasons that are otherwise than in the draft, in the order in which they are sent."""
        kept = {name: one["text"] for name, one in found.reasons.items()}
        return [(name, text) for name, text in self.reasons.items() if text != kept.get(name, "")]

    def wanted(self, found: Briefing, *, step: str) -> dict[str, Any]:
        """What `publication.request_edit` is asked for: what is otherwise than in the draft."""
        wanted: dict[str, Any] = {"note": self.note, "reasons": self.given(found) or None}
        if step == "rule":
            return {**wanted, "by_rule": True}
        if self.pairs != _pairs(found):
            wanted["key_points"] = {
                "zh-hans": [zh for zh, _en in self.pairs],
                "en": [en for _zh, en in self.pairs],
            }
        return wanted


def opened(found: Briefing, *, now: datetime) -> contexts.Editing:
    reasons = {
        one.name: found.reasons.get(one.name, {}).get("text", "")
        for one in obstacles.against(found.snapshot, now=now)
    }
    return again(found, Typed(_pairs(found), found.note, reasons, once.token()), now=now)


def again(
    found: Briefing, typed: Typed, *, now: datetime, errors: tuple[FieldError, ...] = (), refusal: str = "",
    stale: Problem | None = None,
) -> contexts.Editing:  # fmt: skip
    """The form with what was typed. A superseded draft leads to the newest one."""
    newest = publication.latest(found)
    last = len(typed.pairs)
    month = words.month(Month.of(found.month))
    return contexts.Editing(
        title=_("Edit the draft of %(month)s") % {"month": month},
        back=Link(_("Science Finance Briefing, %(month)s") % {"month": month},
                  reverse("web:briefing", args=[found.public_id])),
        url=reverse("web:briefing_edit", args=[found.public_id]),
        token=typed.token,
        points=tuple(
            contexts.Point(n, zh, en, n == 1, n == last) for n, (zh, en) in enumerate(typed.pairs, start=1)
        ),
        note=typed.note,
        reasons=tuple(
            contexts.Given(f"reason-{n}", one.name, words.say(one.text), typed.reasons.get(one.name, ""))
            for n, one in enumerate(obstacles.against(found.snapshot, now=now), start=1)
        ),
        is_by_rule=found.key_points is None,
        can_add=last < points.MOST_POINTS,
        longest=points.LONGEST,
        errors=errors,
        refusal=refusal,
        newest=reverse("web:briefing_edit", args=[newest.public_id]) if newest.pk != found.pk else "",
        since=tuple(words.say(error.message) for error in stale.errors) if stale else (),
    )  # fmt: skip


def placed(
    errors: tuple[FieldError, ...], typed: Typed, found: Briefing, *, now: datetime
) -> tuple[FieldError, ...]:
    """The refusals of the operation beside the fields of the form, one sentence a field; of a reason against what
    stands no longer, above the reasons."""
    shown = {
        one.name: f"reason-{n}" for n, one in enumerate(obstacles.against(found.snapshot, now=now), start=1)
    }
    above = "reasons" if shown else "points"
    reasons = [shown.get(name, above) for name, _text in typed.given(found)]
    beside: dict[str, list[str]] = {}
    for error in errors:
        name = error.field_id
        if point := _POINT.fullmatch(name):
            name = f"{point[1]}-{int(point[2]) + 1}"
        elif reason := _REASON.fullmatch(name):
            name = reasons[int(reason[1])]
        beside.setdefault("points" if name in ("key_points", "#", "") else name, []).append(error.text)
    return tuple(FieldError(name, words.say(words.SEMICOLON).join(texts)) for name, texts in beside.items())


def _pairs(found: Briefing) -> tuple[Pair, ...]:
    zh, en = ([plain(one) for one in publication.points_of(found, language)] for language in points.LANGUAGES)
    return tuple(zip(zh, en, strict=True))


def _line(typed: str) -> str:
    """Paragraphs become one: a point is a line."""
    return re.sub(r"\s*[\r\n]+\s*", " ", typed).strip()


def _count(text: str) -> int:
    return min(int(text), 50) if text.isascii() and text.isdigit() and len(text) < 4 else 0


def _faults(name: str, label: str, text: str, *, most: int, required: bool = False) -> list[FieldError]:
    try:
        if required and not text:
            raise fields.Unread("required")
        if len(text) > most:
            raise fields.Unread("max_length")
        fields.require_plain(text)
    except fields.Unread as unread:
        return [fields.said_of(unread, name=name, label=label)]
    return []
