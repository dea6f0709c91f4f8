"""The same tables as workbooks: numbers are numbers, and a sheet says what they mean 口径."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal

from django.http import QueryDict

from finance_hub.kernel.periods import SHANGHAI
from finance_hub.kernel.problems import NotFound
from finance_hub.kernel.text import Text
from finance_hub.web.presenters.figures.lines import RECORDS
from finance_hub.web.presenters.figures.records import asked
from finance_hub.web.presenters.figures.restatement import Pair
from tasks import restatement
from tasks.catalogue import Unit, entry_of
from tasks.models import Snapshot
from tasks.records.reading import Line, lines, totals
from tasks.records.recorded import recorded
from tasks.workbook import Missing, Row, Sheet, Value, write

#: A file holds the largest so many; the notes say how many there are.
MOST = 20_000
_LINES = (
    Text("记录", "Record"), Text("编号", "Number"), Text("内容", "About"), Text("报送机构", "Reporter"),
    Text("发生日", "Day"), Text("入账时间", "Recorded"), Text("分子/分母", "Part"), Text("金额", "Amount"),
)  # fmt: skip
_CHANGES = (
    Text("指标", "Figure"), Text("代码", "Code"), Text("范围", "Scope"), Text("对象", "Of"), Text("单位", "Unit"),
    Text("原值", "Old"), Text("新值", "New"), Text("差额", "Difference"),
)  # fmt: skip
_WIDTHS = (22, 30, 36, 16, 12, 20, 12, 18)
_NAMES = Text("名称", "Name"), Text("说明", "Meaning")


def of_records(params: QueryDict, *, now: datetime) -> tuple[str, bytes]:
    """(file name, content) of the records behind a figure. Raises NotFound."""
    snapshot, figure = asked(params)
    source, reading = restatement.source_of(figure.code, figure.scope), restatement.reading_of(snapshot)
    found = lines(source, reading, key=figure.key, limit=MOST)
    summed, entry = totals(source, reading, key=figure.key), entry_of(figure.code, figure.scope)
    notes: list[tuple[Text, Value]] = [
        (Text("指标", "Figure"), entry.name),
        (Text("口径", "Definition"), entry.definition),
        (Text("对象", "Of"), Text(figure.label or figure.key, figure.label_en or figure.key)),
        (
            Text("所存数值", "Stored value"),
            Missing(figure.reason) if figure.value is None else _plain(figure.value),
        ),
        (Text("记录笔数", "Records"), summed.number),
        (Text("合计", "Sum"), summed.amount if not summed.over and not summed.under else None),
        (Text("分子", "Numerator"), summed.over or None),
        (Text("分母", "Denominator"), summed.under or None),
        (Text("说明", "Note"), source.why),
        *_of(snapshot),
        (Text("最多列出", "Listed at most"), MOST),
    ]
    sheets = [
        Sheet("记录 Records", [_LINES], [Row(_cells(one)) for one in found], _WIDTHS, 1),
        Sheet("口径 Notes", [_NAMES], [Row(note) for note in notes], (24, 70)),
    ]
    name = f"{figure.code}_{figure.key or 'city'}_{snapshot.public_id}.xlsx".replace("|", "_").replace(
        ":", "_"
    )
    return name, write(sheets, title=entry.name.en, created=now)


def of_restatement(params: QueryDict, *, now: datetime) -> tuple[str, bytes]:
    """(file name, content) of the figures that differ and of the records between. Raises NotFound."""
    pair = Pair.read(params)
    if pair is None:
        raise NotFound
    changes = restatement.changes(pair.old, pair.new, limit=MOST)
    rows = recorded(restatement.between(pair.old, pair.new), limit=MOST)
    moved = (*_LINES[:6], _LINES[7], Text("涉及指标", "Figures that read it"))
    notes: list[tuple[Text, Value]] = [
        (Text("较早快照", "Older snapshot"), pair.old.public_id),
        *_of(pair.old),
        (Text("较晚快照", "Newer snapshot"), pair.new.public_id),
        *_of(pair.new),
        (Text("变动指标数", "Figures that differ"), restatement.count(pair.old, pair.new)),
        (Text("最多列出", "Listed at most"), MOST),
        *(
            (entry.name, entry.definition)
            for entry in dict.fromkeys(entry_of(one.code, one.scope) for one in changes)
        ),
    ]
    sheets = [
        Sheet("变动 Changes", [_CHANGES], [Row(_changed(one)) for one in changes], (28, 26, 14, 30, 10, 20, 20, 20), 1),
        Sheet(
            "记录 Records", [moved],
            [Row((*_cells(one)[:6], one.amount, "、".join(one.moves))) for one in rows], (*_WIDTHS[:6], 18, 60), 1,
        ),
        Sheet("口径 Notes", [_NAMES], [Row(note) for note in notes], (30, 70)),
    ]  # fmt: skip
    name = f"restatement_{pair.month}_{pair.old.public_id}_{pair.new.public_id}.xlsx"
    return name, write(sheets, title=f"Restatement {pair.month}", created=now)


def _of(snapshot: Snapshot) -> Iterable[tuple[Text, Value]]:
    yield Text("快照", "Snapshot"), snapshot.public_id
    yield Text("截至所知", "As known at"), _moment(snapshot.known_at)
    yield Text("指纹", "Fingerprint"), snapshot.fingerprint


def _cells(one: Line) -> Sequence[Value]:
    part = {"over": Text("分子", "numerator"), "under": Text("分母", "denominator")}.get(one.part)
    return (
        Text(_zh(one.record), RECORDS[one.record]), one.ref, one.about, one.who, one.day,
        _moment(one.recorded_at) if one.recorded_at else None, part, one.amount,
    )  # fmt: skip


def _zh(record: str) -> str:
    from django.utils.translation import gettext, override

    with override("zh-hans"):
        return gettext(RECORDS[record])


def _changed(one: restatement.Change) -> Sequence[Value]:
    entry = entry_of(one.code, one.scope)
    numbers = (
        Missing(why) if value is None else _plain(value)
        for value, why in ((one.old, one.old_reason), (one.new, one.new_reason))
    )
    label = Text(one.label or one.key or "全市", one.label_en or one.key or "whole city")
    unit = "CNY" if entry.unit is Unit.YUAN else entry.unit.value
    difference = None if one.difference is None else _plain(one.difference)
    return entry.name, one.code, one.scope, label, unit, *numbers, difference


def _plain(value: Decimal) -> Decimal:
    return value.normalize()


def _moment(at: datetime) -> str:
    return at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")
