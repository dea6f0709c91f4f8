"""The public money in one firm by form, for readers who see everything.

The figures of the snapshot where they are kept (the ten largest firms); of other firms the sum of the same
records on the same terms, and the page says so. No yuan is counted twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from finance_hub.kernel.models import Firm, Organisation
from finance_hub.kernel.money import yuan
from finance_hub.kernel.text import Text
from listings import queries as listings
from listings.queries import AttemptRow
from loans import queries as loans_of
from loans.queries import BalanceRow, FirstLoan, GuaranteeRow
from tasks import wording
from tasks.briefing.content.desk import Desk
from tasks.briefing.layout import Chart, ChartKind, Series, Tile
from tasks.briefing.tear import stakes
from tasks.briefing.tear.layout import Panel, Picture
from tasks.catalogue import BY_CODE
from tasks.catalogue.lookthrough import LAST_REPORT
from tasks.models import Figure

FORMS = ("exposure.firm_equity", "exposure.firm_loans", "exposure.firm_guarantees")
#: The look-through on the three bases of shares, the one that is shown first.
BASES = ("lookthrough.paid_in", "lookthrough.nav", "lookthrough.commitment")
NAMES = {
    "exposure.firm": Text("公共资金总敞口", "Total public exposure"),
    "exposure.firm_equity": Text("直接股权", "Direct equity"),
    "exposure.firm_loans": Text("专项贷款", "Loans"),
    "exposure.firm_guarantees": Text("担保与代偿", "Guarantees"),
}


class PublicMoney(NamedTuple):
    """`amounts` by form, in yuan; `stored` where they are the snapshot's figures and not sums of records.

    `silent` are ids of the banks whose flows of the month had not come: their balances are left out.
    """

    amounts: dict[str, Decimal]
    stored: bool
    through: list[Figure]
    balances: list[BalanceRow]
    silent: set[int]
    guarantees: list[GuaranteeRow]
    houses: dict[int, Text]
    first_loan: FirstLoan | None
    attempts: list[AttemptRow]

    @property
    def total(self) -> Decimal:
        return sum(self.amounts.values(), Decimal(0))


def read(desk: Desk, of: Firm, holdings: Sequence[Any]) -> PublicMoney:
    """Wants full scope; `holdings` are the measured stakes of all funds in the firm."""
    as_of, known_at = desk.month.end, desk.now.snapshot.known_at
    codes = {reporter["code"] for reporter in desk.now.snapshot.not_reported if reporter["dataset"] == "flow"}
    silent = set(Organisation.objects.filter(code__in=codes).values_list("pk", flat=True))
    balances = loans_of.balance_frame(as_of, known_at, firm=of.pk)
    guarantees = loans_of.guarantee_frame(as_of, known_at, firm=of.pk)
    houses = {row.bank_id for row in balances} | {row.guarantor_id for row in guarantees}
    names = Organisation.objects.filter(pk__in=houses).values_list("pk", "name", "name_en")
    stored = {code: desk.value(code, "firm", of.uscc) for code in FORMS}
    summed = {
        "exposure.firm_equity": stakes.total(holdings, "remaining_cost"),
        "exposure.firm_loans": yuan(sum(row.balance for row in balances if row.bank_id not in silent)),
        "exposure.firm_guarantees": yuan(sum(row.outstanding_elsewhere + row.claim for row in guarantees)),
    }
    kept = {code: value for code, value in stored.items() if value is not None}
    return PublicMoney(
        amounts=kept if len(kept) == len(FORMS) else summed,
        stored=len(kept) == len(FORMS),
        through=[
            figure
            for (code, scope, _), figure in sorted(desk.now.figures.items())
            if code in BASES and scope == "fund_firm"
        ],
        balances=balances,
        silent=silent,
        guarantees=guarantees,
        houses={pk: Text(zh, en) for pk, zh, en in names},
        first_loan=loans_of.first_loan(of.pk, as_of=as_of, known_at=known_at),
        attempts=[row for row in listings.pipeline_frame(as_of, known_at) if row.firm_id == of.pk],
    )


def tile(desk: Desk, label: str, amount: Decimal | None, note: str = "") -> Tile:
    """An amount as a headline; None is a dash with the note."""
    if amount is None:
        return Tile(label, wording.DASH, note=note or desk.say("尚无", "none yet"))
    number, unit = wording.headline(amount, language=desk.language)
    return Tile(label, number, unit, note=note)


def tiles(desk: Desk, money: PublicMoney) -> tuple[Tile, ...]:
    total = money.total
    basis = (
        desk.say("快照指标", "figure of the snapshot")
        if money.stored
        else desk.say("记录加总", "sum of records")
    )
    return (
        tile(desk, desk.say(*NAMES["exposure.firm"]), total, basis),
        *(
            tile(desk, desk.say(*NAMES[code]), money.amounts[code], _share(money.amounts[code], total))
            for code in FORMS
        ),
        _through(desk, money.through),
    )  # fmt: skip


def _share(part: Decimal, whole: Decimal) -> str:
    return wording.percent(part / whole, places=1) if whole else ""


def _through(desk: Desk, figures: Sequence[Figure]) -> Tile:
    """What city funds hold of the firm by look-through, with the day of the oldest report it rests on."""
    label = desk.say("穿透持有（现值）", "By look-through")
    shown = [figure for figure in figures if figure.code == BASES[0]]
    values = [figure.value for figure in shown if figure.value is not None]
    if not values:
        return tile(desk, label, None)
    oldest = min(map(reported, shown))
    note = desk.say(f"最早报告 {oldest}", f"oldest report {oldest}") if oldest else ""
    return tile(desk, label, sum(values, Decimal(0)), note)


def reported(figure: Figure) -> str:
    """The day of the oldest report that a figure rests on."""
    days = (note.split(": ")[1] for note in figure.notes if note.startswith(LAST_REPORT))
    return next(days, "")


def chart(desk: Desk, money: PublicMoney) -> Panel:
    """The forms as bars, under the one that weighs most."""
    total = money.total
    amounts = tuple(money.amounts[code] for code in FORMS)
    made = Chart(
        number=1,
        finding=_finding(desk, money),
        unit=desk.unit,
        as_of=desk.as_of,
        source="",
        kind=ChartKind.HORIZONTAL_BARS,
        categories=tuple(desk.say(*NAMES[code]) for code in FORMS),
        series=(
            Series(
                desk.say(*NAMES["exposure.firm"]),
                tuple(desk.plotted(amount) if total else None for amount in amounts),
                tuple(stakes.amount(desk, amount) for amount in amounts),
            ),
        ),
        empty_text=desk.say("没有公共资金敞口", "No public money is in the firm"),
    )
    return Panel(
        made.finding, Picture(made, least=66.0, most=108.0), unit=desk.unit if total else "", share=1.55
    )


def _finding(desk: Desk, money: PublicMoney) -> str:
    total = money.total
    if not total:
        return desk.say("公共资金构成", "Public money by form")
    largest = max(FORMS, key=lambda code: money.amounts[code])
    share, name = wording.percent(money.amounts[largest] / total, places=1), NAMES[largest]
    return desk.say(f"{name.zh}占公共资金的 {share}", f"{name.en}: {share} of the public money")


def notes(desk: Desk, money: PublicMoney) -> tuple[str, ...]:
    """What is counted, where the sums come from, and who had not reported."""
    definition = desk.say(*BY_CODE["exposure.firm"][0].definition)
    said = [desk.say(f"总敞口：{definition}。", f"Total exposure: {definition}.")]
    if not money.stored:
        said.append(
            desk.say(
                "敞口指标每月只为前十户存档，本企业不在其列：各项由同一时点的记录按同一口径加总。",
                "The figure is kept every month for the ten largest firms; this one is not among them, and the parts "
                "are sums of the records of the same moment on the same terms.",
            )
        )
    silent = [
        desk.say(*money.houses[bank])
        for bank in sorted(money.silent & {row.bank_id for row in money.balances})
    ]
    if silent:
        named = desk.say("、", ", ").join(silent)
        said.append(
            desk.say(
                f"当月未报送、未计入合计：{named}。", f"Not reported for the month and left out: {named}."
            )
        )
    return ("".join(said) if desk.language == "zh-hans" else " ".join(said),)
