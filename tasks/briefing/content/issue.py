"""One issue from one snapshot."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.conf import settings

from finance_hub.kernel.periods import SHANGHAI, Month
from tasks import queries
from tasks.briefing.content import capital, credit, overview, policy
from tasks.briefing.content.desk import CHART_MONTHS, HISTORIC, Desk
from tasks.briefing.layout import Colophon, Issue, Language
from tasks.models import Snapshot
from tasks.models.briefings import INTERNAL


def build(snapshot: Snapshot, *, language: Language) -> Issue:
    """The content tree of a month's briefing as a draft; reads stored figures only."""
    desk = _desk(snapshot, language)
    say = desk.say
    month = desk.month
    return Issue(
        series=say("科创金融工作简报", "Science Finance Briefing"),
        title=say("全市科创金融运行情况", "Science finance in the city"),
        unit_name=say("市金融发展服务中心", "Municipal Finance Development Service Centre"),
        month_label=say(f"（{month.year}年{month.number}月）", f"({month})"),
        language=language,
        key_points=overview.key_points(desk),
        tiles=overview.tiles(desk),
        sections=(
            overview.section(desk),
            capital.funds(desk),
            capital.deals(desk),
            credit.loans(desk),
            credit.guarantees(desk),
            policy.listings(desk),
            policy.tolerance(desk),
            policy.targets(desk),
            policy.attention(desk),
            policy.definitions(desk),
        ),
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


def numbered(draft: Issue, *, issue_no: int, total_no: int, approved_at: datetime) -> Issue:
    """The draft as the issue of that number, with the day of its approval and without its watermark."""
    day = approved_at.astimezone(SHANGHAI).date()
    return replace(
        draft,
        issue_no=issue_no,
        total_no=total_no,
        date_label=day.isoformat() if draft.language == "en" else f"{day.year}年{day.month}月{day.day}日",
        watermark=None,
    )


def _desk(snapshot: Snapshot, language: Language) -> Desk:
    month = Month.of(snapshot.month)
    earlier = (month - (CHART_MONTHS - 1)).until(month)
    return Desk(
        language=language,
        month=month,
        now=queries.figures_of(snapshot),
        history=queries.history(earlier, codes=HISTORIC, known_at=snapshot.known_at),
        targets=tuple(queries.targets()),
    )


def _stamp(at: datetime) -> str:
    return at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
