"""What is asked for and set by a job: a draft, an edited draft, a correction."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson
from django.db import transaction

from finance_hub.kernel import audit, jobs
from finance_hub.kernel.models import Job, Person
from finance_hub.kernel.periods import Month
from finance_hub.kernel.problems import FieldError, InvalidFields, Problem, refuse
from finance_hub.kernel.text import Text
from tasks import obstacles, queries
from tasks.briefing import points
from tasks.briefing.refusals import AlreadyCorrected, NotADraft, StaleDraft
from tasks.inputs import inputs_version
from tasks.models import Briefing
from tasks.publication.reading import UNFINISHED, EditUnderWay, find, tree_of
from tasks.schedule import enqueue_month

LONGEST_NOTE, LONGEST_REASON, LONGEST_OCCASION = 40, 300, 500
#: What it is given against, and its text.
Reason = tuple[str, str]
#: A paper above internal belongs on another network.
_SECRET = re.compile("秘密|机密|绝密|祕密|機密|絕密|secret|confidential", re.IGNORECASE)


class MonthStillRuns(Problem):
    code = "month-still-runs"
    status = 409
    title = Text("该月份尚未结束，不能编制简报", "The month is not over: it has no briefing yet")


class StateSecret(Problem):
    code = "state-secret"
    status = 422
    title = Text("本系统不处理国家秘密", "This system holds no state secrets")
    detail = Text(
        "版头不得标注秘密、机密、绝密；涉密文件须在涉密网络中编制",
        "The head may not bear a degree of secrecy: such a paper is written on a network of its own",
    )


class NothingToCorrect(Problem):
    code = "briefing-not-published"
    status = 409
    title = Text("只有已印发的简报可以更正", "Only a published issue is corrected")


_FOR_NOTHING = Text("没有这一情形", "There is no such obstacle")
_TWICE = Text("同一情形只能写一条理由", "One reason is given against each obstacle")
_TOO_LONG = Text(f"最多{LONGEST_REASON}字", f"At most {LONGEST_REASON} letters")


def request_draft(month: Month, *, by: Person, now: datetime) -> Job:
    """A job that computes the month and drafts its briefing, for which `by` answers. Raises MonthStillRuns."""
    if Month.of(now) <= month:
        raise MonthStillRuns
    with transaction.atomic():
        job, fresh = enqueue_month(month, version=inputs_version(), requested_by=by)
        if fresh:
            audit.record("briefing.request", actor=by, subject=f"month:{month}", at=now)
    return job


def request_edit(
    public_id: str,
    *,
    key_points: Mapping[str, Sequence[str]] | None = None,
    by_rule: bool = False,
    note: str | None = None,
    reasons: Sequence[Reason] | None = None,
    by: Person,
    now: datetime,
) -> Job:
    """A job that sets the draft with what is changed in it, as a new draft for which `by` answers.

    `key_points` by language, or `by_rule` as the figures draft them; `reasons` with the name of what each is given
    against, "" takes one back. Raises NotFound, NotADraft, StaleDraft, EditUnderWay, StateSecret, InvalidFields.
    """
    with transaction.atomic():
        briefing = find(public_id)
        if briefing.state == "superseded":
            raise StaleDraft.since(briefing)
        if briefing.state != "draft":
            raise NotADraft
        changes: dict[str, Any] = {}
        if by_rule:
            changes["key_points"] = None
        elif key_points is not None:
            changes["key_points"] = _tied(briefing, key_points)
        if note is not None:
            changes["note"] = _checked_note(note)
        if reasons is not None:
            changes["reasons"] = _given(briefing, reasons, by=by, now=now)
        changes = {name: value for name, value in changes.items() if value != getattr(briefing, name)}
        if not changes:
            raise refuse("#", "nothing-to-change", "没有要修改的内容", "There is nothing to change")
        job, fresh = _enqueue(briefing, changes, by=by)
        if fresh:
            audit.record(
                "briefing.edit", actor=by, subject=f"briefing:{public_id}", at=now, changes=sorted(changes)
            )
    return job


def request_correction(public_id: str, *, occasion: str, by: Person, now: datetime) -> Job:
    """A job that drafts a correction of a published issue from the figures as known now, for which `by` answers.

    Raises NotFound, InvalidFields, NothingToCorrect, AlreadyCorrected.
    """
    if not occasion.strip() or len(occasion) > LONGEST_OCCASION:
        raise refuse(
            "#/occasion", "occasion-missing", "请写明更正原因，最多{most}字",
            "Say what occasions the correction, in at most {most} letters", most=str(LONGEST_OCCASION),
        )  # fmt: skip
    with transaction.atomic():
        briefing = find(public_id)
        if briefing.state != "published":
            raise NothingToCorrect
        issued = Briefing.objects.filter(month=briefing.month, state__in=["approved", "published"])
        if issued.filter(correction__gt=briefing.correction).exists():
            raise AlreadyCorrected
        payload = {"briefing": public_id, "occasion": occasion.strip()}
        said = _digest([payload, inputs_version(), by.pk])
        job, fresh = _once("correction", f"correction:{public_id}:{said}", payload, by=by)
        if fresh:
            audit.record(
                "briefing.correct",
                actor=by,
                subject=f"briefing:{public_id}",
                at=now,
                occasion=occasion.strip(),
            )
    return job


def _tied(briefing: Briefing, typed: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    issues = {language: tree_of(briefing, language) for language in points.LANGUAGES}
    known = {language: issue for language, issue in issues.items() if issue is not None}
    if len(known) < len(issues):
        raise NotADraft
    return points.tied(typed, known, targets=[target.value for target in queries.targets()])


def _checked_note(note: str) -> str:
    """Raises StateSecret, InvalidFields."""
    if _SECRET.search(re.sub(r"[\s\u3000·•.]", "", unicodedata.normalize("NFKC", note))):
        raise StateSecret(errors=(FieldError("state-secret", "#/note", StateSecret.title),))
    if len(note) > LONGEST_NOTE:
        raise refuse("#/note", "max_length", "最多{most}字", "At most {most} letters", most=str(LONGEST_NOTE))
    return note.strip()


def _given(briefing: Briefing, typed: Sequence[Reason], *, by: Person, now: datetime) -> dict[str, Any]:
    """The reasons of the edition with those typed now. Raises InvalidFields for what stands against nothing, is given
    twice, or is too long."""
    standing = {one.name: one for one in obstacles.against(briefing.snapshot, now=now)}
    names = [name for name, _text in typed]
    errors: list[FieldError] = []
    for place, (name, text) in enumerate(typed):
        against, long = f"#/reasons/{place}/against", len(text) > LONGEST_REASON
        errors += [FieldError("reason-for-nothing", against, _FOR_NOTHING)] if name not in standing else []
        errors += [FieldError("reason-given-twice", against, _TWICE)] if name in names[:place] else []
        errors += [FieldError("max_length", f"#/reasons/{place}/text", _TOO_LONG)] if long else []
    if errors:
        raise InvalidFields(errors=tuple(errors))
    found = dict(briefing.reasons)
    for name, text in typed:
        if not text.strip():
            found.pop(name, None)
        elif found.get(name, {}).get("text") != text.strip():
            said = standing[name].text
            found[name] = {
                "against": {"zh": said.zh, "en": said.en}, "text": text.strip(), "by": by.full_name,
                "at": now.isoformat(),
            }  # fmt: skip
    return found


def _enqueue(briefing: Briefing, changes: dict[str, Any], *, by: Person) -> tuple[Job, bool]:
    """One job an edit; another edit of the same draft waits. Raises EditUnderWay."""
    payload = {"briefing": briefing.public_id, "changes": changes}
    compared = {name: value for name, value in changes.items() if name != "reasons"}
    compared["reasons"] = {name: one["text"] for name, one in changes.get("reasons", {}).items()}
    key = f"edition:{briefing.public_id}:{_digest([compared, by.pk])}"
    others = Job.objects.filter(
        kind="edition", payload__briefing=briefing.public_id, state__in=UNFINISHED
    ).exclude(dedupe_key__startswith=key)
    if others.exists():
        raise EditUnderWay
    return _once("edition", key, payload, by=by)


def _once(kind: str, key: str, payload: dict[str, Any], *, by: Person) -> tuple[Job, bool]:
    """The same job for the same wish, unless that one failed or was stopped."""
    ended = Job.objects.filter(
        kind=kind, dedupe_key__startswith=key, state__in=["failed", "cancelled"]
    ).count()
    return jobs.enqueue(kind, dedupe_key=f"{key}:{ended}", payload=payload, requested_by=by)


def _digest(said: Any) -> str:
    return hashlib.sha256(orjson.dumps(said, option=orjson.OPT_SORT_KEYS)).hexdigest()[:24]
