"""Which targets the address of the list asks for."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.http import QueryDict
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from finance_hub.kernel.text import Text
from finance_hub.web import words
from finance_hub.web.contexts.overview import Choice
from finance_hub.web.contexts.targets import Filter
from finance_hub.web.presenters.targets import wording
from tasks.engine.progress import STATUSES
from tasks.models import ResponsibleUnit
from tasks.models.targets import Tracking
from tasks.standing import Standing

REPORTS = ("overdue", "waiting")


@dataclass(frozen=True)
class Wanted:
    """What is no status, tracking, state of reports or number of a unit is not asked."""

    unit: str = ""
    unit_name: str = ""
    status: str = ""
    tracking: str = ""
    report: str = ""

    @classmethod
    def read(cls, params: QueryDict) -> Wanted:
        def said(name: str, known: Iterable[str]) -> str:
            value = params.get(name, "")
            return value if value in known else ""

        number = params.get("unit", "")
        known = (
            ResponsibleUnit.objects.filter(pk=int(number)) if re.fullmatch(r"[0-9]{1,9}", number) else None
        )
        unit = known.first() if known is not None else None
        return cls(
            unit=str(unit.pk) if unit else "",
            unit_name=unit.name if unit else "",
            status=said("status", STATUSES),
            tracking=said("tracking", Tracking.values),
            report=said("report", REPORTS),
        )

    def url(self, name: str = "web:targets") -> str:
        asked = {key: value for key, value in vars(self).items() if value and key != "unit_name"}
        return reverse(name) + (f"?{urlencode(asked)}" if asked else "")

    def of(self, status: str) -> Wanted:
        """The same with another status; the one that is chosen already is let go."""
        return replace(self, status="" if status == self.status else status)

    def fits(self, one: Standing) -> bool:
        is_reported_so = {"": True, "overdue": one.due is not None, "waiting": bool(one.waiting)}[self.report]
        return (
            is_reported_so
            and self.status in ("", one.status)
            and self.tracking in ("", one.target.tracking)
            and (not self.unit or self.unit_name in one.units)
        )

    def filter(self, standings: Iterable[Standing]) -> Filter:
        named = {unit for one in standings for unit in one.units}
        printed = ResponsibleUnit.objects.filter(name__in=named).order_by("pk")
        units = [(str(unit.pk), words.say(Text(unit.name, unit.name_en))) for unit in printed]
        reports = [("overdue", _("A report is overdue")), ("waiting", _("A report waits"))]
        return Filter(
            url=reverse("web:targets"),
            units=_choices(_("All units"), units, self.unit),
            statuses=_choices(_("Every status"), list(wording.statuses().items()), self.status),
            trackings=_choices(_("Computed or reported"), list(wording.trackings().items()), self.tracking),
            reports=_choices(_("All reports"), reports, self.report),
            clear_url=reverse("web:targets") if any(vars(self).values()) else None,
        )


def _choices(every: str, named: list[tuple[str, str]], chosen: str) -> tuple[Choice, ...]:
    return tuple(Choice(value, label, value == chosen) for value, label in [("", every), *named])
