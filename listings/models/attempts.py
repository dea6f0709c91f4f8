"""Firms on their way to a listing: attempts with dated stages."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from finance_hub.kernel.models import Firm
from finance_hub.kernel.models.fields import one_of
from finance_hub.kernel.scoping import CENTRE_ONLY, ScopedManager
from listings.models.correcting import Correctable, only_corrections_take_back


class Board(models.TextChoices):
    STAR = "star", "科创板"
    CHINEXT = "chinext", "创业板"
    BEIJING = "beijing", "北交所"
    MAIN = "main", "主板"
    HONG_KONG = "hong_kong", "港交所"


class Stage(models.TextChoices):
    CULTIVATION = "cultivation", "后备"
    SHARE_REFORM = "share_reform", "股改"
    TUTORING_FILED = "tutoring_filed", "辅导备案"
    TUTORING_ACCEPTED = "tutoring_accepted", "辅导验收"
    APPLIED = "applied", "申报"
    ACCEPTED = "accepted", "受理"
    INQUIRY = "inquiry", "问询"
    COMMITTEE = "committee", "上市委审议"
    REGISTRATION_SUBMITTED = "registration_submitted", "提交注册"
    REGISTERED = "registered", "注册生效"
    LISTED = "listed", "发行上市"
    SUSPENDED = "suspended", "中止"
    WITHDRAWN = "withdrawn", "撤回/终止"
    REJECTED = "rejected", "不予注册"


#: What somebody has to give a reason for.
REASONED: list[str] = [Stage.SUSPENDED.value, Stage.WITHDRAWN.value, Stage.REJECTED.value]


class ListingAttempt(models.Model):
    """One try of one firm on one board; a second try is a new attempt. Where no stage counts it was taken back."""

    row_scope = CENTRE_ONLY
    public_id = models.CharField(max_length=40, unique=True)
    firm = models.ForeignKey(Firm, on_delete=models.PROTECT, related_name="listing_attempts")
    board = models.CharField(max_length=12, choices=Board.choices)
    sequence = models.PositiveSmallIntegerField()
    recorded_at = models.DateTimeField()
    objects = ScopedManager["ListingAttempt"]()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["firm", "board", "sequence"], name="one_attempt_per_sequence"),
            one_of("board", Board, name="board_is_known"),
        ]


class StageEvent(Correctable):
    """The attempt entered a stage on a day. A skipped stage, a suspension and an end give their reason."""

    row_scope = CENTRE_ONLY
    attempt = models.ForeignKey(ListingAttempt, on_delete=models.PROTECT, related_name="stages")
    stage = models.CharField(max_length=24, choices=Stage.choices)
    evidence = models.CharField(max_length=300)
    reason = models.CharField(max_length=300, default="", blank=True)
    objects = ScopedManager["StageEvent"]()

    class Meta:
        constraints: ClassVar = [
            one_of("stage", Stage, name="stage_is_known"),
            models.CheckConstraint(condition=~models.Q(evidence=""), name="stage_has_its_evidence"),
            models.CheckConstraint(
                condition=~models.Q(stage__in=REASONED) | models.Q(reason__regex=r"\S"),
                name="suspensions_and_ends_give_their_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(corrects=None) | models.Q(reason__regex=r"\S"),
                name="stage_correction_gives_its_reason",
            ),
            only_corrections_take_back("only_a_recorded_stage_is_taken_back"),
            # For the correction that names it: an entry of the same attempt into the same stage.
            models.UniqueConstraint(fields=["id", "attempt", "stage"], name="stage_event_of_one_attempt"),
        ]
