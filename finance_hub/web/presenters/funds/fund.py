"""A fund's page: who it is, where its money stands, how it has done, and every entry of it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from finance_hub.kernel.access import may
from finance_hub.kernel.models import Person
from finance_hub.kernel.money import fen
from finance_hub.kernel.periods import Quarter
from finance_hub.web import paging, words
from finance_hub.web.contexts import funds as contexts
from finance_hub.web.contexts.batches import Fact
from finance_hub.web.contexts.funds import Figure
from finance_hub.web.contexts.reports import Link
from finance_hub.web.presenters import sheets
from finance_hub.web.presenters.funds import (
    accounts,
    equivalents,
    flows,
    holdings,
    ledger,
    outlook,
    policy,
    rolls,
    wording,
)
from finance_hub.web.presenters.funds.cut import Cut
from finance_hub.web.presenters.funds.moment import Moment
from funds import codes, queries
from funds.models import Fund
from funds.queries import Position
from tasks import entered
from tasks.catalogue.outlook import foresee
from tasks.catalogue.performance import Performance, performance
from tasks.sheets import Subject


def fund(code: str, params: QueryDict, moment: Moment, *, reader: Person) -> contexts.Fund:
    """As many queries for a long life as for a short one. Raises NotFound."""
    found, may_record = queries.fund(code), may(reader.role, "fund.record")
    here, period = reverse("web:fund", args=[code]), rolls.Period.read(params, moment=moment)
    when: dict[str, Any] = {"as_of": moment.as_of, "known_at": moment.known_at}
    position = queries.position(found, **when)
    rows, standing = queries.flows_frame(**when, of=found), queries.accounts(found, **when)
    rolled = rolls.rolled(found, moment, period)
    nav = rolled[0].roll.nav.end
    log = ledger.ledger(found, moment, place=paging.read(params), asked=period.typed, may_record=may_record)
    held = holdings.holdings(found, moment, may_record=may_record)
    known = any(position) or bool(log.lines) or bool(held.lines)
    curve, assumed = flows.curve_of(rows), entered.assumed(found, **when)
    foreseen = foresee(
        assumed, unfunded=position.unfunded, nav=nav, is_known=any(position),
        established_on=found.established_on, on=moment.day,
    )  # fmt: skip
    measured, against = equivalents.against(found, rows, nav=nav, on=moment.day, when=when)
    return contexts.Fund(
        name=wording.name(found),
        code=found.code,
        tier=words.say(codes.TIERS[found.tier]),
        list_url=reverse("web:funds"),
        deals_url=f"{reverse('web:deals')}?{urlencode({'fund': code})}",
        chooser=moment.chooser(here),
        period=period.form(here, moment),
        errors=(*moment.errors, *period.errors),
        actions=_actions(code) if may_record else (),
        further=_further(code) if may_record else (),
        downloads=(_export(code, moment), _template(code), *_templates(found, moment)),
        facts=_facts(found),
        money=_money(found, position, nav, known=known),
        performance=_performance(performance(rows, nav_fen=fen(nav), on=moment.day)),
        note=_("DPI, RVPI and TVPI are to each yuan paid in; the net IRR is the investors' own, with the NAV as if "
               "paid out on the day."),
        equivalents=measured,
        against=against,
        accounts=accounts.accounts(found, standing, known=known, may_record=may_record),
        rolls=rolls.grids(rolled, known=known),
        flows=flows.flows(rows, curve, until=moment.day),
        outlook=outlook.outlook(
            foreseen, assumed, so_far=curve.cumulative[-1].amount if curve.cumulative else Decimal(0),
            on=moment.day,
        ),
        policy=policy.policy(found, moment, Cut(here, moment, period.typed, whole=params.get("whole", ""))),
        holdings=held,
        ledger=log,
        asking=sheets.asking(Subject("fund", code)),
    )  # fmt: skip


def _actions(code: str) -> tuple[Link, ...]:
    """What a manager does every month."""
    named = (
        ("call", _("Call capital")),
        ("contribution", _("Enter a payment")),
        ("distribution", _("Distribute")),
        ("investment", _("Invest")),
    )
    return (*_forms(code, named), Link(_("Enter rows from Excel"), reverse("web:fund_rows", args=[code])))


def _further(code: str) -> tuple[Link, ...]:
    """What is done now and then."""
    return _forms(
        code,
        (("event", _("Single entry")), ("transfer", _("Transfer")), ("investor", _("Add an investor"))),
    )


def _forms(code: str, named: tuple[tuple[str, str], ...]) -> tuple[Link, ...]:
    return tuple(Link(label, reverse("web:fund_record", args=[code, form])) for form, label in named)


def _export(code: str, moment: Moment) -> Link:
    """All that is recorded, of the day that the page shows."""
    return Link(_("Export to Excel"), moment.address(reverse("web:fund_export", args=[code])))


def _template(code: str) -> Link:
    """To be filled in and sent back; the page of rows has it too."""
    return Link(_("Empty template (XLSX)"), reverse("web:fund_template", args=[code]))


def _templates(found: Fund, moment: Moment) -> tuple[Link, ...]:
    """ILPA's templates of the last quarter that is over on the day, as known at the moment that is shown."""
    quarter = Quarter.before(min(moment.as_of, moment.today))
    if quarter is None or quarter.end <= found.established_on:
        return ()
    named = {
        "reporting": _("ILPA reporting template, %(quarter)s (XLSX)"),
        "performance": _("ILPA performance template, %(quarter)s (XLSX)"),
    }
    known = {name: at for name, at in moment.typed.items() if name == "known_at"}
    query = urlencode({"quarter": str(quarter), **known})
    return tuple(
        Link(label % {"quarter": quarter}, f"{reverse('web:fund_ilpa', args=[found.code, template])}?{query}")
        for template, label in named.items()
    )


def _facts(found: Fund) -> tuple[Fact, ...]:
    unregistered = _("not registered")
    return (
        Fact(_("Code"), found.code, is_code=True),
        Fact(_("Tier"), words.say(codes.TIERS[found.tier])),
        Fact(_("Manager"), words.organisation(found.manager)),
        Fact(_("Established"), words.day(found.established_on)),
        Fact(_("Planned size"), words.money(found.planned_size)),
        Fact(_("AMAC register"), found.amac_code or unregistered, is_code=bool(found.amac_code)),
        Fact(_("NDRC register"), found.ndrc_code or unregistered, is_code=bool(found.ndrc_code)),
    )


def _money(found: Fund, of: Position, nav: Decimal, *, known: bool) -> tuple[Figure, ...]:
    """Of a fund without any entry nothing is known: that is not zero."""
    released = _("%(amount)s released") % {"amount": words.money(of.released)} if of.released else ""
    again = _("of it may be called again: %(amount)s") % {"amount": words.money(of.recallable)}
    paid = of.carry + of.fees + of.expenses
    costs = _("after carried interest, fees and expenses of %(amount)s") % {"amount": words.money(paid)}
    share = of.contributed / found.planned_size if found.planned_size else Decimal(0)
    planned = _("%(share)s of the planned size") % {"share": f"{share * 100:.1f}%"}
    named = (
        (_("NAV"), nav, ""),
        (_("Committed"), of.committed, released),
        (_("Called"), of.called, ""),
        (_("Paid in"), of.contributed, planned),
        (_("Distributed"), of.distributed, again if of.recallable else ""),
        (_("Uncalled"), of.uncalled, ""),
        (_("Unfunded"), of.unfunded, ""),
        (_("Cash"), of.cash, costs if paid else ""),
    )
    reason = words.reason("not-reported")
    return tuple(
        wording.headline(label, amount if known else None, reason=reason, note=note if known else "")
        for label, amount, note in named
    )


def _performance(of: Performance) -> tuple[Figure, ...]:
    return (
        wording.ratio("DPI", of.dpi, note=_("distributed to paid in")),
        wording.ratio("RVPI", of.rvpi, note=_("NAV to paid in")),
        wording.ratio("TVPI", of.tvpi, note=_("both to paid in")),
        wording.rate(_("Net IRR"), of.irr, note=_("a year, of the investors' flows")),
    )
