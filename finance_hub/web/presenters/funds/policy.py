"""What the state asks of a fund: local investment 返投, what fiscal money brings along, and the fee by the terms."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from finance_hub.web import words
from finance_hub.web.contexts.grids import Cell, Grid, Heading, Line
from finance_hub.web.presenters.funds import headroom, waterfall, wording
from finance_hub.web.presenters.funds.cut import Cut
from finance_hub.web.presenters.funds.moment import Moment
from funds import codes, fund_policy, queries
from funds.fund_policy import Score
from funds.models import Fund
from tasks.fees import FeeOfPeriod, fee_of_period
from tasks.wording import number, percent


def policy(of: Fund, moment: Moment, cut: Cut) -> tuple[tuple[Grid, ...], ...]:
    """Local investment with the money behind it, the caps, the periods, the fee of the year to date, and who would
    get what if the fund were realised; what is narrow stands beside something.
    """
    when: dict[str, Any] = {"as_of": moment.as_of, "known_at": moment.known_at}
    found = queries.reinvestment(of, **when)
    sources = queries.sources_frame(**when, of=of)
    fee = fee_of_period(of, start=date(moment.day.year, 1, 1), **when)
    caps, deadlines = headroom.headroom(of, moment, cut)
    standing = _standing(found, sources, lacking=_lacking(moment.day))
    return (
        (standing, _inputs(found.inputs, cut)) if found.inputs else (standing,),
        (caps,),
        (deadlines,),
        (_fee(fee), waterfall.waterfall(of, moment)),
    )


def _lacking(day: date) -> str:
    """Why there is no score on a day."""
    return "undefined" if fund_policy.reinvestment_score(None, day=day) else "not-in-force"


def _standing(found: queries.Reinvestment, sources: Sequence[queries.SourceRow], *, lacking: str) -> Grid:
    committed, social = (
        queries.of_kind(sources, *asked) for asked in (("", "committed"), ("social", "paid_in"))
    )
    asked = ""
    if found.multiple is not None and found.base is not None:
        asked = _("%(multiple)s × %(base)s, %(amount)s") % {
            "multiple": f"{found.multiple.normalize():f}",
            "base": words.say(codes.BASES[found.base]),
            "amount": words.money(found.base_amount or Decimal(0)),
        }
    not_agreed = words.reason("not-agreed")
    lines = (
        (_("Recognised local investment"), wording.amount(found.recognised, note=_routes(found))),
        (_("Due by the terms"), wording.amount(found.due, reason=not_agreed, note=asked)),
        (_("Left to do"), wording.amount(found.left, reason=not_agreed)),
        (_("Recognised to fiscal paid-in"), _ratio(found.recognised, found.fiscal_paid_in)),
        (_("Recognised to fiscal commitment"), _ratio(found.recognised, found.fiscal_committed)),
        (_("Points for the ratio asked for, a forecast"), _score(found.score_asked, lacking=lacking)),
        (_("Points for the ratio reached, a forecast"), _score(found.score_reached, lacking=lacking)),
        (_("Fiscal leverage: all commitments to fiscal ones"), _ratio(committed, found.fiscal_committed)),
        (_("Fiscal leverage: social to fiscal capital paid in"), _ratio(social, found.fiscal_paid_in)),
    )
    return Grid(
        key="reinvestment",
        title=_("Local investment and fiscal leverage"),
        headings=(Heading(_("Measure")), wording.number(_("Figure"))),
        lines=tuple(Line((Cell(label), cell)) for label, cell in lines),
        unit=words.table_unit(),
        notes=(
            _(
                "The same money counts once, for the higher case. A higher ratio scores lower: it is no better."
            ),
        ),
    )


def _inputs(inputs: Sequence[queries.Counted], cut: Cut) -> Grid:
    return Grid(
        key="recognised",
        title=_("Recognised money"),
        headings=(
            Heading(_("Firm")),
            Heading(_("Proof")),
            Heading(_("Case")),
            wording.number(_("Recognised")),
        ),
        lines=tuple(
            Line(
                (Cell(one.firm), Cell(one.reference), Cell(route(one.route)), wording.amount(one.recognised))
            )
            for one in cut.rows("recognised", inputs)
        ),
        unit=words.table_unit(),
        notes=cut.notes("recognised", inputs),
        actions=cut.actions("recognised", inputs),
    )


def _fee(found: FeeOfPeriod | None) -> Grid:
    """The lines of the year to date, what is set off, and how far the ledger differs."""
    lines = [] if found is None else [*_fee_lines(found), *_fee_sums(found)]
    return Grid(
        key="fee-due",
        title=_("Management fee by the terms, year to date"),
        headings=(
            Heading(_("Days")),
            Heading(_("Basis")),
            wording.number(_("Base")),
            wording.number(_("Rate")),
            wording.number(_("Fee")),
        ),
        lines=tuple(lines),
        empty=_("No management fee is agreed."),
        unit=words.table_unit(),
        notes=_guidance(found),
    )


def _fee_lines(found: FeeOfPeriod) -> list[Line]:
    return [
        Line(
            (
                Cell(f"{words.day(line.start)} – {words.day(line.end - timedelta(days=1))}"),
                Cell(words.say(codes.BASES[line.base])),
                wording.amount(line.base_amount),
                Cell(percent(line.rate_pct / 100), is_number=True),
                wording.amount(line.amount),
            )
        )
        for line in found.fee.lines
    ]


def _fee_sums(found: FeeOfPeriod) -> list[Line]:
    blank = (Cell(""),) * 3
    offset = _("%(share)s of what the manager earned from firms, %(amount)s") % {
        "share": f"{(found.offset_pct or Decimal(0)).normalize():f}%",
        "amount": words.money(found.earned),
    }
    set_off = (Cell(_("Set off"), note=offset), *blank, wording.amount(-found.fee.offset))
    return [
        *((Line(set_off),) if found.fee.offset else ()),
        Line((Cell(_("Due")), *blank, wording.amount(found.fee.due)), is_total=True),
        Line((Cell(_("Charged")), *blank, wording.amount(found.charged))),
        Line((Cell(_("Charged less due")), *blank, wording.amount(found.difference)), is_total=True),
    ]


def _guidance(found: FeeOfPeriod | None) -> tuple[str, ...]:
    if found is None or found.guidance is None:
        return ()
    said = _("%(document)s wants the fee to be of what is paid in or invested.")
    return (said % {"document": words.say(found.guidance.document)},)


def _ratio(numerator: Decimal, denominator: Decimal) -> Cell:
    if not denominator:
        return wording.amount(None, reason=words.reason("no-denominator"))
    return Cell(_("%(ratio)s times") % {"ratio": number(numerator / denominator, places=2)}, is_number=True)


def _score(score: Score | None, *, lacking: str) -> Cell:
    if score is None:
        return wording.amount(None, reason=words.reason(lacking))
    return Cell(words.count(score.points), is_number=True, note=words.say(score.document))


def _routes(found: queries.Reinvestment) -> str:
    return words.listed(
        [f"{route(name)} {wording.rounded(amount)}" for name, amount in found.by_route.items()]
    )


def route(code: str) -> str:
    """Why money counts."""
    return {
        "invested": _("input of an investee"),
        "own_input": _("own input of partners"),
        "introduced": _("input of an introduced firm"),
        "relocated": _("headquarters moved here"),
        "taxes_and_fees": _("taxes and fees"),
    }[code]
