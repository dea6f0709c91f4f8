"""The road to a listing: which stage may follow which. Pure rules, no database.

The road runs from the reserve list to the listing. A suspension stands beside it and goes back to the
stage that it left; a listing, a withdrawal and a refusal end the attempt.
"""

from __future__ import annotations

from collections.abc import Sequence

from finance_hub.kernel.problems import InvalidFields, Problem, refuse
from finance_hub.kernel.text import Text
from listings.models import Stage
from listings.models.attempts import REASONED

ROAD: tuple[str, ...] = (
    Stage.CULTIVATION,
    Stage.SHARE_REFORM,
    Stage.TUTORING_FILED,
    Stage.TUTORING_ACCEPTED,
    Stage.APPLIED,
    Stage.ACCEPTED,
    Stage.INQUIRY,
    Stage.COMMITTEE,
    Stage.REGISTRATION_SUBMITTED,
    Stage.REGISTERED,
    Stage.LISTED,
)
FINAL = frozenset({Stage.LISTED.value, Stage.WITHDRAWN.value, Stage.REJECTED.value})


class AttemptEnded(Problem):
    code = "attempt-ended"
    status = 409
    title = Text("该次申报已结束", "This attempt has ended")


#: What is said of an attempt of which no stage counts.
TAKEN_BACK = Text(
    "该次申报的阶段已全部撤销：可供查阅，不计入任何统计",
    "Every stage of this attempt was taken back: it stays to be read and counts nowhere",
)


class AttemptTakenBack(Problem):
    code = "attempt-taken-back"
    status = 409
    title = Text("该次申报已撤销", "This attempt was taken back")
    detail = TAKEN_BACK


class StageBackward(Problem):
    code = "stage-backward"
    status = 409
    title = Text("阶段只能向前", "Stages only go forward")
    detail = Text(
        "已到过“{reached}”，不能进入“{stage}”", "{reached} was reached already: {stage} cannot follow"
    )


class AlreadySuspended(Problem):
    code = "already-suspended"
    status = 409
    title = Text("该次申报已处于中止状态", "This attempt is suspended already")


def require_first(stage: str, *, reason: str) -> None:
    """An attempt begins on the road; where it begins late, the stages before have been skipped for a reason.

    Raises InvalidFields.
    """
    if stage not in ROAD:
        raise refuse(
            "#/stage",
            "not-a-first-stage",
            "首个阶段不能是中止、撤回或不予注册",
            "An attempt cannot begin suspended, withdrawn or rejected",
        )
    if stage != ROAD[0] and not reason.strip():
        raise _reason_wanted()


def require_next(past: Sequence[str], stage: str, *, reason: str) -> None:
    """Whether `stage` may follow the stages entered so far, oldest first.

    A reason is asked for whatever is skipped, also the return of a suspended attempt to its stage, for a
    suspension and for an end that is no listing.

    Raises AttemptTakenBack (none counts), AttemptEnded, AlreadySuspended, StageBackward, InvalidFields (no reason
    where one is asked for).
    """
    if not past:
        raise AttemptTakenBack
    if past[-1] in FINAL:
        raise AttemptEnded
    suspended = past[-1] == Stage.SUSPENDED
    if stage not in ROAD:
        if suspended and stage == Stage.SUSPENDED:
            raise AlreadySuspended
        if stage in REASONED and not reason.strip():
            raise refuse(
                "#/reason",
                "stage-needs-a-reason",
                "中止、撤回或不予注册须说明原因",
                "A suspension, a withdrawal and a refusal need their reason",
            )
        return
    reached = ROAD.index(left(past))
    step = ROAD.index(stage) - reached
    if step < 0 or (step == 0 and not suspended):
        raise StageBackward(reached=ROAD[reached], stage=stage)
    if step > (0 if suspended else 1) and not reason.strip():
        raise _reason_wanted()


def _reason_wanted() -> InvalidFields:
    return refuse(
        "#/reason", "skipped-stage-needs-a-reason", "跳过阶段须说明理由", "A skipped stage needs a reason"
    )


def left(past: Sequence[str]) -> str:
    """The stage of the road that an attempt is in, or left when it was suspended or ended."""
    return max((entered for entered in past if entered in ROAD), key=ROAD.index)
