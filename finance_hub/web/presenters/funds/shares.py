"""Which part of a firm a holding is, how that came about, the firm's rounds, and rights to more shares."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from finance_hub.kernel import days
from finance_hub.web import words
from finance_hub.web.contexts.batches import Fact
from finance_hub.web.contexts.chrome import Status
from finance_hub.web.contexts.grids import Cell, Grid, Heading, Line
from finance_hub.web.contexts.reports import Link
from finance_hub.web.presenters.funds import wording
from finance_hub.web.presenters.funds.moment import Moment
from funds import codes, queries
from funds.models import Fund, Round
from funds.queries.ownership import Ownership, Standing
from funds.queries.securities import state

#: States of a right that nothing more comes of.
OVER = ("converted", "redeemed", "exercised", "lapsed")


def owned(row: Any, moment: Moment) -> Ownership:
    return queries.ownership.ownership(row, as_of=moment.as_of, known_at=moment.known_at)


def owned_at(row: Any, now: datetime) -> Ownership:
    """As of today, for forms."""
    tomorrow = days.today(now) + timedelta(days=1)
    return queries.ownership.ownership(row, as_of=tomorrow, known_at=now)


def facts(found: Ownership) -> tuple[Fact, ...]:
    """Shares and part, or why there is none; nothing of a stake in a fund."""
    if found.reason == queries.ownership.A_FUND:
        return ()
    shown = wording.part(found.pct) if found.pct is not None else wording.no_part(found.reason or "")
    shares = _("not recorded") if found.shares is None else words.count(found.shares)
    offered = found.proposal
    by_round = (
        Fact(
            _("By the last round"),
            _("%(worth)s (%(round)s, %(day)s)") % {
                "worth": words.money(offered.fair_value),
                "round": offered.round.name,
                "day": words.day(offered.round.effective_date),
            },
        ),
    ) if offered and offered.fair_value else ()  # fmt: skip
    return (Fact(_("Shares held"), shares), Fact(_("Ownership"), shown), *by_round)


def grids(of: Fund, row: Any, found: Ownership, moment: Moment, *, may_record: bool) -> tuple[Grid, ...]:
    """The path of the part, the rounds, and the rights; none of a stake in a fund."""
    if not row.firm:
        return ()
    return (
        _path(found),
        _rounds(of, row, moment, may_record=may_record),
        _securities(of, row, moment, may_record=may_record),
    )


def _path(found: Ownership) -> Grid:
    return Grid(
        key="ownership",
        title=_("Ownership"),
        headings=(
            Heading(_("Date")), Heading(_("What happened")), Heading(_("Round")), wording.number(_("Shares held")),
            wording.number(_("All shares")), wording.number(_("Ownership")),
        ),
        lines=tuple(_step(step) for step in reversed(found.path)),
        empty=_("Nobody has recorded how many shares were bought. Record the round, then the shares of each deal."),
        notes=(_("Of all shares after the last round, fully diluted."),),
    )  # fmt: skip


def _step(step: Standing) -> Line:
    return Line(
        (
            Cell(words.day(step.day), is_tight=True),
            Cell(words.listed([wording.moved(what) for what in step.what])),
            Cell(words.listed(list(step.rounds))),
            Cell(words.count(step.shares), is_number=True),
            Cell(words.DASH if step.total is None else words.count(step.total), is_number=True),
            Cell(words.DASH if step.pct is None else wording.part(step.pct), is_number=True),
        )
    )


def _rounds(of: Fund, row: Any, moment: Moment, *, may_record: bool) -> Grid:
    book = queries.rounds.book(
        as_of=moment.as_of, known_at=moment.known_at, firm=row.firm, organisation=of.manager_id
    )
    record = Link(_("Record a round"), _address(of, row, "round"))
    return Grid(
        key="rounds",
        title=_("Rounds of the firm"),
        headings=(
            Heading(_("Round")), Heading(_("Date")), *map(wording.number, (_("Raised"), _("Pre-money"), _("Post-money"))),
            wording.number(_("Price")), wording.number(_("New shares")), wording.number(_("All shares")),
            Heading(_("Lead investor")),
            *((Heading("", meaning=_("What to do")),) if may_record else ()),
        ),
        lines=tuple(_round(one, of, row, may_record=may_record) for one in reversed(book)),
        empty=_("No round of the firm is recorded."),
        unit=words.table_unit(),
        notes=(_("The price is in yuan for one share, or for one yuan of registered capital."),),
        actions=(record,) if may_record else (),
    )  # fmt: skip


def _round(one: Round, of: Fund, row: Any, *, may_record: bool) -> Line:
    to_reverse = Link(
        _("Reverse"),
        reverse("web:fund_round_reverse", args=[of.code, row.public_id, one.public_id]),
        aside=one.name,
    )
    return Line(
        (
            Cell(one.name, note=one.document),
            Cell(words.day(one.effective_date), is_tight=True),
            *wording.amounts(one.raised, one.pre_money, one.post_money),
            Cell(wording.price(one.price), is_number=True),
            Cell(words.count(one.new_shares), is_number=True),
            Cell(words.count(one.shares_after), is_number=True),
            Cell(one.lead_investor or words.DASH),
            *((Cell("", links=(to_reverse,)),) if may_record else ()),
        )
    )


def _securities(of: Fund, row: Any, moment: Moment, *, may_record: bool) -> Grid:
    found = queries.securities.securities(as_of=moment.as_of, known_at=moment.known_at)
    rows = found.filter(fund=of, firm=row.firm).order_by("effective_date", "pk")
    return Grid(
        key="securities",
        title=_("Convertibles and warrants"),
        headings=(
            Heading(_("Kind")), Heading(_("From")), Heading(_("Until")), Heading(_("Terms")),
            wording.number(_("Shares")), Heading(_("State")), Heading(_("With a loan")),
            *((Heading("", meaning=_("What to do")),) if may_record else ()),
        ),
        lines=tuple(_security(one, of, moment, may_record=may_record) for one in rows),
        empty=_("No convertible and no warrant is recorded."),
        actions=(Link(_("Record a warrant"), _address(of, row, "warrant")),) if may_record else (),
    )  # fmt: skip


def _security(one: Any, of: Fund, moment: Moment, *, may_record: bool) -> Line:
    stands = state(one, day=moment.day)
    return Line(
        (
            Cell(words.say(codes.SECURITIES[one.kind])),
            Cell(words.day(one.effective_date), is_tight=True),
            Cell(words.day(one.ends_on), is_tight=True),
            Cell(terms(one)),
            Cell(words.count(one.used_shares) if one.used_shares else words.DASH, is_number=True),
            Cell("", statuses=(Status(wording.state(stands), "none" if stands in OVER else "ok"),)),
            Cell(one.reference or words.DASH, note=one.bank.name if one.bank else ""),
            *((Cell("", links=_acts(one, of, stands)),) if may_record else ()),
        )
    )


def terms(one: Any) -> str:
    """What is agreed, in one line."""
    if one.kind == "warrant":
        for_shares = (
            _("%(pct)s of all shares") % {"pct": wording.part(one.share_pct)}
            if one.shares is None
            else _("%(shares)s shares") % {"shares": words.count(one.shares)}
        )
        return words.listed([for_shares, _("at %(price)s yuan") % {"price": wording.price(one.strike)}])
    said = [
        wording.exact(one.event.cost),
        _("%(rate)s a year") % {"rate": wording.part(one.annual_rate_pct)},
        *([_("cap %(cap)s") % {"cap": words.money(one.cap)}] if one.cap is not None else []),
        *([_("discount %(pct)s") % {"pct": wording.part(one.discount_pct)}] if one.discount_pct is not None else []),
    ]  # fmt: skip
    return words.listed(said)


def _acts(one: Any, of: Fund, stands: str) -> tuple[Link, ...]:
    """What can be done with a right as it stands."""
    if stands == "converted":
        return (
            Link(_("Take back"), reverse("web:fund_units_reverse", args=[of.code, one.ended_by])),
        )  # fmt: skip
    named = []
    if one.kind == "convertible" and stands in ("outstanding", "matured"):
        named.append(("convert", _("Convert")))
    if one.kind == "warrant" and stands in ("live", "part_exercised"):
        named.append(("exercise", _("Exercise")))
    if not one.used_shares and not one.ended:
        named.append(("reverse", _("Reverse")))
    return tuple(
        Link(
            label, reverse("web:fund_security_record", args=[of.code, one.public_id, form]), aside=terms(one)
        )
        for form, label in named
    )


def _address(of: Fund, row: Any, form: str) -> str:
    return reverse("web:fund_holding_record", args=[of.code, row.public_id, form])


def moved_shares(row: Any) -> dict[int, Any]:
    """{id of a deal: the units that stand for it}; one query."""
    found = queries.securities.units(row.public_id).filter(queries.rounds.stands_now(), event__isnull=False)
    return {one.event_id: one for one in found if one.event_id is not None}


def shares_cell(units: Any) -> Cell:
    """Of a deal: with its sign, and the round beside it."""
    if units is None or not units.shares:
        return Cell(words.DASH, is_number=True)
    sign = "−" if units.kind == "released" else ""
    return Cell(
        sign + words.count(units.shares), is_number=True, note=units.round.name if units.round else ""
    )
