"""What the fund will still call and pay back by what is assumed of it, as a finding, a band and a table."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import accumulate

from django.utils.translation import gettext as _

from finance_hub.web import drawing, words
from finance_hub.web.contexts.funds import Drawing, Outlook
from finance_hub.web.contexts.grids import Cell, Grid, Heading, Line
from finance_hub.web.presenters.funds import wording
from finance_hub.web.presenters.funds.flows import in_table_units
from tasks.catalogue.outlook import Forecast, Year, anniversary
from tasks.models import Outlook as Scenario
from tasks.models import PacingAssumptions, PacingScenario
from tasks.wording import MINUS, TABLE_UNIT

Sums = dict[Scenario, list[Decimal]]


def outlook(foreseen: Forecast, assumed: PacingAssumptions | None, *, so_far: Decimal, on: date) -> Outlook:
    """`so_far` is the cumulative net flow at the end of the day, from which the years go on."""
    ends = [anniversary(on, at) for at in range(foreseen.length + 1)]
    sums = _cumulative(foreseen, so_far)
    return Outlook(
        title=_title(foreseen, ends),
        unit=words.table_unit(),
        summary=_("The cumulative net flow by year: the base case as a line, from the low to the high one as a band."),
        said=" ".join(_said(sums, ends)) if foreseen.length else "",
        drawing=_drawing(sums, ends) if foreseen.length else None,
        years=_years(foreseen, sums, ends),
        assumed=_assumed(assumed),
    )  # fmt: skip


def _cumulative(foreseen: Forecast, so_far: Decimal) -> Sums:
    """By scenario, from the day on to the last year of all: after its own life nothing moves. Empty without years."""
    sums: Sums = {}
    for scenario, course in foreseen.courses.items():
        net = [each.distributions - each.contributions for each in course.years]
        rest = [Decimal(0)] * (foreseen.length - len(net))
        sums[scenario] = list(accumulate([*net, *rest], initial=so_far)) if net else []
    return sums


def _title(foreseen: Forecast, ends: Sequence[date]) -> str:
    """The finding of the base case."""
    base = foreseen.courses.get(Scenario.BASE)
    if base is None or not base.years:
        return _("Cash-flow forecast")
    called = sum((year.contributions for year in base.years), Decimal(0))
    back = sum((year.distributions for year in base.years), Decimal(0))
    return _("By the base case %(called)s is still called and %(back)s comes back by %(day)s") % {
        "called": words.money(called), "back": words.money(back), "day": words.day(ends[len(base.years)]),
    }  # fmt: skip


def _said(sums: Sums, ends: Sequence[date]) -> Iterator[str]:
    """When the investors' money is back, by each scenario that foresees anything."""
    for scenario in Scenario:
        line = sums[scenario]
        if not line:
            continue
        back = next((day for day, amount in zip(ends, line, strict=True) if amount >= 0), None)
        case = _case(scenario)
        if back is None:
            yield _("%(case)s: the investors' money does not come back.") % {"case": case}
        elif back == ends[0]:
            yield _("%(case)s: the investors' money is back already.") % {"case": case}
        else:
            yield _("%(case)s: the investors' money is back by %(day)s.") % {
                "case": case,
                "day": words.day(back),
            }


def _drawing(sums: Sums, ends: Sequence[date]) -> Drawing:
    drawn = drawing.band(
        [day.year for day in ends], base=sums[Scenario.BASE], low=sums[Scenario.LOW], high=sums[Scenario.HIGH]
    )
    return in_table_units(drawn)


def _years(foreseen: Forecast, sums: Sums, ends: Sequence[date]) -> Grid:
    named = (_("Contributions"), _("Distributions"), _("NAV"), _("Unfunded"), _("Cumulative net flow"))
    return Grid(
        key="forecast-by-year",
        title=_("Forecast by year"),
        headings=(Heading(_("Year to")), *map(wording.number, named)),
        lines=tuple(_line(foreseen, sums, at, ends) for at in range(foreseen.length)),
        empty=_empty(foreseen),
        unit=words.say(TABLE_UNIT),
        notes=(_("The base case; beneath it the low and the high one. A forecast follows from what is assumed."),),
    )  # fmt: skip


def _empty(foreseen: Forecast) -> str:
    reasons = {foreseen.reason} | {course.reason for course in foreseen.courses.values()}
    if "no-assumptions" in reasons:
        return _("The centre has entered no assumptions for this fund that are in force on the day.")
    return _("There is no forecast: %(reason)s.") % {
        "reason": words.listed(sorted(words.reason(code) for code in reasons if code))
    }


def _line(foreseen: Forecast, sums: Sums, at: int, ends: Sequence[date]) -> Line:
    years = {
        scenario: course.years[at] if at < len(course.years) else None
        for scenario, course in foreseen.courses.items()
    }
    amounts = [_band(years, at=column) for column in range(len(Year._fields))]
    line = {scenario: sums[scenario][at + 1] if sums[scenario] else None for scenario in Scenario}
    return Line((Cell(words.day(ends[at + 1])), *amounts, _cell(line)))


def _band(years: dict[Scenario, Year | None], *, at: int) -> Cell:
    return _cell({scenario: year[at] if year else None for scenario, year in years.items()})


def _cell(of: dict[Scenario, Decimal | None]) -> Cell:
    """The base case, and beneath it both edges where they differ from it."""
    edges = [of[Scenario.LOW], of[Scenario.HIGH]]
    shown = [words.DASH if edge is None else wording.rounded(edge) for edge in edges]
    note = "" if edges == [of[Scenario.BASE]] * 2 else f"{shown[0]} / {shown[1]}"
    base = of[Scenario.BASE]
    if base is None:
        return Cell(words.DASH, is_number=True, note=note)
    return wording.amount(base, note=note)


def _case(scenario: Scenario) -> str:
    return {
        Scenario.LOW: _("Low case"),
        Scenario.BASE: _("Base case"),
        Scenario.HIGH: _("High case"),
    }[scenario]


def _assumed(assumed: PacingAssumptions | None) -> Grid:
    """A line for each parameter, a column for each scenario."""
    rows = {Scenario(each.outlook): each for each in assumed.scenarios.all()} if assumed else {}
    said = _(
        "%(document)s, in force from %(day)s; entered by %(person)s on %(when)s. Model: Takahashi and Alexander (2001)."
    )
    stated = assumed and said % {
        "document": assumed.document, "day": words.day(assumed.valid_from),
        "person": assumed.recorded_by.full_name, "when": words.moment(assumed.recorded_at),
    }  # fmt: skip
    return Grid(
        key="forecast-assumptions",
        title=_("Assumptions of the forecast"),
        headings=(Heading(_("Parameter")), *(wording.number(_case(scenario)) for scenario in Scenario)),
        lines=tuple(_parameters(rows)) if rows else (),
        notes=(stated,) if stated else (),
    )


def _parameters(of: Mapping[Scenario, PacingScenario]) -> Iterator[Line]:
    said: dict[str, Callable[[PacingScenario], str]] = {
        _("Growth a year"): lambda one: _percent(one.growth_pct),
        _("Life"): lambda one: _("%(count)s years") % {"count": one.life},
        _("Bow"): lambda one: f"{one.bow.normalize():f}",
        _("Least yield"): lambda one: _percent(one.yield_pct),
        _("Called of what is unfunded, by year"): lambda one: words.listed(
            [_percent(rate) for rate in one.contribution_rates_pct]
        ),
    }
    for label, say in said.items():
        cells = (Cell(say(of[scenario]), is_number=True) for scenario in Scenario)
        yield Line((Cell(label), *cells))


def _percent(rate: Decimal) -> str:
    """As it was entered: no zero that says nothing."""
    return f"{rate.normalize():f}%".replace("-", MINUS)
