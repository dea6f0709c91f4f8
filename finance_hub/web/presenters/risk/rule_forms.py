"""The forms of a tolerance rule: proposed by one person, approved by another."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from finance_hub.kernel.models import Person
from finance_hub.kernel.problems import NotFound
from finance_hub.web import words
from finance_hub.web.contexts.batches import Fact
from finance_hub.web.contexts.reports import Link
from finance_hub.web.fields import Field
from finance_hub.web.presenters.funds import wording as of_funds
from finance_hub.web.presenters.funds.forms import Form
from finance_hub.web.presenters.risk import wording
from funds.models import Fund, Holding
from tasks import limits, queries
from tasks.catalogue.tolerance_words import CATEGORIES, TIERS
from tasks.models import ToleranceRule


def back() -> Link:
    return Link(_("Risk"), reverse("web:risk"))


def named(rule: ToleranceRule) -> str:
    """What a rule is set on, in words."""
    if rule.scope == "fund" and rule.fund:
        return of_funds.name(rule.fund)
    if rule.scope == "project":
        holding = Holding.objects.filter(public_id=rule.key).select_related("firm", "sub_fund").first()
        held = (holding.firm or holding.sub_fund) if holding else None
        said = held.name if held else _("each project")
    elif rule.key:
        text = {**TIERS, **CATEGORIES}.get(rule.key)
        said = words.say(text) if text else _("funds of %(year)s") % {"year": rule.key}
    else:
        said = _each(rule.scope)
    return f"{of_funds.name(rule.fund)} · {said}" if rule.fund else said


def _each(scope: str) -> str:
    return {
        "tier": _("each tier"),
        "category": _("each category"),
        "vintage": _("each vintage"),
        "project": _("each project"),
    }[scope]


def propose(now: datetime) -> Form:
    funds = list(Fund.objects.order_by("pk"))

    def enter(values: dict[str, Any], by: Person, at: datetime) -> Any:
        scope, _colon, key = values.pop("on").partition(":")
        beside = values.pop("fund") or None
        fund = key if scope == "fund" else beside
        said = {**values, "netting": values["netting"] or False}
        return limits.propose(
            scope=scope, fund_code=fund, key="" if scope == "fund" else key, **said, by=by, now=at
        )

    return Form(
        title=_("Propose a tolerance"),
        back=back(),
        intro=_("Which losses count against which limit, as a document says. It is in force once another approved it."),
        fields=(
            Field("on", _("Set on"), "choice", choices=tuple(_scopes(funds))),
            Field("fund", _("Of one fund alone"), "choice", required=False,
                  hint=_("For categories and projects only: the projects of other funds then do not count."),
                  choices=(("", _("of all funds")), *((fund.code, of_funds.name(fund)) for fund in funds))),
            Field("base", _("The limit is a share of"), "choice", initial="principal-paid",
                  choices=(("principal-paid", _("the principal paid")),
                           ("size", _("the size subscribed (not of categories, projects)")))),
            Field("limit_pct", _("Limit in per cent"), "number", most=10),
            Field("warning_pct", _("Watched from, in per cent of the limit"), "number", initial="80", most=10),
            Field("timing", _("Losses that count"), "choice", initial="realised",
                  choices=(("realised", _("realised losses")), ("realised-and-impaired", _("realised losses and impairments")),
                           ("liquidation", _("losses at liquidation")))),
            Field("netting", _("Gains offset losses"), "tick", required=False),
            Field("owner", _("Owner"), most=100),
            Field("document", _("Document"), hint=_("Its title and number."), most=200),
            Field("valid_from", _("In force from"), "day", hint=_("Written 2026-10-31."), most=20),
            Field("valid_to", _("No longer in force from"), "day", required=False, most=20,
                  hint=_("The first day on which it is no longer in force.")),
        ),
        main="on",
        named={"scope": "on", "key": "on"},
        notice="tolerance-proposed",
        enter=enter,
        submit=_("Propose it"),
    )  # fmt: skip


def _scopes(funds: list[Fund]) -> Iterator[tuple[str, str]]:
    for fund in funds:
        yield f"fund:{fund.code}", of_funds.name(fund)
    for scope, texts in (("tier", TIERS), ("category", CATEGORIES)):
        yield f"{scope}:", _each(scope)
        for key, text in texts.items():
            yield f"{scope}:{key}", words.say(text)
    yield "vintage:", _each("vintage")
    for year in sorted({fund.established_on.year for fund in funds}):
        yield f"vintage:{year}", _("funds of %(year)s") % {"year": year}
    yield "project:", _each("project")


def approve(public_id: str) -> Form:
    """Raises NotFound."""
    rule = queries.rules().filter(public_id=public_id).first()
    if rule is None:
        raise NotFound
    until = words.day(rule.valid_to) if rule.valid_to else _("without end")

    def enter(_values: dict[str, Any], by: Person, at: datetime) -> Any:
        return limits.approve(public_id, by=by, now=at)

    return Form(
        title=_("Approve a tolerance"),
        back=back(),
        intro=_("From its first day on it decides how the budget is told. It is not changed later, only followed by another."),
        facts=(
            Fact(_("Set on"), named(rule)),
            Fact(_("Rule"), wording.basis(rule)),
            Fact(_("Watched from"), f"{wording.plain(rule.warning_pct)}%"),
            Fact(_("In force from"), words.day(rule.valid_from)),
            Fact(_("No longer in force from"), until),
            Fact(_("Proposed by"), rule.proposed_by.full_name),
        ),
        fields=(Field("confirm", _("I have compared it with the document"), "tick"),),
        main="confirm",
        notice="tolerance-approved",
        enter=enter,
        submit=_("Approve it"),
        asks_code=True,
    )  # fmt: skip
