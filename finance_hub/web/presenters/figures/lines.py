"""Lines of records as both pages show them: names, amounts in the figure's unit, and pages that go on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.core import signing
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from finance_hub.kernel.models import Organisation
from finance_hub.web import words
from finance_hub.web.contexts.figures import Line, Lines
from finance_hub.web.presenters.figures import about
from tasks import wording
from tasks.catalogue import BY_CODE, Unit
from tasks.records import OVER, UNDER, Adds, Source
from tasks.records.reading import Line as Found
from tasks.records.reading import Totals

PAGE = 50
#: Of the figures that read a record so many are named.
NAMED = 4
SALT = "records"
RECORDS = {
    "loan_event": gettext_noop("Loan event"),
    "loan_position": gettext_noop("Position"),
    "drawdown": gettext_noop("Drawdown of a loan"),
    "fund": gettext_noop("Fund"),
    "fund_event": gettext_noop("Ledger entry"),
    "fund_terms": gettext_noop("Terms"),
    "holding": gettext_noop("Holding at cost"),
    "held_through": gettext_noop("Held through a sub-fund"),
    "holding_event": gettext_noop("Deal"),
    "valuation": gettext_noop("Valuation"),
    "nav": gettext_noop("Net asset value"),
    "recognition": gettext_noop("Recognition"),
    "guarantee": gettext_noop("Guarantee"),
    "guarantee_event": gettext_noop("Event of a guarantee"),
    "claim": gettext_noop("Compensation not recovered"),
    "recovery": gettext_noop("Recovery"),
    "round": gettext_noop("Financing round"),
    "net_assets": gettext_noop("Net assets"),
    "pool_event": gettext_noop("Pool entry"),
    "firm": gettext_noop("Firm"),
    "firm_version": gettext_noop("Change in the registry"),
    "stage_event": gettext_noop("Stage"),
    "financial_year": gettext_noop("Financial year"),
    "firm_statement": gettext_noop("Statement on a firm"),
    "firm_class": gettext_noop("Recognition of a firm"),
    "deal_payment": gettext_noop("Payment of a deal"),
    "deal_step": gettext_noop("Step of a deal"),
    "agreement_terms": gettext_noop("Terms of an agreement"),
    "pool_limits": gettext_noop("Limits of a pool"),
    "concentration_limit": gettext_noop("Limit on concentration"),
    "risk_assumptions": gettext_noop("Risk assumptions"),
    "tolerance_rule": gettext_noop("Tolerance rule"),
    "target": gettext_noop("Target"),
    "target_report": gettext_noop("Report on a target"),
    "target_decision": gettext_noop("Decision on a report"),
    "open_question": gettext_noop("Open question"),
    "question_answer": gettext_noop("Answer to a question"),
    "reporter": gettext_noop("Reporter"),
    "branch": gettext_noop("Branch"),
    "subsidy_scheme": gettext_noop("Subsidy scheme"),
}
PARTS = {OVER: gettext_noop("Numerator"), UNDER: gettext_noop("Denominator")}
#: Whose word a record is where it is no organisation's report.
OTHERS = {
    "centre": gettext_noop("The centre"),
    "city": gettext_noop("Whole city"),
    "plan": gettext_noop("The plan"),
}
#: Figures that count lines and not yuan.
_COUNTED = {Unit.COUNT}


def is_counted(code: str) -> bool:
    return BY_CODE[code][0].unit in _COUNTED


def place(params: QueryDict) -> list[Any] | None:
    """The place that the address names; what this service did not sign is the beginning."""
    try:
        held = signing.loads(params.get("after", ""), salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return held if isinstance(held, list) else None


def after(mark: Sequence[Any]) -> str:
    return signing.dumps(list(mark), salt=SALT)


def cut(
    found: Sequence[Found], *, begun: bool, url: Callable[[str], str]
) -> tuple[Sequence[Found], str | None, str | None]:
    """(a page of the rows, the address of the first page, of the next one); `url` takes a mark."""
    shown = found[:PAGE]
    more = url(after(shown[-1].place)) if len(found) > PAGE else None
    return shown, url("") if begun else None, more


def lines(
    rows: Sequence[Found],
    totals: Totals,
    *,
    source: Source | None,
    code: str = "",
    first: str | None,
    more: str | None,
) -> Lines:
    """`source` says how the lines make the figure of `code`; without one they are records of any kind."""
    ratio = (
        source is not None and source.adds in (Adds.RATIO, Adds.RULE) and bool(totals.over or totals.under)
    )
    counted = bool(code) and is_counted(code)
    said = ngettext("%(count)s record", "%(count)s records", totals.number)
    sums: tuple[tuple[str, str], ...] = ()
    if ratio:
        sums = (
            (_("Numerator"), number(totals.over, counted)),
            (_("Denominator"), number(totals.under, counted)),
        )
    elif source is not None:
        sums = ((_("Sum of all records"), number(totals.amount, counted)),)
    names, funds = reporters(row.who for row in rows), about.funds_of(rows)
    return Lines(
        rows=tuple(line(row, counted=counted, names=names, funds=funds) for row in rows),
        sums=sums,
        found=said % {"count": words.count(totals.number)},
        has_parts=ratio,
        first_url=first,
        next_url=more,
    )


def reporters(codes: Iterable[str]) -> dict[str, str]:
    """{code: name} of the organisations among them; what is of no organisation keeps its word."""
    known = Organisation.objects.filter(code__in=set(codes))
    return {one.code: words.organisation(one) for one in known}


def line(row: Found, *, counted: bool, names: Mapping[str, str], funds: Mapping[str, str]) -> Line:
    moves = [words.say(BY_CODE[code][0].name) for code in getattr(row, "moves", ())]
    return Line(
        record=_(RECORDS[row.record]),
        ref=row.ref,
        about=about.said(row, funds),
        who=names.get(row.who) or (_(OTHERS[row.who]) if row.who in OTHERS else row.who),
        day=words.day(row.day) if row.day else words.DASH,
        recorded=words.moment(row.recorded_at) if row.recorded_at else words.DASH,
        part=_(PARTS[row.part]) if row.part else "",
        amount=number(row.amount, counted),
        moves=_some(list(dict.fromkeys(moves))),
    )


def _some(names: list[str]) -> str:
    """The first few names, and how many more there are."""
    if len(names) <= NAMED:
        return words.listed(names)
    said = _("%(names)s and %(count)s more")
    return said % {"names": words.listed(names[:NAMED]), "count": len(names) - NAMED}


def number(amount: Decimal, counted: bool = False) -> str:
    """Yuan to the fen; counts whole."""
    return (
        wording.number(amount, places=0) if counted and amount == amount.to_integral() else words.yuan(amount)
    )
