"""One issue from one snapshot."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from finance_hub.kernel.periods import SHANGHAI, Month
from tasks import queries
from tasks.briefing.content import capital, credit, overview, policy
from tasks.briefing.content.desk import CHART_MONTHS, HISTORIC, Desk
from tasks.briefing.layout import Colophon, Issue, Language
from tasks.models import Snapshot


@dataclass(frozen=True)
class Facts:
    """What is known of the edition beside its figures. Without a number it is a draft."""

    language: Language
    issue_no: int | None = None
    total_no: int | None = None
    approved_at: datetime | None = None


def build(snapshot: Snapshot, *, facts: Facts) -> Issue:
    """The content tree of a month's briefing; reads stored figures only."""
    desk = _desk(snapshot, facts)
    say = desk.say
    month = desk.month
    return Issue(
        series=say("科创金融工作简报", "Science Finance Briefing"),
        title=say("全市科创金融运行情况", "Science finance in the city"),
        unit_name=say("市金融发展服务中心", "Municipal Finance Development Service Centre"),
        month_label=say(f"（{month.year}年{month.number}月）", f"({month})"),
        language=facts.language,
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
        ),
        issue_no=facts.issue_no,
        total_no=facts.total_no,
        date_label=_day(desk, facts.approved_at),
        classification_note=say("内部资料 注意保存", "Internal"),
        watermark=None if facts.issue_no else say("征求意见稿", "DRAFT"),
    )


def _desk(snapshot: Snapshot, facts: Facts) -> Desk:
    month = Month.of(snapshot.month)
    earlier = (month - (CHART_MONTHS - 1)).until(month)
    return Desk(
        language=facts.language,
        month=month,
        now=queries.figures_of(snapshot),
        history=queries.history(earlier, codes=HISTORIC, known_at=snapshot.known_at),
        targets=tuple(queries.targets()),
    )


def _stamp(at: datetime) -> str:
    return at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")


def _day(desk: Desk, at: datetime | None) -> str | None:
    if at is None:
        return None
    day = at.astimezone(SHANGHAI).date()
    return desk.say(f"{day.year}年{day.month}月{day.day}日", day.isoformat())
