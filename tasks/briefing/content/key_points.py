"""本期要点: one sentence a subject, drafted by rules; what is passed leads, then what changed, then the rest."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from tasks.briefing.content.desk import Desk
from tasks.briefing.content.limits import (
    ALERT,
    WATCH,
    concentrated,
    limit_headline,
    measured,
    tolerance,
    tolerances,
)
from tasks.briefing.content.overview import listing_target
from tasks.briefing.content.tables import silent_banks
from tasks.briefing.origin import Sentence

Point = tuple[int, Sentence]
MOST = 6
#: The gravest first; what is equal stands in the order of the rules.
PASSED, CHANGED, NEAR, SILENT, REST, CALM = 0, 1, 2, 3, 4, 5


def drafted(desk: Desk) -> tuple[Sentence, ...]:
    """Four to six sentences, as far as the month has figures for them."""
    found = [point for rule in _RULES if (point := rule(desk)) is not None]
    return tuple(said for _weight, said in sorted(found, key=lambda point: point[0]))[:MOST]


def _loans(desk: Desk) -> Point | None:
    balance, disbursed = desk.said("loans.balance"), desk.said("loans.disbursed")
    if balance is None or disbursed is None:
        return None
    told = (
        *desk.write("专项贷款余额{balance}，环比", "Specialty loans stand at {balance}, ", balance=balance),
        *desk.moved(1, "loans.balance"),
        desk.say("、同比", " on the month and "),
        *desk.moved(12, "loans.balance"),
        *desk.write(
            "，当月发放{disbursed}",
            " on the year; {disbursed} was disbursed in the month",
            disbursed=disbursed,
        ),
    )
    return CHANGED, (*told, *_quality(desk))


def _quality(desk: Desk) -> Sentence:
    npl = desk.said("loans.npl_ratio")
    if npl is None:
        return (desk.say("；不良率未报送。", "; the NPL ratio is not reported."),)
    return (
        *desk.write("；不良率{npl}，环比", "; the NPL ratio is {npl}, ", npl=npl),
        *desk.moved(1, "loans.npl_ratio"),
        desk.say("。", " on the month."),
    )


def _limits(desk: Desk) -> Point | None:
    """What has passed its limit; where nothing has, what is near it; single projects are only counted."""
    budgets = [(tolerance(desk, figure), figure) for figure in tolerances(desk)]
    for status, weight in ((ALERT, PASSED), (WATCH, NEAR)):
        parts: list[Sentence] = [
            desk.write(
                "{rule}风险容忍度已用{share}", "{rule}: {share} of the risk tolerance is used",
                rule=held.name, share=desk.shown(figure, places=1),
            )
            for held, figure in budgets
            if held.status == status
        ] + [
            desk.write(
                "{what}{held}（限额{limit}）", "{what}: {held} (limit {limit})", what=measured(desk, one.rule),
                held=desk.headline(one.value), limit=limit_headline(desk, one),
            )
            for one in concentrated(desk)
            if one.status == status
        ]  # fmt: skip
        if parts:
            return weight, _joined(desk, parts[:3], passed=status == ALERT)
    known = [figure for held, figure in budgets if held.used is not None]
    if not known:
        return None
    top = max(known, key=lambda figure: figure.value or Decimal(0))
    return REST, desk.write(
        "各项风险限额均未触及，风险容忍度已用最多的为{rule}（{share}）。",
        "No limit on risk is near; of the tolerances that of {rule} is used most ({share}).",
        rule=desk.label(top), share=desk.shown(top, places=1),
    )  # fmt: skip


def _joined(desk: Desk, parts: list[Sentence], *, passed: bool) -> Sentence:
    made: list[str] = []
    for at, part in enumerate(parts):
        made += [desk.say("，", "; ")] if at else []
        made += part
    both = len(parts) > 1
    if passed:
        end = desk.say("，均超过限额。" if both else "，超过限额。", ", above the limit.")
    else:
        end = desk.say("，均达到预警线。" if both else "，达到预警线。", ", above the warning line.")
    return (*made, end)


def _reporting(desk: Desk) -> Point | None:
    due, complete = desk.said("reporting.due"), desk.said("reporting.complete")
    if due is None or complete is None:
        return None
    names = silent_banks(desk)
    if not names:
        return CALM, desk.write(
            "应报送银行{due}家，已全部报齐。", "All {due} banks have reported the month in full.", due=due
        )
    return SILENT, desk.write(
        "应报送银行{due}家，已报齐{complete}家；{names}未报齐，相关合计不含未报送数据。",
        "{complete} of {due} banks have reported in full, without {names}; totals leave out what is missing.",
        due=due, complete=complete, names=desk.listed(names),
    )  # fmt: skip


def _funds(desk: Desk) -> Point | None:
    subscribed, paid, invested = (desk.said(f"fund.{x}") for x in ("subscribed", "paid_in", "invested"))
    if subscribed is None or paid is None or invested is None:
        return None
    told = desk.write(
        "三级基金认缴{subscribed}、实缴{paid}，累计投资{invested}",
        "The three tiers of funds have {subscribed} committed and {paid} paid in; {invested} is invested",
        subscribed=subscribed, paid=paid, invested=invested,
    )  # fmt: skip
    return REST, (*told, *_deals(desk))


def _deals(desk: Desk) -> Sentence:
    number, amount = desk.value("deals.investments"), desk.said("deals.invested")
    if number is None or amount is None:
        return (desk.say("。", "."),)
    if not number:
        return (desk.say("；本月无新投资。", "; nothing was invested in the month."),)
    lost = desk.now.get("deals.written_off")
    written = (
        ()
        if lost is None or not lost.value
        else desk.write("，核销{lost}", ", and {lost} was written off", lost=desk.headline(lost))
    )
    told = desk.write(
        "；本月投资{number}笔、{amount}", "; {number} investments of {amount} were made in the month",
        number=desk.cell("deals.investments"), amount=amount,
    )  # fmt: skip
    return (*told, *written, desk.say("。", "."))


def _guarantees(desk: Desk) -> Point | None:
    outstanding = desk.said("guarantees.outstanding")
    if outstanding is None:
        return None
    written, paid = desk.said("guarantees.written"), desk.now.get("guarantees.compensated_month")
    told: Sentence = (
        *desk.write(
            "在保余额{outstanding}，环比",
            "Guarantees outstanding are {outstanding}, ",
            outstanding=outstanding,
        ),
        *desk.moved(1, "guarantees.outstanding"),
        desk.say("", " on the month"),
    )
    if written is not None:
        told += desk.write("，当月新增{written}", "; {written} was written in the month", written=written)
    if paid is not None and paid.value:
        told += desk.write("、代偿{paid}", " and {paid} compensated", paid=desk.headline(paid))
    elif paid is not None:
        told += (desk.say("，当月无代偿", ", and nothing was compensated"),)
    return REST, (*told, desk.say("。", "."))


def _listings(desk: Desk) -> Point | None:
    listed, under_way = desk.said("pipeline.listed"), desk.said("pipeline.under_way")
    if listed is None or under_way is None:
        return None
    target = listing_target(desk)
    told = desk.write(
        "上市后备企业{under_way}家，方案实施以来新增上市{listed}家",
        "{under_way} firms are on their way to a listing; {listed} have listed since the plan began",
        under_way=under_way, listed=listed,
    )  # fmt: skip
    if target is not None:
        told += desk.write("（目标{target}家）", " (target {target})", target=desk.set_for(target))
    chance = desk.now.get("listing.at_least_target", "counting", "any")
    if chance is not None and chance.value is not None:
        told += desk.write(
            "，预测达标概率{chance}", ", and the target is reached with a probability of {chance}",
            chance=desk.shown(chance, places=1),
        )  # fmt: skip
    return REST, (*told, desk.say("。", "."))


_RULES: tuple[Callable[[Desk], Point | None], ...] = (
    _loans, _limits, _reporting, _funds, _guarantees, _listings,
)  # fmt: skip
