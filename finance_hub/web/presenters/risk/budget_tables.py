"""Budgets as bars, as a table, and thirteen months of them."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext as _

from finance_hub.web import words
from finance_hub.web.contexts.overview import Sparkline
from finance_hub.web.contexts.risk import Budget
from finance_hub.web.drawing import percent_width, sparkline
from finance_hub.web.presenters.risk import wording
from finance_hub.web.presenters.risk.desk import Desk
from finance_hub.web.tables import Column, Missing, Row, Table, Value
from tasks.risk.tolerances import BudgetOfMonth


def budgets(desk: Desk) -> tuple[Budget, ...]:
    """Bars of every budget but those of single projects, which the table has."""
    return tuple(_bar(one) for one in desk.tolerances.budgets if one.rule.scope != "project")


def _bar(of: BudgetOfMonth) -> Budget:
    used, limit = of.used or Decimal(0), of.limit or Decimal(0)
    whole = max(used, limit)
    return Budget(
        name=words.say(of.label),
        status=wording.status(of),
        used=_said(of.used),
        limit=_said(of.limit),
        left=_said(of.left),
        basis=wording.basis(of.rule),
        warning=words.say(of.warning) + words.say(words.STOP),
        used_width=percent_width(used, whole=whole),
        limit_at=percent_width(limit, whole=whole) if of.limit is not None else "100.0",
        history=_history(of),
    )


def _said(value: Decimal | None) -> str:
    return words.DASH if value is None else words.money(value)


def _history(of: BudgetOfMonth) -> Sparkline | None:
    shares = [past.used_share for past in of.history]
    known = [share for share in shares if share is not None]
    if len(known) < 2:
        return None
    line = sparkline(shares)
    said = _("Share used over 13 months: from %(first)s to %(last)s") % {
        "first": wording.share(float(known[0])), "last": wording.share(float(known[-1])),
    }  # fmt: skip
    return Sparkline(line.paths, line.last_x, line.last_y, said)


def table(desk: Desk, *, with_rules: bool = False) -> Table:
    """`with_rules` adds what each rule says, for where the bars do not stand beside it."""
    rule = (Column(_("Rule")),) if with_rules else ()
    return Table(
        key="budgets",
        title=_("Budget of every tolerance"),
        columns=(
            Column(_("On")), Column(_("Limit"), "yuan"), Column(_("Used"), "yuan"), Column(_("Share used"), "ratio"),
            Column(_("Realised"), "yuan"), Column(_("Impaired"), "yuan"), Column(_("Left"), "yuan"),
            Column(_("Signed, not paid"), "yuan"), Column(_("Median write-off"), "yuan"),
            Column(_("Write-offs"), "count"), Column(_("Status")), *rule,
        ),
        rows=tuple(_row(one, with_rule=with_rules) for one in _projects_last(desk)),
        empty=_("No tolerance rule is in force. The centre's maker proposes one, an approver approves it."),
        meaning=(
            _("Used: what counts by the rule's netting and timing. Impairments use the limit only where the rule says so."),
            _("Signed, not paid: it becomes principal once it is paid. Median write-off: of the cost written off by project."),
        ),
    )  # fmt: skip


def _projects_last(desk: Desk) -> list[BudgetOfMonth]:
    return sorted(desk.tolerances.budgets, key=lambda one: one.rule.scope == "project")


def _row(one: BudgetOfMonth, *, with_rule: bool) -> Row:
    typical: Value = one.typical if one.typical is not None else Missing("no-write-offs")
    amounts = (one.limit, one.used, one.used_share, one.realised, one.impaired, one.left, one.committed)
    rule = (wording.basis(one.rule),) if with_rule else ()
    state = wording.status(one).text
    return Row((words.say(one.label), *map(_value, amounts), typical, one.write_offs, state, *rule))


def _value(value: Decimal | None) -> Value:
    return Missing("not-reported") if value is None else value


def history(desk: Desk) -> Table:
    """The share used by month, a column for each budget that is no single project's."""
    shown = [one for one in desk.tolerances.budgets if one.rule.scope != "project"]
    months = [past.month for past in shown[0].history] if shown else []
    return Table(
        key="budget-history",
        title=_("Share of each tolerance used, 13 months"),
        columns=(Column(_("Month")), *(Column(words.say(one.label), "ratio") for one in shown)),
        rows=tuple(
            Row((words.short_month(month), *(_value(one.history[at].used_share) for one in shown)))
            for at, month in enumerate(months)
        ),
        empty=_("No tolerance rule is in force."),
        meaning=(_("Stored month by month; a month before the rule, or not computed, has no value."),),
    )
