"""What stands to the account of each investor of a fund."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _

from finance_hub.web import words
from finance_hub.web.contexts.grids import Cell, Grid, Heading, Line
from finance_hub.web.contexts.reports import Link
from finance_hub.web.presenters.funds import wording
from funds import codes
from funds.models import Fund, Nature
from funds.queries import Account


def accounts(of: Fund, found: Sequence[Account], *, known: bool, may_record: bool) -> Grid:
    """Distributions are split by their nature; those that say none, and releases, have a column where there are
    any. `known` is whether anything is entered of the fund: without, no amount is known.
    """
    unsaid = [""] if any("" in one.by_nature for one in found) else []
    natures, released = [*Nature.values, *unsaid], any(one.released for one in found)
    add = Link(_("Add an investor"), reverse("web:fund_record", args=[of.code, "investor"]))
    headings = _headings(natures, released=released)
    if known:
        lines = [Line((_name(one), *_cells([one], natures, released=released))) for one in found]
    else:
        lines = [Line((_name(one), *(wording.amount(None) for _column in headings[1:]))) for one in found]
    if known and len(lines) > 1:
        lines.append(_total(found, natures, released=released))
    return Grid(
        key="accounts",
        title=_("Investors' accounts"),
        headings=headings,
        lines=tuple(lines),
        empty=_empty(may_record=may_record),
        unit=words.table_unit(),
        actions=(add,) if may_record else (),
    )


def _empty(*, may_record: bool) -> str:
    if may_record:
        return _("The fund has no investors yet. Add them first, then enter their commitments.")
    return _("The fund has no investors yet.")


def _headings(natures: Sequence[str], *, released: bool) -> tuple[Heading, ...]:
    of_distribution = [_("of it: %(nature)s") % {"nature": wording.nature(n)} for n in natures]
    less = (_("Released"),) if released else ()
    named = (
        _("Committed"), *less, _("Called"), _("Paid in"), _("Distributed"), *of_distribution, _("Unfunded"),
    )  # fmt: skip
    return (Heading(_("Investor")), *map(wording.number, named))


def _name(one: Account) -> Cell:
    return Cell(one.investor.name, note=words.say(codes.CAPITALS[one.investor.capital]))


def _total(found: Sequence[Account], natures: Sequence[str], *, released: bool) -> Line:
    return Line((Cell(_("Total")), *_cells(found, natures, released=released)), is_total=True)


def _cells(found: Sequence[Account], natures: Sequence[str], *, released: bool) -> tuple[Cell, ...]:
    def total(name: str) -> Decimal:
        return sum((getattr(one, name) for one in found), Decimal(0))

    def of_nature(nature: str) -> Decimal:
        return sum((one.by_nature.get(nature, Decimal(0)) for one in found), Decimal(0))

    less = ("released",) if released else ()
    return wording.amounts(
        *(total(name) for name in ("committed", *less, "called", "contributed", "distributed")),
        *(of_nature(nature) for nature in natures),
        total("unfunded"),
    )
