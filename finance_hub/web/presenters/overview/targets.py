"""The plan's targets: how many have a value, how many are reached, which are nearest."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext as _

from finance_hub.kernel.text import Text
from finance_hub.web import words
from finance_hub.web.contexts.chrome import Status
from finance_hub.web.contexts.overview import Target
from finance_hub.web.drawing import percent_width
from finance_hub.web.presenters.overview.desk import Desk
from finance_hub.web.presenters.targets.wording import UNITS
from tasks import models, wording
from tasks.engine import progress

NEAREST = 3


def summary(desk: Desk, every: list[models.Target]) -> str:
    """Counts each metric once; what nobody reported does not count as zero."""
    once = [target for target in every if target.duplicate_of_id is None]
    known = [t for t in once if desk.value("target.value", "target", t.code) is not None]
    reached = [t for t in known if is_reached(desk, t)]
    said = _(
        "%(total)s targets, %(metrics)s metrics: %(known)s with a value, %(reached)s of them reached; %(silent)s "
        "not reported"
    )
    return said % {
        "total": len(every),
        "metrics": len(once),
        "known": len(known),
        "reached": len(reached),
        "silent": len(once) - len(known),
    }


def is_reached(desk: Desk, target: models.Target) -> bool:
    value = desk.value("target.value", "target", target.code)
    if value is None:
        return False
    return progress.reached(value, target.value, target.comparison)


def nearest(desk: Desk, every: list[models.Target]) -> tuple[Target, ...]:
    """The three that are closest to being reached and are not there yet, each metric once."""
    open_ones: dict[str, tuple[Decimal, models.Target]] = {}
    for target in every:
        progress = desk.value("target.progress", "target", target.code)
        if progress is not None and progress < 1:
            open_ones.setdefault(target.metric, (progress, target))
    ranked = sorted(open_ones.values(), key=lambda found: (-found[0], found[1].position))
    return tuple(_target(desk, target, progress) for progress, target in ranked[:NEAREST])


def _target(desk: Desk, target: models.Target, progress: Decimal) -> Target:
    value = desk.value("target.value", "target", target.code)
    return Target(
        name=words.say(Text(target.text, target.text_en)),
        progress=_of(value, target),
        width=percent_width(progress, whole=Decimal(1)),
        status=Status(wording.percent(progress, places=1), "info"),
        deadline=_("by %(day)s") % {"day": words.day(target.deadline)}
        if target.deadline
        else _("every year"),
    )


def _of(value: Decimal | None, target: models.Target) -> str:
    """`2 / 4家`; money as in running text."""
    if target.unit.startswith("CNY"):
        present = wording.DASH if value is None else words.money(value)
        return f"{present} / {words.money(target.value)}"
    present = wording.DASH if value is None else f"{value.normalize():,f}"
    unit = words.say(UNITS.get(target.unit, Text(target.unit, f" {target.unit}")))
    return f"{present} / {target.value.normalize():,f}{unit}"
