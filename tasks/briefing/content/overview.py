"""Page one and the general table: key points by rule, six tiles, the bridge of the loan balance."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from tasks import wording
from tasks.briefing.content.desk import Desk
from tasks.briefing.layout import Chart, ChartKind, Column, Paragraph, Section, Series, Table, Tile
from tasks.catalogue import BY_CODE, Unit

GENERAL = (
    "fund.subscribed", "fund.paid_in", "fund.invested", "deals.invested", "loans.balance", "loans.disbursed",
    "loans.repaid", "loans.firms", "loans.npl_ratio", "guarantees.outstanding", "exposure.public",
    "pipeline.under_way", "pipeline.listed",
)  # fmt: skip


def key_points(desk: Desk) -> tuple[str, ...]:
    """Four to six sentences, each drafted by a rule from this month's figures."""
    return tuple(_points(desk))


def _points(desk: Desk) -> Iterator[str]:
    subscribed, paid, invested = (desk.value(f"fund.{x}") for x in ("subscribed", "paid_in", "invested"))
    if subscribed is not None and paid is not None and invested is not None:
        yield desk.say(
            f"三级基金认缴{desk.money(subscribed)}、实缴{desk.money(paid)}，累计投资{desk.money(invested)}。",
            f"The three tiers of funds have {desk.money(subscribed)} subscribed and {desk.money(paid)} paid in; "
            f"{desk.money(invested)} is invested.",
        )
    balance, disbursed = desk.value("loans.balance"), desk.value("loans.disbursed")
    if balance is not None and disbursed is not None:
        growth = desk.changed(1, "loans.balance")
        yield desk.say(
            f"专项贷款余额{desk.money(balance)}，环比{growth}，当月发放{desk.money(disbursed)}。",
            f"Specialty loans stand at {desk.money(balance)} ({growth} on the month before); "
            f"{desk.money(disbursed)} was disbursed in the month.",
        )
    npl = desk.value("loans.npl_ratio")
    if npl is not None:
        points = desk.changed(1, "loans.npl_ratio")
        yield desk.say(
            f"不良率{wording.percent(npl)}，较上月变动{points}个百分点。",
            f"The NPL ratio is {wording.percent(npl)}, a change of {points} percentage points on the month before.",
        )
    yield from _tolerance_points(desk)
    listed, under_way = desk.value("pipeline.listed"), desk.value("pipeline.under_way")
    if listed is not None and under_way is not None:
        target = next((t.value for t in desk.targets if t.metric == "new_listings"), None)
        of_target = "" if target is None else desk.say(f"（目标{target:.0f}家）", f" (target {target:.0f})")
        yield desk.say(
            f"上市后备企业{under_way:.0f}家，方案实施以来新增上市{listed:.0f}家{of_target}。",
            f"{under_way:.0f} firms are on their way to a listing; {listed:.0f} have listed since the plan began"
            f"{of_target}.",
        )
    yield _completeness(desk)


def _tolerance_points(desk: Desk) -> Iterator[str]:
    for figure in desk.now.all("tolerance.used_share", "fund"):
        if figure.value is not None:
            share = wording.percent(figure.value, places=1)
            yield desk.say(
                f"{desk.label(figure)}风险容忍度已用{share}。",
                f"{desk.label(figure)} has used {share} of its risk tolerance.",
            )


def silent_names(desk: Desk) -> list[str]:
    """Names of the reporters with a data set missing, each once."""
    key = "name_en" if desk.language == "en" else "name"
    return list(dict.fromkeys(reporter[key] for reporter in desk.now.snapshot.not_reported))


def _completeness(desk: Desk) -> str:
    complete, due = desk.value("reporting.complete") or Decimal(0), desk.value("reporting.due") or Decimal(0)
    names = silent_names(desk)
    if not names:
        return desk.say(
            f"应报送银行{due:.0f}家，已全部报齐。", f"All {due:.0f} banks have reported the month in full."
        )
    listed = desk.say("、", ", ").join(names)
    return desk.say(
        f"应报送银行{due:.0f}家，已报齐{complete:.0f}家；{listed}未报齐，相关合计不含未报送数据。",
        f"{complete:.0f} of {due:.0f} banks have reported in full; {listed} have not, and totals leave out what is "
        "missing.",
    )


def tiles(desk: Desk) -> tuple[Tile, ...]:
    """The six headline figures with their changes on the month and on the year."""
    return tuple(
        _tile(desk, code)
        for code in (
            "fund.paid_in",
            "fund.invested",
            "loans.balance",
            "guarantees.outstanding",
            "pipeline.under_way",
            "loans.npl_ratio",
        )
    )


def _tile(desk: Desk, code: str) -> Tile:
    figure = desk.now.get(code)
    changes = (
        desk.say("环比 ", "m/m ") + _in_unit(desk, code, desk.changed(1, code)),
        desk.say("同比 ", "y/y ") + _in_unit(desk, code, desk.changed(12, code)),
    )
    if figure is None or figure.value is None:
        why = wording.reason(figure.reason if figure else "not-reported", language=desk.language)
        return Tile(desk.name(code), wording.DASH, note=why)
    unit = BY_CODE[code][0].unit
    if unit is Unit.YUAN:
        number, measure = wording.headline(figure.value, language=desk.language)
        return Tile(desk.name(code), number, measure, changes)
    if unit is Unit.RATIO:
        return Tile(desk.name(code), wording.percent(figure.value), "", changes)
    return Tile(desk.name(code), wording.number(figure.value, places=0), desk.say("家", "firms"), changes)


def _in_unit(desk: Desk, code: str, change: str) -> str:
    if change != wording.DASH and BY_CODE[code][0].unit is Unit.RATIO:
        return desk.say(f"{change}个百分点", f"{change} pp")
    return change


def section(desk: Desk) -> Section:
    bridge = _bridge(desk)
    return Section(
        desk.say("总体情况", "Overview"),
        "overview",
        (
            Paragraph(
                desk.say(
                    f"截至{desk.as_of}，主要指标如下。金额按{desk.unit}列示，因四舍五入，分项合计与总数可能略有差异。",
                    f"The main figures as of {desk.as_of}. Amounts are in {desk.unit}; parts may not add up to totals "
                    "because of rounding.",
                )
            ),
            Table(
                number=1,
                caption=desk.say("主要指标", "Main figures"),
                unit=desk.say(f"{desk.unit}、家、%", f"{desk.unit}, firms, %"),
                columns=(
                    Column(desk.say("指标", "Figure"), weight=2.2),
                    Column(desk.say("本月", "This month"), "right"),
                    Column(desk.say("上月", "Month before"), "right"),
                    Column(desk.say("环比", "m/m"), "right"),
                    Column(desk.say("同比", "y/y"), "right"),
                ),
                rows=tuple(_general_row(desk, code) for code in GENERAL),
                empty_text=desk.say("本月无数据", "No data this month"),
                note=desk.say(
                    "比率类指标的环比、同比为个百分点，户数类为家数，其余为增长率。",
                    "Changes are percentage points for ratios, numbers for counts, growth otherwise.",
                ),
                source=desk.say("基金管理人、各银行、担保机构报送", "Fund managers, banks and guarantors"),
            ),
            *([bridge] if bridge else []),
        ),
    )


def _general_row(desk: Desk, code: str) -> tuple[str, ...]:
    unit, before = BY_CODE[code][0].unit, desk.before(1, code)
    earlier = wording.DASH if before is None else wording.value_in(unit, before, language=desk.language)
    return (desk.name(code), desk.cell(code), earlier, desk.changed(1, code), desk.changed(12, code))


def _bridge(desk: Desk) -> Chart | None:
    """Opening balance → disbursed → repaid → other → closing; needs both months."""
    opening, closing = desk.before(1, "loans.balance"), desk.value("loans.balance")
    disbursed, repaid = desk.value("loans.disbursed"), desk.value("loans.repaid")
    if opening is None or closing is None or disbursed is None or repaid is None:
        return None
    other = closing - opening - disbursed + repaid
    steps = [
        (desk.say("期初余额", "Opening"), Decimal(0), opening),
        (desk.say("当月发放", "Disbursed"), opening, opening + disbursed),
        (desk.say("当月归还", "Repaid"), opening + disbursed, opening + disbursed - repaid),
        (desk.say("核销及调整", "Written off, adjusted"), closing - other, closing),
        (desk.say("期末余额", "Closing"), Decimal(0), closing),
    ]
    labels = tuple(
        wording.in_table(v, language=desk.language) for v in (opening, disbursed, -repaid, other, closing)
    )
    return Chart(
        number=1,
        finding=desk.say(
            f"当月净增{wording.in_table(closing - opening, language='zh')}万元"
            if closing >= opening
            else f"当月净减{wording.in_table(opening - closing, language='zh')}万元",
            f"The loan balance {'rose' if closing >= opening else 'fell'} by "
            f"CNY {wording.in_table(abs(closing - opening), language='en')} million in the month",
        ),
        unit=desk.unit,
        as_of=desk.as_of,
        source=desk.say("各银行报送", "The banks"),
        kind=ChartKind.BRIDGE,
        categories=tuple(name for name, _start, _end in steps),
        series=(
            Series(desk.say("起点", "From"), tuple(desk.plotted(start) for _n, start, _e in steps)),
            Series(desk.say("终点", "To"), tuple(desk.plotted(end) for _n, _s, end in steps), labels),
        ),
    )
