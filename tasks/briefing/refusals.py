"""Why an edition is not what somebody wants of it."""

from __future__ import annotations

from collections.abc import Iterator

from finance_hub.kernel.periods import SHANGHAI
from finance_hub.kernel.problems import FieldError, Problem, StaleVersion
from finance_hub.kernel.text import Text
from tasks.models import Briefing

_NOBODY = Text("系统", "the system")
_FIELDS = {
    "key_points": Text("本期要点", "the key points"),
    "note": Text("版头标注", "the note at the head"),
    "reasons": Text("带条件发布的理由", "the reasons"),
    "snapshot_id": Text("数据快照", "the figures"),
}
_MATTERS = Text("需关注事项", "the matters for attention")


class NotADraft(Problem):
    code = "briefing-not-a-draft"
    status = 409
    title = Text("该简报不是待审草稿", "The briefing is not a draft")


class AlreadyCorrected(Problem):
    code = "briefing-not-correctable"
    status = 409
    title = Text("只能更正已印发的最新版次", "Only the newest published edition of an issue can be corrected")


class StaleDraft(StaleVersion):
    code = "stale-briefing"
    detail = Text(
        "{who}已修改：{what}。请打开最新一稿后再改",
        "{who} has changed: {what}. Open the newest draft, then change it",
    )

    @classmethod
    def since(cls, briefing: Briefing) -> StaleDraft:
        """Who has changed what in the editions that came after this one."""
        errors = tuple(_changes(briefing))
        who = "、".join(dict.fromkeys(error.context["by"] for error in errors)) or "?"
        what = {error.pointer: error.message for error in errors}
        named = [_FIELDS.get(pointer.removeprefix("#/"), _MATTERS) for pointer in what]
        joined = Text("、".join(one.zh for one in named), ", ".join(one.en for one in named))
        return cls(who=who, what=joined, errors=errors)


def _changes(briefing: Briefing) -> Iterator[FieldError]:
    later = Briefing.objects.select_related("drafted_by").filter(
        month=briefing.month, correction=briefing.correction, pk__gt=briefing.pk
    )
    before = briefing
    for after in later.order_by("pk"):
        differing = [name for name in _FIELDS if getattr(before, name) != getattr(after, name)]
        by_people = after.drafted_by is not None and differing != ["snapshot_id"]
        who = after.drafted_by.full_name if by_people and after.drafted_by else _NOBODY.zh
        at = after.drafted_at.astimezone(SHANGHAI).isoformat(timespec="seconds")
        for name in differing or ["matters"]:
            facts = {"field": name, "by": who, "at": at, "edition": after.public_id}
            said = Text("{by}于{at}修改了{what}", "{by} changed {what} at {at}")
            yield FieldError(
                "changed-since", f"#/{name}", said.fill(**facts, what=_FIELDS.get(name, _MATTERS)), facts
            )
        before = after
