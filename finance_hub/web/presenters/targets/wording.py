"""Words for targets: values in their units, statuses, units that answer, what a question asks."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from finance_hub.kernel.text import Text
from finance_hub.web import words
from finance_hub.web.contexts.chrome import Status
from finance_hub.web.contexts.targets import Way
from finance_hub.web.drawing import percent_width
from tasks import standing, wording
from tasks.engine import progress
from tasks.models import OpenQuestion, TargetReport
from tasks.standing import Standing

UNITS = {
    "percent": Text("%", "%"), "firms": Text("家", " firms"), "persons": Text("人", " persons"),
    "projects": Text("个", " projects"), "institutions": Text("家", " institutions"),
    "events": Text("场", " events"), "teams": Text("个", " teams"), "incubators": Text("家", " incubators"),
    "rank": Text("名", " (rank)"), "items": Text("项", " items"), "workstations": Text("个", " workstations"),
    "percent per year": Text("%/年", "% a year"),
}  # fmt: skip
_NUMERALS = str.maketrans("一二三四五六七八九", "123456789")
SIGNS = {">=": "≥", "<=": "≤", "=": "=", ">": ">"}
_TONES = {
    progress.ON_TRACK: "ok", progress.DONE: "ok", progress.BEHIND: "watch", progress.OVERDUE: "alert",
}  # fmt: skip


def is_money(unit: str) -> bool:
    return unit.startswith("CNY")


def amount(value: Decimal, unit: str) -> str:
    """A value with its unit; money as in running text."""
    if is_money(unit):
        a_year = pgettext("of an amount", " a year") if unit.endswith("year") else ""
        return words.money(value) + a_year
    said = words.say(UNITS.get(unit, Text(unit, f" {unit}")))
    return f"{number(value)}{said}"


def gap(value: Decimal, unit: str) -> str:
    """A difference of two values, to two places; of percentages it is in points."""
    rounded = value.quantize(Decimal("0.01"))
    if unit.startswith("percent"):
        return _("%(number)s percentage points") % {"number": number(rounded)}
    return amount(rounded, unit)


def number(value: Decimal) -> str:
    """As many places as it has, four at most, with thousands and a real minus sign."""
    places = min(4, max(0, -int(value.normalize().as_tuple().exponent)))
    return wording.number(value, places=places)


def goal(one: Standing) -> str:
    return f"{SIGNS[one.target.comparison]} {amount(one.target.value, one.target.unit)}"


def present(one: Standing, code: str = "target.value") -> str:
    """A stored figure in the target's unit, or a dash with the reason."""
    value = one.value(code)
    if value is None:
        return f"{wording.DASH} {words.reason(one.reason(code))}"
    return amount(value.quantize(Decimal("0.01")) if code == "target.expected" else value, one.target.unit)


def ahead(one: Standing) -> str:
    """Signed, in the target's unit and in percent of what is expected; empty where there is no line."""
    value, line = one.value("target.ahead"), one.value("target.expected")
    if value is None or line is None:
        return ""
    sign = "+" if value > 0 else ""
    text = f"{sign}{gap(value, one.target.unit)}"
    if not line or value == 0:
        return text
    share = f"{sign}{wording.percent(value / line, places=1)}"
    return words.say(Text(f"{text}（{share}）", f"{text} ({share})"))


def status(one: Standing) -> Status:
    if one.fact.kind == "context":
        return Status(_("not scored"), "none")
    return status_of(one.status)


def status_of(code: str | None) -> Status:
    if code is None:
        return Status(_("not computed yet"), "none")
    tone = _TONES.get(code, "info")
    return Status(statuses()[code], tone)  # type: ignore[arg-type]


def statuses() -> dict[str, str]:
    return {
        progress.ON_TRACK: pgettext("target", "On track"),
        progress.BEHIND: pgettext("target", "Behind"),
        progress.DONE: pgettext("target", "Done"),
        progress.OVERDUE: pgettext("target", "Past its deadline"),
        progress.NOT_REPORTED: pgettext("target", "Not reported"),
        progress.UNDETERMINED: pgettext("target", "Cannot be judged"),
    }


def trackings() -> dict[str, str]:
    return {
        "computed": _("Computed here"),
        "computable_if_registry_loaded": _("Counted here if the register is complete"),
        "computable_if_recorded": _("Counted here if it is recorded"),
        "reported": _("Reported by its units"),
    }


def cadence(code: str) -> str:
    return {
        "": _("takes no reports"),
        "monthly": _("each month"),
        "quarterly": _("each quarter"),
        "yearly": _("each year"),
    }[code]


def about(question: OpenQuestion) -> str:
    return {
        "lead_unit": _("Lead unit"),
        "deadline": _("Deadline"),
        "period": _("One year or all years"),
        "completeness": _("Completeness of our records"),
        "meaning": _("Meaning"),
    }[question.about]


def state(report: TargetReport) -> Status:
    return {
        "waiting": Status(_("waits for approval"), "watch"),
        "approved": Status(_("in force"), "ok"),
        "rejected": Status(_("sent back"), "alert"),
        "corrected": Status(_("corrected"), "none"),
    }[standing.state(report)]  # fmt: skip


def unit(one: Standing) -> str:
    """The lead unit, or that none is stated."""
    fact = one.fact
    return words.say(Text(fact.lead_unit, fact.lead_unit_en)) if fact.lead_unit else _("no lead unit stated")


def section(one: Standing) -> str:
    """Where in the plan it stands, by its numerals: `二 / 三(八)` is `2 / 3 (8)` in English."""
    printed = one.target.section
    return words.say(Text(printed, printed.translate(_NUMERALS).replace("(", " (")))


def deadline(one: Standing) -> str:
    return by(one.fact.deadline) if not one.fact.yearly or one.fact.deadline else _("every year")


def by(day: date | None) -> str:
    return _("by %(day)s") % {"day": words.day(day)} if day else _("no deadline")


def owed(one: Standing) -> tuple[Status, ...]:
    """What of its reports wants somebody's attention."""
    late = _("report %(days)s days overdue") % {"days": words.count(one.days_overdue)}
    waits = _("%(number)s waiting") % {"number": words.count(one.waiting)}
    return (
        *((Status(late, "alert"),) if one.due else ()),
        *((Status(waits, "watch"),) if one.waiting and not one.target.duplicate_of_id else ()),
        *(
            (Status(_("newer report in force"), "info"),)
            if one.newer and not one.target.duplicate_of_id
            else ()
        ),
    )


def newer(one: Standing) -> str:
    """What is in force today and not in the figures; empty where they hold it."""
    if one.newer is None:
        return ""
    value, day = one.newer
    said = _(
        "Approved since, and in force: %(value)s as of %(day)s. The figures follow with the next computation."
    )
    return said % {"value": amount(value, one.target.unit), "day": words.day(day)}


def way(one: Standing) -> Way:
    """The bar ends at the target: what is done, and where the line stands."""
    target, fact = one.target, one.fact
    start = None if fact.start is None else Decimal(fact.start)
    line = one.value("target.expected")
    mark = None if line is None else progress.way_gone(
        line, target=target.value, comparison=target.comparison, start=start
    )  # fmt: skip
    return Way(_width(one.value("target.progress")), _width(mark))


def _width(part: Decimal | None) -> str | None:
    return None if part is None else percent_width(min(max(part, Decimal(0)), Decimal(1)), whole=Decimal(1))
