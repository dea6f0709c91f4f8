"""Words for funds, and amounts with what they are to the fen."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext as _

from finance_hub.kernel.text import Text
from finance_hub.web import words
from finance_hub.web.contexts.funds import Figure
from finance_hub.web.contexts.grids import Cell, Heading
from funds import codes
from funds.models import Fund, FundEvent, Holding
from tasks import wording
from tasks.catalogue import Point


def name(of: Fund) -> str:
    return Text(of.name, of.name_en).say(words.language())


def nature(code: str) -> str:
    return words.say(codes.NATURES[code]) if code else _("nature not stated")


def moved(code: str) -> str:
    """What happened to the shares of a holding."""
    if code in codes.UNITS:
        return words.say(codes.UNITS[code])
    return {"diluted": _("diluted"), "reversed": _("reversed")}[code]


def state(code: str) -> str:
    """Of a convertible or a warrant."""
    return {
        "outstanding": _("outstanding"),
        "matured": _("past maturity"),
        "converted": _("converted"),
        "redeemed": _("paid back"),
        "live": _("live"),
        "part_exercised": _("exercised in part"),
        "exercised": _("exercised"),
        "lapsed": _("lapsed"),
    }[code]


def no_part(code: str) -> str:
    """Why no part of a firm can be told."""
    return {
        "no-shares-recorded": _("no shares recorded"),
        "no-round-recorded": _("no round recorded"),
    }[code]


def part(pct: Decimal) -> str:
    """8.0000 as 8.00 %; four places where two would hide something."""
    return f"{pct:.4f}%" if pct != pct.quantize(Decimal("0.01")) else f"{pct:.2f}%"


def price(value: Decimal) -> str:
    """Yuan for a share, with two places at least."""
    plain = f"{value.normalize():f}"
    return plain if len(plain.partition(".")[2]) > 2 else f"{value:.2f}"


def investee(of: Holding) -> str:
    """A sub-fund of another manager has no name here: its row is not the reader's."""
    if of.firm:
        return of.firm.name
    return name(of.sub_fund) if of.sub_fund else _("a sub-fund of another manager")


def marks(of: FundEvent) -> str:
    """What an entry says of itself beside its kind."""
    said = [
        nature(of.nature) if of.nature else "",
        _("recallable") if of.recallable else "",
        _("outside the commitment") if of.outside_commitment else "",
        {"out": _("transferred away"), "in": _("taken over"), "": ""}[of.moved],
    ]
    return words.listed([part for part in said if part])


def exact(value: Decimal) -> str:
    """1,234,567.89 元: what stands behind a rounded amount."""
    return _("%(amount)s yuan") % {"amount": words.yuan(value)}


def rounded(value: Decimal) -> str:
    """In the unit of tables."""
    return wording.in_table(value, language=words.language())


def amount(value: Decimal | None, *, reason: str = "", note: str = "") -> Cell:
    """In the unit of tables, with the fen on hover; missing ones as a dash with the reason."""
    if value is None:
        return Cell(words.DASH, is_number=True, note=reason)
    return Cell(rounded(value), is_number=True, exact=exact(value), note=note)


def amounts(*values: Decimal) -> tuple[Cell, ...]:
    return tuple(amount(value) for value in values)


def number(label: str) -> Heading:
    return Heading(label, is_number=True)


def headline(label: str, value: Decimal | None, *, reason: str = "", note: str = "") -> Figure:
    """亿元 from one 亿 on, else 万元, and the fen beside."""
    if value is None:
        return Figure(label, None, reason=reason)
    shown, unit = wording.headline(value, language=words.language())
    return Figure(label, shown, unit, exact=exact(value), note=note)


def ratio(label: str, point: Point, *, note: str = "") -> Figure:
    """A multiple with two places."""
    if point.value is None:
        return Figure(label, None, reason=words.reason(point.reason), note=note)
    return Figure(label, wording.number(point.value, places=2), _("times"), note=note)


def rate(label: str, point: Point, *, note: str = "") -> Figure:
    if point.value is None:
        return Figure(label, None, reason=words.reason(point.reason), note=note)
    several = _("several rates fit: read it with care") if point.notes else note
    return Figure(label, wording.percent(point.value), note=several)
