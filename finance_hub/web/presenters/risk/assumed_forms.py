"""The forms of what is assumed: a whole set of numbers at once, and a scenario."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from finance_hub.kernel import days
from finance_hub.kernel.models import Person
from finance_hub.kernel.problems import refuse
from finance_hub.web import words
from finance_hub.web.fields import Field
from finance_hub.web.presenters.funds.forms import Form
from finance_hub.web.presenters.risk.assumed_tables import percent
from finance_hub.web.presenters.risk.rule_forms import back
from loans.codes import industries
from tasks.exposure import assumed
from tasks.risk import assume
from tasks.risk.parameters import Assumed, delivered, label

_HUNDRED = Decimal(100)


def assumptions(now: datetime) -> Form:
    """Begins from the set in force, else from the one that the product brings; what is left alone keeps its source."""
    today = days.today(now)
    held = assumed.assumptions().order_by("-valid_from", "-pk").first()
    document, rows = (
        (held.document, list(held.parameters.all())) if held else delivered(language=words.language())
    )
    before = {
        (row.kind, row.key): Assumed(row.kind, row.key, row.value, row.source, row.is_invented)
        for row in rows
    }

    def enter(values: dict[str, Any], by: Person, at: datetime) -> Any:
        source, is_invented = values.pop("source"), values.pop("is_invented") or False
        parameters = [
            _said(one, values[_name(one)] / _HUNDRED, source=source, is_invented=is_invented)
            for one in before.values()
        ]
        return assume.assume(
            valid_from=values["valid_from"], document=values["document"], parameters=parameters, by=by, now=at
        )

    return Form(
        title=_("Enter assumptions"),
        back=back(),
        intro=_("One whole set, in force from a day on; sets entered before stay to be read. Numbers are per cent."),
        fields=(
            Field("valid_from", _("In force from"), "day", hint=_("Written 2026-10-31."), initial=today.isoformat(), most=20),
            Field("document", _("Document"), hint=_("Where the set comes from."), initial=document, most=200),
            *_numbers(before),
            Field("source", _("What the changed numbers rest on"), required=False, most=300,
                  hint=_("Needed where a number is changed; the others keep their source.")),
            Field("is_invented", _("The changed numbers are assumed"), "tick", required=False,
                  hint=_("Nothing published supports them.")),
        ),
        main="document",
        named={"parameters": "document"},
        notice="assumptions-entered",
        enter=enter,
        submit=_("Enter the set"),
    )  # fmt: skip


def _said(one: Assumed, value: Decimal, *, source: str | None, is_invented: bool) -> Assumed:
    if value == one.value:
        return one
    if not 0 <= value <= 1 or (value == 1 and one.kind == "loading"):
        raise refuse(
            f"#/{_name(one)}", "not-a-fraction", "须在 0 与 100 之间，载荷须小于 100",
            "is between 0 and 100, a loading below 100",
        )  # fmt: skip
    if not source:
        raise refuse(
            "#/source", "required", "改动的数值须说明依据", "A changed number needs what it rests on"
        )
    return one._replace(value=value.quantize(Decimal("0.000001")), source=source, is_invented=is_invented)


def _numbers(before: dict[tuple[str, str], Assumed]) -> Iterator[Field]:
    for one in before.values():
        said = label(one.kind, one.key)
        heading = {
            "pd_class": _("Failing within a year, class: %(of)s"),
            "pd_stage": _("Failing within a year, stage: %(of)s"),
            "lgd": _("Lost where it fails: %(of)s"),
            "loading": _("Loading: %(of)s"),
        }[one.kind] % {"of": words.say(said)}
        yield Field(_name(one), heading, "number", hint=one.source, initial=percent(one.value), most=12)


def _name(one: Assumed) -> str:
    return f"{one.kind}-{'any' if one.key == '*' else one.key}"


def scenario(now: datetime) -> Form:
    today = days.today(now)
    sections = [(one.code, f"{one.code} {words.say(one.text)}") for one in industries() if len(one.code) == 1]

    def enter(values: dict[str, Any], by: Person, at: datetime) -> Any:
        said = {name: value for name, value in values.items() if value is not None}
        return assume.define_scenario(**{"industry": "", "failing": "", **said}, by=by, now=at)

    def factor(name: str, heading: str, hint: str = "") -> Field:
        return Field(name, heading, "number", initial="1", hint=hint, most=10)

    return Form(
        title=_("Enter a scenario"),
        back=back(),
        intro=_("A shock to what is assumed. Factors of 1 change nothing; one of the same code follows the one before."),
        fields=(
            Field("code", _("Code"), hint=_("Small letters, digits and hyphens, such as window-closed."), most=40),
            Field("name", _("Name in Chinese"), most=100),
            Field("name_en", _("Name in English"), most=100),
            Field("document", _("Document"), most=200),
            Field("valid_from", _("In force from"), "day", hint=_("Written 2026-10-31."), initial=today.isoformat(), most=20),
            factor("pd_factor", _("Probability of failing ×")),
            Field("industry", _("Of one industry alone"), "choice", required=False, choices=(("", _("of all")), *sections)),
            factor("loading_factor", _("Loadings on the common factor ×"), _("Above 1 failures hang together more.")),
            factor("listing_pd_factor", _("Probability of firms on their way to a listing ×")),
            factor("listing_lgd_factor", _("Equity lost of firms on their way to a listing ×")),
            Field("failing", _("Fails for certain"), "choice", required=False,
                  choices=(("", _("nobody")), ("largest_group", _("the control group with the largest exposure")))),
        ),
        main="code",
        notice="scenario-entered",
        enter=enter,
        submit=_("Enter the scenario"),
    )  # fmt: skip
