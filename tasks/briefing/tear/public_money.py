"""The public money in one firm by part, for readers who see everything.

The same reading as the firm's page and the API, of the month's end and as known when the snapshot was taken: at cost,
sub-funds by paid-in shares.
"""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from finance_hub.kernel.models import Firm, Organisation
from finance_hub.kernel.money import yuan
from finance_hub.kernel.text import Text
from listings import queries as listings
from listings.queries import AttemptRow
from loans import queries as loans_of
from loans.queries import FirmBalanceRow, FirstLoan, GuaranteeRow
from tasks import wording
from tasks.briefing.content.desk import Desk
from tasks.briefing.layout import Chart, ChartKind, Series, Tile
from tasks.briefing.origin import plain
from tasks.briefing.tear import stakes
from tasks.briefing.tear.layout import Panel, Picture
from tasks.catalogue.lookthrough import LAST_REPORT
from tasks.exposure import reading
from tasks.exposure.assembly import Exposure
from tasks.exposure.lines import PUBLIC_TOTAL, Code
from tasks.exposure.parts import NAMES, Part, amount_of
from tasks.models import Figure

#: The look-through on the three bases of shares, the one that is shown first.
BASES = ("lookthrough.paid_in", "lookthrough.nav", "lookthrough.commitment")


class PublicMoney(NamedTuple):
    """`silent` are ids of the banks whose flows of the month had not come: their balances are those last known."""

    exposure: Exposure
    through: list[Figure]
    balances: list[FirmBalanceRow]
    silent: set[int]
    guarantees: list[GuaranteeRow]
    houses: dict[int, Text]
    first_loan: FirstLoan | None
    attempts: list[AttemptRow]

    @property
    def total(self) -> Decimal:
        return yuan(self.exposure.public.cost)

    def part(self, part: Part) -> Decimal | None:
        def line(code: Code) -> Decimal | None:
            found = self.exposure.line(code)
            return None if found.reason else yuan(found.public.cost)

        return amount_of(part, line)


def read(desk: Desk, of: Firm) -> PublicMoney:
    """Wants full scope."""
    as_of, known_at = desk.month.end, desk.now.snapshot.known_at
    codes = {reporter["code"] for reporter in desk.now.snapshot.not_reported if reporter["dataset"] == "flow"}
    balances = loans_of.firm_balances(of.pk, as_of=as_of, known_at=known_at)
    guarantees = loans_of.guarantee_frame(as_of, known_at, firm=of.pk)
    houses = {row.bank_id for row in balances} | {row.guarantor_id for row in guarantees}
    names = Organisation.objects.filter(pk__in=houses).values_list("pk", "name", "name_en")
    return PublicMoney(
        exposure=reading.read([of], as_of=as_of, known_at=known_at).exposure,
        through=[
            figure
            for (code, scope, _), figure in sorted(desk.now.figures.items())
            if code in BASES and scope == "fund_firm"
        ],
        balances=balances,
        silent=set(Organisation.objects.filter(code__in=codes).values_list("pk", flat=True)),
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
    return (
        tile(desk, desk.say(*PUBLIC_TOTAL.name), total, desk.say("成本口径", "at cost")),
        *(
            tile(desk, desk.say(*name), amount, "" if amount is None else _share(amount, total))
            for part, name in NAMES.items()
            for amount in [money.part(part)]
        ),
    )


def _share(part: Decimal, whole: Decimal) -> str:
    return wording.percent(part / whole, places=1) if whole else ""


def reported(figure: Figure) -> str:
    """The day of the oldest report that a figure rests on."""
    days = (note.split(": ")[1] for note in figure.notes if note.startswith(LAST_REPORT))
    return next(days, "")


def chart(desk: Desk, money: PublicMoney) -> Panel:
    """The parts as bars, under the one that weighs most."""
    total = money.total
    amounts = tuple(money.part(part) for part in Part)
    made = Chart(
        number=1,
        finding=_finding(desk, money),
        unit=desk.unit,
        as_of=desk.as_of,
        source="",
        kind=ChartKind.HORIZONTAL_BARS,
        categories=tuple(desk.say(*name) for name in NAMES.values()),
        series=(
            Series(
                desk.say(*PUBLIC_TOTAL.name),
                tuple(desk.plotted(amount) if total else None for amount in amounts),
                tuple(wording.DASH if amount is None else stakes.amount(desk, amount) for amount in amounts),
            ),
        ),
        empty_text=desk.say("没有公共资金敞口", "No public money is in the firm"),
    )
    return Panel(
        plain(made.finding),
        Picture(made, least=66.0, most=108.0),
        unit=desk.unit if total else "",
        share=1.55,
    )


def _finding(desk: Desk, money: PublicMoney) -> str:
    total, parts = money.total, {part: money.part(part) or Decimal(0) for part in Part}
    if not total:
        return desk.say("公共资金构成", "Public money by part")
    largest = max(parts, key=lambda part: parts[part])
    share, name = wording.percent(parts[largest] / total, places=1), NAMES[largest]
    return desk.say(f"{name.zh}占公共资金的 {share}", f"{name.en}: {share} of the public money")


def notes(desk: Desk, money: PublicMoney) -> tuple[str, ...]:
    """What is counted, and whose balances are not those of the month."""
    counts, leaves_out = PUBLIC_TOTAL.counts, PUBLIC_TOTAL.leaves_out
    said = [
        desk.say(
            f"{PUBLIC_TOTAL.name.zh}：{counts.zh}；{leaves_out.zh}。子基金按实缴份额穿透。",
            f"{PUBLIC_TOTAL.name.en}: {counts.en}. {leaves_out.en}. Sub-funds are looked through by paid-in shares.",
        )
    ]
    silent = [
        desk.say(*money.houses[bank])
        for bank in sorted(money.silent & {row.bank_id for row in money.balances})
    ]
    if silent:
        named = desk.say("、", ", ").join(silent)
        said.append(
            desk.say(
                f"当月未报送、余额为最近所知：{named}。",
                f"Not reported for the month, balances as last known: {named}.",
            )
        )
    return ("".join(said) if desk.language == "zh-hans" else " ".join(said),)
