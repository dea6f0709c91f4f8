"""The tables of the overview: the largest firms, tolerances, and who has not reported."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _

from finance_hub.kernel.periods import Month
from finance_hub.web import words
from finance_hub.web.contexts.chrome import Status
from finance_hub.web.contexts.overview import ExposedFirm, Overdue, Tolerance
from finance_hub.web.drawing import percent_width
from finance_hub.web.presenters.overview.desk import Desk
from tasks import queries, wording
from tasks.catalogue import BY_CODE
from tasks.exposure.parts import NAMES
from tasks.models import Figure, ToleranceRule

#: From this share on a tolerance is watched, as in the briefing.
WATCHED_SHARE = Decimal("0.8")


def exposure_definition() -> str:
    return words.say(BY_CODE["exposure.public"][0].definition) + words.say(words.STOP)


def exposure_parts() -> tuple[str, ...]:
    """The heads of the parts that a firm's exposure is shown in."""
    return tuple(words.say(name) for name in NAMES.values())


def top_firms(desk: Desk) -> tuple[ExposedFirm, ...]:
    largest = queries.largest_firms(desk.now)
    first = next((firm.value for firm in largest if firm.value is not None), Decimal(0))
    return tuple(_firm(desk, firm, rank, first) for rank, firm in enumerate(largest, start=1))


def _firm(desk: Desk, firm: Figure, rank: int, first: Decimal) -> ExposedFirm:
    city, own = desk.value("exposure.public"), firm.value
    parts = queries.parts_of(desk.now, firm.key).values()
    return ExposedFirm(
        rank=str(rank),
        name=desk.label(firm),
        url=reverse("web:firm", args=[firm.key]),
        parts=tuple(wording.DASH if part is None else _in_table(part) for part in parts),
        total=wording.DASH if own is None else _in_table(own),
        share=wording.percent(own / city, places=1) if own is not None and city else wording.DASH,
        share_width=percent_width(own or Decimal(0), whole=first),
    )


def _in_table(amount: Decimal) -> str:
    return wording.in_table(amount, language=words.language())


def tolerances(desk: Desk) -> tuple[Tolerance, ...]:
    basis = _rules_in_force(desk.month)
    used = desk.now.all("tolerance.used_share", "fund")
    return tuple(_tolerance(desk, figure, basis.get(figure.key)) for figure in used)


def _rules_in_force(month: Month) -> dict[str, ToleranceRule]:
    """{fund code: the approved rule on the month's last day}."""
    approved = queries.rules().filter(scope="fund", approved_at__isnull=False, valid_from__lte=month.last)
    in_force = [r for r in approved.order_by("valid_from") if not r.valid_to or r.valid_to > month.last]
    return {rule.fund.code: rule for rule in in_force if rule.fund}


def _tolerance(desk: Desk, share: Figure, rule: ToleranceRule | None) -> Tolerance:
    used, limit = (desk.value(f"tolerance.{part}", "fund", share.key) for part in ("used", "limit"))
    known = used is not None and limit is not None
    end = max(used, limit) if used is not None and limit is not None else Decimal(0)
    return Tolerance(
        name=desk.label(share),
        status=status(share.value),
        used=_amount(used),
        limit=_amount(limit),
        left=words.money(limit - used) if used is not None and limit is not None else wording.DASH,
        basis=_basis(rule),
        used_width=percent_width(used or Decimal(0), whole=end),
        limit_at=percent_width(limit or Decimal(0), whole=end) if known else "100.0",
    )


def _amount(value: Decimal | None) -> str:
    return wording.DASH if value is None else words.money(value)


def _basis(rule: ToleranceRule | None) -> str:
    if rule is None:
        return ""
    said = _("%(limit)s%% of the principal paid; %(document)s")
    if rule.base == "size":
        said = _("%(limit)s%% of the fund's size; %(document)s")
    return said % {"limit": f"{rule.limit_pct.normalize():f}", "document": rule.document}


def status(share: Decimal | None) -> Status:
    """How much of a tolerance is used, in words and as a tone; unknown is no good news."""
    if share is None:
        return Status(_("unknown"), "watch")
    said = wording.percent(share, places=1)
    if share > 1:
        return Status(_("over: %(share)s") % {"share": said}, "alert")
    if share >= WATCHED_SHARE:
        return Status(_("watch: %(share)s") % {"share": said}, "watch")
    return Status(_("normal: %(share)s") % {"share": said}, "ok")


def overdue(desk: Desk) -> tuple[Overdue, ...]:
    """One row an organisation, with every report it owes."""
    return tuple(_overdue(desk))


def _overdue(desk: Desk) -> Iterator[Overdue]:
    names = {
        "flow": _("loan events"),
        "stock": _("month-end positions"),
    }
    owed: dict[str, list[str]] = {}
    labels: dict[str, str] = {}
    for missing in desk.now.snapshot.not_reported:
        owed.setdefault(missing["code"], []).append(names.get(missing["dataset"], missing["dataset"]))
        labels[missing["code"]] = missing["name_en" if words.language() == "en" else "name"]
    for code, reports in owed.items():
        yield Overdue(labels[code], words.listed(reports), _last_complete(desk, code))


def _last_complete(desk: Desk, code: str) -> str:
    """The last of the months shown for which nothing of the reporter's was missing."""
    missing = zip(desk.months, desk.values("reporting.missing", "reporter", code), strict=True)
    complete = [month for month, count in missing if count == 0]
    return words.month(complete[-1]) if complete else wording.DASH


def reported(desk: Desk) -> str:
    complete, due = desk.value("reporting.complete"), desk.value("reporting.due")
    if complete is None or due is None:
        return ""
    said = _("%(complete)s of %(due)s banks have reported in full")
    return said % {
        "complete": wording.number(complete, places=0),
        "due": wording.number(due, places=0),
    }
