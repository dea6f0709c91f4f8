"""`/exposure`: how a month's public money is spread, who has most of it, and what limits that. Stored figures only."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from finance_hub.kernel import months
from finance_hub.kernel.access import may
from finance_hub.kernel.models import Person
from finance_hub.kernel.periods import Month
from finance_hub.web import tables as shared
from finance_hub.web import words
from finance_hub.web.contexts.charts import Chart
from finance_hub.web.contexts.exposure import City
from finance_hub.web.contexts.funds import Figure
from finance_hub.web.contexts.grids import Grid
from finance_hub.web.contexts.reports import Link
from finance_hub.web.presenters.exposure import limits, spread, tables
from finance_hub.web.presenters.funds import wording as of_funds
from finance_hub.web.presenters.months import picker
from finance_hub.web.tables import Row, Table
from tasks import queries, wording
from tasks.catalogue import BY_CODE
from tasks.exposure.assumed import assumed
from tasks.queries import FigureSet

TILES = ("exposure.public", "exposure.public_fair_value", "exposure.public_loss", "exposure.finance")


def city(asked: Month | None, *, reader: Person) -> City:
    """The month asked for, else the latest that has figures."""
    known = queries.months_with_figures()
    month = asked or (known[0] if known else None)
    snapshot = queries.latest_snapshot(month) if month else None
    chosen = picker(known, month, page="web:exposure") if month and known else None
    actions = _actions(reader)
    standing = limits.grids(None, reader=reader)
    if month is None or snapshot is None:
        empty = _(
            "No figures have been computed for this month. They are once banks and fund managers have reported."
        )
        return City(words.month(month) if month else "", chosen, "", empty, actions, limits=standing)
    figures = queries.figures_of(snapshot)
    if figures.get("exposure.public") is None:
        empty = _("The figures of this month were taken before exposure was broken down by line. "
                  "They stay as they are; later months have it.")  # fmt: skip
        return City(words.month(month), chosen, "", empty, actions, limits=standing)
    return City(
        month=words.month(month),
        picker=chosen,
        basis=_basis(figures, month),
        empty="",
        actions=actions,
        tiles=tuple(_tile(figures, code) for code in TILES),
        charts=tuple(_charts(figures, month)),
        grids=tuple(_grid(table, month) for table in _tables(figures, month)),
        limits=limits.grids(figures, reader=reader),
    )


def table(name: str, asked: Month | None) -> tuple[Table, FigureSet] | None:
    """The table of a download and the figures it is from; None where there is no such table or month."""
    known = queries.months_with_figures()
    month = asked or (known[0] if known else None)
    snapshot = queries.latest_snapshot(month) if month else None
    if snapshot is None:
        return None
    figures = queries.figures_of(snapshot)
    month = Month.of(snapshot.month)
    every = (*spread.parts(figures), *_tables(figures, month), *limits.tables(figures))
    found = next((table for table in every if table.key == name), None)
    return None if found is None else (found, figures)


def _tables(figures: FigureSet, month: Month) -> tuple[Table, ...]:
    """The largest, how concentrated it is, the baton, and what the losses among the tiles rest on."""
    held = assumed(as_of=month.end, known_at=figures.snapshot.known_at)
    return (*spread.largest(figures), *spread.measures(figures), tables.assumed(held))


def book(found: Table, figures: FigureSet, *, now: datetime) -> bytes:
    month = Month.of(figures.snapshot.month)
    facts = ((_("Moment"), _basis(figures, month)),)
    return shared.book([found], title=found.title, facts=facts, created=now)


def _basis(figures: FigureSet, month: Month) -> str:
    snapshot = figures.snapshot
    said = _("As of %(day)s, as known at %(moment)s · %(closed)s · snapshot %(snapshot)s") % {
        "day": words.day(month.last),
        "moment": words.moment(snapshot.known_at),
        "closed": _("month closed") if months.is_closed(month) else _("month open"),
        "snapshot": snapshot.public_id,
    }
    late = sorted({row["code"] for row in snapshot.not_reported if row["dataset"] == "flow"})
    if not late:
        return said
    return (
        said
        + words.say(words.SEMICOLON)
        + _("not reported, balances as last known: %(banks)s") % {"banks": words.listed(late)}
    )


def _actions(reader: Person) -> tuple[Link, ...]:
    if not may(reader.role, "tolerance.propose"):
        return ()
    return (Link(_("Propose a limit"), reverse("web:limit_new")),)


def _tile(figures: FigureSet, code: str) -> Figure:
    figure, label = figures.get(code), words.say(BY_CODE[code][0].name)
    if figure is None or figure.value is None:
        return Figure(label, None, reason=words.reason(figure.reason if figure else "not-reported"))
    number, unit = wording.headline(figure.value, language=words.language())
    return Figure(label, number, unit, exact=of_funds.exact(figure.value))


def _charts(figures: FigureSet, month: Month) -> list[Chart]:
    return [_chart(one, month) for one in spread.parts(figures) if one.rows]


def _chart(one: Table, month: Month) -> Chart:
    """The largest parts as bars; all of them in the table."""
    shown = [row for row in one.rows if row.is_drawn and not row.is_total][: spread.BARS]
    amounts = [value if isinstance(value, Decimal) else None for value in (row.values[1] for row in shown)]
    scale = Decimal(1_000_000) if words.language() == "en" else Decimal(10_000)
    return Chart(
        key=one.key,
        title=_finding(one, shown),
        caption=_("%(meaning)s %(unit)s, at the end of %(day)s.")
        % {
            "meaning": one.meaning[0] if one.meaning else "",
            "unit": words.table_unit(),
            "day": words.day(month.last),
        },
        summary=_("%(title)s: the largest parts as bars.") % {"title": one.title},
        spec={
            "direction": "horizontal",
            "categories": [str(row.values[0]) for row in shown],
            "left": {"name": words.table_unit(), "decimals": 0},
            "series": [
                {
                    "name": one.title,
                    "kind": "bar",
                    "axis": "left",
                    "tone": "step4",
                    "values": [None if amount is None else float(amount / scale) for amount in amounts],
                    "labels": [
                        words.DASH if amount is None else wording.in_table(amount, language=words.language())
                        for amount in amounts
                    ],
                }
            ],
            "missing": words.reason("not-recorded"),
        },
        table=shared.twin(one),
        download=_download(one, month),
    )


def _finding(one: Table, shown: list[Row]) -> str:
    first = shown[0]
    share = first.values[2]
    if not isinstance(share, Decimal):
        return one.title
    return _("%(title)s: %(part)s has %(share)s") % {
        "title": one.title,
        "part": first.values[0],
        "share": wording.percent(share, places=1),
    }


def _grid(one: Table, month: Month) -> Grid:
    return shared.grid(one, actions=(Link(_("Excel"), _download(one, month)),) if one.rows else ())


def _download(one: Table, month: Month) -> str:
    return f"{reverse('web:exposure_table', args=[one.key])}?{urlencode({'month': str(month)})}"
