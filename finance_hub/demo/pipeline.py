"""Firms on their way to a listing, as the centre follows them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from finance_hub.demo import naming
from finance_hub.demo.chance import Chance
from finance_hub.demo.people import People
from finance_hub.demo.registry import Enterprise
from finance_hub.demo.timeline import Timeline, recorded, workday
from listings import operations
from listings.models import ListingAttempt
from listings.stages import ROAD

#: Days from a stage of the road to the next.
DWELL = (
    (120, 240), (60, 150), (100, 220), (15, 40), (4, 7), (15, 30), (90, 190), (15, 40), (15, 35), (18, 30),
)  # fmt: skip
EVIDENCE = {
    "cultivation": "上市后备企业名单", "share_reform": "股份公司营业执照", "tutoring_filed": "辅导备案公示",
    "tutoring_accepted": "验收工作完成函", "applied": "申报文件签收回执", "accepted": "交易所受理通知",
    "inquiry": "审核问询函", "committee": "上市委审议会议公告", "registration_submitted": "提交注册公示",
    "registered": "同意注册批复", "listed": "上市公告书", "suspended": "中止审核公示", "withdrawn": "撤回申请公告",
}  # fmt: skip
REASONS = {"suspended": "财务资料已过有效期，须补充提交", "withdrawn": "业绩不及预期，主动撤回"}


@dataclass(frozen=True)
class Course:
    """An attempt: along the road to `furthest`, reached on `reached_on`; then perhaps an `ending`.

    One that was `held` up came to a stop in its inquiry and returned to it.
    """

    board: str
    furthest: str
    reached_on: date
    ending: str = ""
    held: bool = False


@dataclass(frozen=True)
class Walk:
    """A firm's attempt with the stages that it enters and their days."""

    firm: Enterprise
    course: Course
    steps: list[tuple[str, date]]


#: The two firms that have gone public; the funds hold them, the banks lend to them.
CHAMPIONS = (
    Course("star", "listed", date(2025, 8, 20)),
    Course("chinext", "listed", date(2026, 6, 18)),
)
OTHERS = (
    Course("star", "inquiry", date(2026, 7, 9)),
    Course("chinext", "registration_submitted", date(2026, 10, 13), held=True),
    Course("chinext", "inquiry", date(2026, 1, 22), ending="suspended"),
    Course("main", "inquiry", date(2025, 5, 15), ending="withdrawn"),
    Course("beijing", "tutoring_accepted", date(2026, 9, 24)),
    Course("star", "tutoring_filed", date(2026, 5, 19)),
    Course("chinext", "tutoring_filed", date(2026, 8, 11)),
    Course("beijing", "share_reform", date(2026, 4, 14)),
    Course("chinext", "share_reform", date(2026, 6, 30)),
    Course("star", "tutoring_filed", date(2025, 9, 16), ending="withdrawn"),
    Course("star", "cultivation", date(2025, 11, 5)),
    Course("chinext", "cultivation", date(2026, 3, 12)),
    Course("hong_kong", "cultivation", date(2026, 9, 2)),
)
#: The firm that withdrew from the main board tries again, where it fits better.
SECOND_TRY = Course("beijing", "share_reform", date(2026, 9, 21))
#: A way that begins later than this is known from its beginning.
FOUNDED_BY = date(2021, 12, 31)


def champions(firms: list[Enterprise]) -> list[Enterprise]:
    """The two oldest firms of the growing kind, which go public."""
    fit = [
        firm for firm in firms
        if firm.by_hand and not firm.fails_on and firm.stage in {"growth", "expansion"}
    ]  # fmt: skip
    return sorted(fit, key=lambda firm: (firm.founded_on, firm.uscc))[: len(CHAMPIONS)]


def follow(
    firms: list[Enterprise], *, leading: list[Enterprise], people: People, timeline: Timeline, dice: Chance
) -> list[Walk]:
    """Put every attempt on the timeline: those of the leading firms and of some others."""
    walks = [
        _attempt(firm, course, people=people, timeline=timeline, dice=dice)
        for firm, course in zip(leading, CHAMPIONS, strict=False)
    ]
    fit = [
        firm for firm in firms
        if firm.by_hand and firm not in leading and not firm.fails_on
        and firm.founded_on <= FOUNDED_BY and firm.stage != "seed"
    ]  # fmt: skip
    for firm, course in zip(dice.some(fit, len(OTHERS)), OTHERS, strict=False):
        walks.append(_attempt(firm, course, people=people, timeline=timeline, dice=dice))
        if course.board == "main":
            walks.append(_attempt(firm, SECOND_TRY, people=people, timeline=timeline, dice=dice))
    return walks


def _attempt(firm: Enterprise, course: Course, *, people: People, timeline: Timeline, dice: Chance) -> Walk:
    steps = _steps(course, dice)
    for number, (stage, day) in enumerate(steps):
        act = (
            _begin(firm, course, stage, day, people)
            if number == 0
            else enter(firm, course, stage, day, people)
        )
        timeline.add(recorded(day, dice, after=(1, 3)), act)
    return Walk(firm, course, steps)


def _steps(course: Course, dice: Chance) -> list[tuple[str, date]]:
    """The stages with their days, backwards from the furthest one; an ending comes two months after it."""
    last = ROAD.index(course.furthest)
    days = [course.reached_on]
    for low, high in reversed(DWELL[:last]):
        days.append(workday(days[-1] - timedelta(days=dice.randint(low, high))))
    steps = list(zip(ROAD[: last + 1], reversed(days), strict=True))
    if course.ending:
        steps.append((course.ending, workday(course.reached_on + timedelta(days=dice.randint(50, 70)))))
    return steps


def _begin(
    firm: Enterprise, course: Course, stage: str, day: date, people: People
) -> Callable[[datetime], object]:
    return lambda now: operations.start_attempt(
        uscc=firm.uscc, board=course.board, stage=stage, effective_date=day, evidence=_evidence(stage),
        by=people["maker"], now=now,
    )  # fmt: skip


def enter(
    firm: Enterprise, course: Course, stage: str, day: date, people: People
) -> Callable[[datetime], object]:
    def act(now: datetime) -> None:
        attempt = ListingAttempt.objects.get(firm__uscc=firm.uscc, board=course.board)
        operations.enter_stage(
            attempt=attempt.public_id, stage=stage, effective_date=day, evidence=_evidence(stage),
            reason=REASONS.get(stage, ""), by=people["maker"], now=now,
        )  # fmt: skip

    return act


def _evidence(stage: str) -> str:
    return f"{EVIDENCE[stage]}{naming.MARK}"
