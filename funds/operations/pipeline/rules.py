"""What a step of a deal obeys: its turn on the road, its day, its reason and its decision."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TypedDict

from finance_hub.kernel.problems import FieldError, InvalidFields, Problem, refuse
from finance_hub.kernel.text import Text
from funds.models import Deal, DealStep
from funds.models.deals import DECISIONS, ENDS, REASONED, ROAD, Stage

#: From here on nobody gives a deal up: what was agreed is carried out.
BOUND = (Stage.SIGNED.value, Stage.PAID.value)
#: Where a deal is decided upon to be made.
DECIDED_AT = (Stage.COMMITTEE.value, Stage.SIGNED.value)


class Skip(TypedDict):
    """A stage that is left out, and why."""

    stage: str
    reason: str


class Decision(TypedDict):
    """The record that stands behind a decision 尽职免责; `conflicts` says so where there are none."""

    decided_by: list[str]
    grounds: str
    conflicts: str
    votes_for: int
    votes_against: int


class StageAlreadyReached(Problem):
    code = "stage-already-reached"
    status = 409
    title = Text("项目已到过该环节", "The deal has reached that stage already")
    detail = Text(
        "项目已在“{at}”环节；更正须指明被更正的环节（corrects）",
        "The deal stands at {at}; a correction names the step that it corrects (corrects)",
    )


class DealClosed(Problem):
    code = "deal-closed"
    status = 409
    title = Text("项目已放弃或撤回，须先重启", "The deal was given up: reopen it first")


class DealNotClosed(Problem):
    code = "deal-not-closed"
    status = 409
    title = Text("项目未放弃也未撤回，无须重启", "The deal was not given up, so it is not reopened")


class DealSigned(Problem):
    code = "deal-signed"
    status = 409
    title = Text("项目已签约，不能再放弃或撤回", "The deal is signed: it is no longer declined or withdrawn")


class VotedDown(Problem):
    code = "voted-down"
    status = 409
    title = Text("投决未获通过，不能签约", "The deal was voted down, so it is not signed")
    detail = Text(
        "赞成 {votes_for} 票，反对 {votes_against} 票；重新表决的，随签约附新的决策记录",
        "{votes_for} for, {votes_against} against; where it was voted on again, sign with the new decision",
    )


class CorrectionKeepsTheStage(Problem):
    code = "correction-keeps-the-stage"
    status = 409
    title = Text("其后已有环节，更正不能改变环节", "Later steps rest on it: a correction keeps the stage")


def require_follows(last: DealStep, stage: str, *, skipped: Sequence[Skip]) -> str:
    """Where the deal stands after a step of this stage behind `last`.

    Raises DealNotClosed, DealClosed, DealSigned, StageAlreadyReached, InvalidFields (`stage-skipped`).
    """
    ended = last.stage in ENDS
    if stage == Stage.REOPENED and not ended:
        raise DealNotClosed
    if stage != Stage.REOPENED and ended:
        raise DealClosed
    if stage in ENDS and last.at in BOUND:
        raise DealSigned
    if stage not in ROAD:
        require_reasons([], skipped=skipped)
        return last.at
    if ROAD.index(stage) <= ROAD.index(last.at):
        raise StageAlreadyReached(at=Text(Stage(last.at).label, last.at))
    require_reasons(ROAD[ROAD.index(last.at) + 1 : ROAD.index(stage)], skipped=skipped)
    return stage


def require_reasons(between: Sequence[str], *, skipped: Sequence[Skip]) -> None:
    """Each stage `between` is skipped with a reason, and no other is. Raises InvalidFields."""
    given = [skip["stage"] for skip in skipped]
    missing = [stage for stage in between if stage not in given]
    if missing:
        raise InvalidFields(errors=tuple(_left_out(stage) for stage in missing))
    if sorted(given) != sorted(between):
        raise refuse(
            "#/skipped", "skip-out-of-place", "只能列出被跳过的环节，每个一次",
            "Only stages that are left out are listed, each of them once",
        )  # fmt: skip


def require_order(day: date, *, earlier: DealStep | None, later: DealStep | None = None) -> None:
    """Raises InvalidFields for a day before the step before it, or after the one behind it."""
    if earlier and day < earlier.effective_date:
        raise refuse(
            "#/effective_date", "date-before-last-step", "日期早于上一环节（{effective_date}）",
            "It is dated before the step before it, {effective_date}",
            effective_date=earlier.effective_date.isoformat(),
        )  # fmt: skip
    if later and day > later.effective_date:
        raise refuse(
            "#/effective_date", "date-after-next-step", "日期晚于下一环节（{effective_date}）",
            "It is dated after the step behind it, {effective_date}",
            effective_date=later.effective_date.isoformat(),
        )  # fmt: skip


def require_said(
    deal: Deal, stage: str, *, at: str, reason: str, decision: Decision | None, before: Sequence[DealStep]
) -> None:
    """Raises InvalidFields where the firm's code, a reason or the record of a decision is missing, and VotedDown.

    `before` are the steps that count, up to this one: a deal that no committee has decided upon is
    decided upon when it is signed.
    """
    if at != Stage.MET and deal.firm_id is None:
        raise refuse(
            "#/stage", "firm-required", "初筛起须填写企业的统一社会信用代码",
            "From screening on a deal names its firm by its unified social credit code",
        )  # fmt: skip
    if stage in REASONED and not reason.strip():
        raise refuse("#/reason", "reason-required", "须写明理由", "A reason is required")
    undecided = not any(step.stage in DECIDED_AT and step.decided_by for step in before)
    if decision is None and (stage in DECISIONS or (stage in BOUND and undecided)):
        raise refuse(
            "#/decision", "decision-required", "须附决策记录：决策人、依据、利益冲突声明与票数",
            "The record of the decision is required: by whom, on what grounds, conflicts of interest, votes",
        )  # fmt: skip
    if stage == Stage.SIGNED:
        _require_carried(decision or _last_decision(before))


def _last_decision(before: Sequence[DealStep]) -> Decision | None:
    decided = [step for step in before if step.stage in DECIDED_AT and step.decided_by]
    if not decided:
        return None
    last = decided[-1]
    return {
        "decided_by": last.decided_by, "grounds": last.grounds, "conflicts": last.conflicts,
        "votes_for": last.votes_for or 0, "votes_against": last.votes_against or 0,
    }  # fmt: skip


def _require_carried(decision: Decision | None) -> None:
    """More votes for it than against it."""
    if decision is not None and decision["votes_for"] <= decision["votes_against"]:
        raise VotedDown(votes_for=str(decision["votes_for"]), votes_against=str(decision["votes_against"]))


def _left_out(stage: str) -> FieldError:
    words = Text("跳过“{stage}”须写明理由", "A reason is required for leaving out {stage}")
    said = words.fill(stage=Text(Stage(stage).label, stage))
    return FieldError("stage-skipped", "#/skipped", said, {"stage": stage})
