"""What accompanies an attempt: who works on it, and the papers whose days set time limits."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from finance_hub.kernel.models.fields import one_of
from finance_hub.kernel.scoping import CENTRE_ONLY, ScopedManager
from listings.models.attempts import ListingAttempt
from listings.models.correcting import Correctable, only_corrections_take_back

SAID = r"\S"


class PartyRole(models.TextChoices):
    SPONSOR = "sponsor", "保荐机构"
    LAW_FIRM = "law_firm", "律师事务所"
    AUDITOR = "auditor", "会计师事务所"


class AttemptParty(Correctable):
    """From its day on the firm works on the attempt in a role, until another one does."""

    row_scope = CENTRE_ONLY
    attempt = models.ForeignKey(ListingAttempt, on_delete=models.PROTECT, related_name="parties")
    role = models.CharField(max_length=12, choices=PartyRole.choices)
    name = models.CharField(max_length=200)
    source = models.CharField(max_length=300)
    objects = ScopedManager["AttemptParty"]()

    class Meta:
        constraints: ClassVar = [
            one_of("role", PartyRole, name="party_role_is_known"),
            models.CheckConstraint(condition=Q(name__regex=SAID), name="party_has_a_name"),
            models.CheckConstraint(condition=Q(source__regex=SAID), name="party_has_its_source"),
            only_corrections_take_back("only_a_recorded_party_is_taken_back"),
            models.UniqueConstraint(fields=["id", "attempt", "role"], name="party_of_one_attempt"),
        ]


class FilingKind(models.TextChoices):
    INQUIRY_LETTER = "inquiry_letter", "审核问询函"
    INQUIRY_REPLY = "inquiry_reply", "问询回复"
    FIGURES_AUDITED = "figures_audited", "财务资料更新"
    FIGURES_EXTENDED = "figures_extended", "财务资料有效期延长"


class Filing(Correctable):
    """A paper of the procedure. The audited figures of an application run to the end of a period."""

    row_scope = CENTRE_ONLY
    attempt = models.ForeignKey(ListingAttempt, on_delete=models.PROTECT, related_name="filings")
    kind = models.CharField(max_length=16, choices=FilingKind.choices)
    period_end = models.DateField(null=True)
    source = models.CharField(max_length=300)
    objects = ScopedManager["Filing"]()

    class Meta:
        constraints: ClassVar = [
            one_of("kind", FilingKind, name="filing_kind_is_known"),
            models.CheckConstraint(
                condition=Q(kind="figures_audited", period_end__isnull=False)
                | (~Q(kind="figures_audited") & Q(period_end=None)),
                name="only_audited_figures_end_a_period",
            ),
            models.CheckConstraint(
                condition=Q(period_end=None) | Q(period_end__lte=models.F("effective_date")),
                name="figures_are_audited_after_their_period",
            ),
            models.CheckConstraint(condition=Q(source__regex=SAID), name="filing_has_its_source"),
            only_corrections_take_back("only_a_recorded_filing_is_taken_back"),
            models.UniqueConstraint(fields=["id", "attempt", "kind"], name="filing_of_one_attempt"),
        ]
