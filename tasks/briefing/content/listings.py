"""The listing pipeline: who stands where, who moved in the month, and how likely the plan's number is."""

from __future__ import annotations

from finance_hub.kernel.text import Text
from tasks import wording
from tasks.briefing.content.desk import Desk
from tasks.briefing.content.overview import listing_target
from tasks.briefing.content.tables import CENTRE
from tasks.briefing.layout import Block, Chart, ChartKind, Column, Paragraph, Section, Series, Table, Words
from tasks.catalogue.listing_counts import DEADLINE, DEADLINE_PASSED, counts
from tasks.catalogue.policy import STAGE_NAMES
from tasks.models import Figure

#: As the catalogue's figures key them, in words.
WAYS = {
    "in": Text("新入库", "Entered"),
    "up": Text("晋级", "Advanced"),
    "down": Text("中止", "Suspended"),
    "out": Text("退出", "Left"),
    "listed": Text("上市", "Listed"),
}
ENDS = {
    "listed": Text("上市", "Listed"),
    "withdrawn": Text("撤回", "Withdrawn"),
    "rejected": Text("不予注册", "Rejected"),
}


def section(desk: Desk) -> Section:
    return Section(
        desk.say("上市梯队", "Listing pipeline"),
        "listings",
        (Paragraph(_moved(desk)), _moves(desk), _stages(desk), *_forecast(desk)),
    )


def _moved(desk: Desk) -> Words:
    found = {figure.key: figure for figure in desk.now.all("pipeline.moves", "move")}
    if not any(figure.value for figure in found.values()):
        return desk.say("本月无变动。", "No firm moved in the month.")
    parts: list[str] = []
    for key, name in WAYS.items():
        if key in found and found[key].value:
            said = desk.text(name)
            lead = desk.say("、", ", ") if parts else ""
            told = desk.write(
                "{lead}{way}{number}家", "{lead}{number} {way}", lead=lead, way=said if desk.language != "en" else said.lower(),
                number=desk.shown(found[key]),
            )  # fmt: skip
            parts += told
    return (desk.say("本月", "In the month "), *parts, desk.say("。", "."))


def _stages(desk: Desk) -> Chart:
    stages = desk.now.all("pipeline.firms", "stage")
    return Chart(
        number=0,
        finding=desk.write(
            "在途{under_way}家，方案实施以来新增上市{listed}家",
            "{under_way} firms under way, {listed} listed since the plan began",
            under_way=desk.cell("pipeline.under_way"),
            listed=desk.cell("pipeline.listed"),
        ),
        unit=desk.say("家", "firms"),
        as_of=desk.as_of,
        source=desk.say(*CENTRE),
        kind=ChartKind.FUNNEL,
        categories=tuple(desk.label(stage) for stage in stages),
        series=(
            Series(
                desk.say("家数", "Firms"),
                tuple(None if s.value is None else float(s.value) for s in stages),
                tuple(map(desk.shown, stages)),
            ),
        )
        if stages
        else (),
        note=desk.say(
            "一家企业同时有多项申报的，计在最靠前的阶段。",
            "A firm with several attempts stands where it is furthest.",
        ),
        empty_text=desk.say("尚无后备企业", "No firms yet"),
    )


def _moves(desk: Desk) -> Table:
    return Table(
        number=0,
        caption=desk.say("本月梯队变动", "Moves of the month"),
        unit="",
        columns=(
            Column(desk.say("变动", "Move"), weight=0.8),
            Column(desk.say("企业", "Firm"), weight=3.0),
            Column(desk.say("月初阶段", "At the beginning"), weight=1.2),
            Column(desk.say("月末阶段", "At the end"), weight=1.2),
        ),
        rows=tuple(_move(desk, figure) for figure in desk.now.all("pipeline.moved", "firm_move")),
        empty_text=desk.say("本月无变动", "No change in the month"),
        source=desk.say(*CENTRE),
    )


def _move(desk: Desk, figure: Figure) -> tuple[str, ...]:
    told = dict(note.split(": ", 1) for note in figure.notes)
    way = figure.key.split("|")[0]
    return (desk.text(WAYS[way]), desk.label(figure), _stage(desk, told["from"]), _stage(desk, told["to"]))


def _stage(desk: Desk, stage: str) -> str:
    known = {**STAGE_NAMES, **ENDS}
    return desk.text(known[stage]) if stage in known else desk.say("未入库", "not yet")


def _forecast(desk: Desk) -> list[Block]:
    """In every way of counting that has one: how many are expected, and the chance of the plan's number."""
    ways = desk.now.all("listing.at_least_target", "counting")
    target = listing_target(desk)
    if not ways or target is None:
        return []
    return [
        Table(
            number=0,
            caption=desk.say("新增上市目标预测", "Forecast of the target of new listings"),
            unit=desk.say("家、%", "firms, %"),
            columns=(
                Column(desk.say("计数口径", "Counted"), weight=1.6),
                Column(desk.say("目标", "Target"), "right"),
                Column(desk.say("已上市", "Listed"), "right"),
                Column(desk.say("预计家数", "Expected"), "right"),
                Column(desk.say("达标概率", "Probability"), "right"),
                Column(desk.say("推算至", "Until"), "centre", 1.2),
            ),
            rows=tuple(_way(desk, figure, ("≥", desk.set_for(target))) for figure in ways),
            empty_text=desk.say("尚无预测", "No forecast yet"),
            note=_forecast_note(desk, ways[0]),
            source=desk.say(*CENTRE),
        )
    ]


def _way(desk: Desk, figure: Figure, target: Words) -> tuple[Words, ...]:
    names = {way.code: way.name for way in counts().counts}
    listed = "pipeline.listed" if figure.key == counts().headline else "pipeline.listed_on_named_boards"
    return (
        desk.text(names[figure.key]) if figure.key in names else desk.label(figure),
        target,
        desk.cell(listed),
        desk.cell("listing.expected", "counting", figure.key),
        desk.shown(figure, places=1),
        _told(figure, DEADLINE) or wording.DASH,
    )


def _told(figure: Figure, what: str) -> str:
    found = (note.removeprefix(f"{what}: ") for note in figure.notes if note.startswith(f"{what}: "))
    return next(found, "")


def _forecast_note(desk: Desk, figure: Figure) -> str:
    passed = _told(figure, DEADLINE_PASSED)
    late = (
        desk.say(
            f"方案截止日{passed}已过，推算至次年末。",
            f"The plan's deadline {passed} has passed: the forecast runs to the end of the next year. ",
        )
        if passed
        else ""
    )
    return late + desk.say(
        "方案写明家数，未写明板块，故按两种口径计；概率由各阶段停留时间与通过率推算，企业之间视为独立。",
        "The plan names the number and not the boards, so it is counted in two ways. Probabilities are from dwell times "
        "and conversions of the stages; firms are taken to be independent.",
    )
