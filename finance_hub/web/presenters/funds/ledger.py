"""The ledger of a fund with its investors, newest entry first, to the fen."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from finance_hub.web import paging, words
from finance_hub.web.contexts.chrome import Status
from finance_hub.web.contexts.grids import Cell, Grid, Heading, Line
from finance_hub.web.contexts.reports import Link
from finance_hub.web.presenters.funds import wording
from finance_hub.web.presenters.funds.moment import Moment
from funds import codes, queries
from funds.models import Fund, FundEvent

PAGE = 25


def ledger(of: Fund, moment: Moment, *, place: paging.Place, asked: dict[str, str], may_record: bool) -> Grid:
    """One query. `asked` is what the address asks beside the two times; it stays on every page."""
    rows = queries.ledger_as_known(of, as_of=moment.as_of, known_at=moment.known_at)
    window = paging.window(rows, key="pk", descending=True, place=place, size=PAGE, unique=True)

    def page(where: str | None) -> str | None:
        here = reverse("web:fund", args=[of.code])
        return f"{moment.address(here, more=asked, tail=where)}#ledger" if where else None

    record = Link(_("Record an entry"), reverse("web:fund_record", args=[of.code, "event"]))
    return Grid(
        key="ledger",
        title=_("Ledger"),
        headings=_headings(may_record=may_record),
        lines=tuple(_line(row, of, may_record=may_record) for row in window.rows),
        empty=_empty(may_record=may_record),
        unit=_("yuan"),
        actions=(record,) if may_record else (),
        previous_url=page(window.previous),
        next_url=page(window.next),
    )


def _headings(*, may_record: bool) -> tuple[Heading, ...]:
    return (
        Heading(_("Date")),
        Heading(_("Entry")),
        Heading(_("Investor")),
        wording.number(_("Amount")),
        Heading(_("State")),
        Heading(_("Note")),
        Heading(_("Recorded")),
        *((Heading("", meaning=_("What to do")),) if may_record else ()),
    )


def _empty(*, may_record: bool) -> str:
    if may_record:
        return _("Nothing is entered yet. Begin with the commitments of the investors.")
    return _("Nothing is entered yet.")


def _line(row: FundEvent, of: Fund, *, may_record: bool) -> Line:
    return Line(
        (
            Cell(words.day(row.effective_date), is_tight=True),
            Cell(words.say(codes.LEDGER[row.kind]), note=wording.marks(row)),
            Cell(row.investor.name if row.investor else _("the whole fund")),
            Cell(words.yuan(-row.amount if row.reverses_id else row.amount), is_number=True),
            Cell("", statuses=_states(row)),
            Cell(row.note),
            Cell(words.moment(row.recorded_at), note=row.recorded_by.full_name, is_tight=True),
            *((Cell("", links=_acts(row, of)),) if may_record else ()),
        )
    )


def _states(row: FundEvent) -> tuple[Status, ...]:
    found = []
    if row.reverses:
        day = words.day(row.reverses.effective_date)
        found.append(Status(_("takes back the entry of %(day)s") % {"day": day}, "none"))
    if row.corrects_id:
        found.append(Status(_("corrected entry"), "info"))
    if getattr(row, "reversed_by", None):
        found.append(Status(_("corrected") if getattr(row, "corrected_by", None) else _("reversed"), "watch"))
    return tuple(found)


def _acts(row: FundEvent, of: Fund) -> tuple[Link, ...]:
    """None for what is not to be taken back: reversals, what was reversed, and rows of a transfer."""
    if row.reverses_id or row.moved or getattr(row, "reversed_by", None):
        return ()
    named = (("correct", _("Correct")), ("reverse", _("Reverse")))
    which = f"{words.say(codes.LEDGER[row.kind])} {words.day(row.effective_date)}"
    return tuple(
        Link(label, reverse("web:fund_entry_record", args=[of.code, row.public_id, form]), aside=which)
        for form, label in named
    )
