"""One issue from one snapshot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.conf import settings

from finance_hub.kernel import days
from finance_hub.kernel.periods import SHANGHAI
from tasks.briefing.content import (
    annex,
    attention,
    deals,
    definitions,
    funds,
    guarantees,
    listings,
    loans,
    overview,
    restated,
    targets,
    tolerance,
)  # fmt: skip
from tasks.briefing.content import (
    key_points as points,
)
from tasks.briefing.content.desk import Desk
from tasks.briefing.content.held import CENTRE, Matter, Reason
from tasks.briefing.content.reading import desk_of
from tasks.briefing.content.tables import numbered as in_order
from tasks.briefing.layout import Colophon, Issue, Language, Section, Words
from tasks.models import Snapshot
from tasks.models.briefings import INTERNAL


def build(
    snapshot: Snapshot,
    *,
    language: Language,
    matters: Sequence[Matter] | None = None,
    carried: Sequence[Matter] = (),
    reasons: Sequence[Reason] = (),
    key_points: Sequence[Words] | None = None,
) -> Issue:
    """The content tree of a month's briefing as a draft; reads stored figures only.

    `matters` and `key_points` as people have edited them, by the rules where None; `carried` are the matters of the
    last issue as they stand now, `reasons` why the month is published in spite of what stands against it.
    """
    desk = desk_of(snapshot, language=language, matters=matters, carried=carried, reasons=reasons)
    return _issue(desk, points.drafted(desk) if key_points is None else tuple(key_points))


def matters_of(snapshot: Snapshot) -> tuple[Matter, ...]:
    """What the rules draft for the month, in both languages."""
    desk = desk_of(snapshot, language="zh-hans", matters=None, carried=(), reasons=())
    made = [attention.by_rule(one) for one in (desk, replace(desk, language="en"))]
    return tuple(replace(one, what={**one.what, **other.what}) for one, other in zip(*made, strict=True))


def _issue(desk: Desk, said: tuple[Words, ...]) -> Issue:
    say, month, snapshot = desk.say, desk.month, desk.now.snapshot
    tiles, sections = overview.tiles(desk), _sections(desk)
    meanings = definitions.section(desk, (said, tiles, *sections))
    return Issue(
        series=say("科创金融工作简报", "Science Finance Briefing"),
        title=say("全市科创金融运行情况", "Science finance in the city"),
        unit_name=say(CENTRE.zh, "Municipal Finance Development Service Centre"),
        month_label=say(f"（{month.year}年{month.number}月）", f"({month})"),
        language=desk.language,
        key_points=said,
        tiles=tiles,
        sections=in_order(desk, (*sections[:-1], meanings, sections[-1])),
        colophon=Colophon(
            snapshot_no=snapshot.public_id,
            fingerprint=snapshot.fingerprint,
            as_of_label=say(f"数据截至{desk.as_of}", f"Data as of {desk.as_of}"),
            generated_label=say(
                f"取数时间 {_stamp(snapshot.known_at)}", f"As known at {_stamp(snapshot.known_at)}"
            ),
            distribution=(
                say("报：市委、市政府领导", "To: the leaders of the city"),
                say("送：市财政局、科技局、经信局", "Copy: finance, science and economy bureaus"),
            ),
            # Where whoever scans it is told which issue has this data, and may hold a copy against the archive.
            verify_text=f"{settings.SITE_URL}/verify/{snapshot.fingerprint[:16]}",
        ),
        classification_note=say(INTERNAL, "Internal"),
        watermark=say("征求意见稿", "DRAFT"),
    )


def _sections(desk: Desk) -> tuple[Section, ...]:
    """But for the definitions, which stand before the last: the annex."""
    return (
        overview.section(desk),
        funds.section(desk),
        deals.section(desk),
        loans.section(desk),
        guarantees.section(desk),
        listings.section(desk),
        tolerance.section(desk),
        targets.section(desk),
        attention.section(desk),
        restated.section(desk),
        annex.section(desk),
    )


def numbered(draft: Issue, *, issue_no: int, total_no: int, approved_at: datetime) -> Issue:
    """The draft as the issue of that number, with the day of its approval and without its watermark."""
    day = days.today(approved_at)
    return replace(
        draft,
        issue_no=issue_no,
        total_no=total_no,
        date_label=day.isoformat() if draft.language == "en" else f"{day.year}年{day.month}月{day.day}日",
        watermark=None,
    )


def _stamp(at: datetime) -> str:
    return at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
