"""Page one and the general table: key points by rule, six tiles, the bridge of the loan balance."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from tasks import wording
from tasks.briefing.content.desk import Desk
from tasks.briefing.layout import Chart, ChartKind, Column, Paragraph, Section, Series, Table, Tile
from tasks.briefing.origin import Form, Rule, Sentence
from tasks.catalogue import BY_CODE, Unit

GENERAL = (
    "fund.subscribed", "fund.paid_in", "fund.invested", "deals.invested", "loans.balance", "loans.disbursed",
    "loans.repaid", "loans.firms", "loans.npl_ratio", "guarantees.outstanding", "exposure.public",
    "pipeline.under_way", "pipeline.listed",
)  # fmt: skip


def key_points(desk: Desk) -> tuple[Sentence, ...]:
    """Four to six sentences, each drafted by a rule from this month's figures."""
    return tuple(_points(desk))


def _points(desk: Desk) -> Iterator[Sentence]:
    subscribed, paid, invested = (desk.said(f"fund.{x}") for x in ("subscribed", "paid_in", "invested"))
    if subscribed is not None and paid is not None and invested is not None:
        yield desk.write(
            "三级基金认缴{subscribed}、实缴{paid}，累计投资{invested}。",
            "The three tiers of funds have {subscribed} committed and {paid} paid in; {invested} is invested.",
            subscribed=subscribed, paid=paid, invested=invested,
        )  # fmt: skip
    balance, disbursed = desk.said("loans.balance"), desk.said("loans.disbursed")
    if balance is not None and disbursed is not None:
        yield desk.write(
            "专项贷款余额{balance}，环比{growth}，当月发放{disbursed}。",
            "Specialty loans stand at {balance} ({growth} on the month before); {disbursed} was disbursed in the month.",
            balance=balance, growth=desk.changed(1, "loans.balance"), disbursed=disbursed,
        )  # fmt: skip
    npl = desk.said("loans.npl_ratio")
    if npl is not None:
        yield desk.write(
            "不良率{npl}，较上月变动{points}个百分点。",
            "The NPL ratio is {npl}, a change of {points} percentage points on the month before.",
            npl=npl, points=desk.changed(1, "loans.npl_ratio"),
        )  # fmt: skip
    for figure in desk.now.all("tolerance.used_share", "fund"):
        if figure.value is not None:
            yield desk.write(
                "{fund}风险容忍度已用{share}。",
                "{fund} has used {share} of its risk tolerance.",
                fund=desk.label(figure), share=desk.shown(figure, places=1),
            )  # fmt: skip
    listed, under_way = desk.said("pipeline.listed"), desk.said("pipeline.under_way")
    if listed is not None and under_way is not None:
        target = next((t.value for t in desk.targets if t.metric == "new_listings"), None)
        of_target = "" if target is None else desk.say(f"（目标{target:.0f}家）", f" (target {target:.0f})")
        yield desk.write(
            "上市后备企业{under_way}家，方案实施以来新增上市{listed}家{of_target}。",
            "{under_way} firms are on their way to a listing; {listed} have listed since the plan began{of_target}.",
            under_way=under_way, listed=listed, of_target=of_target,
        )  # fmt: skip
    yield _completeness(desk)


def silent_names(desk: Desk) -> list[str]:
    """Names of the reporters with a data set missing, each once."""
    key = "name_en" if desk.language == "en" else "name"
    return list(dict.fromkeys(reporter[key] for reporter in desk.now.snapshot.not_reported))


def _completeness(desk: Desk) -> Sentence:
    due, complete = desk.cell("reporting.due"), desk.cell("reporting.complete")
    names = silent_names(desk)
    if not names:
        return desk.write(
            "应报送银行{due}家，已全部报齐。", "All {due} banks have reported the month in full.", due=due
        )
    return desk.write(
        "应报送银行{due}家，已报齐{complete}家；{names}未报齐，相关合计不含未报送数据。",
        "{complete} of {due} banks have reported in full; {names} have not, and totals leave out what is missing.",
        due=due, complete=complete, names=desk.say("、", ", ").join(names),
    )  # fmt: skip


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
    figure, name = desk.now.get(code), desk.name(code)
    if figure is None or figure.value is None:
        why = wording.reason(figure.reason if figure else "not-reported", language=desk.language)
        return Tile(name, wording.DASH, note=why)
    changes = (
        (desk.say("环比 ", "m/m "), *_in_unit(desk, code, 1)),
        (desk.say("同比 ", "y/y "), *_in_unit(desk, code, 12)),
    )
    unit = BY_CODE[code][0].unit
    if unit is Unit.YUAN:
        number, measure = wording.headline(figure.value, language=desk.language)
        return Tile(name, desk.printed(number, figure, form=Form.HEADLINE), measure, changes)
    return Tile(name, desk.shown(figure), desk.say("家", "firms") if unit is Unit.COUNT else "", changes)


def _in_unit(desk: Desk, code: str, months: int) -> Sentence:
    change = desk.changed(months, code)
    if change.value is not None and BY_CODE[code][0].unit is Unit.RATIO:
        return change, desk.say("个百分点", " pp")
    return (change,)


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
    return (
        desk.name(code), desk.cell(code), desk.cell(code, ago=1), desk.changed(1, code), desk.changed(12, code)
    )  # fmt: skip


def _bridge(desk: Desk) -> Chart | None:
    """Opening balance → disbursed → repaid → other → closing; needs both months."""
    parts = [desk.before(1, "loans.balance")] + [
        desk.value(f"loans.{step}") for step in ("balance", "disbursed", "repaid")
    ]
    if any(part is None for part in parts):
        return None
    opening, closing, disbursed, repaid = (part or Decimal(0) for part in parts)
    now, before = desk.ref("loans.balance"), desk.ref("loans.balance", ago=1)
    out, back = desk.ref("loans.disbursed"), desk.ref("loans.repaid")
    other = closing - opening - disbursed + repaid
    steps = [
        (desk.say("期初余额", "Opening"), Decimal(0), opening, desk.derived(opening, before)),
        (desk.say("当月发放", "Disbursed"), opening, opening + disbursed, desk.derived(disbursed, out)),
        (
            desk.say("当月归还", "Repaid"), opening + disbursed, opening + disbursed - repaid,
            desk.derived(-repaid, back, rule=Rule.NEGATIVE),
        ),
        (
            desk.say("核销及调整", "Written off, adjusted"), closing - other, closing,
            desk.derived(other, now, before, out, back, rule=Rule.REMAINDER),
        ),
        (desk.say("期末余额", "Closing"), Decimal(0), closing, desk.derived(closing, now)),
    ]  # fmt: skip
    net = desk.derived(abs(closing - opening), now, before, rule=Rule.SIZE)
    return Chart(
        number=1,
        finding=desk.write(
            "当月净增{net}万元", "The loan balance rose by CNY {net} million in the month", net=net
        )
        if closing >= opening
        else desk.write(
            "当月净减{net}万元", "The loan balance fell by CNY {net} million in the month", net=net
        ),
        unit=desk.unit,
        as_of=desk.as_of,
        source=desk.say("各银行报送", "The banks"),
        kind=ChartKind.BRIDGE,
        categories=tuple(name for name, *_rest in steps),
        series=(
            Series(desk.say("起点", "From"), tuple(desk.plotted(start) for _n, start, _e, _l in steps)),
            Series(
                desk.say("终点", "To"),
                tuple(desk.plotted(end) for _n, _s, end, _l in steps),
                tuple(label for *_rest, label in steps),
            ),
        ),
    )
