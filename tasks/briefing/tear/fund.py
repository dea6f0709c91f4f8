"""One page about a fund: its size in four meanings, what it has returned, what it holds, by which rules."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from funds import queries as funds
from funds.codes import TIERS
from funds.models import Fund, FundTerms
from funds.queries import Account, FlowRow, Headroom
from tasks import queries, wording
from tasks.briefing.content.desk import Desk
from tasks.briefing.layout import Language, Tile
from tasks.briefing.tear import fund_panels, rules, stakes
from tasks.briefing.tear.layout import Page, Pairs
from tasks.briefing.tear.origin import month_label, proof
from tasks.catalogue import BY_CODE
from tasks.models import Snapshot

SIZES = ("fund.planned", "fund.subscribed", "fund.paid_in", "fund.invested")
RETURNS = ("fund.nav", "fund.distributed", "fund.dpi", "fund.rvpi", "fund.tvpi", "fund.irr")


class Facts(NamedTuple):
    """What the scope in force knows of the fund at the month's end, as known when the snapshot was taken."""

    holdings: list[Any]
    accounts: list[Account]
    flows: list[FlowRow]
    headroom: list[Headroom]
    places: dict[str, int]
    terms: FundTerms | None


def page(of: Fund, snapshot: Snapshot, *, language: Language) -> Page:
    """The sheet of a fund that the scope in force may read."""
    figures = queries.of_fund(snapshot, of)
    desk = Desk(language, queries.month_of(snapshot), figures, {}, ())
    facts = _facts(of, as_of=desk.month.end, known_at=snapshot.known_at)
    say = desk.say
    return Page(
        language=language,
        kind=say("基金一页概览", "Fund tear sheet"),
        unit_name=say("市金融发展服务中心", "Municipal Finance Development Service Centre"),
        month_label=month_label(desk),
        title=say(of.name, of.name_en),
        subtitle=f"{say(*TIERS[of.tier])} · {say(of.manager.name, of.manager.name_en)}",
        facts=Pairs(_identity(of, desk), columns=3),
        tiles=(_tiles(desk, of, SIZES, facts), _tiles(desk, of, RETURNS, facts)),
        bands=(
            (fund_panels.flows(desk, facts.flows), rules.panel(desk, facts.terms)),
            (fund_panels.capital(desk, facts.accounts), fund_panels.pipeline(desk, facts.places)),
            (fund_panels.holdings(desk, facts.holdings),),
            (
                fund_panels.endings(desk, facts.holdings),
                fund_panels.headroom(desk, facts.headroom, facts.terms),
            ),
        ),
        notes=(
            "　".join(
                say(f"{entry.name.zh}：{entry.definition.zh}。", f"{entry.name.en}: {entry.definition.en}.")
                for entry in (BY_CODE[code][0] for code in ("fund.nav", "fund.dpi", "fund.irr"))
            ),
            say(
                "MOIC＝（回款＋股息利息＋现值）÷ 成本；最近交易之后未再估值的，现值按剩余成本。"
                "因四舍五入，分项合计与总数可能略有差异。",
                "MOIC: proceeds, income and present value for each yuan of cost; without a value since the last "
                "deal, the cost left stands for it. Rounded parts may differ slightly from totals.",
            ),
        ),
        proof=proof(desk, snapshot),
        keywords=snapshot.fingerprint,
    )


def _facts(of: Fund, *, as_of: Any, known_at: datetime) -> Facts:
    when: dict[str, Any] = {"as_of": as_of, "known_at": known_at}
    held: list[Any] = list(funds.holdings(**when).filter(fund=of))
    return Facts(
        holdings=sorted(held, key=lambda row: (-stakes.worth(row), -row.invested, row.pk)),
        accounts=funds.accounts(of, **when),
        flows=funds.flows_frame(**when, of=of),
        headroom=funds.headroom(of, **when),
        places=funds.deals_by_place(of, **when),
        terms=funds.in_force(of, **when),
    )


def _identity(of: Fund, desk: Desk) -> tuple[tuple[str, str], ...]:
    missing = desk.say("未登记", "not registered")
    return (
        (desk.say("基金代码", "Code"), of.code),
        (desk.say("中基协备案", "AMAC register"), of.amac_code or missing),
        (desk.say("设立日期", "Established"), of.established_on.isoformat()),
        (desk.name("fund.firms"), desk.cell("fund.firms", "fund", of.code)),
        (desk.say("发改委登记", "NDRC register"), of.ndrc_code or missing),
        (desk.say("数据截至", "As of"), desk.month.last.isoformat()),
    )


def _tiles(desk: Desk, of: Fund, codes: Sequence[str], facts: Facts) -> tuple[Tile, ...]:
    return tuple(_tile(desk, of, code, known=bool(facts.accounts or facts.holdings)) for code in codes)


def _tile(desk: Desk, of: Fund, code: str, *, known: bool) -> Tile:
    """A stored figure. Of a fund without investors and holdings only the plan is known: the rest is not zero."""
    figure = desk.now.get(code, "fund", of.code)
    silent = figure is None or (not known and code != "fund.planned")
    if silent or figure is None or figure.value is None:
        reason = "not-reported" if silent or figure is None else figure.reason
        return Tile(desk.name(code), wording.DASH, note=wording.reason(reason, language=desk.language))
    if code == "fund.irr":
        note = desk.say("年化", "a year")
        return Tile(desk.name(code), wording.percent(figure.value), note=note)
    if code in ("fund.dpi", "fund.rvpi", "fund.tvpi"):
        return Tile(desk.name(code), wording.number(figure.value, places=2), desk.say("倍", "×"))
    number, unit = wording.headline(figure.value, language=desk.language)
    return Tile(desk.name(code), number, unit, note=_share(desk, of, code, figure.value))


def _share(desk: Desk, of: Fund, code: str, value: Decimal) -> str:
    """How much of the meaning before it a size is."""
    before = {SIZES[n]: SIZES[n - 1] for n in (1, 2, 3)}.get(code)
    whole = desk.value(before, "fund", of.code) if before else None
    if before is None or not whole:
        return ""
    share = wording.percent(value / whole, places=1)
    return desk.say(f"{desk.name(before)}的 {share}", f"{share} of {desk.name(before).lower()}")
