"""The tables of an exposure: its lines, the records behind them, what is assumed to be lost, and the baton."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from finance_hub.kernel.models import Organisation
from finance_hub.kernel.money import yuan
from finance_hub.kernel.text import Text
from finance_hub.web import words
from finance_hub.web.presenters.risk import assumed_tables
from finance_hub.web.tables import Column, Missing, Row, Table, Value
from funds.models import Fund
from tasks.exposure.batons import STEPS, Baton
from tasks.exposure.lines import FINANCE_TOTAL, LINES, PUBLIC_TOTAL, Amounts, Code, Line
from tasks.exposure.reading import Read
from tasks.exposure.records import CONTRACT, GUARANTEE, HOLDING, STAKE, Record
from tasks.models import ParameterKind, RiskAssumptions


def lines(read: Read) -> Table:
    return Table(
        key="exposure-lines",
        title=_("Public money, line by line"),
        columns=(
            Column(_("Part of the exposure")),
            Column(_("Public, at cost"), "yuan"),
            Column(_("Public, fair value"), "yuan"),
            Column(_("Public, if it defaults"), "yuan"),
            Column(_("Total finance"), "yuan"),
        ),
        rows=(*(_line(line) for line in read.exposure.lines), _total(read)),
        empty="",
        meaning=(
            *(_meaning(code) for code in LINES),
            _words(PUBLIC_TOTAL.name.say(words.language()), PUBLIC_TOTAL.leaves_out.say(words.language())),
            _words(FINANCE_TOTAL.name.say(words.language()), FINANCE_TOTAL.leaves_out.say(words.language())),
        ),
    )


def _meaning(code: Code) -> str:
    said = LINES[code]
    return _words(words.say(said.name), words.say(said.counts), words.say(said.leaves_out))


def _words(name: str, *said: str) -> str:
    return name + words.say(words.COLON) + words.say(words.SEMICOLON).join(said) + words.say(words.STOP)


def _line(line: Line) -> Row:
    name = words.say(LINES[line.code].name)
    if line.reason:
        return Row((name, *[Missing(line.reason)] * 4))
    note = ""
    if line.incomplete:
        note = _("more may be held: %(reason)s") % {"reason": words.reason(line.incomplete)}
    if line.code is Code.SUBSIDIES:
        note = _("in no total")
    if line.code is Code.SHARED:
        note = _("part of the loans above")
    return Row((name, *_amounts(line.public), yuan(line.finance.cost)), note=note)


def _total(read: Read) -> Row:
    public, finance = read.exposure.public, read.exposure.finance
    return Row((_("Together"), *_amounts(public), yuan(finance.cost)), is_total=True)


def _amounts(amounts: Amounts) -> tuple[Value, Value, Value]:
    gone = Missing("no-assumptions") if amounts.loss is None else yuan(amounts.loss)
    return yuan(amounts.cost), yuan(amounts.fair_value), gone


#: A page shows so many records; the workbook and the API have them all.
SHOWN = 60


def records(read: Read, *, most: int | None = None) -> Table:
    names, left = _names(read), len(read.records) - (most or len(read.records))
    return Table(
        key="exposure-records",
        title=_("What each line rests on"),
        columns=(
            Column(_("Part of the exposure")),
            Column(_("Record")),
            Column(_("Number of the record"), "code"),
            Column(_("Whose")),
            Column(_("Counted at cost"), "yuan"),
            Column(_("Fair value"), "yuan"),
            Column(_("Oldest report"), "day"),
        ),
        rows=tuple(_record(row, names) for row in read.records[:most]),
        empty=_("No record of public money is known at this moment. Fund managers, banks and guarantors report them."),
        meaning=(_("%(count)s more are in the workbook.") % {"count": words.count(left)},) if left > 0 else (),
    )  # fmt: skip


def _record(row: Record, names: Mapping[str, str]) -> Row:
    kind = {
        HOLDING: _("holding"),
        STAKE: _("stake in a fund"),
        CONTRACT: _("loan contract"),
        GUARANTEE: _("guarantee"),
    }[row.kind]
    whose = names[row.of] + (f" → {names[row.through]}" if row.through else "")
    name = words.say(LINES[row.code].name)
    amounts = (
        None if row.code is Code.SUBSIDIES else yuan(row.amount),
        None if row.worth is None else yuan(row.worth),
    )
    return Row((name, kind, row.id, whose, *amounts, row.oldest), url=_page(row))


def _names(read: Read) -> dict[str, str]:
    """{code: name} of the funds, banks and guarantors whose records they are. Two queries."""
    codes = {code for row in read.records for code in (row.of, row.through) if code}
    language = words.language()
    found: dict[str, str] = {}
    for rows in (Organisation.objects.filter(code__in=codes), Fund.objects.filter(code__in=codes)):
        found |= {
            code: Text(zh, en).say(language) for code, zh, en in rows.values_list("code", "name", "name_en")
        }
    return found


def _page(row: Record) -> str | None:
    """Where there is a page of the record; contracts and guarantees are read through the API."""
    fund = row.through or row.of
    if row.kind == HOLDING:
        return reverse("web:fund_holding", args=[fund, row.id])
    return reverse("web:fund", args=[row.id]) if row.kind == STAKE else None


def assumed(held: RiskAssumptions | None) -> Table:
    """The LGDs of a set, each with what it rests on."""
    return Table(
        key="exposure-assumed",
        title=_("What is assumed to be lost if the firm defaults"),
        columns=(Column(_("Kind")), Column(_("Lost"), "ratio"), Column(_("Support"), "word"), Column(_("Rests on"))),
        rows=tuple(assumed_tables.rows(held, ParameterKind.LGD)) if held else (),
        empty=_("No assumptions are in force. The centre's maker enters them; the product brings a set to begin with."),
        meaning=(assumed_tables.stated(held),) if held else (),
    )  # fmt: skip


def baton(found: Sequence[Baton], *, until: date) -> Table:
    """Of one firm: no rows where no angel fund ever paid into it."""
    return Table(
        key="baton",
        title=_("The baton"),
        columns=(
            Column(_("Step")),
            Column(_("Day"), "day"),
            Column(_("Days since the angel money"), "count"),
            Column(_("State")),
        ),
        rows=tuple(_steps(found[0], until=until)) if found else (),
        empty=_("No angel fund has paid into this firm, so nothing was handed on from it."),
        meaning=(
            _(
                "Steps count from the first angel money on; a step that is waited for counts the days waited so far."
            ),
        ),
    )


def _steps(one: Baton, *, until: date) -> Iterator[Row]:
    for step in one.steps(until=until):
        name = _("First angel money") if step.step == "angel" else words.say(STEPS[step.step])
        state = _("still waiting") if step.on is None else _("reached")
        yield Row((name, step.on, step.days, state))
