"""The terms of a fund in force, in a few words each. What is not agreed says so."""

from __future__ import annotations

from decimal import Decimal

from funds.codes import BASES, COMPOUNDING, ORDERS
from funds.models import FundTerms
from tasks.briefing.content.desk import Desk
from tasks.briefing.tear.layout import Pairs, Panel, nothing


def panel(desk: Desk, agreed: FundTerms | None) -> Panel:
    title = desk.say("现行条款", "Terms in force")
    if agreed is None:
        return Panel(title, nothing(desk.say("尚未录入条款", "No terms are recorded yet")))
    return Panel(
        title,
        Pairs(
            (
                (desk.say("管理费", "Management fee"), _of_base(desk, agreed.fee_rate_pct, agreed.fee_base)),
                (desk.say("门槛收益", "Preferred return"), _preferred(desk, agreed)),
                (desk.say("收益分成", "Carried interest"), _carry(desk, agreed)),
                (desk.say("追补", "Catch-up"), _or_none(desk, percent(agreed.catch_up_pct))),
                (desk.say("让利", "Concession"), _or_none(desk, percent(agreed.concession_pct))),
                (desk.say("单一企业上限", "Cap on one firm"), _of_base(desk, agreed.firm_cap_pct, agreed.firm_cap_base)),
                (desk.say("返投", "Local investment"), _reinvestment(desk, agreed)),
                (desk.say("投资期至", "Invests until"), _or_none(desk, _day(agreed.investment_ends_on))),
                (desk.say("存续期至", "Life until"), _life(desk, agreed)),
                (
                    desk.say("依据", "Document"),
                    desk.say(f"{agreed.document}，自{agreed.valid_from}起", f"{agreed.document}, from {agreed.valid_from}"),
                ),
            )
        ),
    )  # fmt: skip


def percent(value: Decimal | None) -> str:
    """1.5%, 20%: without the zeros of its four places."""
    return "" if value is None else f"{plain(value)}%"


def plain(value: Decimal) -> str:
    return f"{value.normalize():f}"


def _or_none(desk: Desk, said: str) -> str:
    return said or desk.say("未约定", "not agreed")


def _day(value: object) -> str:
    return "" if value is None else str(value)


def _of_base(desk: Desk, rate: Decimal | None, base: str | None) -> str:
    if rate is None or base is None:
        return _or_none(desk, "")
    name = BASES[base]
    return desk.say(f"{name.zh}的 {percent(rate)}", f"{percent(rate)} of {name.en}")


def _preferred(desk: Desk, agreed: FundTerms) -> str:
    if agreed.preferred_return_pct is None or agreed.compounding is None:
        return _or_none(desk, "")
    how = desk.say(*COMPOUNDING[agreed.compounding])
    return desk.say(
        f"{percent(agreed.preferred_return_pct)}，{how}", f"{percent(agreed.preferred_return_pct)}, {how}"
    )


def _carry(desk: Desk, agreed: FundTerms) -> str:
    if agreed.carried_interest_pct is None or agreed.order is None:
        return _or_none(desk, "")
    order = desk.say(*ORDERS[agreed.order])
    back = desk.say("，可回拨", ", clawback") if agreed.clawback else ""
    share = percent(agreed.carried_interest_pct)
    return desk.say(f"{share}，{order}{back}", f"{share}, {order}{back}")


def _reinvestment(desk: Desk, agreed: FundTerms) -> str:
    if agreed.reinvestment_multiple is None or agreed.reinvestment_base is None:
        return _or_none(desk, "")
    name, multiple = BASES[agreed.reinvestment_base], plain(agreed.reinvestment_multiple)
    return desk.say(f"{name.zh}的 {multiple} 倍", f"{multiple} × {name.en}")


def _life(desk: Desk, agreed: FundTerms) -> str:
    until = _day(agreed.ends_on)
    if not until or not agreed.extension_years:
        return _or_none(desk, until)
    years = agreed.extension_years
    return desk.say(f"{until}（可延 {years} 年）", f"{until} (may be extended by {years} years)")
