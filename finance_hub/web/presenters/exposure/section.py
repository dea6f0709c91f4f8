"""The exposure of some firms as a part of a page, and as a workbook."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _

from finance_hub.kernel.models import Firm
from finance_hub.kernel.money import yuan
from finance_hub.web import tables as shared
from finance_hub.web import words
from finance_hub.web.contexts.charts import Chart, ChartSeries, ChartSpec
from finance_hub.web.contexts.exposure import Section
from finance_hub.web.contexts.funds import Figure
from finance_hub.web.contexts.reports import Link
from finance_hub.web.presenters.exposure import tables
from finance_hub.web.presenters.exposure.asking import Asked
from finance_hub.web.presenters.exposure.asking import said as basis_said
from finance_hub.web.presenters.funds import wording as of_funds
from tasks import wording
from tasks.catalogue import BY_CODE
from tasks.exposure import batons
from tasks.exposure.lines import FINANCE_TOTAL, LINES, PUBLIC_TOTAL, Code
from tasks.exposure.reading import Read, read

#: The bars of the chart: a line, and the line whose public amount is a part of it.
BARS = {
    Code.EQUITY: Code.EQUITY,
    Code.THROUGH: Code.THROUGH,
    Code.LOANS: Code.SHARED,
    Code.GUARANTEES: Code.GUARANTEES,
    Code.INSURANCE: Code.INSURANCE,
    Code.COMPENSATION: Code.COMPENSATION,
}


def section(
    firms: Sequence[Firm],
    asked: Asked,
    *,
    here: str,
    download: str,
    group: Link | None = None,
    with_baton: bool = False,
) -> Section:
    """Wants full scope. `here` is the page's own address, `download` that of its workbook."""
    moment = asked.moment
    found = _read(firms, asked)
    lines, steps = tables.lines(found), None
    if with_baton:
        own = batons.batons(as_of=moment.as_of, known_at=moment.known_at, firm=firms[0].pk)
        steps = shared.grid(tables.baton(own, until=moment.day))
    excel = Link(_("Excel"), asked.address(download))
    return Section(
        chooser=moment.chooser(here),
        bases=asked.choices(),
        tiles=_tiles(found),
        said=_said(found, asked),
        chart=_chart(found, asked, download=excel.url),
        lines=shared.grid(lines, actions=(excel,), says_meaning=False),
        meaning=tuple(lines.meaning),
        records=shared.grid(tables.records(found, most=tables.SHOWN)),
        assumed=shared.grid(tables.assumed(found.assumptions)),
        group=group,
        baton=steps,
    )


def book(firms: Sequence[Firm], asked: Asked, *, title: str) -> bytes:
    """The lines, the records behind them and the assumptions, with what each means."""
    found, moment = _read(firms, asked), asked.moment
    facts = (
        (_("Subject"), title),
        (_("Moment"), moment.said),
        (_("Shares in sub-funds"), basis_said(asked.basis)),
        (_("Not reported"), words.listed(list(found.silent)) or _("none")),
    )
    written = (tables.lines(found), tables.records(found), tables.assumed(found.assumptions))
    return shared.book(written, title=title, facts=facts, created=moment.now)


def _read(firms: Sequence[Firm], asked: Asked) -> Read:
    moment = asked.moment
    return read(firms, as_of=moment.as_of, known_at=moment.known_at, basis=asked.basis)


def _tiles(found: Read) -> tuple[Figure, ...]:
    public, finance = found.exposure.public, found.exposure.finance
    return (
        _tile(words.say(PUBLIC_TOTAL.name), public.cost),
        _tile(words.say(BY_CODE["exposure.public_fair_value"][0].name), public.fair_value),
        _tile(words.say(BY_CODE["exposure.public_loss"][0].name), public.loss),
        _tile(words.say(FINANCE_TOTAL.name), finance.cost),
    )


def _tile(label: str, fen: int | None) -> Figure:
    if fen is None:
        return Figure(label, None, reason=words.reason("no-assumptions"))
    amount = yuan(fen)
    number, unit = wording.headline(amount, language=words.language())
    return Figure(label, number, unit, exact=of_funds.exact(amount))


def _said(found: Read, asked: Asked) -> str:
    """What a reader must know beside the numbers."""
    said = [_("Sub-funds are looked through %(basis)s.") % {"basis": basis_said(asked.basis)}]
    if found.silent:
        named = words.listed(list(found.silent))
        said.append(
            _(
                "The report of the last whole month has not come from %(banks)s: balances are those last known."
            )
            % {"banks": named}
        )
    return words.say(words.SPACE).join(said)


def _chart(found: Read, asked: Asked, *, download: str) -> Chart | None:
    whole = found.exposure.public.cost
    if not found.exposure.finance.cost:
        return None
    table = tables.lines(found)
    largest = max(
        found.exposure.lines, key=lambda line: 0 if line.code is Code.SUBSIDIES else line.public.cost
    )
    share = wording.percent(Decimal(largest.public.cost) / whole, places=1) if whole else ""
    return Chart(
        key="exposure",
        title=_("%(line)s: %(share)s of the public exposure")
        % {"line": words.say(LINES[largest.code].name), "share": share}
        if whole
        else _("No public money stands behind what banks and insurers lend and cover"),
        caption=_("%(unit)s. At cost, at the end of %(day)s; source: fund managers, banks and guarantors.")
        % {"unit": words.table_unit(), "day": words.day(asked.moment.day)},
        summary=_("Bars by line: what public money bears, and what banks, insurers and others bear."),
        spec=_spec(found),
        table=shared.twin(table),
        download=download,
    )


def _spec(found: Read) -> ChartSpec:
    lines = [found.exposure.line(code) for code in BARS]
    public = [None if line.reason else found.exposure.line(BARS[line.code]).public.cost for line in lines]
    others = [
        None if part is None else line.finance.cost - part for line, part in zip(lines, public, strict=True)
    ]
    return {
        "direction": "horizontal",
        "categories": [words.say(LINES[code].name) for code in BARS],
        "left": {"name": words.table_unit(), "decimals": 0},
        "series": [
            _series(_("Public money"), "step4", public),
            _series(_("Banks, insurers and others"), "step1", others),
        ],
        "missing": words.reason("not-recorded"),
    }


def _series(name: str, tone: str, amounts: Sequence[int | None]) -> ChartSeries:
    scale = 100_000_000 if words.language() == "en" else 1_000_000
    language = words.language()
    made: ChartSeries = {
        "name": name,
        "kind": "bar",
        "axis": "left",
        "tone": "step4" if tone == "step4" else "step1",
        "values": [None if fen is None else fen / scale for fen in amounts],
        "labels": [
            words.reason("not-recorded") if fen is None else wording.in_table(yuan(fen), language=language)
            for fen in amounts
        ],
    }
    return made


def group_link(firm: Firm) -> Link | None:
    """To the group's page, where the firm is in one."""
    group = firm.control_group
    return None if group is None else Link(group.name, reverse("web:group", args=[str(group.pk)]))
