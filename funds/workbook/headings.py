"""The header of a table of rows made into columns of a sheet: by their headings in either language, or by code."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from finance_hub.kernel.files import WrongColumns
from finance_hub.kernel.problems import FieldError
from finance_hub.kernel.text import Text
from finance_hub.rest.errors import token
from finance_hub.rest.wording import WORDS
from funds.workbook.columns import Column, plain
from funds.workbook.sheets import Sheet

_TWICE = Text("该列出现两次", "The column occurs twice")


def columns_of(header: Sequence[str], sheet: Sheet) -> list[Column | None]:
    """The column of each heading; None for one without any heading.

    Raises WrongColumns with one error for each heading that is unknown or there twice, and for each column that
    is required and missing.
    """
    known = {name: column for column in sheet.columns for name in names_of(column)}
    found = [known.get(plain(heading)) for heading in header]
    faults = [
        _fault("unknown-field", heading, WORDS["unknown-field"])
        for heading, column in zip(header, found, strict=True)
        if column is None and heading.strip()
    ]
    given = [column for column in found if column]
    faults += [_fault("duplicate-name", one.code, _TWICE) for one in _once(given) if given.count(one) > 1]
    faults += [
        _fault("required", one.code, WORDS["required"], one.heading)
        for one in sheet.taken
        if one.required and one not in given
    ]
    if faults:
        raise WrongColumns(errors=tuple(faults))
    return found


def names_of(column: Column) -> tuple[str, ...]:
    """What its heading may be, as `plain` has it: its code, or its heading in either language, unit or not."""
    bare = (heading.partition("（")[0].partition(" (")[0] for heading in column.heading)
    return tuple(dict.fromkeys(plain(name) for name in (column.code, *column.heading, *bare)))


def _once(columns: Iterable[Column]) -> list[Column]:
    return list(dict.fromkeys(columns))


def _fault(code: str, name: str, words: Text, heading: Text | None = None) -> FieldError:
    """The column is named in the sentence too: people see headings and no pointers."""
    called = heading or Text(name[:100], name[:100])
    said = Text("“{called}”：{words}", "“{called}”: {words}").fill(called=called, words=words)
    return FieldError(code, f"#/{token(name)}", said)
