"""What people do with a briefing: ask for a draft, edit it, review it, send it back, approve it, correct the issue.

Light: what is asked for here is set by jobs.
"""

from tasks.briefing.refusals import AlreadyCorrected, NotADraft, StaleDraft
from tasks.publication.asking import (
    LONGEST_NOTE,
    LONGEST_REASON,
    MonthStillRuns,
    NothingToCorrect,
    StateSecret,
    request_correction,
    request_draft,
    request_edit,
)
from tasks.publication.reading import (
    EditUnderWay,
    ReasonsMissing,
    file_name,
    find,
    latest,
    points_of,
    unanswered,
)
from tasks.publication.road import NobodyAnswers, NotReviewed, approve, review, send_back, take

__all__ = [
    "LONGEST_NOTE", "LONGEST_REASON", "AlreadyCorrected", "EditUnderWay", "MonthStillRuns", "NobodyAnswers",
    "NotADraft", "NotReviewed", "NothingToCorrect", "ReasonsMissing", "StaleDraft", "StateSecret", "approve",
    "file_name", "find", "latest", "points_of", "request_correction", "request_draft", "request_edit", "review",
    "send_back", "take", "unanswered",
]  # fmt: skip
