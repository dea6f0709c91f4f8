"""A page that is one form: one act, errors beside the fields, nothing lost on a refusal."""

from dataclasses import dataclass
from typing import Literal

from finance_hub.web.contexts.batches import Fact
from finance_hub.web.contexts.chrome import FieldError
from finance_hub.web.contexts.grids import Grid
from finance_hub.web.contexts.overview import Choice
from finance_hub.web.contexts.reports import Link

Kind = Literal["words", "text", "names", "money", "whole", "number", "day", "choice", "tick", "file"]


@dataclass(frozen=True, slots=True)
class Field:
    """An input with its label; its id is its name. `value` is what was typed, as it was typed.

    `asks` is where what is said about the value is fetched from while somebody types; of a file, `most` is
    the largest size in bytes.
    """

    name: str
    label: str
    kind: Kind
    value: str
    hint: str = ""
    required: bool = True
    choices: tuple[Choice, ...] = ()
    most: int = 200
    asks: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """POSTs its fields, `token` and `step` to `url`.

    A form that `keeps_draft` is kept in the browser until it is entered, under its `url`; one that `is_typed`
    shows what was sent and takes nothing from a draft. `hidden` fields travel as they are. Where somebody
    else was faster, `since` tells what changed and the form has two buttons, `over` and `theirs`.

    A form that is shown before it is entered has a `preview`; its fields then travel hidden, with `content`,
    the fingerprint of what was shown. `refusal` is what the form just sent was answered with where no field
    is to blame. `asks_code` shows the one-time code field (step-up).
    """

    title: str
    back: Link
    intro: str
    facts: tuple[Fact, ...]
    fields: tuple[Field, ...]
    url: str
    token: str
    submit: str
    errors: tuple[FieldError, ...] = ()
    refusal: str = ""
    asks_preview: bool = False
    preview: Grid | None = None
    content: str = ""
    hidden: tuple[tuple[str, str], ...] = ()
    since: Grid | None = None
    keeps_draft: bool = False
    is_typed: bool = False
    takes_file: bool = False
    asks_code: bool = False
