"""Roll-forwards: the year to date, and a period that the reader chooses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from django.http import QueryDict
from django.utils.translation import gettext as _

from finance_hub.web import words
from finance_hub.web.contexts import funds as contexts
from finance_hub.web.contexts.chrome import FieldError
from finance_hub.web.contexts.grids import Cell, Grid, Heading, Line
from finance_hub.web.presenters.funds import wording
from finance_hub.web.presenters.funds.moment import Moment, day_of
from funds import queries
from funds.models import Fund
from funds.queries import RollForward


@dataclass(frozen=True)
class Period:
    """From the first day to the last, both counted; None where the reader chose none."""

    start: date | None
    end: date | None
    typed: dict[str, str]
    errors: tuple[FieldError, ...]

    @classmethod
    def read(cls, params: QueryDict, *, moment: Moment) -> Period:
        """Without an end it ends with the day that is shown."""
        typed = {name: params.get(name, "").replace("\0", "").strip()[:40] for name in ("start", "end")}
        errors: list[FieldError] = []
        start, end = (day_of(typed, name, errors) for name in ("start", "end"))
        end = end or moment.day
        if start and start > end and not errors:
            errors.append(FieldError("start", _("The period begins after it ends.")))
        if typed["end"] and not typed["start"]:
            errors.append(FieldError("start", _("Say on which day the period begins.")))
        asked = {name: text for name, text in typed.items() if text}
        return (
            cls(start, end, asked, tuple(errors))
            if start and not errors
            else cls(None, None, asked, tuple(errors))
        )

    def form(self, path: str, moment: Moment) -> contexts.Period:
        return contexts.Period(
            url=path,
            start=self.typed.get("start", ""),
            end=self.typed.get("end", ""),
            kept=tuple(moment.typed.items()),
            errors=self.errors,
        )


class Rolled(NamedTuple):
    label: str
    roll: RollForward


def rolled(of: Fund, moment: Moment, period: Period) -> list[Rolled]:
    """The year to date, then the chosen period where there is one."""
    first = date(moment.day.year, 1, 1)
    found = [Rolled(_("Year to date"), _roll(of, moment, first, moment.day))]
    if period.start and period.end:
        label = f"{words.day(period.start)} – {words.day(period.end)}"
        found.append(Rolled(label, _roll(of, moment, period.start, period.end)))
    return found


def _roll(of: Fund, moment: Moment, start: date, end: date) -> RollForward:
    return queries.roll_forward(of, start=start, as_of=end + timedelta(days=1), known_at=moment.known_at)


def grids(found: Sequence[Rolled], *, known: bool) -> tuple[Grid, ...]:
    """NAV and unfunded side by side, and below the capital account of each investor; `known` is whether anything
    is entered of the fund.
    """
    return (
        _grid("nav", _("NAV roll-forward"), _NAV(), found, known=known),
        _grid("unfunded", _("Unfunded roll-forward"), _UNFUNDED(), found, known=known),
        _accounts(found[-1], known=known),
    )


def _NAV() -> dict[str, str]:  # noqa: N802 - a table of words, said in the language of the request
    return {
        "begin": _("Opening"),
        "contributed": _("+ Paid in"),
        "distributed": _("− Distributed"),
        "carry": _("− Carried interest"),
        "fees": _("− Management fees"),
        "expenses": _("− Expenses"),
        "income": _("+ Dividends and interest"),
        "realised": _("± Realised result"),
        "unrealised": _("± Change in value"),
        "end": _("= Closing"),
    }


def _UNFUNDED() -> dict[str, str]:  # noqa: N802 - as above
    return {
        "begin": _("Opening"),
        "committed": _("+ Committed"),
        "released": _("− Released"),
        "contributed": _("− Paid in within the commitment"),
        "recallable": _("+ Distributed, may be called again"),
        "transferred": _("± Transferred"),
        "end": _("= Closing"),
    }


def _grid(key: str, title: str, names: dict[str, str], found: Sequence[Rolled], *, known: bool) -> Grid:
    parts = [getattr(one.roll, key) for one in found]
    return Grid(
        key=f"roll-{key}",
        title=title,
        headings=(Heading(_("Movement")), *(wording.number(one.label) for one in found)),
        lines=tuple(
            Line(
                (Cell(label), *(wording.amount(getattr(part, name)) for part in parts)),
                is_total=name == "end",
            )
            for name, label in names.items()
            if known
        ),
        empty=_("Nothing is entered yet."),
        unit=words.table_unit(),
    )


def _accounts(one: Rolled, *, known: bool) -> Grid:
    names = {
        "begin": _("Opening"),
        "contributed": _("+ Paid in"),
        "distributed": _("− Distributed"),
        "transferred": _("± Transferred"),
        "result": _("± Result"),
        "end": _("= Closing"),
    }
    lines = [
        Line((Cell(roll.name), *wording.amounts(*(getattr(roll.capital_account, name) for name in names))))
        for roll in one.roll.investors
        if known
    ]
    return Grid(
        key="capital-accounts",
        title=_("Capital accounts of the investors: %(period)s") % {"period": one.label},
        headings=(Heading(_("Investor")), *map(wording.number, names.values())),
        lines=tuple(lines),
        empty=_("Nothing is entered yet.") if one.roll.investors else _("The fund has no investors yet."),
        unit=words.table_unit(),
        notes=(_("The result, less carried interest that was paid, is shared by commitments in force."),)
        if lines
        else (),
    )
