"""How the fund has done against the index that it is measured against."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from finance_hub.kernel.money import fen
from finance_hub.kernel.text import Text
from finance_hub.web import words
from finance_hub.web.contexts.funds import Figure
from finance_hub.web.presenters.funds import wording
from funds.models import Fund
from funds.queries import FlowRow
from tasks import entered
from tasks.catalogue.equivalents import NO_BENCHMARK, Equivalents, equivalents
from tasks.entered import Level
from tasks.models import MarketIndex


def against(
    found: Fund, rows: Sequence[FlowRow], *, nav: Decimal, on: date, when: Mapping[str, Any]
) -> tuple[tuple[Figure, ...], str]:
    """The four equivalents, and what they are reckoned against. `when` holds `as_of` and `known_at`."""
    index = entered.benchmark(found, **when)
    if index is None:
        return _figures(Equivalents.missing(NO_BENCHMARK)), _(
            "No benchmark is chosen for this fund on the day."
        )
    days = [*(row.effective_date for row in rows), on]
    levels = entered.levels_on(index, days=days, known_at=when["known_at"])
    seen = equivalents(
        rows, nav_fen=fen(nav), on=on, levels={day: each and each.level for day, each in levels.items()}
    )
    return _figures(seen), _said(index, levels)


def _figures(of: Equivalents) -> tuple[Figure, ...]:
    return (
        wording.ratio("KS-PME", of.ks_pme, note=_("above 1 the fund beat the index")),
        wording.rate("LN-PME", of.ln_pme, note=_("a year, of the same flows in the index")),
        wording.rate("PME+", of.pme_plus, note=_("a year, with distributions scaled to end at the NAV")),
        wording.rate(_("Direct alpha"), of.direct_alpha, note=_("a year, above the index")),
    )


def _said(index: MarketIndex, levels: Mapping[date, Level | None]) -> str:
    name = Text(index.name, index.name_en).say(words.language())
    said = _("Against the %(index)s (%(source)s).") % {"index": name, "source": index.source}
    missing = [day for day, level in levels.items() if level is None]
    if missing:
        first = _("It has no level on or before %(day)s.") % {"day": words.day(missing[0])}
        return f"{said} {first}"
    oldest = max((day - level.of).days for day, level in levels.items() if level)
    aged = _("Where a day has none the last level before it stands in: the oldest is %(days)s days old.")
    return f"{said} {aged % {'days': oldest}}" if oldest else said
