"""The days of an attempt on which its parties and papers can be. Pure rules, no database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from finance_hub.kernel.problems import refuse
from listings.models import FilingKind, Stage
from listings.stages import FINAL, ROAD, AttemptTakenBack

#: The stage from which on there is such a paper: letters once the exchange has accepted, figures once it was asked to.
SINCE: dict[str, str] = {
    FilingKind.INQUIRY_LETTER: Stage.ACCEPTED,
    FilingKind.INQUIRY_REPLY: Stage.ACCEPTED,
    FilingKind.FIGURES_AUDITED: Stage.APPLIED,
    FilingKind.FIGURES_EXTENDED: Stage.APPLIED,
}


def require_in_course(entered: Sequence[tuple[str, date]], day: date, *, paper: str = "") -> None:
    """Whether a party can begin on `day`, or a `paper` be of it, by the stages that count, oldest first.

    The first and the last day are in it. Raises AttemptTakenBack (no stage counts), InvalidFields.
    """
    if not entered:
        raise AttemptTakenBack
    last, ended = entered[-1]
    if day < entered[0][1]:
        raise refuse(
            "#/effective_date", "date-before-attempt", "日期早于该次申报的开始日 {began}",
            "The date is before the attempt began, {began}", began=entered[0][1].isoformat(),
        )  # fmt: skip
    if last in FINAL and day > ended:
        raise refuse(
            "#/effective_date", "date-after-attempt", "日期晚于该次申报的结束日 {ended}",
            "The date is after the attempt ended, {ended}", ended=ended.isoformat(),
        )  # fmt: skip
    if paper and not _reached(entered, day, SINCE[paper]):
        raise refuse(
            "#/effective_date", "paper-before-its-stage", "问询函与回复自受理之日起、财务资料自申报之日起方可登记",
            "Letters and replies come once the application was accepted, figures once it was filed",
        )  # fmt: skip


def _reached(entered: Sequence[tuple[str, date]], day: date, wanted: str) -> bool:
    ahead = ROAD[ROAD.index(wanted) :]
    return any(stage in ahead and on <= day for stage, on in entered)
