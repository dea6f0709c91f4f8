"""The loss that is exceeded with a given chance: of everything by instrument, and of each tolerance beside its room."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from finance_hub.web import words
from finance_hub.web.contexts.charts import Chart, ChartSeries
from finance_hub.web.presenters.risk import wording
from finance_hub.web.presenters.risk.desk import Desk, said
from finance_hub.web.presenters.risk.loss_tables import excel
from finance_hub.web.tables import Column, Row, Table, twin
from tasks import wording as of_figures

#: More tolerances than these are told by the table of limits alone.
MOST = 3
_TONES: tuple[Any, ...] = ("ink", "step4", "step3", "step2")


def charts(desk: Desk) -> tuple[Chart, ...]:
    return (_whole(desk), *(_limit(desk, one) for one in likeliest(desk)))


def likeliest(desk: Desk) -> list[dict[str, Any]]:
    """The tolerances on more than a project that are likeliest to break."""
    shown = [
        one
        for one in desk.content["limits"]
        if one["kind"] == "tolerance" and not one["code"].startswith("project")
    ]
    return sorted(shown, key=lambda one: -one["probability"])[:MOST]


def key_of(one: dict[str, Any]) -> str:
    """The key of a limit's curve: letters, digits and hyphens."""
    return "curve-" + "".join(letter if letter.isalnum() else "-" for letter in one["code"].lower())


def whole_table(desk: Desk) -> Table:
    books = desk.content["books"]
    return Table(
        key="curve",
        title=_("Loss that is exceeded, by chance and instrument"),
        columns=(
            Column(_("Chance in a year"), "ratio"),
            *(Column(said(book["label"]), "yuan") for book in books),
        ),
        rows=tuple(
            Row((Decimal(str(point["probability"])), *(Decimal(book["curve"][at]["loss"]) for book in books)))
            for at, point in enumerate(books[0]["curve"])
        ),
        empty="",
        meaning=(_("In each row the loss that is exceeded with the chance that heads it."),),
    )


def limit_table(one: dict[str, Any]) -> Table:
    room = Decimal(one["room"])
    return Table(
        key=key_of(one),
        title=_("Loss that is exceeded: %(name)s") % {"name": said(one["label"])},
        columns=(
            Column(_("Chance in a year"), "ratio"),
            Column(_("Loss"), "yuan"),
            Column(_("What may still be lost"), "yuan"),
        ),
        rows=tuple(Row((Decimal(str(p["probability"])), Decimal(p["loss"]), room)) for p in one["curve"]),
        empty="",
        meaning=(_("Loss as the rule counts it, beyond what is used already."),),
    )


def _whole(desk: Desk) -> Chart:
    books, table = desk.content["books"], whole_table(desk)
    loss = Decimal(books[0]["quantiles"]["0.99"])
    series = [
        _series(said(book["label"]), [Decimal(p["loss"]) for p in book["curve"]], _TONES[at])
        for at, book in enumerate(books)
    ]
    return Chart(
        key="curve",
        title=_("With a chance of 1 in 100 more than %(loss)s is lost within a year") % {"loss": words.money(loss)},
        caption=_caption(desk, books[0]["method"]),
        summary=_("The loss that is exceeded, by chance: everything, and equity, loans and guarantees for themselves."),
        spec=_spec(books[0]["curve"], series),
        table=twin(table),
        download=excel(table, desk).url,
    )  # fmt: skip


def _limit(desk: Desk, one: dict[str, Any]) -> Chart:
    table, room = limit_table(one), Decimal(one["room"])
    series = [
        _series(_("Loss"), [Decimal(point["loss"]) for point in one["curve"]], "ink"),
        _series(_("What may still be lost"), [room] * len(one["curve"]), "limit"),
    ]
    named = {"name": said(one["label"]), "chance": wording.share(one["probability"])}
    title = (
        _("%(name)s: its tolerance is exceeded already") % named
        if room < 0
        else _("%(name)s: its tolerance is broken within a year with probability %(chance)s") % named
    )
    return Chart(
        key=key_of(one),
        title=title,
        caption=_caption(desk, one["method"]),
        summary=_("The loss that is exceeded, by chance; dashed: what may still be lost."),
        spec=_spec(one["curve"], series),
        table=twin(table),
        download=excel(table, desk).url,
    )


def _spec(curve: list[dict[str, Any]], series: list[ChartSeries]) -> Any:
    return {
        "direction": "vertical",
        "categories": [_chance(point["probability"]) for point in curve],
        "left": {"name": words.table_unit(), "decimals": 0},
        "series": series,
        "missing": words.DASH,
    }


def _series(name: str, amounts: list[Decimal], tone: Any) -> ChartSeries:
    unit = Decimal(1_000_000) if words.language() == "en" else Decimal(10_000)
    return {
        "name": name,
        "kind": "line",
        "axis": "left",
        "tone": tone,
        "values": [float(amount / unit) for amount in amounts],
        "labels": [of_figures.in_table(amount, language=words.language()) for amount in amounts],
    }


def _chance(probability: float) -> str:
    """1 in 100 as 1%: short enough to stand under a curve."""
    return f"{Decimal(str(probability)) * 100:f}".rstrip("0").rstrip(".") + "%"


def _caption(desk: Desk, method: str) -> str:
    assert desk.result is not None  # noqa: S101 - asked for behind `result`
    said = _(
        "%(unit)s; across: chance within twelve months from %(day)s. Method: %(method)s; assumptions: %(document)s."
    )
    return said % {
        "unit": words.table_unit(), "day": words.day(desk.month.last), "method": wording.method(method),
        "document": desk.result.assumptions.document,
    }  # fmt: skip
