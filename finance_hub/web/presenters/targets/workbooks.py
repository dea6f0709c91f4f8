"""The tables of the pages as workbooks: numbers as numbers, and a sheet that says what they are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from finance_hub.kernel.models import Person
from finance_hub.kernel.periods import SHANGHAI
from finance_hub.kernel.text import Text
from finance_hub.web.presenters.targets.course import Point
from finance_hub.web.presenters.targets.wanted import Wanted
from tasks import target_facts
from tasks.catalogue import BY_CODE
from tasks.catalogue.entry import Point as Figure
from tasks.standing import Board, Standing
from tasks.workbook import Missing, Rate, Row, Sheet, Value, write

#: The words of the statuses in both languages; pages say them in the reader's own.
STATUSES = {
    "on-track": Text("正常", "On track"), "behind": Text("滞后", "Behind"), "done": Text("已完成", "Done"),
    "overdue": Text("逾期未完成", "Past its deadline"), "not-reported": Text("未报送", "Not reported"),
    "undetermined": Text("无法判断", "Cannot be judged"),
}  # fmt: skip
_LIST = (
    Text("编号", "No."), Text("目标", "Target"), Text("牵头单位", "Lead unit"), Text("单位", "Unit"),
    Text("比较", "Comparison"), Text("目标值", "Target value"), Text("现值", "Present value"), Text("应达值", "Expected"),
    Text("超前", "Ahead"), Text("完成度", "Progress"), Text("状态", "Status"), Text("完成时限", "Deadline"),
    Text("重复于", "Same metric as"), Text("填报逾期天数", "Days a report is overdue"), Text("未明事项", "Open questions"),
)  # fmt: skip
_COURSE = (
    Text("月末", "End of month"),
    Text("现值", "Value"),
    Text("应达值", "Expected"),
    Text("超前", "Ahead"),
)
DEFINED = ("target.value", "target.expected", "target.ahead", "target.progress", "target.by_status")


def of_list(wanted: Wanted, board: Board, *, by: Person, now: datetime) -> bytes:
    rows = [Row(_cells(one)) for one in board.standings if wanted.fits(one)]
    listed = Sheet("目标 Targets", [_LIST], rows, [10, 44, 18, 10, 8, 16, 16, 16, 16, 10, 14, 12, 12, 10], 2)
    return write([listed, _meaning(board, by=by, now=now)], title="目标 Targets", created=now)


def of_target(one: Standing, points: Sequence[Point], board: Board, *, by: Person, now: datetime) -> bytes:
    expected = target_facts.line_of(one.fact, now.date())
    lacks = expected if isinstance(expected, str) else "not-in-force"
    rows = [
        Row(
            (
                point.month.last,
                _value(point.value, "not-reported"),
                _value(point.expected, lacks),
                _value(point.ahead, lacks if point.expected is None else "not-reported"),
            )
        )
        for point in points
    ]
    course = Sheet(one.target.pk, [_COURSE], rows, [14, 18], 1)
    about = [
        Row((Text("目标", "Target"), Text(one.target.text, one.target.text_en))),
        Row((Text("原文", "In the plan"), one.target.quote)),
        Row((Text("单位", "Unit"), one.target.unit)),
    ]
    meaning = _meaning(board, by=by, now=now, above=about)
    return write([course, meaning], title=f"目标 {one.target.pk}", created=now)


def _cells(one: Standing) -> tuple[Value, ...]:
    target, fact = one.target, one.fact
    lead: Value = Text(fact.lead_unit, fact.lead_unit_en) if fact.lead_unit else Missing("not-recorded")
    gone = one.value("target.progress")
    return (
        target.pk,
        Text(target.text, target.text_en),
        lead,
        target.unit,
        target.comparison,
        target.value,
        *(_value(one.value(code), one.reason(code)) for code in ("target.value", "target.expected", "target.ahead")),
        Rate(Figure(gone)) if gone is not None else Missing(one.reason("target.progress")),
        STATUSES[one.status] if one.status else Missing("not-scored" if fact.kind == "context" else "not-computed"),
        fact.deadline or Text("每年", "every year"),
        target.duplicate_of_id or "",
        one.days_overdue,
        len(fact.open_questions),
    )  # fmt: skip


def _value(value: Decimal | None, reason: str) -> Value:
    return Missing(reason) if value is None else value


def _meaning(board: Board, *, by: Person, now: datetime, above: Sequence[Row] = ()) -> Sheet:
    entries = [BY_CODE[code][0] for code in DEFINED]
    snapshot = board.snapshot
    rows = [
        *above,
        *(Row((entry.name, entry.definition)) for entry in entries),
        Row((Text("数据截至", "As of"), board.month.last if board.month else Missing("not-computed"))),
        Row((Text("数据快照", "Snapshot"), snapshot.public_id if snapshot else Missing("not-computed"))),
        Row((Text("导出人", "Exported by"), f"{by.full_name}（{by.username}）")),
        Row((Text("导出时间", "Exported at"), f"{now.astimezone(SHANGHAI):%Y-%m-%d %H:%M}")),
    ]
    return Sheet("口径 Definitions", [(Text("项目", "Item"), Text("说明", "Meaning"))], rows, [28, 90])
