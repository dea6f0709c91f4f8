"""Matters that need attention, with owner and due date; those of the last issue; reasons for publishing all the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal

from finance_hub.kernel.text import Text
from tasks import wording
from tasks.briefing.content.desk import Desk
from tasks.briefing.content.held import STANDINGS, Matter, Reason
from tasks.briefing.layout import Block, Column, Section, Table, Words
from tasks.models import Target

#: A tolerance used to this share is a matter for attention before it is exceeded.
WATCHED_SHARE = Decimal("0.8")
#: Small amounts left between stock and flow come from rounding at the bank, not from missing rows.
WATCHED_DIFFERENCE = Decimal(1)
#: Days after the month's end by which a matter drafted by rule is due.
DAYS = {"not-reported": 20, "difference": 30, "tolerance": 30, "target": 50}
_DATASETS = {
    "flow": Text("发生额", "loan events"),
    "stock": Text("月末存量", "month-end positions"),
}
_UNITS = Text("各责任单位", "Responsible units")


def section(
    desk: Desk, *, matters: Sequence[Matter], carried: Sequence[Matter], reasons: Sequence[Reason]
) -> Section:
    blocks: list[Block] = [_table(desk, matters), _carried(desk, carried)]
    if reasons:
        blocks.append(_reasons(desk, reasons))
    return Section(desk.say("需关注事项", "Matters for attention"), "attention", tuple(blocks))


def by_rule(desk: Desk) -> tuple[Matter, ...]:
    """What the figures of the month ask for, in the language of the desk."""
    return tuple(_matters(desk))


def _table(desk: Desk, matters: Sequence[Matter]) -> Table:
    return Table(
        number=11,
        caption=desk.say("需关注事项", "Matters for attention"),
        unit="",
        columns=(
            Column(desk.say("事项", "Matter"), weight=3.4),
            Column(desk.say("责任单位", "Owner"), weight=1.5),
            Column(desk.say("办理时限", "Due"), "centre", 1.2),
        ),
        rows=tuple(
            (one.what[desk.language], one.owner.say(desk.language), _day(desk, one.due)) for one in matters
        ),
        empty_text=desk.say("本月无需关注事项", "Nothing needs attention this month"),
    )


def _carried(desk: Desk, matters: Sequence[Matter]) -> Table:
    return Table(
        number=12,
        caption=desk.say("上期事项办理情况", "How the matters of the last issue stand"),
        unit="",
        columns=(
            Column(desk.say("事项", "Matter"), weight=3.0),
            Column(desk.say("责任单位", "Owner"), weight=1.4),
            Column(desk.say("办理时限", "Due"), "centre", 1.2),
            Column(desk.say("状态", "State"), "centre", 0.9),
            Column(desk.say("办理结果", "Outcome"), weight=1.8),
        ),
        rows=tuple(
            (
                one.what[desk.language], one.owner.say(desk.language), _day(desk, one.due),
                STANDINGS[one.standing].say(desk.language), one.outcome.say(desk.language) or wording.DASH,
            )
            for one in matters
        ),
        empty_text=desk.say("上期无结转事项", "Nothing was carried over from the last issue"),
    )  # fmt: skip


def _reasons(desk: Desk, reasons: Sequence[Reason]) -> Table:
    return Table(
        number=13,
        caption=desk.say("带条件发布的理由", "Why it is published all the same"),
        unit="",
        columns=(
            Column(desk.say("情形", "What stands against it"), weight=2.0),
            Column(desk.say("理由", "Reason"), weight=2.6),
            Column(desk.say("说明人", "Given by"), weight=1.0),
            Column(desk.say("日期", "Day"), "centre", 1.2),
        ),
        rows=tuple((one.against.say(desk.language), one.why, one.by, _day(desk, one.on)) for one in reasons),
        empty_text=desk.say("无", "None"),
    )


def _day(desk: Desk, day: date | None) -> str:
    if day is None:
        return desk.say("未定", "not set")
    return desk.say(f"{day.year}年{day.month}月{day.day}日", day.isoformat())


def _matter(desk: Desk, code: str, what: Words, owner: Text) -> Matter:
    due = desk.month.last + timedelta(days=DAYS[code.split("|")[0]])
    return Matter(code, {desk.language: what}, owner, due)


def _matters(desk: Desk) -> Iterator[Matter]:
    for reporter in desk.now.snapshot.not_reported:
        dataset = _DATASETS[reporter["dataset"]]
        what = desk.say(f"未报送{dataset.zh}", f"has not reported its {dataset.en}")
        code = f"not-reported|{reporter['code']}|{reporter['dataset']}"
        yield _matter(desk, code, what, Text(reporter["name"], reporter["name_en"]))
    for figure in desk.now.all("tolerance.used_share", "fund"):
        if figure.value is not None and figure.value >= WATCHED_SHARE:
            told = desk.write(
                "风险容忍度已用{share}",
                "{share} of the risk tolerance is used",
                share=desk.shown(figure, places=1),
            )
            yield _matter(desk, f"tolerance|{figure.key}", told, Text(figure.label, figure.label_en))
    for figure in desk.now.all("loans.stock_flow_difference", "bank"):
        if figure.value is not None and abs(figure.value) > WATCHED_DIFFERENCE:
            told = desk.write(
                "月末存量与发生额推得的余额相差{amount}", "positions and events differ by {amount}",
                amount=desk.headline(figure),
            )  # fmt: skip
            yield _matter(desk, f"difference|{figure.key}", told, Text(figure.label, figure.label_en))
    overdue = [target for target in desk.targets if _is_overdue(desk, target)]
    if overdue:
        codes = desk.say("、", ", ").join(target.code for target in overdue[:8])
        more = "" if len(overdue) <= 8 else desk.say("等", " and others")
        what = desk.say(
            f"目标已过期限且未填报：{codes}{more}",
            f"targets past their deadline without a report: {codes}{more}",
        )
        yield _matter(desk, "target|", what, _UNITS)


def _is_overdue(desk: Desk, target: Target) -> bool:
    silent = desk.value("target.value", "target", target.code) is None
    return silent and target.deadline is not None and target.deadline < desk.month.end
