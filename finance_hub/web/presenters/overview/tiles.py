"""The six headline figures."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from finance_hub.web import words
from finance_hub.web.contexts.chrome import Status
from finance_hub.web.contexts.overview import Delta, Sparkline, Tile
from finance_hub.web.drawing import sparkline
from finance_hub.web.presenters.figures.records import address
from finance_hub.web.presenters.overview.desk import Desk
from tasks import wording
from tasks.catalogue import Unit
from tasks.queries import FigureSet

NO_CHANGE = Delta("none", wording.DASH)


def tiles(desk: Desk) -> tuple[Tile, ...]:
    by_managers = Status(_("from fund managers"), "none")
    by_guarantors = Status(_("from guarantors"), "none")
    by_centre = Status(_("from the centre"), "none")
    listed = desk.value("pipeline.listed")
    return (
        _tile(desk, "fund.paid_in", sources=by_managers, aside=_beside(desk, "fund.subscribed")),
        _tile(desk, "fund.invested", sources=by_managers, aside=_beside(desk, "deals.invested")),
        _tile(desk, "loans.balance", sources=_banks(desk), aside=_beside(desk, "loans.disbursed")),
        _tile(
            desk,
            "guarantees.outstanding",
            sources=by_guarantors,
            aside=_beside(desk, "guarantees.government_share"),
        ),
        _tile(
            desk,
            "pipeline.under_way",
            sources=by_centre,
            aside="" if listed is None else f"{desk.name('pipeline.listed')} {_count(listed)}",
        ),
        _rules(desk, sources=by_managers),
    )


def _tile(desk: Desk, code: str, *, sources: Status, aside: str) -> Tile:
    figure, unit = desk.now.get(code), desk.unit(code)
    value, measure = None, ""
    if figure and figure.value is not None:
        if unit is Unit.YUAN:
            value, measure = wording.headline(figure.value, language=words.language())
        else:
            value, measure = wording.number(figure.value, places=0), _("firms")
    series = desk.values(code)
    return Tile(
        label=desk.name(code),
        value=value,
        unit=measure,
        reason=words.reason(figure.reason if figure and figure.reason else "not-reported"),
        as_of=words.day(desk.month.last),
        month_on_month=delta(series[-1], series[-2], unit=unit),
        year_on_year=delta(series[-1], series[0], unit=unit),
        sparkline=spark(desk, series),
        sources=sources,
        aside=aside,
        url=address(figure, desk.now.snapshot) if figure else None,
        lacks=_lacks(desk, code),
    )


def _lacks(desk: Desk, code: str) -> str:
    """What the figure lacks beyond the banks that are counted beside it; its records say who they are."""
    place = (code, "", "")
    silent = sum(1 for lack in desk.gaps.of(*place) if lack.dataset == "guarantees")
    errors = desk.gaps.errors(*place)
    said = []
    if silent:
        said.append(
            ngettext("without %(count)s guarantor", "without %(count)s guarantors", silent)
            % {"count": silent}
        )
    if errors:
        said.append(
            ngettext("%(count)s open contradiction", "%(count)s open contradictions", errors)
            % {"count": words.count(errors)}
        )
    return words.say(words.SEMICOLON).join(said)


def _beside(desk: Desk, code: str) -> str:
    value = desk.value(code)
    return "" if value is None else f"{desk.name(code)} {words.money(value)}"


def _count(value: Decimal) -> str:
    said = ngettext("%(count)s firm", "%(count)s firms", int(value))
    return said % {"count": wording.number(value, places=0)}


def delta(now: Decimal | None, before: Decimal | None, *, unit: Unit) -> Delta:
    """A change with its direction apart from its size; a change that rounds to nothing is flat."""
    text = wording.change(now, before, unit=unit)
    if text == wording.DASH:
        return NO_CHANGE
    if text[0] not in {"+", wording.MINUS}:
        return Delta("flat", text)
    return Delta("up" if text[0] == "+" else "down", text[1:])


def spark(desk: Desk, series: Sequence[Decimal | None]) -> Sparkline | None:
    """The course of thirteen months; None where none of them is known."""
    line = sparkline(series)
    if not line.paths:
        return None
    known = sum(1 for value in series if value is not None)
    said = _("%(known)s of the 13 months to %(month)s are known")
    description = said % {"known": known, "month": words.month(desk.month)}
    return Sparkline(line.paths, line.last_x, line.last_y, description)


def _banks(desk: Desk) -> Status:
    complete, due = desk.value("reporting.complete"), desk.value("reporting.due")
    if complete is None or due is None:
        return Status(words.reason("not-reported"), "watch")
    said = _("%(complete)s of %(due)s banks reported") % {
        "complete": wording.number(complete, places=0),
        "due": wording.number(due, places=0),
    }
    return Status(said, "ok" if complete >= due else "watch")


def _rules(desk: Desk, *, sources: Status) -> Tile:
    """Funds within their tolerance of all that have one; one without a value is not within it."""
    counts = [_within(figures) for figures in desk.sets()]
    total = len(desk.now.all("tolerance.used_share", "fund"))
    held = counts[-1]
    highest = max(
        (f.value for f in desk.now.all("tolerance.used_share", "fund") if f.value is not None), default=None
    )
    return Tile(
        label=_("Tolerances of funds kept"),
        value=None if held is None else f"{held:.0f} / {total}",
        unit=_("rules"),
        reason=_("no rule approved"),
        as_of=words.day(desk.month.last),
        month_on_month=delta(held, counts[-2], unit=Unit.COUNT),
        year_on_year=delta(held, counts[0], unit=Unit.COUNT),
        sparkline=spark(desk, counts),
        sources=sources,
        aside=""
        if highest is None
        else _("most used: %(share)s") % {"share": wording.percent(highest, places=1)},
    )


def _within(figures: FigureSet) -> Decimal | None:
    rules = figures.all("tolerance.used_share", "fund")
    kept = sum(1 for rule in rules if rule.value is not None and rule.value <= 1)
    return Decimal(kept) if rules else None
