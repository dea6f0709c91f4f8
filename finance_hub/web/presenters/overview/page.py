"""The whole page: picker, headline figures, charts and boards of one month."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from finance_hub.kernel import months
from finance_hub.kernel.periods import Month
from finance_hub.web import words
from finance_hub.web.contexts.overview import NoFigures, Overview, PeriodPicker
from finance_hub.web.presenters.months import picker
from finance_hub.web.presenters.overview import boards, targets
from finance_hub.web.presenters.overview.charts import charts
from finance_hub.web.presenters.overview.desk import Desk, desk_of
from finance_hub.web.presenters.overview.tiles import tiles
from tasks import queries


def overview(asked: Month | None, *, now: datetime) -> Overview | NoFigures:
    """The month asked for, else the latest that has figures."""
    known = queries.months_with_figures()
    month = asked or (known[0] if known else None)
    snapshot = queries.latest_snapshot(month) if month else None
    if month is None or snapshot is None:
        chosen = picker(known, month, page="web:overview") if month and known else None
        return NoFigures(words.month(month) if month else "", chosen)
    return _page(desk_of(snapshot, now=now), picker(known, month, page="web:overview"))


def _page(desk: Desk, chosen: PeriodPicker) -> Overview:
    every = queries.targets()
    return Overview(
        month=words.month(desk.month),
        picker=chosen,
        basis=_basis(desk),
        tiles=tiles(desk),
        charts=charts(desk),
        unit=words.table_unit(),
        top_firms=boards.top_firms(desk),
        exposure_parts=boards.exposure_parts(),
        exposure_definition=boards.exposure_definition(),
        tolerances=boards.tolerances(desk),
        targets=targets.nearest(desk, every),
        targets_summary=targets.summary(desk, every),
        overdue=boards.overdue(desk),
        reported=boards.reported(desk),
    )


def _basis(desk: Desk) -> str:
    snapshot = desk.now.snapshot
    closed = _("month closed") if months.is_closed(desk.month) else _("month open")
    said = _("As of %(day)s, as known at %(moment)s · %(closed)s · snapshot %(snapshot)s")
    return said % {
        "day": words.day(desk.month.last),
        "moment": words.moment(snapshot.known_at),
        "closed": closed,
        "snapshot": snapshot.public_id,
    }
