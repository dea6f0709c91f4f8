"""Where the public money stands together: by group, industry, town and bank, and the limits on it."""

from __future__ import annotations

from tasks.briefing.content.bank_tables import MARK, ByBank
from tasks.briefing.content.desk import Desk
from tasks.briefing.content.limits import ALERT, concentrated, limit_cell, measured, say_status
from tasks.briefing.content.tables import ALL, notes
from tasks.briefing.layout import Block, Column, Table, Words
from tasks.exposure.dimensions import DIMENSIONS
from tasks.models import Figure

#: How many parts of each dimension are told; all of them stand in the system.
LARGEST = 5
SPREAD = (
    ("group", "exposure.largest_public"),
    ("industry", "concentration.amount"),
    ("town", "concentration.amount"),
)


def blocks(desk: Desk) -> list[Block]:
    return [_limits(desk), _largest(desk)]


def _limits(desk: Desk) -> Table:
    found = list(concentrated(desk))
    rows = tuple(
        (
            measured(desk, one.rule).strip(),
            limit_cell(desk, one),
            desk.shown(one.value),
            desk.shown(one.left),
            say_status(desk, one.status),
            desk.text(desk.unit_named(one.rule.owner_unit)),
        )
        for one in found
    )
    return Table(
        number=0,
        caption=desk.say("集中度限额", "Limits on concentration"),
        unit=desk.say(f"%、指数、{desk.unit}", f"%, index, {desk.unit}"),
        columns=(
            Column(desk.say("限额对象", "Measure"), weight=2.2),
            Column(desk.say("限额", "Limit"), "right"),
            Column(desk.say("当前", "Held"), "right"),
            Column(desk.say("余量", "Left"), "right"),
            Column(desk.say("状态", "Status"), "centre", 0.7),
            Column(desk.say("责任部门", "Owner"), weight=1.6),
        ),
        rows=rows,
        empty_text=desk.say("尚无批准的集中度限额", "No approved limit on concentration yet"),
        note=desk.say("余量为负即超限。", "What is left is negative above the limit.")
        if any(one.status == ALERT for one in found)
        else "",
        source=desk.say(*ALL),
    )


def _largest(desk: Desk) -> Table:
    rows: list[tuple[Words, ...]] = []
    for dimension, code in SPREAD:
        figures = desk.now.all(code, dimension)
        whole = desk.now.get("exposure.public")
        dimension_name = desk.text(DIMENSIONS[dimension])
        rows += [
            (dimension_name, desk.label(one), desk.shown(one), desk.share(one, whole))
            for one in figures[:LARGEST]
        ]
    banks = ByBank(desk)
    whole = desk.now.get("loans.balance")
    largest = sorted(desk.now.all("loans.balance", "bank"), key=_size, reverse=True)[:LARGEST]
    for figure in largest:
        hidden = banks.is_hidden("loans.balance", bank=figure.key)
        cells: tuple[Words, Words] = (
            (MARK, MARK) if hidden else (desk.shown(figure), desk.share(figure, whole))
        )
        rows.append((desk.text(DIMENSIONS["bank"]), desk.label(figure), *cells))
    return Table(
        number=0,
        caption=desk.say("公共资金敞口最集中之处", "Where the public money stands together"),
        unit=desk.say(f"{desk.unit}、%", f"{desk.unit}, %"),
        columns=(
            Column(desk.say("维度", "By"), weight=1.0),
            Column(desk.say("名称", "Part"), weight=2.6),
            Column(desk.say("金额", "Amount"), "right"),
            Column(desk.say("占比", "Share"), "right"),
        ),
        rows=tuple(rows),
        empty_text=desk.say("尚无敞口", "No exposure yet"),
        note=notes(
            desk.say(
                "每一维度列前五项；关联集团为有两户以上企业的，未入集团的企业在限额中自成一户；贷款银行按专项贷款余额，其余按公共资金敞口，占比为占各自合计；全市为一县级市，"
                "区县即镇街。",
                "The five largest of each; groups are of two firms or more, and a firm without one counts for itself under a "
                "limit; banks by their loan balance, all else by public exposure, each as a share of its "
                "own total. The city is of county rank: its districts are its towns.",
            ),
            banks.note("loans.balance"),
        ),
        source=desk.say(*ALL),
    )


def _size(figure: Figure) -> float:
    return float(figure.value or -1)
