"""A holding of a fund: what was paid and got for it, and what it was worth when."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from finance_hub.kernel.access import may
from finance_hub.kernel.models import Person
from finance_hub.kernel.problems import NotFound
from finance_hub.web import words
from finance_hub.web.contexts import funds as contexts
from finance_hub.web.contexts.batches import Fact
from finance_hub.web.contexts.chrome import Status
from finance_hub.web.contexts.grids import Cell, Grid, Heading, Line
from finance_hub.web.contexts.reports import Link
from finance_hub.web.presenters.funds import holdings, shares, wording
from finance_hub.web.presenters.funds.moment import Moment
from funds import codes, queries
from funds.models import Fund, HoldingEvent, HoldingEventKind, Valuation
from funds.queries import pipeline


def find(of: Fund, public_id: str, moment: Moment) -> Any:
    """The measured holding of this fund. Raises NotFound."""
    found = queries.holding(public_id, as_of=moment.as_of, known_at=moment.known_at)
    if found.fund_id != of.pk:
        raise NotFound
    return found


def holding(code: str, public_id: str, moment: Moment, *, reader: Person) -> contexts.Holding:
    """Raises NotFound."""
    of, may_record = queries.fund(code), may(reader.role, "fund.record")
    row = find(of, public_id, moment)
    entries = queries.deals(*HoldingEventKind.values).filter(holding=row).select_related("reversed_by")
    deals = queries.securities.with_terms(entries)
    values = queries.valuations(holding=public_id)
    name, owned, moved = wording.investee(row), shares.owned(row, moment), shares.moved_shares(row)
    return contexts.Holding(
        title=name,
        back=Link(wording.name(of), reverse("web:fund", args=[code]) + "#holdings"),
        investee=_investee(row),
        led=tuple(
            Link(one.title, reverse("web:deal", args=[one.public_id])) for one in pipeline.led_to(holding=public_id)
        ),
        actions=holdings.acts(of, row) if may_record else (),
        facts=(*_facts(row, moment), *shares.facts(owned)),
        grids=(
            Grid(
                key="deals",
                title=_("Deals"),
                headings=_deal_headings(may_record=may_record),
                lines=tuple(
                    _deal(one, of, moved.get(one.pk), may_record=may_record, has_shares=bool(row.firm))
                    for one in deals.order_by("-pk")
                ),
                unit=_("yuan"),
            ),
            Grid(
                key="values",
                title=_("Values reported"),
                headings=(
                    Heading(_("Valued on")), wording.number(_("Fair value")), Heading(_("Method")),
                    Heading(_("Recorded")),
                ),
                lines=tuple(_value(one) for one in values.order_by("-effective_date", "-pk")),
                empty=_("No value has been reported yet: the holding counts at its cost."),
                unit=_("yuan"),
            ),
            *shares.grids(of, row, owned, moment, may_record=may_record),
        ),
    )  # fmt: skip


def _investee(row: Any) -> Link | None:
    if row.firm:
        return Link(row.firm.name, reverse("web:firm", args=[row.firm.uscc]), row.firm.uscc)
    if row.sub_fund:
        return Link(
            wording.name(row.sub_fund), reverse("web:fund", args=[row.sub_fund.code]), row.sub_fund.code
        )
    return None


def _facts(row: Any, moment: Moment) -> tuple[Fact, ...]:
    worn = words.listed([status.text for status in holdings.age(row, moment.day)])
    value = _("not valued yet") if row.fair_value is None else words.money(row.fair_value)
    valued = f"{words.day(row.valued_on)} {worn}".strip() if row.valued_on else worn
    cell = holdings.moic(row)
    return (
        Fact(_("Cost paid"), words.money(row.invested)),
        Fact(_("Cost left"), words.money(row.remaining_cost)),
        Fact(_("Written off"), words.money(row.cost_written_off)),
        Fact(_("Proceeds"), words.money(row.proceeds)),
        *((Fact(words.say(codes.HOLDING["income"]), words.money(row.income)),) if row.income else ()),
        Fact(_("Fair value"), value),
        Fact(_("Valued on"), valued),
        Fact("MOIC", f"{cell.text} {cell.note}".strip()),
    )


def _deal_headings(*, may_record: bool) -> tuple[Heading, ...]:
    return (
        Heading(_("Date")),
        Heading(_("Deal")),
        wording.number(_("Cash")),
        wording.number(_("Cost")),
        wording.number(_("Shares")),
        Heading(_("Recorded")),
        *((Heading("", meaning=_("What to do")),) if may_record else ()),
    )


def _deal(one: HoldingEvent, of: Fund, units: Any, *, may_record: bool, has_shares: bool) -> Line:
    sign = -1 if one.reverses_id else 1
    reversed_ = bool(getattr(one, "reversed_by", None))
    states = [
        *([Status(_("takes back an entry"), "none")] if one.reverses_id else []),
        *([Status(_("reversed"), "watch")] if reversed_ else []),
    ]
    open_ = not one.reverses_id and not reversed_
    acts = _acts(one, of, units, has_shares=has_shares) if open_ else ()
    return Line(
        (
            Cell(words.day(one.effective_date), is_tight=True),
            Cell(words.say(codes.HOLDING[one.kind]), note=_said(one), statuses=tuple(states), is_tight=True),
            Cell(words.yuan(sign * one.cash), is_number=True),
            Cell(words.yuan(sign * one.cost), is_number=True),
            shares.shares_cell(units),
            Cell(words.moment(one.recorded_at), note=one.recorded_by.full_name, is_tight=True),
            *((Cell("", links=acts),) if may_record else ()),
        )
    )


def _said(one: HoldingEvent) -> str:
    """How an exit was made, and what its author noted."""
    return words.listed(
        [part for part in (words.say(codes.ROUTES[one.route]) if one.route else "", one.note) if part]
    )


def _acts(one: HoldingEvent, of: Fund, units: Any, *, has_shares: bool) -> tuple[Link, ...]:
    """What can be said further of a deal that stands: its shares, or that they or all of it are taken back."""
    named = [("reverse", _("Reverse"))]
    if has_shares and units is None and not getattr(one, "has_terms", False):
        named += [("shares", _("Shares"))] if one.kind in ("investment", "exit") else []
        named += [("convertible", _("Convertible"))] if one.kind == "investment" else []
    aside = f"{words.say(codes.HOLDING[one.kind])} {words.day(one.effective_date)}"
    links = [
        Link(label, reverse("web:fund_deal_record", args=[of.code, one.public_id, form]), aside=aside)
        for form, label in named
    ]
    if units is not None and units.kind != "exercised":
        address = reverse("web:fund_units_reverse", args=[of.code, units.public_id])
        links.append(Link(_("Take back shares"), address, aside=aside))
    return tuple(links)


def _value(one: Valuation) -> Line:
    return Line(
        (
            Cell(words.day(one.effective_date), is_tight=True),
            Cell(words.yuan(one.fair_value), is_number=True),
            Cell(words.say(codes.METHODS[one.method])),
            Cell(words.moment(one.recorded_at), note=one.recorded_by.full_name, is_tight=True),
        )
    )
