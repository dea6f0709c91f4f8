"""Who has public money in a firm: city funds through other funds, banks, guarantors; in sums only."""

from __future__ import annotations

from finance_hub.kernel.money import yuan
from tasks import wording
from tasks.briefing.content.desk import Desk
from tasks.briefing.layout import Column
from tasks.briefing.tear import stakes
from tasks.briefing.tear.layout import Listing, Panel
from tasks.briefing.tear.public_money import BASES, PublicMoney, reported
from tasks.models import Figure


def through(desk: Desk, money: PublicMoney) -> Panel:
    """What each city fund holds of the firm through other funds and directly, on three bases of shares."""
    holders = {figure.key.split("|")[0]: figure for figure in money.through}
    rows = tuple(
        (
            _holder(desk, figure),
            *(desk.cell(basis, "fund_firm", figure.key) for basis in BASES),
            reported(figure) or wording.DASH,
        )
        for _, figure in sorted(holders.items())
    )
    body = Listing(
        columns=(
            Column(desk.say("市级基金", "City fund")),
            Column(desk.say("按实缴份额", "By paid-in"), "right"),
            Column(desk.say("按净资产份额", "By NAV"), "right"),
            Column(desk.say("按认缴份额", "By commitment"), "right"),
            Column(desk.say("最早一次报告", "Oldest report")),
        ),
        rows=rows,
        empty=desk.say("没有市级基金经子基金持有", "No city fund holds it through another"),
        rest=lambda shown: desk.say(
            f"另有 {len(rows) - shown} 只。", f"Not shown: {len(rows) - shown} more."
        ),
    )
    title = desk.say(
        "穿透持有（现值，含直接持有）", "By look-through, at present value, direct stakes included"
    )
    return Panel(title, body, unit=desk.unit if rows else "")


def _holder(desk: Desk, figure: Figure) -> str:
    """The figure's label is that of the fund and of the firm."""
    return desk.label(figure).split(" · ")[0]


def loans(desk: Desk, money: PublicMoney) -> Panel:
    """Balances by bank, in sums only; they are those last known where the flows of the month had not come."""
    sums: dict[int, list[int]] = {}
    for row in money.balances:
        held = sums.setdefault(row.bank_id, [0, 0])
        held[0] += row.drawdowns
        held[1] += row.balance
    ordered = sorted(sums.items(), key=lambda one: (-one[1][1], one[0]))
    whole = yuan(sum(balance for _, (_, balance) in ordered))
    unreported = wording.reason("not-reported", language=desk.language)
    rows = tuple(
        (
            desk.say(*money.houses[bank]),
            str(count),
            stakes.amount(desk, yuan(balance)) + (f"（{unreported}）" if bank in money.silent else ""),
        )
        for bank, (count, balance) in ordered
    )
    body = Listing(
        columns=(
            Column(desk.say("银行", "Bank")),
            Column(desk.say("借据", "Drawdowns"), "right"),
            Column(desk.say("余额", "Balance"), "right"),
        ),
        rows=rows,
        total=(desk.say("合计", "Total"), "", stakes.amount(desk, whole)) if len(rows) > 1 else None,
        empty=desk.say("没有专项贷款余额", "No loan has a balance"),
        rest=lambda shown: desk.say(
            f"另有 {len(rows) - shown} 家，已计入合计。",
            f"Not shown: {len(rows) - shown} more, in the total.",
        ),
    )
    return Panel(desk.say("专项贷款（按银行）", "Loans by bank"), body, unit=desk.unit if rows else "")


def guarantees(desk: Desk, money: PublicMoney) -> Panel:
    """By guarantor: what is outstanding, and what was compensated and not recovered."""
    sums: dict[int, list[int]] = {}
    for row in money.guarantees:
        held = sums.setdefault(row.guarantor_id, [0, 0])
        held[0] += row.outstanding
        held[1] += row.claim
    ordered = sorted(sums.items(), key=lambda one: (-sum(one[1]), one[0]))
    live = [(house, parts) for house, parts in ordered if any(parts)]
    rows = tuple(
        (desk.say(*money.houses[house]), *(stakes.moved(desk, yuan(part)) for part in parts))
        for house, parts in live
    )
    body = Listing(
        columns=(
            Column(desk.say("担保机构", "Guarantor")),
            Column(desk.say("在保余额", "Outstanding"), "right"),
            Column(desk.say("代偿未追回", "Claim"), "right"),
        ),
        rows=rows,
        empty=desk.say("没有在保与代偿", "Nothing is guaranteed or claimed"),
        rest=lambda shown: desk.say(
            f"另有 {len(rows) - shown} 家。", f"Not shown: {len(rows) - shown} more."
        ),
    )
    note = desk.say(
        "在保余额含本表所列贷款的担保，不重复计入敞口。",
        "Guarantees on the loans shown are not added to them.",
    )
    return Panel(
        desk.say("担保（按机构）", "Guarantees"), body, unit=desk.unit if rows else "", note=note if rows else ""
    )  # fmt: skip
