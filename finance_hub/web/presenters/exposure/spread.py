"""The tables of a month's concentration, from its stored figures."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _

from finance_hub.web import words
from finance_hub.web.tables import Column, Measured, Missing, Row, Table, Value
from tasks import wording
from tasks.catalogue import BY_CODE, entry_of
from tasks.exposure.batons import STEPS
from tasks.exposure.dimensions import DIMENSIONS
from tasks.exposure.lines import LINES, Code
from tasks.models import Figure
from tasks.queries import FigureSet

#: So many bars stay legible; the table has every part.
BARS = 10
TOPS = (1, 5, 10, 20)
#: Dimension → the scope of its parts among the figures.
PARTS = {
    "industry": "industry", "town": "town", "stage": "growth_stage", "bank": "bank", "sub_fund": "sub_fund",
}  # fmt: skip


def parts(figures: FigureSet) -> tuple[Table, ...]:
    """The lines of the exposure, and its parts by what has few of them."""
    return (_lines(figures), *(_parts(figures, dimension, scope) for dimension, scope in PARTS.items()))


def _lines(figures: FigureSet) -> Table:
    whole = figures.value("exposure.public") or Decimal(0)
    rows = [
        Row(
            (
                words.say(LINES[code].name),
                _value(figures.get("exposure.public_line", "exposure_line", code.value)),
                None if code is Code.SUBSIDIES else _share(figures, code, whole),
                _value(figures.get("exposure.finance_line", "exposure_line", code.value)),
            ),
            note=_("in no total") if code is Code.SUBSIDIES else "",
            # What adds nothing to the public exposure is no bar of it.
            is_drawn=code not in (Code.SUBSIDIES, Code.LOANS),
        )
        for code in Code
    ]
    total = Row(
        (_("Together"), whole, None, figures.value("exposure.finance")),
        is_total=True,
    )
    return Table(
        key="lines",
        title=_("Public exposure by line"),
        columns=(
            Column(_("Part of the exposure")), Column(_("Public exposure"), "yuan"), Column(_("Share"), "ratio"),
            Column(_("Total finance"), "yuan"),
        ),
        rows=(*rows, total),
        empty="",
        meaning=(_stop(words.say(BY_CODE["exposure.public"][0].definition)),),
    )  # fmt: skip


def _share(figures: FigureSet, code: Code, whole: Decimal) -> Value:
    part = figures.value("exposure.public_line", "exposure_line", code.value)
    return part / whole if part is not None and whole else None


def _parts(figures: FigureSet, dimension: str, scope: str) -> Table:
    found = figures.all("concentration.amount", scope)
    whole = sum((figure.value or Decimal(0) for figure in found), Decimal(0))
    entry = entry_of("concentration.amount", scope)
    rows = [
        Row((_label(figure), figure.value, (figure.value or Decimal(0)) / whole if whole else None))
        for figure in found
    ]
    if rows:
        rows.append(Row((_("Together"), whole, None), is_total=True))
    return Table(
        key=dimension.replace("_", "-"),
        title=words.say(entry.name),
        columns=(
            Column(words.say(DIMENSIONS[dimension])),
            Column(_("Amount"), "yuan"),
            Column(_("Share"), "ratio"),
        ),
        rows=tuple(rows),
        empty=_("Nothing is exposed here at the end of the month."),
        meaning=(_stop(words.say(entry.definition)),),
    )


def largest(figures: FigureSet) -> tuple[Table, Table]:
    """The twenty largest firms and groups."""
    return (
        _largest(
            figures, "firm", "web:firm", key="firms", title=_("Twenty firms with the largest public exposure")
        ),
        _largest(
            figures,
            "group",
            "web:group",
            key="groups",
            title=_("Twenty groups with the largest public exposure"),
        ),
    )


def _largest(figures: FigureSet, scope: str, page: str, *, key: str, title: str) -> Table:
    whole = figures.value("exposure.public") or Decimal(0)
    rows = [
        Row(
            (
                _label(figure),
                figure.value,
                (figure.value or Decimal(0)) / whole if whole else None,
                figures.value("exposure.largest_finance", scope, figure.key),
            ),
            url=reverse(page, args=[figure.key]),
        )
        for figure in figures.all("exposure.largest_public", scope)
    ]
    entry = entry_of("exposure.largest_public", scope)
    return Table(
        key=key,
        title=title,
        columns=(
            Column(_("Firm") if scope == "firm" else _("Control group")), Column(_("Public exposure"), "yuan"),
            Column(_("Of the city's"), "ratio"), Column(_("Total finance"), "yuan"),
        ),
        rows=tuple(rows),
        empty=_("No firm has public money at the end of the month.")
        if scope == "firm"
        else _("No group is recorded whose firms have public money. The centre enters groups in the registry of firms."),
        meaning=(_stop(words.say(entry.definition)),),
    )  # fmt: skip


def measures(figures: FigureSet) -> tuple[Table, Table]:
    """Shares and indices by dimension, and the baton of the city."""
    names = ("concentration.top_share", "concentration.hhi", "concentration.gini", "concentration.unknown")
    return (
        Table(
            key="measures",
            title=_("How concentrated it is"),
            columns=(
                Column(_("Cut by")),
                *(Column(_("Top %(n)s") % {"n": n}, "ratio") for n in TOPS),
                Column("HHI", "index"), Column(_("Gini"), "index"), Column(_("Not recorded"), "ratio"),
            ),
            rows=tuple(_measured(figures, dimension) for dimension in DIMENSIONS),
            empty="",
            meaning=tuple(
                f"{words.say(BY_CODE[code][0].name)}{words.say(words.COLON)}"
                f"{_stop(words.say(BY_CODE[code][0].definition))}"
                for code in names
            ),
        ),
        baton(figures),
    )  # fmt: skip


def _measured(figures: FigureSet, dimension: str) -> Row:
    return Row(
        (
            words.say(DIMENSIONS[dimension]),
            *(
                _value(figures.get("concentration.top_share", "dimension_top", f"{dimension}:{n}"))
                for n in TOPS
            ),
            _value(figures.get("concentration.hhi", "dimension", dimension)),
            _value(figures.get("concentration.gini", "dimension", dimension)),
            _known(figures.get("concentration.unknown", "dimension", dimension)),
        )
    )


def _known(figure: Figure | None) -> Value:
    """Of firms, groups, banks and sub-funds nothing can be unrecorded."""
    return None if figure is None else _value(figure)


def baton(figures: FigureSet) -> Table:
    def cells(step: str) -> Iterator[Value]:
        for code in ("baton.reached", "baton.waiting", "baton.days"):
            figure = figures.get(code, "baton", step)
            value = _value(figure)
            if not isinstance(value, Decimal):
                yield value
            else:
                # A median of an even number of firms may have a half day.
                yield Measured(value, "index", places=1) if code == "baton.days" else int(value)

    started = figures.value("baton.started") or Decimal(0)
    return Table(
        key="baton",
        title=_("The baton: %(count)s firms with angel money") % {"count": words.count(int(started))},
        columns=(
            Column(_("Step")), Column(_("Reached it"), "count"), Column(_("Still waiting"), "count"),
            Column(_("Median days"), "count"),
        ),
        rows=tuple(Row((words.say(name), *cells(step))) for step, name in STEPS.items()) if started else (),
        empty=_("No angel fund has paid into a firm. Its manager enters investments."),
        meaning=(_stop(words.say(BY_CODE["baton.days"][0].definition)),),
    )  # fmt: skip


def _label(figure: Figure) -> str:
    return wording.label(figure, language=words.language())


def _value(figure: Figure | None) -> Value:
    if figure is None:
        return Missing("not-reported")
    return Missing(figure.reason) if figure.value is None else figure.value


def _stop(sentence: str) -> str:
    return sentence + words.say(words.STOP)
