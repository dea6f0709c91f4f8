"""Words of the page of risk."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext as _

from finance_hub.web import words
from finance_hub.web.contexts.chrome import Status
from tasks.models import ToleranceRule
from tasks.risk.parameters import REQUIRED
from tasks.risk.tolerances import BudgetOfMonth


def status(of: BudgetOfMonth) -> Status:
    return {
        "within": Status(_("normal"), "ok"),
        "warning": Status(_("watch"), "watch"),
        "exceeded": Status(_("alarm"), "alert"),
        "unknown": Status(_("unknown"), "watch"),
    }[of.status]


def method(code: str) -> str:
    return {
        "enumeration": _("every set of failures"),
        "lattice": _("convolution on a lattice"),
        "quadrature": _("quadrature over the factor"),
        "simulation": _("simulation"),
    }[code]


def kind(code: str) -> str:
    return {"tolerance": _("Tolerance"), "cap": _("Compensation cap"), "pool": _("Risk pool")}[code]


def moved(what: str, change: float) -> str:
    named = {
        "pd": _("Probabilities of failing"),
        "lgd": _("Losses given failure"),
        "loading": _("Loadings on the common factor"),
    }[what]
    return f"{named} {'+' if change > 0 else '−'}{abs(change):.0%}"


def tier(code: str) -> str:
    return words.say(REQUIRED["pd_class"][code]) if code else words.DASH


def stage(code: str) -> str:
    return words.say(REQUIRED["pd_stage"][code])


def basis(rule: ToleranceRule) -> str:
    """What the limit is a share of, which losses count, who answers for it, and by which document."""
    base = {"principal-paid": _("of the principal paid"), "size": _("of the size subscribed")}[rule.base]
    counts = {
        "realised": _("realised losses"),
        "realised-and-impaired": _("realised losses and impairments"),
        "liquidation": _("losses at liquidation"),
    }[rule.timing]
    netting = _("gains offset") if rule.netting else _("gains do not offset")
    parts = [_("%(limit)s%% %(base)s") % {"limit": plain(rule.limit_pct), "base": base}, counts, netting]
    parts += [rule.owner] if rule.owner else []
    return words.say(words.SEMICOLON).join([*parts, rule.document])


def plain(number: Decimal) -> str:
    """As it was entered: no zero that says nothing."""
    return f"{number.normalize():f}"


def share(chance: float) -> str:
    """A probability in words of a page: never 0% for what can happen, nor 100% for what may not."""
    if 0 < chance < 0.0005:
        return "<0.1%"
    if 0.9995 < chance < 1:
        return ">99.9%"
    return f"{chance:.1%}"
