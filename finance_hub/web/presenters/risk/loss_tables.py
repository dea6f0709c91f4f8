"""The joint loss as tables: books, limits, payers, firms, sensitivities."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from finance_hub.web import words
from finance_hub.web.contexts.chrome import Status
from finance_hub.web.contexts.reports import Link
from finance_hub.web.presenters.risk import wording
from finance_hub.web.presenters.risk.desk import Desk, said
from finance_hub.web.tables import Column, Row, Table

_NONE = ""
#: Of the firms behind a limit so many are named beside it.
NAMED = 3


def books(desk: Desk) -> Table:
    return Table(
        key="books",
        title=_("What can be lost within twelve months, by instrument"),
        columns=(
            Column(_("Book")), Column(_("Reckoned by")), Column(_("Lost if all fail"), "yuan"), Column(_("Expected"), "yuan"),
            Column("95%", "yuan"), Column("99%", "yuan"), Column("99.9%", "yuan"), Column(_("Mean of the worst 1%"), "yuan"),
        ),
        rows=tuple(
            Row(
                (
                    said(one["label"]), wording.method(one["method"]), Decimal(one["at_stake"]), Decimal(one["expected"]),
                    *(Decimal(one["quantiles"][q]) for q in ("0.95", "0.99", "0.999")), Decimal(one["shortfall"]["0.99"]),
                ),
                is_total=one["code"] == "total",
            )
            for one in desk.content["books"]
        ),
        empty=_NONE,
        meaning=(
            _("A firm fails once and hits all its instruments. Quantiles of parts do not add up to that of the whole."),
        ),
    )  # fmt: skip


def limits(desk: Desk) -> Table:
    return Table(
        key="limits",
        title=_("How likely each limit is to be broken within twelve months"),
        columns=(
            Column(_("Limit")), Column(_("Kind"), "word"), Column(_("What may still be lost"), "yuan"),
            Column(_("Expected loss"), "yuan"), Column(_("Probability"), "ratio"), Column(_("Firms behind it")),
        ),
        rows=tuple(_limit(one) for one in sorted(desk.content["limits"], key=_is_of_a_project)),
        empty=_("No limit is in force: no tolerance rule, no agreement with a cap, no pool."),
        meaning=(
            _("All limits hold together with probability %(chance)s.") % {"chance": wording.share(desk.content["all_hold"])},
            _("What may still be lost: what is left, and where gains offset losses the gains above the losses so far."),
            _("The firms named lose most where it is broken. %(draws)s scenarios, seed %(seed)s.")
            % _drawn(desk),
        ),
    )  # fmt: skip


def _is_of_a_project(one: dict[str, Any]) -> bool:
    code: str = one["code"]
    return one["kind"] == "tolerance" and code.startswith("project")


def _drawn(desk: Desk) -> dict[str, Any]:
    assert desk.result is not None  # noqa: S101 - asked for behind `result`
    return {"draws": words.count(desk.result.draws), "seed": desk.result.seed}


def _limit(one: dict[str, Any]) -> Row:
    chance, room = one["probability"], Decimal(one["room"])
    state = Status(_("exceeded already"), "alert") if room < 0 else None
    return Row(
        (
            said(one["label"]), wording.kind(one["kind"]), room, Decimal(one["expected"]),
            Decimal(str(round(chance, 6))), words.listed([firm["name"] for firm in one["behind"][:NAMED]]) or words.DASH,
        ),
        statuses=(state,) if state else (),
    )  # fmt: skip


def payers(desk: Desk) -> Table:
    return Table(
        key="payers",
        title=_("Who pays for what is lost"),
        columns=(Column(_("Party")), Column(_("Expected"), "yuan"), Column(_("In the worst 1%"), "yuan")),
        rows=tuple(
            Row((said(one["label"]), Decimal(one["expected"]), Decimal(one["in_tail"])))
            for one in desk.content["payers"]
        ),
        empty=_("Nothing is expected to be lost."),
        meaning=(
            _("By the shares, caps and pools of the agreements; a fund's loss is its investors', by what they paid in."),
        ),
    )  # fmt: skip


def contributions(desk: Desk) -> Table:
    """The firms behind the worst hundredth of losses, each with the way to its page."""
    return Table(
        key="contributions",
        title=_("Firms behind the worst 1% of losses"),
        columns=(
            Column(_("Firm")), Column(_("Contribution"), "yuan"), Column(_("Share"), "ratio"),
            Column(_("Probability of failing"), "ratio"),
            Column(_("Worst class")), Column(_("Stage"), "word"), Column(_("Total finance, fair value"), "yuan"),
            Column(_("Equity lost"), "yuan"), Column(_("Loans lost"), "yuan"), Column(_("Guarantees lost"), "yuan"),
        ),
        rows=tuple(_firm(one) for one in desk.content["contributions"]),
        empty=_("No firm can fail under these assumptions."),
        meaning=(
            _("Euler contributions to the mean of the worst 1%; with those of all other firms they add up to it."),
        ),
    )  # fmt: skip


def _firm(one: dict[str, Any]) -> Row:
    amounts = [Decimal(one[name]) for name in ("exposure", "equity", "loans", "guarantees")]
    return Row(
        (
            one["name"], Decimal(one["amount"]), Decimal(str(round(one["share"], 6))), Decimal(str(round(one["pd"], 6))),
            wording.tier(one["tier"]), wording.stage(one["stage"]), *amounts,
        ),
        url=reverse("web:firm", args=[one["uscc"]]),
    )  # fmt: skip


def sensitivity(desk: Desk) -> Table:
    whole = desk.content["books"][0]
    base = Row(
        (
            _("As assumed"), Decimal(whole["expected"]), Decimal(whole["quantiles"]["0.999"]),
            Decimal(str(round(desk.content["all_hold"], 6))),
        ),
        is_total=True,
    )  # fmt: skip
    moved = [
        Row(
            (
                wording.moved(one["what"], one["change"]), Decimal(one["expected"]), Decimal(one["quantile"]),
                Decimal(str(round(one["all_hold"], 6))),
            )
        )
        for one in desk.content["sensitivity"]
    ]  # fmt: skip
    return Table(
        key="sensitivity",
        title=_("What the answer hangs on"),
        columns=(
            Column(_("Assumption")), Column(_("Expected loss"), "yuan"), Column(_("Loss at 99.9%"), "yuan"),
            Column(_("All limits hold"), "ratio"),
        ),
        rows=(base, *moved),
        empty=_NONE,
        meaning=(_("Each time all numbers of one kind a tenth lower or higher, with the same scenarios."),),
    )  # fmt: skip


def excel(table: Table, desk: Desk) -> Link:
    """The same table as a workbook."""
    url = f"{reverse('web:risk_table', args=[table.key])}?month={desk.month}"
    return Link("Excel", url, table.title)
