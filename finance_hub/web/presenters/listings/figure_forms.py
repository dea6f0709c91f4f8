"""The forms of a firm's figures: a financial year, its correction, and a fact as it stands."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from finance_hub.kernel.models import Person
from finance_hub.kernel.periods import SHANGHAI
from finance_hub.web.fields import Field
from finance_hub.web.presenters.funds.forms import Form, day, money
from finance_hub.web.presenters.listings import wording
from finance_hub.web.presenters.listings.forms import back, source
from listings import operations
from listings.models import YEARLY, Stated
from listings.models.figures import FRACTIONS, YES_NO

MONEY = ("revenue", "net_profit", "net_profit_less_non_recurring", "rd", "operating_cash_flow")
COUNTS = ("invention_patents", "rd_staff", "staff")
MOST_COUNT = 2**31 - 1


def year(found: Any, now: datetime) -> Form:
    last = now.astimezone(SHANGHAI).year - 1

    def enter(values: dict[str, Any], by: Person, at: datetime) -> Any:
        figures, said = _split(values)
        return operations.record_year(uscc=found.firm.uscc, figures=figures, **said, by=by, now=at)

    return Form(
        title=_("Record a financial year"),
        back=back(found, "#years"),
        intro=_("As the audit report says it, in yuan. What it does not say is left empty: it is then unknown, not zero."),
        fields=(
            Field("year", _("Year"), "whole", initial=str(last), greatest=9998, most=4),
            *_figures(None),
            day(now),
            source(),
        ),
        main="revenue",
        notice="listing-recorded",
        enter=enter,
    )  # fmt: skip


def correct_year(found: Any, held: Any, now: datetime) -> Form:
    """All figures of the year anew, beginning from what is recorded."""

    def enter(values: dict[str, Any], by: Person, at: datetime) -> Any:
        figures, said = _split(values)
        return operations.correct_year(
            uscc=found.firm.uscc, year=held.year, figures=figures, **said, by=by, now=at
        )

    return Form(
        title=_("Correct the year %(year)s") % {"year": held.year},
        back=back(found, "#years"),
        intro=_(
            "All figures of the year anew: what is left empty is not reported. What was recorded stays to be read."
        ),
        fields=(*_figures(held), day(now, initial=held.effective_date), source()),
        main="revenue",
        notice="listing-corrected",
        enter=enter,
    )


def statement(found: Any, now: datetime) -> Form:
    def enter(values: dict[str, Any], by: Person, at: datetime) -> Any:
        number, holds = values.pop("number"), values.pop("holds")
        if number is not None and values["name"] in FRACTIONS:
            number = number / 100
        said = {"number": number, "holds": None if holds is None else holds == "yes"}
        return operations.state(uscc=found.firm.uscc, **values, **said, by=by, now=at)

    answers = (("", _("not stated")), ("yes", _("yes")), ("no", _("no")))
    return Form(
        title=_("State a fact"),
        back=back(found, "#statements"),
        intro=_("What standards ask beside the financial years, as it stands on its day. The newest counts."),
        fields=(
            Field("name", _("Fact"), "choice", choices=tuple((code, wording.measured(code)) for code in Stated.values)),
            Field("number", pgettext("fact", "Number"), "number", required=False, most=40,
                  hint=_("Amounts in yuan, shares in per cent, everything else as a whole number.")),
            Field("holds", _("Yes or no"), "choice", required=False, choices=answers,
                  hint=_("For facts from “%(name)s” on.") % {"name": wording.measured(YES_NO[0])}),
            day(now),
            source(),
        ),
        main="number",
        notice="listing-recorded",
        enter=enter,
    )  # fmt: skip


def _figures(held: Any) -> tuple[Field, ...]:
    def initial(name: str) -> str:
        value = None if held is None else getattr(held, name)
        return "" if value is None else str(value)

    roe = "" if held is None or held.roe is None else f"{(held.roe * 100).normalize():f}"
    opinion = None if held is None else held.unqualified_opinion
    answers = (("", _("not reported")), ("yes", _("yes")), ("no", _("no")))
    amounts = (money(name, wording.measured(name), initial=initial(name)) for name in MONEY)
    return (
        *(Field(one.name, one.label, one.kind, one.hint, required=False, initial=one.initial, most=40) for one in amounts),
        Field("roe", wording.measured("roe"), "money", required=False, initial=roe, most=20,
              hint=_("In per cent, such as 13.20.")),
        *(Field(name, wording.measured(name), "whole", required=False, initial=initial(name), greatest=MOST_COUNT)
          for name in COUNTS),
        Field("unqualified_opinion", wording.measured("unqualified_opinion"), "choice", required=False, choices=answers,
              initial="" if opinion is None else "yes" if opinion else "no"),
    )  # fmt: skip


def _split(values: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The figures as the operation takes them, and the rest."""
    figures = {name: values[name] for name in YEARLY}
    roe, opinion = figures["roe"], figures["unqualified_opinion"]
    figures["roe"] = None if roe is None else Decimal(roe) / 100
    figures["unqualified_opinion"] = None if opinion is None else opinion == "yes"
    return figures, {name: value for name, value in values.items() if name not in YEARLY}
