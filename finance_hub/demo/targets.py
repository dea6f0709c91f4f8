"""What departments report on the plan's targets, who approves it, and how open questions are answered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from finance_hub.demo.chance import Chance
from finance_hub.demo.people import People
from finance_hub.demo.timeline import Timeline, moment, recorded, workday
from finance_hub.kernel.models import Person
from tasks import targets
from tasks.models import TargetReport

#: Printed unit → the organisation that it is.
UNITS = {
    "科技局": "science-bureau", "经信局": "economy-bureau", "组织部人才办": "talent-office",
    "统计局": "statistics-bureau", "财政局": "finance-bureau",
}  # fmt: skip
SETTLED_ON = date(2024, 12, 3)
#: Invented answers: no document of this city is known. The other questions stay open.
ANSWERS: tuple[dict[str, Any], ...] = (
    *(
        {"code": code, "words": f"由{unit}牵头", "lead_unit": unit,
         "document": "《行动方案责任分工（示例）》示例〔2024〕21号"}
        for code, unit in (
            ("lead-s2-01", "统计局"), ("lead-s2-06", "科技局"), ("lead-s2-07", "科技局"),
            ("lead-s2-08", "组织部人才办"), ("lead-s4-2-01", "财政局"),
        )
    ),
    {
        "code": "deadline-inferred", "words": "实施期顺延，完成时限为2027年底", "deadline": date(2027, 12, 31),
        "document": "《关于顺延行动方案实施期的通知（示例）》示例〔2024〕30号",
    },
    {
        "code": "spending-period", "words": "按实施期合计", "yearly": False,
        "document": "《行动方案统计口径说明（示例）》示例〔2024〕33号",
    },
    {
        "code": "size-basis", "words": "按认缴规模计算",
        "document": "《行动方案统计口径说明（示例）》示例〔2024〕33号",
    },
)  # fmt: skip
BASELINE = date(2021, 12, 31)
#: Target → who reports, and the value at the baseline. S3-3-06 and S3-4-02 have none yet.
BASELINES = {
    "S2-01": ("statistics", "2.84"), "S2-02": ("maker", "60.2"), "S3-1-01": ("science", "22"),
    "S3-1-04": ("science", "20"), "S3-3-05": ("economy", "72.0"), "S3-4-01": ("economy", "16.8"),
}  # fmt: skip
REPORTED_ON = (date(2024, 12, 31), date(2025, 6, 30), date(2025, 12, 31), date(2026, 6, 30))
#: Target → who reports, and the values of the four half-years. The other targets stay unreported.
REPORTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "S2-01": ("statistics", ("3.21", "3.30", "3.42", "3.47")),
    # Its lead unit is still an open question: the centre reports what the statistics bureau writes.
    "S2-02": ("maker", ("64.8", "66.1", "67.9", "69.2")),
    "S2-06": ("science", ("9", "14", "19", "23")),
    "S2-07": ("science", ("1", "2", "2", "3")),
    "S2-08": ("talent", ("3", "5", "8", "9")),
    "S2-10": ("talent", ("0", "1", "1", "2")),
    "S3-1-01": ("science", ("15", "13", "12", "11")),
    "S3-1-03": ("science", ("0", "0", "1", "1")),
    "S3-1-04": ("science", ("26", "29", "32", "34")),
    "S3-3-02": ("science", ("38", "61", "84", "103")),
    "S3-3-03": ("science", ("3", "5", "7", "8")),
    "S3-3-04": ("statistics", ("6120000000", "6950000000", "7830000000", "8410000000")),
    "S3-3-05": ("economy", ("81.5", "84.0", "86.7", "88.3")),
    "S3-3-06": ("economy", ("71.2", "74.4", "77.0", "79.1")),
    "S3-4-01": ("economy", ("20.4", "21.8", "23.5", "24.6")),
    "S3-4-02": ("economy", ("24.1", "26.0", "28.8", "30.6")),
    "S3-5-01": ("science", ("34", "57", "79", "96")),
    "S3-5-02": ("science", ("31", "52", "78", "101")),
    "S3-5-04": ("science", ("2480000000", "3120000000", "3790000000", "4230000000")),
    "S3-6-03": ("talent", ("41", "58", "77", "92")),
    "S3-6-05": ("talent", ("2", "3", "5", "6")),
    "S3-6-07": ("talent", ("11200", "16800", "22900", "27400")),
    "S3-7-01": ("talent", ("17", "27", "38", "46")),
    "S3-7-06": ("talent", ("0", "1", "1", "2")),
    "S4-2-01": ("finance", ("18.2", "20.6", "21.3", "20.4")),
}
QUARTER = date(2026, 9, 30)
#: The last quarter, and what came of it: S3-1-04 is overdue, S3-3-05 was sent back and is overdue again.
LAST_QUARTER = {
    "S3-1-01": ("10", "approved"), "S3-1-03": ("1", "approved"), "S3-3-02": ("108", "approved"),
    "S3-3-04": ("8720000000", "waiting"), "S3-3-05": ("88.9", "rejected"), "S3-3-06": ("79.4", "approved"),
    "S3-4-01": ("24.8", "waiting"), "S3-4-02": ("30.9", "approved"), "S3-6-05": ("6", "approved"),
    "S3-6-07": ("28350", "approved"), "S3-7-06": ("2", "approved"),
}  # fmt: skip
SENT_BACK = "证据为上半年报表，请补第三季度报表（示例）"


def settle(*, people: People, timeline: Timeline) -> None:
    """The centre says who the printed units are, and answers some of what the plan leaves open."""
    maker = people["maker"]
    for number, (unit, organisation) in enumerate(UNITS.items()):
        timeline.add(moment(SETTLED_ON, hour=9, minute=number), _assign(unit, organisation, maker))
    for number, said in enumerate(ANSWERS):
        timeline.add(moment(SETTLED_ON, hour=10, minute=number), _answer(said, maker))


def report(*, people: People, timeline: Timeline, dice: Chance) -> None:
    """Departments report half-yearly, some weeks late; the approver looks at it the next working day."""
    for code, (reporter, value) in BASELINES.items():
        at = moment(SETTLED_ON + timedelta(days=1), hour=15)
        _tell(code, BASELINE, value, people[reporter], at, people=people, timeline=timeline)
    for code, (reporter, values) in REPORTS.items():
        for day, value in zip(REPORTED_ON, values, strict=True):
            at = recorded(day, dice, after=(8, 24))
            _tell(code, day, value, people[reporter], at, people=people, timeline=timeline)
    for code, (last, outcome) in LAST_QUARTER.items():
        author, at = people[REPORTS[code][0]], recorded(QUARTER, dice, after=(10, 18))
        _tell(code, QUARTER, last, author, at, outcome=outcome, people=people, timeline=timeline)


def _tell(
    code: str, day: date, value: str, author: Person, at: datetime, *, outcome: str = "approved", people: People,
    timeline: Timeline,
) -> None:  # fmt: skip
    timeline.add(at, _report(code, day, Decimal(value), author))
    if outcome != "waiting":
        next_day = moment(workday(at.date() + timedelta(days=1)), hour=11)
        timeline.add(next_day, _decide(day, author, people["approver"], code=code, outcome=outcome))


def _report(code: str, day: date, value: Decimal, author: Person) -> Callable[[datetime], object]:
    evidence = f"{author.organisation.name}统计报表（示例）{day.year}年{day.month}月"
    return lambda now: targets.report(code, as_of=day, value=value, evidence=evidence, by=author, now=now)


def _decide(
    day: date, author: Person, approver: Person, *, code: str, outcome: str
) -> Callable[[datetime], object]:
    def act(now: datetime) -> None:
        waiting = TargetReport.objects.filter(reported_by=author, as_of=day, decision=None)
        same = waiting.filter(target__duplicates=code) | waiting.filter(target=code)
        sent = same.get().public_id
        if outcome == "rejected":
            targets.reject(sent, reason=SENT_BACK, by=approver, now=now)
        else:
            targets.approve(sent, by=approver, now=now)

    return act


def _assign(unit: str, organisation: str, by: Person) -> Callable[[datetime], object]:
    return lambda now: targets.assign_unit(unit, organisation=organisation, by=by, now=now)


def _answer(said: dict[str, Any], by: Person) -> Callable[[datetime], object]:
    return lambda now: targets.answer(**said, effective_date=SETTLED_ON - timedelta(days=4), by=by, now=now)
