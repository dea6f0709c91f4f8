"""Matters that need attention, with owner and due date: drafted by rules until a person edits them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from finance_hub.kernel.text import Text
from tasks import wording
from tasks.briefing.content.desk import Desk
from tasks.briefing.content.held import CENTRE, STANDINGS, Matter, Standing
from tasks.briefing.content.limits import (
    ALERT,
    WATCH,
    concentrated,
    measured,
    projects,
    tolerance,
    tolerances,
)
from tasks.briefing.layout import Block, Column, Section, Subheading, Table, Words
from tasks.models import Figure, Target

#: Small amounts left between stock and flow come from rounding at the bank, not from missing rows.
WATCHED_DIFFERENCE = Decimal(1)
#: Days after the month's end by which a matter drafted by rule is due.
DAYS = {
    "not-reported": 20,
    "difference": 30,
    "tolerance": 30,
    "concentration": 30,
    "fuse": 20,
    "lapsed": 30,
    "target": 50,
}
_DATASETS = {
    "flow": Text("当月发生额", "the loan events of the month"),
    "stock": Text("月末存量", "the month-end positions"),
}
_NO_UNIT = Text("未载明牵头单位", "No lead unit stated")


def section(desk: Desk) -> Section:
    matters = desk.held.matters if desk.held.matters is not None else by_rule(desk)
    blocks: list[Block] = [
        Subheading(desk.say("本期事项", "Matters of this issue")),
        _table(desk, matters),
        Subheading(desk.say("上期事项办理情况", "Matters of the last issue")),
        _carried(desk, desk.held.carried),
    ]
    if desk.held.reasons:
        blocks += [
            Subheading(desk.say("带条件发布的理由", "Why it is published all the same")),
            _reasons(desk),
        ]
    return Section(desk.say("需关注事项", "Matters for attention"), "attention", tuple(blocks))


def _table(desk: Desk, matters: tuple[Matter, ...]) -> Table:
    return Table(
        number=0,
        caption=desk.say("需关注事项", "Matters for attention"),
        unit="",
        columns=(
            Column(desk.say("事项", "Matter"), weight=3.4),
            Column(desk.say("责任单位", "Owner"), weight=1.5),
            Column(desk.say("办理时限", "Due"), "centre", 1.0),
        ),
        rows=tuple((one.what[desk.language], desk.text(one.owner), _day(desk, one.due)) for one in matters),
        empty_text=desk.say("本月无需关注事项", "Nothing needs attention this month"),
        source=desk.text(CENTRE),
    )


def _carried(desk: Desk, matters: tuple[Matter, ...]) -> Table:
    return Table(
        number=0,
        caption=desk.say("上期事项办理情况", "How the matters of the last issue stand"),
        unit="",
        columns=(
            Column(desk.say("事项", "Matter"), weight=3.0),
            Column(desk.say("责任单位", "Owner"), weight=1.4),
            Column(desk.say("办理时限", "Due"), "centre", 1.0),
            Column(desk.say("状态", "State"), "centre", 0.8),
            Column(desk.say("办理结果", "Outcome"), weight=1.8),
        ),
        rows=tuple(
            (
                one.what[desk.language], desk.text(one.owner), _day(desk, one.due),
                _standing(desk, one), desk.text(one.outcome) or wording.DASH,
            )
            for one in matters
        ),
        empty_text=desk.say("上期无结转事项", "Nothing was carried over from the last issue"),
        source=desk.text(CENTRE),
    )  # fmt: skip


def _standing(desk: Desk, one: Matter) -> str:
    """How far it has come by the end of the month; what should have been done by then is overdue."""
    if one.standing is Standing.OPEN and one.due is not None and one.due <= desk.month.last:
        return desk.say("逾期未办结", "overdue")
    return desk.text(STANDINGS[one.standing])


def _reasons(desk: Desk) -> Table:
    return Table(
        number=0,
        caption=desk.say("带条件发布的理由", "Why it is published all the same"),
        unit="",
        columns=(
            Column(desk.say("情形", "What stands against it"), weight=2.0),
            Column(desk.say("理由", "Reason"), weight=2.6),
            Column(desk.say("说明人", "Given by"), weight=1.0),
            Column(desk.say("日期", "Day"), "centre", 1.0),
        ),
        rows=tuple(
            (desk.text(one.against), one.why, one.by, _day(desk, one.on)) for one in desk.held.reasons
        ),
        empty_text=desk.say("无", "None"),
    )


def _day(desk: Desk, day: date | None) -> str:
    if day is None:
        return desk.say("未定", "not set")
    return day.isoformat() if desk.language == "en" else f"{day.year}年{day.month}月{day.day}日"


def by_rule(desk: Desk) -> tuple[Matter, ...]:
    """What the figures of the month ask for, the gravest first, in the language of the desk."""
    return tuple(_matters(desk))


def _matters(desk: Desk) -> Iterator[Matter]:
    yield from _limits(desk)
    yield from _fuses(desk)
    yield from _silent(desk)
    yield from _differences(desk)
    yield from _overdue(desk)


def _matter(desk: Desk, code: str, what: Words, owner: Text) -> Matter:
    due = desk.month.last + timedelta(days=DAYS[code.split("|")[0]])
    return Matter(code, {desk.language: what}, owner, due)


def _limits(desk: Desk) -> Iterator[Matter]:
    # A single project that has lost all it may is no matter any more: only one that has lost more.
    watched: list[tuple[Figure, tuple[str, ...]]] = [(figure, (ALERT, WATCH)) for figure in tolerances(desk)]
    watched += [(figure, (ALERT,)) for figure in projects(desk)]
    for figure, statuses in watched:
        held = tolerance(desk, figure)
        if held.status in statuses:
            share, rule = desk.shown(figure, places=1), held.name
            what = (
                desk.write(
                    "{rule}风险容忍度已用{share}，超过限额", "{rule}: {share} of the tolerance is used, above the limit",
                    rule=rule, share=share,
                )
                if held.status == ALERT
                else desk.write(
                    "{rule}风险容忍度已用{share}，达到预警线",
                    "{rule}: {share} of the tolerance is used, above its warning line", rule=rule, share=share,
                )
            )  # fmt: skip
            yield _matter(desk, f"tolerance|{figure.key}", what, held.owner)
    for one in concentrated(desk):
        if one.status in (ALERT, WATCH):
            above = (
                desk.say("超过限额", "above the limit")
                if one.status == ALERT
                else desk.say("达到预警线", "above the warning line")
            )
            what = desk.write(
                "{what}{held}，{above}", "{what}: {held}, {above}", what=measured(desk, one.rule),
                held=desk.headline(one.value), above=above,
            )  # fmt: skip
            yield _matter(desk, f"concentration|{one.value.key}", what, desk.unit_named(one.rule.owner_unit))
    lapsed = desk.now.get("tolerance.lapsed")
    if lapsed is not None and lapsed.value:
        what = desk.write(
            "{lapsed}项风险容忍度规则到期未续", "{lapsed} tolerance rules have lapsed without a successor",
            lapsed=desk.shown(lapsed),
        )  # fmt: skip
        yield _matter(desk, "lapsed", what, CENTRE)


def _fuses(desk: Desk) -> Iterator[Matter]:
    for figure in desk.now.all("pools.fuse", "pool_bank"):
        if "fuse-blown" in figure.notes:
            pool_zh, bank_zh = figure.label.split(" · ", 1)
            _pool, bank_en = figure.label_en.split(" · ", 1)
            what = desk.say(
                f"{pool_zh}对{bank_zh}达到熔断线，停办新业务",
                f"{figure.label_en}: the fuse line is reached, no new business",
            )
            yield _matter(desk, f"fuse|{figure.key}", what, Text(bank_zh, bank_en))


def _silent(desk: Desk) -> Iterator[Matter]:
    for reporter in desk.now.snapshot.not_reported:
        dataset = _DATASETS[reporter["dataset"]]
        what = desk.say(f"未报送{dataset.zh}", f"Has not reported {dataset.en}")
        code = f"not-reported|{reporter['code']}|{reporter['dataset']}"
        yield _matter(desk, code, what, Text(reporter["name"], reporter["name_en"]))


def _differences(desk: Desk) -> Iterator[Matter]:
    """Without the amount: it may be one firm's."""
    for figure in desk.now.all("loans.stock_flow_difference", "bank"):
        if figure.value is not None and abs(figure.value) > WATCHED_DIFFERENCE:
            what = desk.say(
                "月末存量与由发生额推得的余额不一致，须核对更正",
                "Month-end positions and events do not agree: to be checked and corrected",
            )
            yield _matter(desk, f"difference|{figure.key}", what, Text(figure.label, figure.label_en))


def _overdue(desk: Desk) -> Iterator[Matter]:
    """Reports on targets that are late, by the unit that owes them."""
    known = desk.now.all("target.reports_overdue", "responsible_unit")
    for figure in known:
        if figure.value:
            yield _owed(desk, figure)
    late = [target for target in desk.targets if not known and _is_overdue(desk, target)]
    if late:
        named = desk.listed(target.code for target in late[:8])
        more = "" if len(late) <= 8 else desk.say("等", " and others")
        what = desk.say(
            f"目标已过期限且未填报：{named}{more}",
            f"Targets past their deadline without a report: {named}{more}",
        )
        yield _matter(desk, "target|", what, Text("各责任单位", "Responsible units"))


def _owed(desk: Desk, figure: Figure) -> Matter:
    named = desk.listed(list(figure.notes)[:8])
    what = desk.write(
        "逾期未报目标{number}项：{named}{more}", "Overdue reports on targets, {number}: {named}{more}",
        number=desk.shown(figure), named=named, more="" if len(figure.notes) <= 8 else desk.say("等", " and others"),
    )  # fmt: skip
    owner = Text(figure.label, figure.label_en) if figure.key else _NO_UNIT
    return _matter(desk, f"target|{figure.key}", what, owner)


def _is_overdue(desk: Desk, target: Target) -> bool:
    silent = desk.value("target.value", "target", target.code) is None
    return silent and target.deadline is not None and target.deadline < desk.month.end
