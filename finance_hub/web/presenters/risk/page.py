"""The whole page of a month, and its tables by key."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from finance_hub.kernel.access import may
from finance_hub.kernel.models import Person
from finance_hub.kernel.periods import Month
from finance_hub.kernel.problems import NotFound
from finance_hub.web import words
from finance_hub.web.contexts import risk as contexts
from finance_hub.web.contexts.grids import Grid
from finance_hub.web.contexts.reports import Link
from finance_hub.web.presenters.months import picker
from finance_hub.web.presenters.risk import assumed_tables, budget_tables, curves, loss_tables, wording
from finance_hub.web.presenters.risk.desk import Desk, months
from finance_hub.web.presenters.risk.loss_tables import excel
from finance_hub.web.presenters.risk.rule_forms import named
from finance_hub.web.presenters.risk.stress import stress
from finance_hub.web.presenters.risk.stress import table as stress_table
from finance_hub.web.tables import Table, grid
from tasks import queries
from tasks.risk import due
from tasks.wording import headline


def risk(asked: Month | None, *, reader: Person) -> contexts.Risk | contexts.NoFigures:
    """The month asked for, else the newest with figures."""
    known = months()
    month = asked or (known[0] if known else None)
    if month is None or month not in known:
        return contexts.NoFigures(_actions(reader), words.month(month) if month else "")
    desk = Desk.of(month)
    has = desk.result is not None

    def shown(table: Table) -> Grid:
        return grid(table, actions=(excel(table, desk),) if table.rows else ())

    return contexts.Risk(
        month=words.month(month),
        basis=_basis(desk),
        picker=picker(known, month, page="web:risk"),
        actions=_actions(reader),
        workbook_url=f"{reverse('web:risk_table', args=['all'])}?month={month}",
        lapsed=tuple(_lapsed(desk)),
        waiting=tuple(_waiting(reader)),
        budgets=budget_tables.budgets(desk),
        budget_grid=shown(budget_tables.table(desk)),
        headlines=_headlines(desk) if has else (),
        missing="" if has else _missing(desk),
        said=_said(desk) if has else "",
        charts=curves.charts(desk) if has else (),
        limits=shown(loss_tables.limits(desk)) if has else None,
        contributions=shown(loss_tables.contributions(desk)) if has else None,
        payers=shown(loss_tables.payers(desk)) if has else None,
        books=shown(loss_tables.books(desk)) if has else None,
        sensitivity=shown(loss_tables.sensitivity(desk)) if has else None,
        assumptions=shown(assumed_tables.assumptions(desk)),
        scenarios=shown(assumed_tables.scenarios(desk)),
        stress=stress(desk, reader=reader),
    )


def tables(desk: Desk) -> dict[str, Table]:
    """Every table of the page that has rows, by key, in the order of the page."""
    made = [budget_tables.table(desk, with_rules=True), budget_tables.history(desk)]
    if desk.result is not None:
        made += [curves.whole_table(desk), *(curves.limit_table(one) for one in curves.likeliest(desk))]
        made += [
            part(desk)
            for part in (
                loss_tables.books, loss_tables.limits, loss_tables.contributions, loss_tables.payers,
                loss_tables.sensitivity,
            )
        ]  # fmt: skip
    made += [stress_table(desk), assumed_tables.scenarios(desk), assumed_tables.assumptions(desk)]
    return {table.key: table for table in made if table.rows}


def chosen(desk: Desk, key: str) -> list[Table]:
    """The table of a key, or "all" of them. Raises NotFound."""
    found = tables(desk)
    if key == "all":
        return list(found.values())
    if key not in found:
        raise NotFound
    return [found[key]]


def facts(desk: Desk) -> list[tuple[str, str]]:
    """What a workbook says of where its numbers are from."""
    said = [(_("Month"), words.month(desk.month)), (_("Figures"), _basis(desk))]
    if desk.result is not None:
        said += [(_("Joint loss"), _said(desk)), (_("Assumptions"), desk.result.assumptions.document)]
    return said


def _basis(desk: Desk) -> str:
    snapshot = desk.tolerances.snapshot
    said = _("As of %(day)s, as known at %(moment)s · snapshot %(snapshot)s")
    return said % {
        "day": words.day(desk.month.last), "moment": words.moment(snapshot.known_at), "snapshot": snapshot.public_id,
    }  # fmt: skip


def _said(desk: Desk) -> str:
    result = desk.result
    assert result is not None  # noqa: S101 - asked for behind `result`
    said = [
        _("Losses within twelve months of the firms that public money stands in; computed on %(when)s, %(draws)s scenarios.")
        % {"when": words.moment(result.computed_at), "draws": words.count(result.draws)}
    ]  # fmt: skip
    if desk.content["not_reported"]:
        said.append(
            _("The report of the month has not come from %(banks)s: balances are those last known.")
            % {"banks": words.listed(desk.content["not_reported"])}
        )
    if not desk.is_of_these_figures:
        said.append(_("Newer figures of the month are there; the joint loss is being computed from them."))
    elif not desk.content["same_inputs"]:
        said.append(
            _("What is not dated, such as a firm's stage, has changed since the figures were computed.")
        )
    return words.say(words.SPACE).join(said)


def _missing(desk: Desk) -> str:
    if desk.assumptions is None:
        return _(
            "The joint loss cannot be computed: no assumptions are in force. The centre's maker enters them."
        )
    if not due.is_awaited(desk.month):
        return _(
            "The joint loss is computed of the last %(count)s months with figures; this one is older."
        ) % {"count": due.MONTHS}
    return _("The joint loss of this month is being computed. It appears here once a worker is done with it.")


def _headlines(desk: Desk) -> tuple[contexts.Headline, ...]:
    content = desk.content
    whole, quantiles = content["books"][0], content["books"][0]["quantiles"]
    firms = ngettext("%(count)s firm", "%(count)s firms", content["firms"])
    failing = _("%(count).1f firms expected to fail")
    return (
        _money(_("Total finance, fair value"), content["exposure"], firms % {"count": content["firms"]}),
        _money(_("Expected loss"), whole["expected"], failing % {"count": content["expected_failures"]}),
        _money(_("Loss at 99%"), quantiles["0.99"], _("exceeded once in a hundred years")),
        _money(_("Loss at 99.9%"), quantiles["0.999"], _("exceeded once in a thousand years")),
        contexts.Headline(
            _("All limits hold"),
            wording.share(content["all_hold"]),
            "",
            _("%(count)s limits together") % {"count": len(content["limits"])},
        ),
    )


def _money(label: str, amount: str, aside: str) -> contexts.Headline:
    number, unit = headline(Decimal(amount), language=words.language())
    return contexts.Headline(label, number, unit, aside)


def _lapsed(desk: Desk) -> Iterator[str]:
    for rule in desk.tolerances.lapsed:
        said = _("The tolerance on %(what)s ended on %(day)s and no other has followed: %(document)s.")
        ended = words.day(rule.valid_to) if rule.valid_to else words.DASH
        yield said % {"what": named(rule), "day": ended, "document": rule.document}


def _waiting(reader: Person) -> Iterator[Link]:
    """Rules that wait for a second person, for whoever may be one."""
    if may(reader.role, "tolerance.approve"):
        for rule in queries.rules().filter(approved_at=None).exclude(proposed_by=reader).order_by("pk"):
            label = _("Decide on the tolerance on %(what)s") % {"what": named(rule)}
            yield Link(label, reverse("web:risk_rule_approve", args=[rule.public_id]))


def _actions(reader: Person) -> tuple[Link, ...]:
    links = (
        ("tolerance.propose", _("Propose a tolerance"), "web:risk_rule_new"),
        ("risk.assume", _("Enter assumptions"), "web:risk_assumptions_new"),
        ("risk.assume", _("Enter a scenario"), "web:risk_scenario_new"),
    )
    return tuple(Link(label, reverse(name)) for action, label, name in links if may(reader.role, action))
