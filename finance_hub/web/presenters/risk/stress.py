"""The last stress run of a month: how far it is, and what each scenario does."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from finance_hub.kernel.access import may
from finance_hub.kernel.models import Person
from finance_hub.web import words
from finance_hub.web.contexts.chrome import Status
from finance_hub.web.contexts.risk import Stress
from finance_hub.web.presenters.risk.desk import Desk, said
from finance_hub.web.presenters.risk.loss_tables import excel
from finance_hub.web.tables import Column, Row, Table, grid
from tasks.models import StressRun
from tasks.risk import runs


def stress(desk: Desk, *, reader: Person) -> Stress:
    run = desk.run
    state = runs.state(run) if run else None
    is_open = state in {"queued", "running"}
    may_run = may(reader.role, "stress.run")
    shown = table(desk)
    return Stress(
        status=_status(state) if state else None,
        said=_said(run, state) if run and state else "",
        progress_url=reverse("web:risk_stress_progress", args=[run.public_id]) if run and is_open else None,
        cancel_url=reverse("web:risk_stress_cancel", args=[run.public_id])
        if run and is_open and may_run
        else None,
        token_month=str(desk.month),
        may_start=may_run and not is_open and bool(desk.assumptions and desk.scenarios),
        why_not="" if desk.assumptions and desk.scenarios else _lacking(desk),
        comparison=grid(shown, actions=(excel(shown, desk),) if shown.rows else ()),
    )


def progress(run: StressRun) -> str:
    """How far a run is, in one sentence."""
    parts = list(run.parts.all())
    done = sum(part.result_id is not None for part in parts)
    told = _("%(done)s of %(all)s scenarios are computed.") % {"done": done, "all": len(parts)}
    now = [_name(part.scenario) for part in parts if part.job.state == "running"]
    working = _("At work: %(names)s.") % {"names": words.listed(now)} if now else ""
    return told + (words.say(words.SPACE) + working if working else "")


def is_over(run: StressRun) -> bool:
    return runs.state(run) not in {"queued", "running"}


def _name(scenario: Any) -> str:
    if scenario is None:
        return _("base case")
    name: str = scenario.name_en if words.language() == "en" else scenario.name
    return name


def _said(run: StressRun, state: str) -> str:
    if state in {"queued", "running"}:
        return progress(run)
    asked = _("Asked for by %(person)s on %(when)s.") % {
        "person": run.requested_by.full_name, "when": words.moment(run.requested_at),
    }  # fmt: skip
    told = {
        "succeeded": "",
        "failed": _("A scenario could not be computed. That has been recorded; run it again."),
        "cancelled": _("It was cancelled before it was joined."),
    }[state]
    return asked + (words.say(words.SPACE) + told if told else "")


def _status(state: str) -> Status:
    return {
        "queued": Status(_("waiting"), "info"),
        "running": Status(_("under way"), "info"),
        "succeeded": Status(_("joined"), "ok"),
        "failed": Status(_("failed"), "alert"),
        "cancelled": Status(_("cancelled"), "none"),
    }[state]


def _lacking(desk: Desk) -> str:
    if desk.assumptions is None:
        return _("There are no assumptions to run it with: the centre's maker enters them.")
    return _("There is no scenario to run: the centre's maker enters one.")


def table(desk: Desk) -> Table:
    rows = desk.run.comparison if desk.run and desk.run.comparison else []
    return Table(
        key="stress",
        title=_("Scenarios beside the base case"),
        columns=(
            Column(_("Scenario")), Column(_("Expected loss"), "yuan"), Column(_("more than base"), "yuan"),
            Column(_("Loss at 99%"), "yuan"), Column(_("more than base"), "yuan"), Column(_("Loss at 99.9%"), "yuan"),
            Column(_("All limits hold"), "ratio"), Column(_("Likeliest to break")),
        ),
        rows=tuple(_row(one) for one in rows),
        empty=_("No stress run of this month has been joined yet."),
        meaning=(_("Every scenario with the same assumptions, portfolio and draws as the base case."),),
    )  # fmt: skip


def _row(one: dict[str, Any]) -> Row:
    worst = max(one["limits"], key=lambda limit: limit["probability"] or 0, default=None)
    breaks = (
        f"{said(worst['label'])} {worst['probability']:.1%}" if worst and worst["probability"] else words.DASH
    )
    return Row(
        (
            said(one["label"]), Decimal(one["expected"]), Decimal(one["expected_change"]), Decimal(one["quantiles"]["0.99"]),
            Decimal(one["quantile_changes"]["0.99"]), Decimal(one["quantiles"]["0.999"]),
            Decimal(str(round(one["all_hold"], 6))), breaks,
        ),
        note=words.listed([firm["name"] for firm in one["failing"][:3]]),
        is_total=one["scenario"] is None,
    )  # fmt: skip
