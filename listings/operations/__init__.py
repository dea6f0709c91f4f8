"""What the centre records of firms on their way to a listing; what others decide is never decided here."""

from listings.operations.attempts import AlreadyListed, AttemptStillOpen, enter_stage, start_attempt
from listings.operations.corrections import (
    OnlyTheLastStage,
    StageTakenBack,
    correct_stage,
    take_back_stage,
)
from listings.operations.figures import YearRecorded, correct_year, record_year, state
from listings.operations.procedure import (
    EntryOutsideCourse,
    LettersTakeTurns,
    PartyRecorded,
    record_filing,
    record_party,
)
from listings.operations.taking_back import EntryTakenBack, take_back

__all__ = [
    "AlreadyListed",
    "AttemptStillOpen",
    "EntryOutsideCourse",
    "EntryTakenBack",
    "LettersTakeTurns",
    "OnlyTheLastStage",
    "PartyRecorded",
    "StageTakenBack",
    "YearRecorded",
    "correct_stage",
    "correct_year",
    "enter_stage",
    "record_filing",
    "record_party",
    "record_year",
    "start_attempt",
    "state",
    "take_back",
    "take_back_stage",
]
