"""Long tables of a fund's page: their first rows, and all of them where the address asks for the whole table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from django.utils.translation import gettext as _

from finance_hub.web.contexts.reports import Link
from finance_hub.web.presenters.funds.moment import Moment

#: So many rows of a table are shown unasked.
SHOWN = 12
Row = TypeVar("Row")


@dataclass(frozen=True)
class Cut:
    """`whole` is the key of the table that is shown in full; `asked` is what else the address asks of the page."""

    path: str
    moment: Moment
    asked: Mapping[str, str]
    whole: str

    def rows(self, key: str, found: Sequence[Row]) -> Sequence[Row]:
        return found if self.whole == key else found[:SHOWN]

    def notes(self, key: str, found: Sequence[Row]) -> tuple[str, ...]:
        """How many are not shown, none where all are."""
        if not self._hides(key, found):
            return ()
        return (_("%(shown)s of %(count)s are shown.") % {"shown": SHOWN, "count": len(found)},)

    def actions(self, key: str, found: Sequence[Row]) -> tuple[Link, ...]:
        """The way to all of them."""
        if not self._hides(key, found):
            return ()
        address = self.moment.address(self.path, more={**self.asked, "whole": key})
        return (Link(_("Show all %(count)s") % {"count": len(found)}, f"{address}#{key}"),)

    def _hides(self, key: str, found: Sequence[Row]) -> bool:
        return len(self.rows(key, found)) < len(found)
