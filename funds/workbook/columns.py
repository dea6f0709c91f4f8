"""What a column of a sheet holds, and its cells made into values."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

from finance_hub.kernel import typed, uscc
from finance_hub.kernel.problems import FieldError
from finance_hub.kernel.text import Text
from finance_hub.rest.wording import WORDS

#: The longest number of an entry, name or note that a cell may hold.
LONGEST = 500
NOTHING = Text("", "")


class Kind(StrEnum):
    WORDS = "words"
    CODE = "code"
    USCC = "uscc"
    MONEY = "money"
    DATE = "date"
    MOMENT = "moment"


@dataclass(frozen=True)
class Choice:
    """A code of a list and how it is called; `value` is what an operation takes for it."""

    code: str
    text: Text
    value: Any = None

    @property
    def means(self) -> Any:
        return self.code if self.value is None else self.value


@dataclass(frozen=True, eq=False)
class Column:
    """`otherwise` is what an empty cell means. One that is not `taken` is shown and passed over when it comes back."""

    code: str
    heading: Text
    kind: Kind = Kind.WORDS
    required: bool = False
    choices: tuple[Choice, ...] = ()
    most: int = 200
    otherwise: Any = None
    taken: bool = True
    hint: Text = NOTHING

    @cached_property
    def _meant(self) -> dict[str, Any]:
        names = ((name, one.means) for one in self.choices for name in (one.code, *one.text))
        return {plain(name): means for name, means in names}

    def read(self, cell: str) -> Any:
        """The value of a cell. Raises Unread."""
        text = cell.strip()
        if not text:
            if self.required:
                raise typed.Unread("required")
            return self.otherwise
        if self.kind == Kind.MONEY:
            return typed.amount(text)
        if self.kind == Kind.DATE:
            return typed.day(text)
        if self.kind == Kind.CODE:
            return self._chosen(text)
        if self.kind == Kind.USCC:
            return _code_of_firm(text)
        if len(text) > self.most:
            raise typed.Unread("max_length")
        typed.require_plain(text)
        return text

    def _chosen(self, text: str) -> Any:
        if plain(text) not in self._meant:
            raise typed.Unread("invalid_choice")
        return self._meant[plain(text)]

    def say(self, value: Any) -> Text:
        """A value as a cell of the sheet has it, in either language; empty for what is not said."""
        if value is None:
            return NOTHING
        if isinstance(value, Text):
            return value
        for one in self.choices:
            if one.means == value:
                return one.text
        shown = f"{value:.2f}" if self.kind == Kind.MONEY else str(value)
        return Text(shown, shown)


def _code_of_firm(text: str) -> str:
    code = unicodedata.normalize("NFKC", text).upper()
    fault = uscc.check(code)
    if fault:
        raise typed.Unread(f"uscc-{fault}")
    return code


def plain(name: str) -> str:
    """A heading or a word of a list without what people and programs change about it: width, case, blanks, a star."""
    return "".join(unicodedata.normalize("NFKC", name).casefold().split()).rstrip("*")


def read_row(
    columns: Sequence[Column], cells: Mapping[str, str]
) -> tuple[dict[str, Any], tuple[FieldError, ...]]:
    """Values by column, those that could be read, and what is wrong with the others in the columns' order."""
    values: dict[str, Any] = {}
    errors = []
    for column in columns:
        try:
            values[column.code] = column.read(cells.get(column.code, ""))
        except typed.Unread as unread:
            errors.append(FieldError(unread.code, f"#/{column.code}", WORDS[unread.code]))
    return values, tuple(errors)
