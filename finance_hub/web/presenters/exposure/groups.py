"""A control group's page: its firms, and their exposure together."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from finance_hub.web import tables as shared
from finance_hub.web.contexts.exposure import Group
from finance_hub.web.contexts.reports import Link
from finance_hub.web.presenters import industries, registry
from finance_hub.web.presenters.exposure.asking import Asked
from finance_hub.web.presenters.exposure.section import section
from finance_hub.web.tables import Column, Row, Table
from tasks.exposure.reading import Members
from tasks.exposure.reading import group as members

__all__ = ["group", "members"]


def group(pk: str, asked: Asked) -> Group:
    """Raises NotFound."""
    found = members(pk)
    here = reverse("web:group", args=[pk])
    return Group(
        name=found.group.name,
        back=Link(_("Exposure"), reverse("web:exposure")),
        members=shared.grid(_members(found)),
        exposure=section(found.firms, asked, here=here, download=reverse("web:group_exposure", args=[pk])),
        errors=asked.errors,
    )


def _members(found: Members) -> Table:
    return Table(
        key="members",
        title=_("Members"),
        columns=(
            Column(_("Firm")), Column(_("Credit code"), "code"), Column(_("Town")), Column(_("Industry")),
            Column(_("Stage")),
        ),
        rows=tuple(
            Row(
                (firm.name, firm.uscc, firm.town, industries.name(firm.industry), registry.stage(firm)),
                url=reverse("web:firm", args=[firm.uscc]),
            )
            for firm in found.firms
        ),
        empty=_("No firm is in this group today."),
        meaning=(_("As the registry has them today, whatever day is shown."),),
    )  # fmt: skip
